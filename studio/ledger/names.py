"""How a limit is called, on a page and in a sentence."""

from studio.models import Cap, Every
from studio.providers.registry import all_providers

NOW = {Every.DAY: " today", Every.WEEK: " this week", Every.MONTH: " this month", Every.EVER: ""}


def title_of(cap: Cap) -> str:
    """“Jonas Weber in Meltwater”, “Northlight, all projects”, “Meltwater with Runware”."""
    whole = not (cap.project_id or cap.member_id or cap.provider)
    everything = ", all projects" if cap.team_id else ", all teams"
    title = _whose(cap) + (everything if whole else "")
    return title[0].upper() + title[1:]


def name_of(cap: Cap) -> str:
    """“the budget of Jonas Weber in Meltwater this month”."""
    return f"the budget of {_whose(cap)}{NOW[Every(cap.every)]}"


def _whose(cap: Cap) -> str:
    if cap.member_id:
        whose = f"{cap.member} in {cap.project}" if cap.project_id else str(cap.member)
    else:
        whose = str(cap.project or cap.team or "the studio")
    return f"{whose} with {label_of(cap.provider)}" if cap.provider else whose


def label_of(provider: str) -> str:
    """Also of one that is gone."""
    known = all_providers().get(provider)
    return known.label if known else provider
