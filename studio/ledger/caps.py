"""Limits: what a job takes of each that counts it, in the transaction of its hold.

Each is guarded by one conditional UPDATE of its period, in the order of their keys; so they are
never overshot, however many orders come at once, and nobody waits for each other in a circle.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import F

from studio.core.errors import CapExceeded
from studio.core.money import words
from studio.ledger.books import locked, open_day
from studio.ledger.names import name_of
from studio.models import Cap, CapHold, CapPeriod, Job
from studio.models.caps import first_day


def take(job: Job, day: date) -> None:
    """Let the job use its quote of every limit that counts it. Raises CapExceeded."""
    if not job.quoted:
        return
    for cap in Cap.objects.for_job(job).named():
        period = period_of(cap, day)
        if not _use(cap, period, job.quoted):
            raise CapExceeded(_said(cap, period, job.quoted), cap=cap.pk)
        CapHold.objects.create(period=period, job=job, amount=job.quoted)


def line_up(jobs: Sequence[Job]) -> None:
    """Lock what these jobs will take of the studio's limits, in the order in which all do.

    Limits of a team are behind the lock of its books. Those of the studio are not: two teams whose
    orders go to the same providers in another order would wait for each other.
    """
    if len({job.provider for job in jobs}) < 2:
        return
    day = open_day(locked(jobs[0].team))
    for cap in Cap.objects.standing().filter(team=None).order_by("pk"):
        CapPeriod.objects.select_for_update().get(pk=period_of(cap, day).pk)


def change(job: Job, more: int) -> None:
    """What the job used turned out to be so much more, or (below 0) less.

    It counts in the period in which the job was ordered, also beyond its limit: it is spent.
    """
    if not more:
        return
    for taken in CapHold.objects.filter(job=job).order_by("period__cap", "pk"):
        CapPeriod.objects.filter(pk=taken.period_id).update(used=F("used") + more)
        CapHold.objects.filter(pk=taken.pk).update(amount=F("amount") + more)


def period_of(cap: Cap, day: date) -> CapPeriod:
    """The period of the cap that this day is in, which may have to be begun."""
    period, _ = CapPeriod.objects.get_or_create(
        cap=cap, starts_on=first_day(cap.every, day), defaults={"limit": cap.amount}
    )
    return period


def present(caps: Iterable[Cap], day: date) -> dict[int, CapPeriod]:
    """The period of each of these limits that the day is in, by the limit's key.

    One query; a period in which nothing happened yet is not stored.
    """
    known = {cap.pk: cap for cap in caps}
    if not known:
        return {}
    begun = {one.cap_id: one for one in CapPeriod.objects.filter(cap__in=known).on(day)}
    return {pk: _of(cap, begun.get(pk), day) for pk, cap in known.items()}


def _of(cap: Cap, begun: CapPeriod | None, day: date) -> CapPeriod:
    period = begun or CapPeriod(starts_on=first_day(cap.every, day), limit=cap.amount)
    period.cap = cap
    return period


def _use(cap: Cap, period: CapPeriod, amount: int) -> bool:
    rows = CapPeriod.objects.filter(pk=period.pk)
    if cap.stops:
        rows = rows.filter(used__lte=F("limit") - amount)
    return bool(rows.update(used=F("used") + amount))


def _said(cap: Cap, period: CapPeriod, amount: int) -> str:
    period.refresh_from_db()
    return short(amount, period.left, name_of(cap))


def short(amount: int, left: int, name: str) -> str:
    """What an order lacks, and where."""
    return f"This needs {words(amount)} credits, {words(left)} are left in {name}."
