"""What clients write about takes by a link: notes at frames, replies, and changes of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from studio import permissions
from studio.core.errors import InvalidNote, TooOften
from studio.core.review import Happening
from studio.core.words import storable
from studio.models import Guest, Note, Share, Take
from studio.services import looks
from studio.services.guests import standing

LONGEST = 2000
LONGEST_TOLD = 300  # as much as a clip's history holds
TEN_MINUTES = timedelta(minutes=10)
MOST = 60  # notes of one guest within ten minutes


def notes_for(share: Share, take: Take) -> QuerySet[Note]:
    """What a client of this link may read about a take, oldest first.

    That is what the team wrote for clients and what other clients of the same link wrote; those
    of another link never hear of each other.
    """
    ours = Q(guest=None) | Q(guest__share=share)
    under_ours = Q(parent__guest=None) | Q(parent__guest__share=share)
    readable = Note.objects.standing().for_guests().filter(ours, take=take)
    below = Q(parent=None) | (Q(parent__removed_at=None) & under_ours)
    return readable.filter(below).select_related("member__user", "guest").order_by("pk")


def add(
    guest: Guest, take: Take, *, text: str, frame: int | None = None, parent: Note | None = None
) -> Note:
    """A note about a frame of a take that the link shows, about all of it, or a reply.

    Raises NotAllowed, InvalidNote, TooOften.
    """
    permissions.require_of_guest(permissions.guest_can_comment(guest), "comment here")
    text = _sound(text)
    _require_frame(take, frame)
    with standing(guest):
        take.clip.lock()
        _require_pause(guest)
        note = Note.objects.create(
            clip=take.clip, take=take, guest=guest, text=text, parent=parent,
            frame=None if parent else frame,
        )  # fmt: skip
        looks.keep([take.clip_id])
        happened = Happening.REPLIED if parent else Happening.NOTED
        take.clip.record(happened, guest=guest, note=text[:LONGEST_TOLD])
    return note


def edit(guest: Guest, note: Note, *, text: str) -> None:
    """Other words for one's own note. Raises NotAllowed, InvalidNote."""
    text = _sound(text)
    with _own(guest, note):
        if text == note.text:
            return
        note.text, note.edited_at = text, timezone.now()
        note.save(update_fields=["text", "edited_at"])
        note.clip.record(Happening.EDITED, guest=guest, note=text[:LONGEST_TOLD])


def take_back(guest: Guest, note: Note) -> None:
    """Nobody reads it any more."""
    with _own(guest, note):
        note.removed_at = timezone.now()
        note.save(update_fields=["removed_at"])
        note.clip.record(Happening.REMOVED, guest=guest)


@contextmanager
def _own(guest: Guest, note: Note) -> Iterator[None]:
    allowed = permissions.guest_can_change_note(guest, note)
    permissions.require_of_guest(allowed, "change this note")
    with standing(guest):
        note.clip.lock()
        yield


def _sound(text: str) -> str:
    text = storable(text).strip()
    if not 0 < len(text) <= LONGEST:
        raise InvalidNote(f"Note must have 1 to {LONGEST:,} characters, not {len(text):,}.")
    return text


def _require_frame(take: Take, frame: int | None) -> None:
    if frame is not None and not 0 <= frame < take.frames:
        raise InvalidNote(
            f"Frame must be 0 to {take.frames - 1}, not {frame}: the clip has {take.frames} frames."
        )


def _require_pause(guest: Guest) -> None:
    if guest.notes.filter(created_at__gt=timezone.now() - TEN_MINUTES).count() >= MOST:
        raise TooOften("These are many notes at once. Wait some minutes, then go on.")
