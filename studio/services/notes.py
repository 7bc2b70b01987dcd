"""Notes at frames: write, answer, change, take back, resolve, and the tasks of who is named in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio import notices, permissions
from studio.core import drawing, mentions, timecode
from studio.core.errors import InvalidNote, TooLate
from studio.core.review import Happening
from studio.core.words import lines, storable
from studio.models import Asset, AssetKind, Clip, Guest, Member, Mention, Note, Take
from studio.services import looks, uploads
from studio.storage import images
from studio.storage.errors import told_in_our_words
from studio.storage.receive import Received

LONGEST = 5000
TOLD = 200
EMPTY = "Note is empty: write something, or draw on the picture."
GONE = "This note was taken back meanwhile."


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person says in a note, before it is judged; `drawing` is JSON as a page sends it."""

    text: str = ""
    frame: int | None = None
    last_frame: int | None = None
    drawing: str = ""
    attachment: Asset | None = None
    for_guests: bool = True


@dataclass(frozen=True, kw_only=True)
class By:
    """Who says it: one of the team, or a guest."""

    member: Member | None = None
    guest: Guest | None = None

    @property
    def columns(self) -> dict[str, Member | Guest | None]:
        return {"member": self.member, "guest": self.guest}


def write(member: Member, take: Take, said: Said) -> Note:
    """A note about a take. Raises InvalidNote, NotAllowed; then nothing is stored."""
    permissions.require(permissions.can_review(member, take.clip), "write notes here")
    return put(By(member=member), take, said)


def put(by: By, take: Take, said: Said) -> Note:
    """As `write`, of whoever may: the caller has asked."""
    text, shapes = _judged(said)
    _require_frames(take, said)
    with transaction.atomic():
        take.clip.lock()
        note = Note.objects.create(
            clip=take.clip, take=take, text=text, frame=said.frame,
            last_frame=None if said.last_frame == said.frame else said.last_frame,
            drawing=shapes or None, attachment=said.attachment, for_guests=said.for_guests,
            **by.columns,
        )  # fmt: skip
        _ask_people(note)
        looks.keep([take.clip_id])
        _record(note, Happening.NOTED, by)
        notices.note_written(note)
    return note


def reply(member: Member, note: Note, said: Said) -> Note:
    """Raises InvalidNote, TooLate, NotAllowed."""
    permissions.require(permissions.can_review(member, note.clip), "reply here")
    return put_reply(By(member=member), note, said)


def put_reply(by: By, note: Note, said: Said) -> Note:
    """As `reply`, of whoever may. It answers the note itself, also where a reply was meant."""
    text, shapes = _judged(said)
    with transaction.atomic():
        note.clip.lock()
        thread = _standing(note.parent or note)
        answer = Note.objects.create(
            clip=thread.clip, take_id=thread.take_id, parent=thread, text=text,
            drawing=shapes or None, attachment=said.attachment,
            for_guests=thread.for_guests and said.for_guests, **by.columns,
        )  # fmt: skip
        _ask_people(answer)
        _record(answer, Happening.REPLIED, by)
        notices.note_written(answer)
    return answer


def edit(member: Member, note: Note, said: Said) -> None:
    """Other words, and another drawing where one is sent; its frames and its file stay."""
    permissions.require(permissions.can_change_note(member, note), "change this note")
    text, shapes = _judged(said, keeps=bool(note.drawing or note.attachment_id))
    with transaction.atomic():
        note.clip.lock()
        _standing(note)
        note.text, note.edited_at = text, timezone.now()
        note.drawing = shapes or note.drawing
        note.save(update_fields=["text", "edited_at", "drawing"])
        for mention in _ask_people(note):
            notices.mentioned(mention)
        _record(note, Happening.EDITED, By(member=member))


def remove(member: Member, note: Note) -> None:
    """Take it back, with what was replied to it; `bring_back` undoes that."""
    permissions.require(permissions.can_remove_note(member, note), "take this note back")
    with transaction.atomic():
        _mark(member, note, Happening.REMOVED, removed_at=timezone.now())
        notices.note_removed(note)


def bring_back(member: Member, note: Note) -> None:
    permissions.require(permissions.can_remove_note(member, note), "bring this note back")
    _mark(member, note, Happening.RETURNED, removed_at=None)


def resolve(member: Member, note: Note) -> None:
    permissions.require(permissions.can_resolve_note(member, note), "resolve this note")
    _mark(member, note, Happening.RESOLVED, resolved_at=timezone.now(), resolved_by=member)


def reopen(member: Member, note: Note) -> None:
    permissions.require(permissions.can_resolve_note(member, note), "open this note again")
    _mark(member, note, Happening.REOPENED, resolved_at=None, resolved_by=None)


def show_to(member: Member, note: Note, *, guests: bool) -> None:
    """Let everybody with a link read it, or the team alone."""
    permissions.require(permissions.can_remove_note(member, note), "change who reads this note")
    _mark(member, note, None, for_guests=guests)


def finish_task(member: Member, mention: Mention) -> None:
    permissions.require(permissions.can_finish_task(member, mention), "finish this task")
    _mark_task(member, mention, done=True)


def reopen_task(member: Member, mention: Mention) -> None:
    permissions.require(permissions.can_finish_task(member, mention), "open this task again")
    _mark_task(member, mention, done=False)


