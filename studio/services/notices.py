"""What people do with their notices: read them, and say how they want to hear of what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.utils import timezone

from studio import permissions
from studio.core.notices import OFFERED, Channel
from studio.models import Delivery, Member, Notice, NoticeSettings

HEAR = "change what you hear"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How somebody wants to hear; no quiet hours where they have no beginning."""

    channels: Mapping[str, Sequence[str]]
    quiet_from: time | None
    quiet_until: time | None
    time_zone: str
    digest: str
    digest_hour: int


def read(member: Member, notice: Notice) -> None:
    permissions.require(permissions.can_look(member), "read notices")
    assert notice.member_id == member.pk, "pages answered 404 before"
    Notice.objects.unread().filter(pk=notice.pk).update(read_at=timezone.now())


def read_all(member: Member, *, upto: int | None = None) -> int:
    """Those up to the newest that they have seen; say how many that were."""
    permissions.require(permissions.can_look(member), "read notices")
    seen = Notice.objects.shown_to(member).unread()
    if upto is not None:
        seen = seen.filter(pk__lte=upto)
    return seen.update(read_at=timezone.now())


@transaction.atomic
def change(member: Member, wish: Wish) -> None:
    """It counts for what waits as well: that goes at its new time, or not at all."""
    permissions.require(permissions.can_look(member), HEAR)
    row, _ = NoticeSettings.objects.update_or_create(member=member, defaults=vars(wish))
    row.member = member
    _follow(row)


def stop_mails(member: Member) -> None:
    """By the link in every mail, for which nobody signs in; all else stays as it is."""
    _set_mails(member, on=False)


def resume_mails(member: Member) -> None:
    """Undo `stop_mails`: hear by mail what one hears by another way."""
    _set_mails(member, on=True)


@transaction.atomic
def _set_mails(member: Member, *, on: bool) -> None:
    row, _ = NoticeSettings.objects.select_for_update().get_or_create(member=member)
    row.member = member
    chosen = {kind: [one for one in row.chosen()[kind] if one != Channel.MAIL] for kind in OFFERED}
    row.channels = {
        kind: [*ways, Channel.MAIL] if on and ways else ways for kind, ways in chosen.items()
    }
    row.save(update_fields=["channels"])
    _follow(row)


def _follow(wish: NoticeSettings) -> None:
    member = wish.member
    waiting = Delivery.objects.filter(notice__member=member, status=Delivery.Status.WAITING)
    for delivery in waiting.filter(tries=0).select_related("notice", "endpoint"):
        _follow_one(delivery, wish)
    quiet = Notice.objects.filter(member=member, aloud_at__gt=timezone.now())
    for notice in quiet:
        Notice.objects.filter(pk=notice.pk).update(aloud_at=wish.aloud_at(notice.created_at))


def _follow_one(delivery: Delivery, wish: NoticeSettings) -> None:
    """A worker may take it in this moment: then it goes as it was to go."""
    notice, endpoint = delivery.notice, delivery.endpoint
    still = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.WAITING)
    channel = endpoint.channel if endpoint else Channel.MAIL
    if notice.kind in OFFERED and not wish.wants(notice.kind, channel):
        still.update(status=Delivery.Status.DROPPED, ended_at=timezone.now())
        return
    at = wish.aloud_at(notice.created_at) if endpoint else wish.mail_at(notice.created_at)
    still.update(next_at=at)
