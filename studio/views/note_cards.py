"""Notes as pages show them: the list, the pins on the timeline, the count; rendered once for all.

The same parts serve the team and, with fewer abilities and without private notes, its clients.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from studio.core import drawing, mentions
from studio.core.mentions import Piece
from studio.models import Clip, Mention, Note, Take
from studio.services.notes import names_of
from studio.views.cards import partial


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """What who looks at notes can do there; buttons of one person's own are hidden by the page."""

    write: bool = False
    reply: bool = False
    change: bool = False
    resolve: bool = False
    keep_from_guests: bool = False
    fix: bool = False
    attach: bool = False
    mention: bool = False


TEAM = Abilities(
    write=True, reply=True, change=True, resolve=True, keep_from_guests=True, fix=True, attach=True,
    mention=True,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A note with all that is to be seen of it; `take` is the one that it is about."""

    note: Note
    take: Take
    replies: list["Shown"] = field(default_factory=list)

    @property
    def pieces(self) -> list[Piece]:
        """Its words, cut where they name who was asked to do something."""
        people = names_of(mention.member for mention in self.tasks)
        return mentions.pieces(self.note.text, people)

    @property
    def tasks(self) -> list[Mention]:
        return list(self.note.mentions.all())

    @property
    def fixes(self) -> list[Clip]:
        """The clips that were ordered to do what it asks for."""
        return [clip for clip in self.note.fixed_by.all() if not clip.trashed_at]

    @property
    def drawn(self) -> str:
        return drawing.described(self.note.drawing) if self.note.drawing else ""

    @property
    def identity(self) -> str:
        """Of its author: “m12” for one of the team, “g3” for a guest."""
        return f"m{self.note.member_id}" if self.note.member_id else f"g{self.note.guest_id}"

    @property
    def x(self) -> str:
        """Where on the timeline it begins, in percent."""
        return _percent(self.note.frame or 0, self.take)

    @property
    def width(self) -> str:
        last = (self.note.frame or 0) if self.note.last_frame is None else self.note.last_frame
        return _percent(last - (self.note.frame or 0), self.take)


def _percent(frame: int, take: Take) -> str:
    return f"{100 * frame / max(take.frames - 1, 1):.3f}%"


@dataclass(frozen=True, kw_only=True)
class OfTake:
    """All notes about one take, in the order of its frames."""

    take: Take
    threads: list[Shown]

    @property
    def open_count(self) -> int:
        return sum(one.note.resolved_at is None for one in self.threads)

    @property
    def pins(self) -> list[Shown]:
        return [one for one in self.threads if one.note.frame is not None]


def notes_of(clip: Clip, *, among: QuerySet[Note] | None = None) -> list[OfTake]:
    """The notes of each take that has some, newest take first; in a fixed number of queries.

    `among` are those that may be seen, all of them for the team.
    """
    seen = Note.objects.all() if among is None else among
    rows = list(_with_everything(seen.filter(clip=clip, removed_at=None)))
    takes = {row.take_id: row.take for row in rows}
    replies: dict[int, list[Shown]] = {}
    for row in rows:
        if row.parent_id:
            replies.setdefault(row.parent_id, []).append(Shown(note=row, take=row.take))
    threads: dict[int, list[Shown]] = {pk: [] for pk in takes}
    for row in sorted(rows, key=_place):
        if not row.parent_id:
            shown = Shown(note=row, take=row.take, replies=replies.get(row.pk, []))
            threads[row.take_id].append(shown)
    found = [OfTake(take=takes[pk], threads=shown) for pk, shown in threads.items() if shown]
    return sorted(found, key=lambda one: -one.take.number)


def _with_everything(notes: QuerySet[Note]) -> QuerySet[Note]:
    tasks = Mention.objects.select_related("member__user").order_by("pk")
    fixes = Clip.objects.order_by("pk").only("pk", "title", "trashed_at", "fixes")
    rows = notes.select_related("take", "member__user", "guest", "attachment", "resolved_by__user")
    return rows.prefetch_related(Prefetch("mentions", tasks), Prefetch("fixed_by", fixes)).order_by(
        "pk"
    )


def _place(note: Note) -> tuple[int, int]:
    """What is about the whole take comes first."""
    return (-1 if note.frame is None else note.frame, note.pk)


def context_of(
    notes: Iterable[OfTake], *, base: str, take: Take | None = None, abilities: Abilities = TEAM
) -> dict[str, Any]:
    """What the templates of `review/` need; `base` is the address of the page without its query,
    `take` the shown one, None where that differs from window to window.
    """
    groups = list(notes)
    return {
        "groups": groups,
        "base": base,
        "shown_take": take,
        "count": sum(len(one.threads) for one in groups),
        "abilities": abilities,
    }


def parts(clip: Clip) -> SafeString:
    """Everything of the notes that an open clip page of the team gets anew."""
    base = reverse("clip", args=[clip.pk])
    return drawn({"clip": clip, **context_of(notes_of(clip), base=base)})


def drawn(context: dict[str, Any]) -> SafeString:
    """The parts for whoever that context is for, each to be put into its place."""
    return SafeString("".join(_part(name, element, context) for element, name in PARTS.items()))


# Id of the element → its template.
PARTS = {"notes-list": "_list", "pins": "_pins", "notes-count": "_count"}


def _part(name: str, element: str, context: dict[str, Any]) -> SafeString:
    html = get_template(f"review/{name}.html").render(context)
    return partial(element, mark_safe(html))  # noqa: S308  (a template's own)
