"""Marks the days of which something changed, so that their totals are made anew."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from studio.models import Day, EntryKind, LedgerEntry

ENDS = frozenset({EntryKind.CHARGE, EntryKind.RELEASE})


def changed(team_id: int, dates: Iterable[date]) -> None:
    """Mark them in the transaction of the change.

    Who makes totals locks the day's row first. So this waits for them, and they see all of it. Days
    are locked after clips and budgets, and in their own order.
    """
    rows = [Day(team_id=team_id, date=day, stale=True) for day in sorted(dates)]
    Day.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["team", "date"], update_fields=["stale"]
    )


def booked(team_id: int, entries: Collection[LedgerEntry]) -> None:
    """Mark the days of new entries, and that of the hold of a job that ends: it is open no more."""
    ended = [entry.job_id for entry in entries if entry.kind in ENDS]
    before = LedgerEntry.objects.filter(job__in=ended).values_list("day", flat=True)
    changed(team_id, {entry.day for entry in entries} | (set(before) if ended else set()))


def of_clips(clips: Collection[int]) -> None:
    """Mark all days on which anything was booked for these clips: it counts otherwise from now on.

    What changed is their project, their tags, whether anybody looked at them, or what is said of
    their takes.
    """
    entries = LedgerEntry.objects.filter(job__clip__in=clips).order_by()
    found: dict[int, list[date]] = defaultdict(list)
    for team, day in entries.values_list("team", "day").distinct():
        found[team].append(day)
    for team in sorted(found):
        changed(team, found[team])
