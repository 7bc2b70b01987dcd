"""What it would cost today to shoot for real what was rehearsed."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from studio import ledger
from studio.core.adaptation import adapted
from studio.core.errors import InvalidOrder, NoPrice
from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import Clip, Job, Team
from studio.orders import closed_for
from studio.providers.animatic import CAPABILITY as ANIMATIC
from studio.providers.registry import capability_of, provider_of


@dataclass(frozen=True, kw_only=True)
class Real:
    """The order behind a rehearsal: `amount` in micro-credits, or why it can not be sent now.

    `times` is how often it was shot for real before; `said` names provider and model.
    """

    rehearsal: Job
    said: str
    amount: int = 0
    times: int = 0
    refused: str = ""

    @property
    def changes(self) -> tuple[str, ...]:
        """What Animatic did differently, a sentence each."""
        meant = self.rehearsal.meant
        try:
            return tuple(map(str, adapted(meant, capability_of(meant), ANIMATIC).changes))
        except InvalidOrder:  # its model is gone
            return ()


def real_ones(rehearsals: Collection[Job]) -> dict[int, Real]:
    """By the pk of the rehearsal. At most five queries, however many there are of one team."""
    found: dict[int, Real] = {}
    teams = Team.objects.in_bulk({job.team_id for job in rehearsals}) if rehearsals else {}
    shot = _times(rehearsals)
    for pk, team in teams.items():
        own = [job for job in rehearsals if job.team_id == pk]
        quotes = ledger.quotes(team, [job.meant for job in own])
        for job, quote in zip(own, quotes, strict=True):
            found[job.pk] = _real(job, quote, times=shot.get(job.pk, 0))
    return found


def _times(rehearsals: Collection[Job]) -> Mapping[int | None, int]:
    shots = Job.objects.filter(again__in=[job.pk for job in rehearsals], intended__isnull=True)
    return Counter(shots.values_list("again", flat=True)) if rehearsals else {}


def _real(job: Job, quote: ledger.Quote | NoPrice, *, times: int) -> Real:
    said, closed = _named(job.meant)
    if isinstance(quote, NoPrice):
        return Real(rehearsal=job, said=said, times=times, refused=closed or quote.message)
    return Real(rehearsal=job, said=said, times=times, refused=closed, amount=quote.amount)


def _named(order: Order) -> tuple[str, str]:
    """What the model is called, and why it takes no orders now."""
    try:
        provider, able = provider_of(order.provider), capability_of(order)
    except InvalidOrder as error:
        return f"{order.provider} {order.model}", error.message
    return f"{provider.label} {able.label.removeprefix(provider.label)}".strip(), closed_for(
        provider
    )


def rehearsal_of(clip: Clip) -> Real | None:
    """The last rehearsal of the clip that came to an end."""
    ended = clip.jobs.filter(intended__isnull=False, status=JobStatus.SUCCEEDED)
    job = ended.order_by("-pk").first()
    return real_ones([job])[job.pk] if job else None
