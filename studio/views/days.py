"""Headings between the days of the wall, in the time zone of the team, or one where it is sorted."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from studio.models import Team
from studio.views.asked import Asked


class Days:
    """`seen` is the heading that stands already."""

    def __init__(self, team: Team, *, seen: str = "") -> None:
        self.zone = ZoneInfo(team.time_zone)
        self.seen = seen

    def first(self, newest: datetime | None) -> str:
        """The place for what is ordered now: today's heading, hidden while the day is empty."""
        now = timezone.now().astimezone(self.zone).date()
        is_today = newest is not None and newest.astimezone(self.zone).date() == now
        if is_today:
            self.seen = now.isoformat()
        return _heading(now, now, identity="today", hidden=not is_today)

    def heading(self, moment: datetime, *, above: int = 0) -> str:
        """The heading of that day unless it stands already.

        So many of its tiles are `above` what comes now, and not drawn yet.
        """
        day = moment.astimezone(self.zone).date()
        if day.isoformat() == self.seen:
            return ""
        self.seen = day.isoformat()
        return _heading(day, timezone.now().astimezone(self.zone).date(), above=above)


class Sorted(Days):
    """One heading for all, which says by what they are sorted: the order is not that of days."""

    def __init__(self, team: Team, label: str, *, seen: str = "") -> None:
        super().__init__(team, seen=seen)
        self.label = label

    def first(self, newest: datetime | None) -> str:
        return super().first(None)

    def heading(self, moment: datetime, *, above: int = 0) -> str:
        if self.seen:
            return ""
        self.seen = self.label
        return format_html('<h2 class="day"{}>{}</h2>', _attribute("data-above", above), self.label)


def headings(asked: Asked, team: Team, *, seen: str = "") -> Days:
    """Those of the wall that is asked for."""
    return Sorted(team, asked.by.label, seen=seen) if asked.by.column else Days(team, seen=seen)


def today(team: Team, *, shown: bool) -> str:
    now = timezone.now().astimezone(ZoneInfo(team.time_zone)).date()
    return _heading(now, now, identity="today", hidden=not shown)


def _heading(
    day: date, now: date, *, identity: str = "", hidden: bool = False, above: int = 0
) -> str:
    ago = (now - day).days
    name = {0: "Today", 1: "Yesterday"}.get(ago, f"{day:%A}" if ago < 7 else "")
    year = "" if day.year == now.year else f" {day.year}"
    full = f"{day:%A} {day.day} {day:%B}{year}" if ago < 2 else f"{day.day} {day:%B}{year}"
    words = (name, full) if name else (f"{day:%a} {full}", "")
    return format_html(
        '<h2 class="day"{}{}{}>{} <span>{}</span></h2>',
        _attribute("id", identity),
        _attribute("data-above", above),
        mark_safe(" hidden") if hidden else "",
        *words,
    )


def _attribute(name: str, value: str | int) -> str:
    return format_html(' {}="{}"', name, value) if value else ""
