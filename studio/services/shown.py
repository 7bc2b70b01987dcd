"""What a link shows: which clips, which take of each, and what clients read above it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from studio.core.orders import Order
from studio.models import Clip, Decision, Guest, Job, Placement, Share, ShareClip, Take

# More than anybody looks through; of a larger board the ones that were placed first.
MOST_CLIPS = 500

# The files of a take that clients may have.
PARTS = ("video", "poster", "preview", "strip")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A clip as a client sees it; `number` counts from 1 in the link. `verdict` is their own."""

    number: int
    clip: Clip
    take: Take
    title: str
    verdict: str = ""


@dataclass(frozen=True, kw_only=True)
class _Row:
    number: int
    clip: Clip
    pinned: Take | None = None
    title: str = ""


def clips_of(share: Share) -> list[Clip]:
    """Those in the link now, also the ones that have no take yet."""
    return [row.clip for row in _rows(share)]


def shown(share: Share, guest: Guest | None = None, *, clip: int | None = None) -> list[Shown]:
    """What the guest sees, or somebody new; only of that `clip`, if one is named.

    In three queries, however many clips there are.
    """
    rows = [row for row in _rows(share) if clip in (None, row.clip.pk)]
    said = _decisions(guest, rows)
    named = set() if share.may_see_prompts else named_by_hand(row.clip for row in rows)
    found = []
    for row in rows:
        take = _take(row, said[row.clip.pk])
        if take is None:
            continue
        verdict = next((one.verdict for one in said[row.clip.pk] if one.take_id == take.pk), "")
        title = row.title or (
            row.clip.title
            if share.may_see_prompts or row.clip.pk in named
            else f"Shot {row.number}"
        )
        found.append(
            Shown(number=row.number, clip=row.clip, take=take, title=title, verdict=verdict)
        )
    return found


def _rows(share: Share) -> list[_Row]:
    """Numbers stay what they are when a clip of a link goes to the trash."""
    if share.board_id:
        placed = Placement.objects.filter(board=share.board_id).order_by("pk")
        clips = [one.clip for one in placed.select_related("clip__cover")[:MOST_CLIPS]]
        rows = [_Row(number=number, clip=clip) for number, clip in enumerate(clips, start=1)]
    else:
        chosen = ShareClip.objects.filter(share=share).order_by("position", "pk")
        rows = [
            _Row(number=number, clip=one.clip, pinned=one.take, title=one.title)
            for number, one in enumerate(chosen.select_related("clip__cover", "take"), start=1)
        ]
    return [row for row in rows if row.clip.trashed_at is None]


def _decisions(guest: Guest | None, rows: Iterable[_Row]) -> Mapping[int, list[Decision]]:
    """The guest's own, by clip, the latest first."""
    found: dict[int, list[Decision]] = defaultdict(list)
    if guest is not None:
        mine = Decision.objects.filter(guest=guest, take__clip__in=[row.clip.pk for row in rows])
        for one in mine.select_related("take").order_by("-decided_at", "-pk"):
            found[one.take.clip_id].append(one)
    return found


def _take(row: _Row, said: list[Decision]) -> Take | None:
    """The take that was chosen, else the best one.

    What a client has answered stays before them, though the answer itself makes another take the
    best one: only a newer take comes in its place.
    """
    best = row.pinned or row.clip.cover
    if row.pinned or best is None or not said:
        return best
    return best if best.created_at > said[0].decided_at else said[0].take


def named_by_hand(clips: Iterable[Clip]) -> set[int]:
    """Those whose title is none of their prompts' first sentences, so that it tells no prompt.

    A clip is called after the prompt of one of its jobs until somebody gives it another name.
    """
    titles = {clip.pk: clip.title for clip in clips}
    told: dict[int, set[str]] = defaultdict(set)
    jobs = Job.objects.filter(clip__in=titles).values_list("clip", "stored_order", "intended")
    for clip, *orders in jobs:
        told[clip] |= {Order.from_json(order).title for order in orders if order}
    return {pk for pk, title in titles.items() if told[pk] and title not in told[pk]}


def shown_take_with(share: Share, guest: Guest | None, asset: int) -> tuple[Take, str] | None:
    """The shown take that has this file, and what the file is of it; None if no such one has."""
    its = Q()
    for part in PARTS:
        its |= Q(**{part: asset})
    for take in Take.objects.filter(its, clip__team=share.team_id):
        if any(one.take == take for one in shown(share, guest, clip=take.clip_id)):
            part = next(part for part in PARTS if getattr(take, f"{part}_id") == asset)
            return take, part
    return None
