"""What has to be sent outside: found when it is due, claimed by one worker, and never lost.

The row is the truth, as with jobs: a message to a worker is a hint, and the sweep finds what is due.
"""

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.core import retries
from studio.models import Delivery, Endpoint, Notice
from studio.models.deliveries import claim, end
from studio.models.jobs import plain
from studio.pipeline import lease

LEASE_SECONDS = 120
Status = Delivery.Status


class Way(StrEnum):
    MAIL = "mail"  # all that one member is told by mail
    POST = "post"  # all that goes to one endpoint


@dataclass(frozen=True)
class Errand:
    """Something for one worker to do: `pk` is that of the member or of the endpoint."""

    way: Way
    pk: int


def errands() -> list[Errand]:
    """Everything that is due now, after taking back what workers that are gone had in hand."""
    take_back()
    due = Delivery.objects.due().order_by()
    mails = due.mails().values_list("notice__member", flat=True).distinct()
    posts = due.posts().filter(endpoint__in=awake()).values_list("endpoint", flat=True).distinct()
    return [
        *(Errand(Way.MAIL, pk) for pk in mails if pk),
        *(Errand(Way.POST, pk) for pk in posts if pk),
    ]


def awake() -> QuerySet[Endpoint]:
    """Endpoints that are told at once: neither turned off nor left alone for a while."""
    rests = Q(resting_until__gt=timezone.now())
    return Endpoint.objects.on().exclude(rests)


def take_back() -> None:
    """What surely did not leave waits again; what maybe did, only where it is known by its id."""
    under_way = Delivery.objects.under_way()
    gone = Q(lease_owner__in=lease.dead(under_way, "lease_owner"))
    left = under_way.filter(gone | Q(lease_until__lt=timezone.now()))
    pks = list(left.values_list("pk", flat=True))
    held = Delivery.objects.filter(pk__in=pks)
    safe = Q(sent_at=None) | Q(endpoint__format=Endpoint.Format.STANDARD)
    again = list(held.filter(safe).values_list("pk", flat=True))
    end(Delivery.objects.filter(pk__in=again), Status.WAITING)
    end(held, Status.UNSURE, answer="The worker that sent it ended before there was an answer.")


def take(wanted: Iterable[Delivery]) -> list[Delivery]:
    """Claim these for this worker; return those that were not claimed by another one."""
    batch, until = uuid.uuid4().hex, lease.until(LEASE_SECONDS)
    pks = [delivery.pk for delivery in wanted]
    claim(Delivery.objects.filter(pk__in=pks), owner=lease.owner(), until=until, batch=batch)
    ours = Delivery.objects.filter(batch=batch, status=Status.SENDING)
    joined = ours.select_related("endpoint", "notice__member__user", "notice__member__team")
    return list(joined.order_by("notice_id"))


def ours(taken: Iterable[Delivery]) -> QuerySet[Delivery]:
    """Those of them that are still this worker's: a lease may have run out meanwhile."""
    pks = [delivery.pk for delivery in taken]
    mine = Delivery.objects.under_way().filter(pk__in=pks, lease_owner=lease.owner())
    return mine.filter(lease_until__gt=timezone.now())


def about_to_send(taken: list[Delivery]) -> bool:
    """Write down that from here on they may be outside; False when one is not ours any more."""
    marked = ours(taken).filter(batch=taken[0].batch).update(sent_at=timezone.now())
    return marked == len(taken)


def put_off(taken: list[Delivery], words: str, *, asked: float | None = None) -> bool:
    """Try again later; False when there were enough tries, and a person has to say so."""
    tries = max(delivery.tries for delivery in taken)
    wait = retries.pause(tries, dice=random.random(), asked=asked)  # noqa: S311
    held, said = ours(taken), plain(words, 300)
    if wait is None:
        end(held, Status.FAILED, answer=said)
        return False
    end(held, Status.WAITING, answer=said, next_at=timezone.now() + wait)
    return True


def drop(taken: list[Delivery]) -> None:
    """Nobody wants to hear it any more."""
    end(ours(taken), Status.DROPPED)


def notices_of(taken: Iterable[Delivery]) -> list[Notice]:
    return [delivery.notice for delivery in taken]


def rest(endpoint: Endpoint, seconds: float) -> None:
    """Leave it alone for so long, whatever else waits for it."""
    until = timezone.now() + timedelta(seconds=min(seconds, retries.LONGEST_ASKED))
    longer = Endpoint.objects.filter(pk=endpoint.pk).exclude(resting_until__gt=until)
    longer.update(resting_until=until)
