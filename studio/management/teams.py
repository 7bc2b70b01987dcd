"""Which team a command is about."""

from studio.core.words import listed, short
from studio.management import folder
from studio.models import Team

MOST_NAMED = 10


def team_of(said: str | None) -> Team:
    """By its name or number; the only one, if none is said. Raises ValueError with a sentence."""
    if not folder.has_a_studio():
        raise ValueError("There is no studio in this data folder; manage.py up makes one.")
    teams = Team.objects.order_by("pk")
    found = list(_called(said) if said else teams[:2])
    if len(found) == 1:
        return found[0]
    known = listed([f"{one.name} ({one.pk})" for one in teams[:MOST_NAMED]], "or")
    if not said:
        raise ValueError(f"--team is needed, as there are several: {known}.")
    which = "is the name of several; give its number" if found else "is none of them"
    raise ValueError(f"--team must be {known}; “{short(said)}” {which}.")


def _called(said: str) -> list[Team]:
    named = list(Team.objects.filter(name=said))
    is_number = said.isascii() and said.isdecimal() and len(said) < len(str(2**63))
    return named or (list(Team.objects.filter(pk=int(said))) if is_number else [])
