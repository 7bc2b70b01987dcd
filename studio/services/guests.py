"""Clients at the door of a link: who they are, whether they may come in, and each of their visits.

The order of locks is guest, link, project, clip, wherever more than one is taken.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio import notices
from studio.core.errors import LinkSpent, TooOften, WrongPassword
from studio.models import Guest, Share, Visit
from studio.models.teams import digest

# A visit lasts until nothing was asked for in half an hour; so long a door stays shut, too.
HALF_HOUR = timedelta(minutes=30)
A_MINUTE = timedelta(minutes=1)
MOST_TRIES = 10  # wrong passwords from one address
MOST_GUESTS = 30  # people from one address

USED_UP = "This link has been opened as often as it may be. Ask whoever sent it to you for more."


@dataclass(frozen=True, kw_only=True)
class Came:
    """From where somebody comes, and with what."""

    address: str | None
    browser: str


def enter(
    share: Share,
    *,
    name: str,
    email: str,
    came: Came,
    password: str = "",
    known: Guest | None = None,
) -> tuple[Guest, str]:
    """Let somebody in; return them and the secret of their cookie.

    `known` is who they were here before a new password was asked for. Raises TooOften,
    WrongPassword, LinkSpent.
    """
    _require_password(share, password, came)
    _require_pause(share, came)
    secret = secrets.token_urlsafe(32)
    said = {"name": name, "email": email, "digest": digest(secret), "seen_at": timezone.now()}
    with transaction.atomic():
        if known:
            Guest.objects.filter(pk=known.pk).update(**said)
            known.refresh_from_db()
        guest = known or Guest.objects.create(share=share, **said)
        _count_view(share)
        _log(share, guest, came)
        notices.share_opened(guest)
    return guest, secret


def come_in(share: Share, guest: Guest, came: Came) -> None:
    """Go on with the guest's visit, or begin the next one. Raises LinkSpent without a view left."""
    now = timezone.now()
    if guest.seen_at <= now - HALF_HOUR:
        _begin_visit(share, guest, came)
    elif guest.seen_at <= now - A_MINUTE:
        Guest.objects.filter(pk=guest.pk).update(seen_at=now)


@transaction.atomic
def _begin_visit(share: Share, guest: Guest, came: Came) -> None:
    """A page asks for many things at once: one of them begins the visit for all."""
    now = timezone.now()
    away = Guest.objects.filter(pk=guest.pk, seen_at__lte=now - HALF_HOUR)
    if away.update(seen_at=now):
        _count_view(share)
        _log(share, guest, came)


@contextmanager
def standing(guest: Guest) -> Iterator[Share]:
    """A transaction in which the guest's link can not be taken back. Raises LinkSpent if it was."""
    with transaction.atomic():
        running = Share.objects.running().select_for_update(no_key=True)
        share = running.filter(pk=guest.share_id).first()
        if share is None:
            raise LinkSpent("This link does not take answers any more.")
        yield share


def _count_view(share: Share) -> None:
    """One UPDATE that only fits while there is room, so that many at once are no more than that."""
    if not Share.objects.open().filter(pk=share.pk).update(views=F("views") + 1):
        raise LinkSpent(USED_UP)


def _log(share: Share, guest: Guest | None, came: Came) -> Visit:
    return Visit.objects.create(
        share=share, guest=guest, address=came.address, browser=came.browser
    )


def _require_password(share: Share, password: str, came: Came) -> None:
    """Write the try down before looking at it: many at once are not more than ten either."""
    if not share.password:
        return
    if _tries(share, came) >= MOST_TRIES:
        raise TooOften(TOO_MANY_TRIES)
    tried = _log(share, None, came)
    tries = _tries(share, came)
    if tries > MOST_TRIES:
        tried.delete()
        raise TooOften(TOO_MANY_TRIES)
    if not check_password(password, share.password):
        left = MOST_TRIES - tries
        more = "1 try left." if left == 1 else f"{left} tries left."
        raise WrongPassword(f"That password does not fit. {more}")
    tried.delete()


def _tries(share: Share, came: Came) -> int:
    since = timezone.now() - HALF_HOUR
    return share.visits.filter(guest=None, address=came.address, at__gt=since).count()


TOO_MANY_TRIES = (
    "There were too many wrong passwords from your address. Try again in half an hour, or ask "
    "whoever sent you the link."
)


def _require_pause(share: Share, came: Came) -> None:
    since = timezone.now() - HALF_HOUR
    here = share.visits.filter(address=came.address, at__gt=since, guest__created_at__gt=since)
    if here.values("guest").distinct().count() >= MOST_GUESTS:
        raise TooOften(
            f"{MOST_GUESTS} people came by this link from your address just now. Try again in half "
            "an hour."
        )
