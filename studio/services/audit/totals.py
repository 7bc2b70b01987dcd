"""Totals: every day's are what its entries make, and all of them add up to the ledger's sums."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from studio.core.money import words
from studio.ledger.totals.making import MONEY, Totals, made, stored
from studio.models import DailyTime, DailyTotal, Day, EntryKind, LedgerEntry, Team
from studio.services.audit.suspects import is_suspect

K = EntryKind

# What each sum of money is by the ledger, said once more than in ledger/totals: an error there
# is found here.
BY_THE_LEDGER = {
    "granted": Sum(F("granted"), default=0),
    "held": Sum("held", filter=Q(kind=K.HOLD), default=0),
    "released": Sum("available", filter=Q(kind=K.RELEASE), default=0),
    "charged": Sum("spent", filter=Q(kind=K.CHARGE), default=0),
    "refunded": Sum(-F("spent"), filter=Q(kind=K.REFUND), default=0),
    "corrected": Sum("spent", filter=Q(kind=K.CORRECTION), default=0),
    "spent": Sum(F("spent"), default=0),
}


def wrong_totals(team: Team | None = None) -> Iterator[str]:
    """Days that changed since are left out: their totals are made anew before anybody reads them."""
    teams = Team.objects.filter(pk=team.pk) if team else Team.objects.all()
    for one in teams.order_by("pk").iterator():
        yield from _loose_ends(one)
        yield from _wrong_days(one)
        yield from _wrong_sums(one)


def _loose_ends(team: Team) -> Iterator[str]:
    """Entries of a day that is not known, so that nobody would add them up; and the reverse."""
    known = Exists(Day.objects.filter(team=team, date=OuterRef("day")))
    for model, told in ((LedgerEntry, "entries"), (DailyTotal, "totals"), (DailyTime, "times")):
        rows: QuerySet[Any] = model._default_manager.filter(team=team).order_by("day")
        for day in rows.values("day").distinct().exclude(known).values_list("day", flat=True):
            yield f"{day} of team {team.pk} has {told}, and is no day of its books."


def _wrong_days(team: Team) -> Iterator[str]:
    """Only what the database suspects is made anew, which takes five times as long for a day."""
    for day in filter(is_suspect, _fresh(team).order_by("date").iterator()):
        true, told = made(day), stored(day)
        if true != told:
            yield f"{day} of team {team.pk}: {_difference(true, told)}."


def _fresh(team: Team) -> QuerySet[Day]:
    return Day.objects.filter(team=team, stale=False)


def _difference(true: Totals, told: Totals) -> str:
    """The first thing that differs, in words."""
    if told.doubled:
        return f"there are more totals than combinations, {told.doubled} too many"
    if true.rows == told.rows:
        return "how long jobs took is not what the jobs say"
    said = told.sums()
    for name, right in true.sums().items():
        if said[name] != right:
            return f"{name} is {_shown(name, said[name])}, by its entries {_shown(name, right)}"
    return "totals are divided otherwise than its entries and jobs say"


def _shown(name: str, amount: int) -> str:
    return words(amount) if name in MONEY else f"{amount:,}"


def _wrong_sums(team: Team) -> Iterator[str]:
    fresh = _fresh(team).values("date")
    rows = {"team": team, "day__in": fresh}
    told = DailyTotal.objects.filter(**rows).aggregate(
        **{name: Sum(name, default=0) for name in MONEY}
    )
    true = LedgerEntry.objects.filter(**rows).aggregate(
        **{f"true_{name}": sum_of for name, sum_of in BY_THE_LEDGER.items()}
    )
    yield from _differences(team, told, true)


def _differences(team: Team, told: Mapping[str, int], true: Mapping[str, int]) -> Iterator[str]:
    for name in MONEY:
        right = true[f"true_{name}"]
        if told[name] != right:
            yield (
                f"Team {team.pk}: {name} of all days is {words(told[name])}, "
                f"the ledger's is {words(right)}."
            )
