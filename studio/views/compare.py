"""Takes beside each other on one clock; how they are looked at stands in the address, all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.core import comparing
from studio.core.comparing import FEWEST, LETTERS
from studio.models import Note, Take
from studio.reports.comparison import comparison, verdict_words
from studio.services import looks
from studio.views import hx
from studio.views.access import clips_read, signed_in, takes_read

MOST_FOUND, MOST_PINS, LONGEST_SEARCH = 12, 200, 80
ALONE = "One take can not be compared with itself."


@dataclass(frozen=True, kw_only=True)
class Side:
    """A take under its letter, `offset` of its frames ahead; `words` say what it cost and took."""

    letter: str
    take: Take
    offset: int
    words: str

    @property
    def length(self) -> float:
        """When it is over, in seconds of the clock."""
        return (self.take.frames - self.offset) / float(self.take.fps)


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A note on the timeline, in per cent of it; `last` is where a range ends."""

    side: Side
    note: Note
    start: float
    last: float | None

    @property
    def width(self) -> float | None:
        return None if self.last is None else max(self.last - self.start, 0.4)

    @property
    def looks(self) -> tuple[str, str]:
        """The colors of its side: of a pin, and of a range."""
        return PINS[self.side.letter]

    @property
    def initials(self) -> str:
        person = self.note.member.user if self.note.member else self.note.guest
        return person.initials if person else ""


@require_GET
@signed_in
def compare(request: hx.MemberRequest) -> HttpResponse:
    """`?takes=` or `?clips=` says what; with less than two takes, a page to choose the others."""
    takes, problems = _takes(request)
    if len(takes) < FEWEST:
        return _choose(request, takes, problems)
    looks.seen([take.clip for take in takes])
    offsets, wrong = comparing.offsets(request.GET)
    sides = _sides(takes, offsets)
    frames = ceil(max(side.length for side in sides) * float(takes[0].fps))
    look, more = comparing.look(request.GET, frames=max(frames, 1), sides=len(sides))
    context = {
        "member": request.member, "sides": sides, "look": look, "frames": frames,
        "problems": [*problems, *wrong, *more], "compared": address_of(takes),
        "modes": MODES, "empty": LETTERS[len(sides):], "pins": _pins(sides, frames),
        "beside": _beside(takes), "found": comparison(takes),
    }  # fmt: skip
    return render(request, "compare/compare.html", context)


PINS = {
    "a": ("pin-j", "rng-j"),
    "b": ("pin-a", "rng-a"),
    "c": ("pin-s", "rng-ok"),
    "d": ("pin-p", "rng-me"),
}
# Mode → its word and icon, as the switch has them.
MODES = (
    ("side", "m-side", "Side", "compare"),
    ("wipe", "m-wipe", "Wipe", "wipe"),
    ("flick", "m-flick", "Flick", "flick"),
    ("overlay", "m-over", "Overlay", "overlay"),
    ("difference", "m-diff", "Difference", "diff"),
    ("four", "m-four", "4-up", "layers4"),
)


def _takes(request: hx.MemberRequest) -> tuple[list[Take], list[str]]:
    """What the address asks for; of one take, the best other one of its clip is there, too."""
    if "clips" in request.GET:
        return _best(request)
    keys, problems = comparing.keys(request.GET.get("takes", ""))
    takes = takes_read(request, keys)
    if len(takes) != 1:
        return takes, problems
    rival = Take.objects.filter(clip=takes[0].clip_id).exclude(pk=keys[0]).best_first().first()
    if rival is None:
        return takes, [*problems, ALONE]
    said = f"{ALONE} Take {rival.number} of the same clip is beside it."
    return takes_read(request, [keys[0], rival.pk]), [*problems, said]


def _best(request: hx.MemberRequest) -> tuple[list[Take], list[str]]:
    keys, problems = comparing.keys(request.GET["clips"])
    clips = clips_read(request, keys)
    problems += [f"“{clip}” has no take yet." for clip in clips if not clip.cover_id]
    return takes_read(request, [clip.cover_id for clip in clips if clip.cover_id]), problems


def address_of(takes: Sequence[Take]) -> str:
    """What `?takes=` says of them."""
    return ",".join(str(take.pk) for take in takes)


def _sides(takes: Sequence[Take], offsets: Sequence[int]) -> list[Side]:
    words = verdict_words(takes)
    return [
        Side(letter=letter, take=take, offset=offset, words=said)
        for letter, take, offset, said in zip(LETTERS, takes, offsets, words, strict=False)
    ]


def _pins(sides: Sequence[Side], frames: int) -> list[Pin]:
    """The notes of all sides, where they are on a timeline of so many frames of the first one."""
    by_take = {side.take.pk: side for side in sides}
    notes = Note.objects.standing().threads().filter(take__in=by_take, frame__isnull=False)
    known = notes.select_related("member__user", "guest").order_by("frame", "pk")[:MOST_PINS]
    end = frames / float(sides[0].take.fps)
    return [_pin(by_take[note.take_id], note, end) for note in known]


def _pin(side: Side, note: Note, end: float) -> Pin:
    def percent(frame: int) -> float:
        return round(100 * (frame - side.offset) / float(side.take.fps) / end, 2)

    assert note.frame is not None, "only such notes are asked for"
    last = None if note.last_frame is None else percent(note.last_frame + 1)
    return Pin(side=side, note=note, start=percent(note.frame), last=last)


def _beside(takes: Sequence[Take]) -> dict[int, list[Take]]:
    """All takes of their clips, newest first, for the menus."""
    found: dict[int, list[Take]] = {take.clip_id: [] for take in takes}
    rows = Take.objects.filter(clip__in=found).select_related("job", "poster", "clip")
    for take in rows.order_by("-number"):
        found[take.clip_id].append(take)
    return found


# ── Choosing ──


def _choose(request: hx.MemberRequest, takes: list[Take], problems: list[str]) -> HttpResponse:
    context = {
        "member": request.member, "takes": takes, "problems": problems, "compared": address_of(takes),
        **_found(request, takes),
    }  # fmt: skip
    return render(request, "compare/choose.html", context)


@require_GET
@signed_in
def choices(request: hx.MemberRequest) -> HttpResponse:
    """Takes for the side `?place=` (0 is A) of a comparison of `?takes=`: `?q=` searches titles."""
    keys, _ = comparing.keys(request.GET.get("takes", ""))
    takes = takes_read(request, keys)
    context = {
        "compared": address_of(takes),
        "place": request.GET.get("place", ""),
        **_found(request, takes),
    }
    return render(request, "compare/_choices.html", context)


def _found(request: hx.MemberRequest, takes: Sequence[Take]) -> dict[str, Any]:
    """The newest takes of other clips: those of the same ones stand in the menus already."""
    asked = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip()
    rows = Take.objects.filter(clip__team=request.member.team, clip__trashed_at=None)
    rows = rows.exclude(clip__in=[take.clip_id for take in takes])
    rows = rows.filter(clip__title__icontains=asked) if asked else rows
    found = rows.select_related("clip", "job", "poster").order_by("-pk")[:MOST_FOUND]
    return {"q": asked, "choices": list(found)}
