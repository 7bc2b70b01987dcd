"""Days on which a provider cost far more than usual, with the jobs that explain them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from studio.core import anomalies
from studio.core.anomalies import Unusual
from studio.models import EntryKind, LedgerEntry, Team
from studio.reports.costs.names import Names
from studio.reports.costs.spending import Spending
from studio.reports.costs.view import View

MOST = 5
MOST_JOBS = 3

Found = tuple[str, Unusual]  # provider and day
Place = tuple[str, date]


@dataclass(frozen=True, kw_only=True)
class UnusualDay:
    """`jobs` are the dearest charges of the day, as entries with job, clip and author."""

    provider: str
    label: str
    found: Unusual
    entries: Sequence[LedgerEntry]

    @property
    def day(self) -> date:
        return self.found.day


def unusual_days(team: Team, view: View, names: Names, spending: Spending) -> list[UnusualDay]:
    """The most unusual ones of the period, in order of time. One query, if there are any.

    They are told of the whole team or of one provider: what is usual for a part of it, such as one
    template, is a matter of few jobs.
    """
    if set(view.wanted) - {"provider"}:
        return []
    found = [
        (slug, day)
        for slug, daily in spending.by_provider.items()
        for day in anomalies.unusual(daily, view.past)
    ]
    chosen = sorted(found, key=lambda one: -one[1].score)[:MOST]
    entries = _dearest(team, chosen) if chosen else {}
    made = [
        UnusualDay(
            provider=slug, label=names.providers.get(slug, slug), found=one,
            entries=entries.get((slug, one.day), ()),
        )
        for slug, one in chosen
    ]  # fmt: skip
    return sorted(made, key=lambda one: (one.day, one.label))


def _dearest(team: Team, chosen: Sequence[Found]) -> Mapping[Place, Sequence[LedgerEntry]]:
    wanted = Q()
    for slug, one in chosen:
        wanted |= Q(day=one.day, job__provider=slug)
    place = Window(
        RowNumber(), partition_by=[F("day"), F("job__provider")], order_by=[F("spent").desc(), "pk"]
    )
    charges = LedgerEntry.objects.filter(wanted, team=team, kind=EntryKind.CHARGE)
    ranked = charges.annotate(place=place).filter(place__lte=MOST_JOBS)
    found: dict[Place, list[LedgerEntry]] = defaultdict(list)
    for entry in ranked.select_related("job__clip", "job__author__user").order_by("place"):
        assert entry.job, "a charge has one"
        found[entry.job.provider, entry.day].append(entry)
    return found