def attach(member: Member, clip: Clip, file: Received) -> Asset:
    """Store the picture of a note: PNG, JPEG or WebP by its content, as large as an upload may be.

    Raises InvalidUpload, NotAllowed, StorageFull, StorageFailed.
    """
    permissions.require(permissions.can_review(member, clip), "attach files here")
    field, name = "Attachment", file.name or ""
    images.require_size(file.size or 0, field=field, name=name)
    if file.problem:
        raise file.problem
    with told_in_our_words():
        found = images.check(file.path, field=field, name=name)
    row = {"name": images.shown(name), "content_type": found.content_type,
           "width": found.width, "height": found.height}  # fmt: skip
    return uploads.keep(
        member, AssetKind.ATTACHED, file.path, suffix=found.suffix, beside=uploads.thumbnail,
        row=row,
    )  # fmt: skip


def tasks_of(member: Member) -> QuerySet[Mention]:
    """What the member was asked for and has not done, oldest first; of what still stands."""
    asked = Mention.objects.filter(
        member=member, done_at=None, note__removed_at=None, note__clip__trashed_at=None
    ).exclude(note__parent__removed_at__isnull=False)
    return asked.select_related(
        "note__clip", "note__take", "note__member__user", "note__guest", "member__user"
    ).order_by("pk")


def names_of(people: Iterable[Member]) -> dict[int, str]:
    """What each is called in notes: the name, or the e-mail where two have the same one."""
    people = list(people)
    names = [str(one).lower() for one in people]
    return {
        one.pk: str(one) if names.count(str(one).lower()) == 1 else one.user.email for one in people
    }


def people_of(clip: Clip) -> dict[int, str]:
    """Who can be named in its notes."""
    return names_of(Member.objects.active().filter(team=clip.team_id).select_related("user"))


def _judged(said: Said, *, keeps: bool = False) -> tuple[str, list[dict[str, Any]]]:
    """Its words and shapes; `keeps` says that there is more to the note than its words."""
    text = storable(lines(said.text)).strip()
    if len(text) > LONGEST:
        raise InvalidNote(f"Note may have at most {LONGEST:,} characters, not {len(text):,}.")
    shapes = drawing.read(said.drawing)
    if not (text or shapes or said.attachment or keeps):
        raise InvalidNote(EMPTY)
    return text, shapes


def _require_frames(take: Take, said: Said) -> None:
    for name, frame in (("Frame", said.frame), ("Last frame", said.last_frame)):
        if frame is not None and not 0 <= frame < take.frames:
            raise InvalidNote(
                f"{name} must be from 0 to {take.frames - 1:,}; "
                f"take {take.number} has no frame {frame:,}."
            )
    if said.last_frame is None:
        return
    if said.frame is None or said.last_frame < said.frame:
        first = "nowhere" if said.frame is None else f"at {said.frame:,}"
        raise InvalidNote(
            f"Range must end at or after its first frame: it begins {first} "
            f"and ends at {said.last_frame:,}."
        )


def _standing(note: Note) -> Note:
    """As it is now, its clip being locked. Raises TooLate where it was taken back."""
    note.refresh_from_db()
    if note.removed_at or (note.parent and note.parent.removed_at):
        raise TooLate(GONE)
    return note


def _mark(member: Member, note: Note, happening: Happening | None, **columns: Any) -> None:
    """Set these columns; a note that is so already is left alone, so that twice is once."""
    with transaction.atomic():
        note.clip.lock()
        note.refresh_from_db()
        if all(bool(getattr(note, name)) == bool(value) for name, value in columns.items()):
            return
        for name, value in columns.items():
            setattr(note, name, value)
        note.save(update_fields=list(columns))
        if happening:
            _record(note, happening, By(member=member))
        else:
            note.clip.touch()


def _mark_task(member: Member, mention: Mention, *, done: bool) -> None:
    clip = mention.note.clip
    with transaction.atomic():
        clip.lock()
        mention.refresh_from_db()
        if bool(mention.done_at) == done:
            return
        mention.done_at, mention.done_by = (timezone.now(), member) if done else (None, None)
        mention.save(update_fields=["done_at", "done_by"])
        if done:
            notices.task_done(mention)
        happening = Happening.FINISHED if done else Happening.REOPENED
        clip.record(
            happening, actor=member, note=f"Task for {mention.member}: {_words(mention.note)}"
        )


def _ask_people(note: Note) -> list[Mention]:
    """A task for each of the team whom the note names; open ones of who is not named any more end.

    Returns the new ones.
    """
    if note.member_id is None:
        return []
    named = mentions.found_in(note.text, people_of(note.clip)) if "@" in note.text else []
    note.mentions.exclude(member__in=named).filter(done_at=None).delete()
    known = set(note.mentions.values_list("member", flat=True))
    return Mention.objects.bulk_create(
        [Mention(note=note, member_id=person) for person in named if person not in known]
    )


def _record(note: Note, happening: Happening, by: By) -> None:
    place = "" if note.frame is None else f" at {timecode.short(note.frame, note.take.fps)}"
    told = f"Take {note.take.number}{place}: {_words(note)}"
    note.clip.record(happening, actor=by.member, guest=by.guest, note=told)


def _words(note: Note) -> str:
    """The beginning of a note, or what it is where it has no words."""
    if note.text:
        text = " ".join(note.text.split())
        return text if len(text) <= TOLD else f"{text[: TOLD - 1]}…"
    return drawing.described(note.drawing) if note.drawing else "a picture"
