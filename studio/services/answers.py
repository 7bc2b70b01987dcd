"""What a client answers by a link: decisions about what it shows, and that they are through."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studio import notices, permissions
from studio.core.errors import TooOften
from studio.core.review import Verdict
from studio.models import Event, Guest, Take
from studio.services import guest_notes
from studio.services.decisions import decide_as_guest
from studio.services.guests import standing
from studio.services.shown import shown
from studio.services.verdicts import lock_projects

MINUTE = timedelta(minutes=1)
MOST_A_MINUTE = 60  # and once each clip of the link

# What clients may say of a take; to reject one is the team's.
VERDICTS = (Verdict.APPROVE, Verdict.CHANGES)


def answer(guest: Guest, take: Take, verdict: Verdict | None, *, text: str = "") -> None:
    """Decide about a take that the link shows; None takes the answer back.

    `text` becomes a note about the whole take, where clients may comment. Raises NotAllowed,
    LinkSpent, TooOften, InvalidNote.
    """
    permissions.require_of_guest(permissions.guest_can_decide(guest), "decide here")
    with standing(guest):
        _require_pause(guest)
        decide_as_guest(guest=guest, take=take, verdict=verdict)
        if text.strip() and permissions.guest_can_comment(guest):
            guest_notes.add(guest, take, text=text)


def approve_the_rest(guest: Guest, seen: Collection[int]) -> int:
    """Approve what has no answer yet, but nothing that the client has not `seen` (takes); count it.

    Raises NotAllowed, LinkSpent, TooOften.
    """
    permissions.require_of_guest(permissions.guest_can_decide(guest), "decide here")
    with standing(guest) as share:
        _require_pause(guest)
        rest = [one for one in shown(share, guest) if not one.verdict and one.take.pk in seen]
        lock_projects(one.clip.project_id for one in rest)
        for one in sorted(rest, key=lambda one: one.clip.pk):
            decide_as_guest(guest=guest, take=one.take, verdict=Verdict.APPROVE)
    return len(rest)


def finish(guest: Guest) -> None:
    """Say that no more answers are to be waited for; they may change all the same."""
    with transaction.atomic():
        guest.finished_at = timezone.now()
        guest.save(update_fields=["finished_at"])
        with standing(guest):  # or it is undone
            notices.guest_finished(guest)


def _require_pause(guest: Guest) -> None:
    """Nobody decides so fast; what does is a program, and every decision moves open pages."""
    lately = Event.objects.filter(guest=guest, at__gt=timezone.now() - MINUTE).count()
    if lately >= MOST_A_MINUTE + len(shown(guest.share)):
        raise TooOften("These are many answers at once. Wait a minute, then go on.")
