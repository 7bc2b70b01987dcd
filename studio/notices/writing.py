"""Writing down what somebody is told, once, with everything that has to be sent because of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.core.notices import Channel, Kind
from studio.models import (
    Clip,
    Delivery,
    Endpoint,
    Member,
    Note,
    Notice,
    NoticeSettings,
    Role,
    Share,
    Take,
    Team,
)
from studio.models.jobs import plain
from studio.models.notices import told

LONGEST_TEXT = 300


@dataclass(frozen=True, kw_only=True)
class About:
    """The rows that something is about."""

    team: Team
    clip: Clip | None = None
    take: Take | None = None
    note: Note | None = None
    share: Share | None = None


@dataclass(frozen=True, kw_only=True)
class _News:
    """What is told, before it is known to whom."""

    kind: Kind
    cause: str
    about: About
    facts: dict[str, Any]
    now: datetime


@transaction.atomic
def tell(
    *, kind: Kind, cause: str, to: Iterable[Member], about: About, actor: Member | None = None,
    **facts: Any,
) -> list[Notice]:  # fmt: skip
    """Tell members of the team, and its endpoints; return the notices that were written.

    Nobody is told what they did themselves, nor of the same `cause` a second time. `facts` are as
    Notice has them, without those that are None.
    """
    held = {name: _fitting(value) for name, value in facts.items() if value is not None}
    news = _News(kind=kind, cause=cause, about=about, facts=held, now=timezone.now())
    members = _listeners(to, about.team, actor)
    endpoints = _endpoints(about.team, members)
    wishes = NoticeSettings.of(members)
    notices = [_tell_member(news, wishes[one.pk], endpoints) for one in members]
    notices.append(_tell_team(news, [one for one in endpoints if one.member_id is None]))
    written = [notice for notice in notices if notice]
    if written:
        _after_commit()
    return written


def _fitting(value: Any) -> Any:
    return plain(value, LONGEST_TEXT) if isinstance(value, str) else value


def _after_commit() -> None:
    """Open pages look, and a worker sends what has to be sent."""
    transaction.on_commit(lambda: told.send(sender=Notice))


def _listeners(to: Iterable[Member], team: Team, actor: Member | None) -> list[Member]:
    """Who of them is in the team now, each once, without the one who did it."""
    wanted = {one.pk for one in to} - {actor.pk if actor else 0}
    if not wanted:
        return []
    found = Member.objects.active().filter(pk__in=wanted, team=team)
    return list(found.select_related("team", "user").order_by("pk"))


def _endpoints(team: Team, members: Sequence[Member]) -> list[Endpoint]:
    theirs = Q(member=None) | Q(member__in=members)
    return list(Endpoint.objects.on().filter(theirs, team=team))


def _tell_member(news: _News, wish: NoticeSettings, endpoints: Iterable[Endpoint]) -> Notice | None:
    """None for somebody who does not want to hear of it, or has heard."""
    member = wish.member
    wanted = {one for one in Channel if wish.wants(news.kind, one)}
    if not wanted:
        return None
    aloud_at = wish.aloud_at(news.now)
    facts = {**news.facts, **({"whom": "you"} if "whom" in news.facts else {})}
    notice = _write(
        news, member=member, facts=facts, on_page=Channel.PAGE in wanted,
        in_browser=Channel.BROWSER in wanted, aloud_at=aloud_at,
    )  # fmt: skip
    if notice is None:
        return None
    if Channel.MAIL in wanted and settings.MAIL_IS_ON:
        Delivery.objects.create(notice=notice, next_at=wish.mail_at(news.now))
    own = [one for one in endpoints if one.member_id == member.pk and one.channel in wanted]
    _post(notice, own, at=aloud_at)
    return notice


def _tell_team(news: _News, endpoints: Iterable[Endpoint]) -> Notice | None:
    """What no person reads, for the endpoints of the team: they hear of it once, at once."""
    wanted = [one for one in endpoints if news.kind in one.events]
    if not wanted:
        return None
    notice = _write(news, member=None, facts=news.facts, on_page=False, aloud_at=news.now)
    if notice:
        _post(notice, wanted, at=news.now)
    return notice


def _write(news: _News, *, member: Member | None, **fields: Any) -> Notice | None:
    """None when it was told before: the constraint says so, whoever was faster."""
    about = news.about
    notice, is_new = Notice.objects.get_or_create(
        team=about.team, member=member, cause=news.cause,
        defaults={
            "kind": news.kind, "clip": about.clip, "take": about.take, "note": about.note,
            "share": about.share, **fields,
        },
    )  # fmt: skip
    return notice if is_new else None


def _post(notice: Notice, endpoints: Iterable[Endpoint], *, at: datetime) -> None:
    Delivery.objects.bulk_create(
        Delivery(notice=notice, endpoint=one, next_at=at) for one in endpoints
    )


@transaction.atomic
def send_test(endpoint: Endpoint, *, by: Member) -> Delivery:
    """Send something to one endpoint that is nothing but a test, also in quiet hours."""
    now = timezone.now()
    notice = Notice.objects.create(
        team=endpoint.team, member=endpoint.member, kind=Kind.TEST, on_page=False, aloud_at=now,
        cause=f"test {endpoint.pk} {now.isoformat()}",
        facts={"subject": endpoint.name, "text": f"{by} pressed “Send a test”."},
    )  # fmt: skip
    _after_commit()
    return Delivery.objects.create(notice=notice, endpoint=endpoint, next_at=now)


def admins_of(team: Team) -> list[Member]:
    return list(Member.objects.active().filter(team=team, role=Role.ADMIN).select_related("user"))
