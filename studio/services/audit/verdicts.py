"""Verdicts: what a job was charged is what its provider said, wherever it said anything."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from studio.core.errors import Moderated
from studio.core.money import words
from studio.core.status import JobStatus
from studio.models import Attempt, EntryKind, Job, LedgerEntry
from studio.providers import registry

# What was settled by the provider's verdict alone, and not by a person or before it was sent.
BY_VERDICT = ("takes stored", "failed")
SETTLED = (EntryKind.CHARGE, EntryKind.RELEASE)


def unlike_the_provider() -> Iterator[str]:
    """A refusal for what an order shows costs the team nothing, whatever the provider charged."""
    rows = _told().values_list(
        "pk", "provider", "status", "category", "charge_told", "native", "unit"
    )
    for pk, provider, status, category, told, native, unit in rows.iterator():
        spared = status == JobStatus.FAILED and category == Moderated.category
        due, is_charged = 0 if spared else int(told), native or 0
        if due != is_charged:
            yield (
                f"Job {pk} was charged {words(is_charged)} as {provider} counts, "
                f"the provider said {words(due)}."
            )
        elif is_charged and (known := _unit_of(provider)) and unit != known:
            yield f"Job {pk} was charged in {unit}, {provider} counts {known}."


def _told() -> QuerySet[Any]:
    """Settled jobs whose provider said what it charged, with the amount and unit of their charge."""
    accepted = Attempt.objects.filter(job=OuterRef("pk"), outcome=Attempt.Outcome.ACCEPTED)
    said = accepted.order_by("-number").annotate(text=Cast(F("answer__charge"), TextField()))
    mine = LedgerEntry.objects.filter(job=OuterRef("pk"))
    charges = mine.filter(kind=EntryKind.CHARGE)
    cause = Subquery(mine.filter(kind__in=SETTLED).order_by("pk").values("cause")[:1])
    jobs = Job.objects.annotate(
        cause=cause, charge_told=Subquery(said.values("text")[:1]),
        native=Subquery(charges.values("native")[:1]), unit=Subquery(charges.values("unit")[:1]),
    )  # fmt: skip
    settled = jobs.filter(cause__in=BY_VERDICT)
    return settled.exclude(Q(charge_told=None) | Q(charge_told="null")).order_by("pk")


def _unit_of(slug: str) -> str:
    provider = registry.all_providers().get(slug)
    return provider.unit if provider else ""
