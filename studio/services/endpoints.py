"""Webhooks and Slack: who may have which address told, and what was sent there."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studio import notices, permissions, tasks
from studio.core.errors import InvalidEndpoint, TooLate
from studio.core.signatures import new_secret
from studio.models import Delivery, Endpoint, Member, Team
from studio.providers import hooks
from studio.storage.reach import CHOSEN, GIVEN, Reach

MOST_OF_A_TEAM, MOST_OF_A_PERSON = 20, 10
LONGEST_URL = 500
ROTATION = timedelta(hours=24)  # so long both secrets sign
Format = Endpoint.Format


def add(
    member: Member,
    *,
    for_team: bool,
    name: str,
    format: str,
    url: str,
    events: Collection[str] = (),
) -> tuple[Endpoint, str]:
    """Keep an address; its secret is returned this once, "" for Slack.

    Raises InvalidEndpoint, UnsafeAddress.
    """
    may = permissions.is_admin(member) if for_team else permissions.can_look(member)
    permissions.require(may, "add webhooks of the team")
    shown = _checked(url, CHOSEN if for_team else GIVEN)
    secret = new_secret() if format == Format.STANDARD else ""
    made = Endpoint(
        team=member.team, member=None if for_team else member, name=name, format=format,
        shown=shown, events=sorted(events), created_by=member,
    )  # fmt: skip
    made.lock_up(url=url.strip(), secret=secret)
    with transaction.atomic():
        _require_room(member, for_team=for_team)
        made.save()
    return made, secret


def _checked(url: str, reach: Reach) -> str:
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise InvalidEndpoint(
            f"Address is {len(url):,} characters long; at most {LONGEST_URL} are taken."
        )
    return hooks.check(url, reach=reach)


def _require_room(member: Member, *, for_team: bool) -> None:
    """Whoever else adds one to this team waits until we have."""
    Team.objects.select_for_update(no_key=True).get(pk=member.team_id)
    there = Endpoint.objects.filter(team=member.team_id, member=None if for_team else member)
    most = MOST_OF_A_TEAM if for_team else MOST_OF_A_PERSON
    if there.count() >= most:
        whose = "A team" if for_team else "A person"
        raise InvalidEndpoint(f"{whose} can have {most} webhooks; remove one first.")


def change(
    member: Member, endpoint: Endpoint, *, name: str, url: str = "", events: Collection[str] = ()
) -> None:
    """An empty `url` keeps the one that is stored."""
    _require(member, endpoint)
    endpoint.name = name
    if url.strip():
        endpoint.shown = _checked(url, GIVEN if endpoint.member_id else CHOSEN)
        endpoint.lock_up(url=url.strip())
    if not endpoint.member_id:
        endpoint.events = sorted(events)
    endpoint.save(update_fields=["name", "shown", "url", "events"])


def remove(member: Member, endpoint: Endpoint) -> None:
    """With everything that waits to be sent there."""
    _require(member, endpoint)
    endpoint.delete()


def rotate(member: Member, endpoint: Endpoint) -> str:
    """Another secret, returned this once; the former one signs beside it for a day."""
    _require(member, endpoint)
    if endpoint.format != Format.STANDARD:
        raise InvalidEndpoint("Slack has no secret to replace: its address is one.")
    secret = new_secret()
    endpoint.former_secret, endpoint.former_until = endpoint.secret, timezone.now() + ROTATION
    endpoint.lock_up(secret=secret)
    endpoint.save(update_fields=["secret", "former_secret", "former_until"])
    return secret


def switch(member: Member, endpoint: Endpoint, *, on: bool) -> None:
    """What happens while it is off is not sent later; what was given up can be sent by hand."""
    _require(member, endpoint)
    endpoint.is_on, endpoint.off_because, endpoint.resting_until = on, "", None
    endpoint.save(update_fields=["is_on", "off_because", "resting_until"])


def test(member: Member, endpoint: Endpoint) -> None:
    """Send something that is nothing but a test. Raises TooLate for one that is off."""
    _require(member, endpoint)
    _require_on(endpoint)
    notices.send_test(endpoint, by=member)


@transaction.atomic
def repeat(member: Member, delivery: Delivery) -> None:
    """Send it once more, by hand: as the same message, so that who has it already can tell.

    Raises TooLate while it is under way, or its endpoint is off.
    """
    endpoint = delivery.endpoint
    assert endpoint, "pages answered 404 before"
    _require(member, endpoint)
    _require_on(endpoint)
    over = [one for one in Delivery.Status if one not in {"waiting", "sending"}]
    again = Delivery.objects.filter(pk=delivery.pk, status__in=over)
    now = timezone.now()
    if not again.update(status="waiting", tries=0, next_at=now, sent_at=None, ended_at=None):
        raise TooLate("It is being sent right now.")
    transaction.on_commit(tasks.hint_errands)


def _require(member: Member, endpoint: Endpoint) -> None:
    permissions.require(permissions.can_change_endpoint(member, endpoint), "change this webhook")


def _require_on(endpoint: Endpoint) -> None:
    if not endpoint.is_on:
        raise TooLate("This webhook is off. Turn it on first.")
