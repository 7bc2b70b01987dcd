"""What the manifest says of each take: four groups of facts, as not everybody may see all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Flag, auto
from typing import Any

from django.db.models import Count, Prefetch

from studio.core import money
from studio.core.rates import exact, timecode
from studio.core.spec import FILES
from studio.models import (
    Asset,
    Board,
    Clip,
    Decision,
    EntryKind,
    Job,
    LedgerEntry,
    Note,
    Tag,
    Take,
)

AT_ONCE = 100  # takes in memory, with all that belongs to them


class Detail(Flag):
    """Which facts are told."""

    FILE = 0
    ORDER = auto()
    REVIEW = auto()
    COST = auto()


def loaded(pks: Sequence[int]) -> Iterator[list[Take]]:
    """The takes in that order, some at a time, each with all that is told of it."""
    people = ("member__user", "guest")
    told = {
        "decisions": Decision.objects.prefetch_related(*people).order_by("decided_at"),
        "notes": Note.objects.standing().prefetch_related(*people).order_by("pk"),
        "clip__tags": Tag.objects.order_by("name"), "clip__boards": Board.objects.order_by("name"),
        "job__entries": LedgerEntry.objects.order_by("pk"),
    }  # fmt: skip
    # What many takes share is read once for all of them, not joined to each.
    takes = Take.objects.select_related("clip", "job", "video", "poster").prefetch_related(
        "clip__project", "job__author__user",
        *(Prefetch(path, rows, to_attr=f"all_{path.rpartition('__')[2]}")
          for path, rows in told.items()),
    )  # fmt: skip
    for first in range(0, len(pks), AT_ONCE):
        some = pks[first : first + AT_ONCE]
        found = takes.in_bulk(some)
        yield [found[pk] for pk in some if pk in found]
        _forget(found.values())


def told_of(row: Take | Clip | Job, name: str) -> list[Any]:
    """The rows of that name that `loaded` has brought: plain lists, as managers cost a query each."""
    rows: list[Any] = vars(row)[f"all_{name}"]
    return rows


def _forget(takes: Iterable[Take]) -> None:
    """Rows that know each other would stay in memory until Python looks for such circles."""
    for take in takes:
        for row in (take, take.clip, take.job):
            for name in [name for name in vars(row) if name.startswith("all_")]:
                del vars(row)[name]


def facts_of(takes: Iterable[Take], detail: Detail) -> Iterator[dict[str, Any]]:
    """One JSON value for each take."""
    takes = list(takes)
    sums, siblings = _checksums(takes), _siblings(takes)
    for take in takes:
        facts = _of_file(take)
        if Detail.ORDER in detail:
            facts |= _of_order(take, sums)
        if Detail.COST in detail:
            facts |= _of_cost(take, siblings[take.job_id])
        if Detail.REVIEW in detail:
            facts |= _of_review(take)
        yield facts


def _of_file(take: Take) -> dict[str, Any]:
    return {
        "clip": take.clip.title, "clip_id": take.clip_id, "take": take.number, "take_id": take.pk,
        "project": take.clip.project.name, "width": take.width, "height": take.height,
        "fps": float(take.fps), "frames": take.frames, "seconds": float(take.seconds),
        "length": timecode(take.frames, exact(take.fps)), "created": _moment(take.created_at),
    }  # fmt: skip


def _of_order(take: Take, sums: Mapping[int, str]) -> dict[str, Any]:
    job, order = take.job, take.job.order
    given = {name: sums.get(getattr(order, name)) for name in FILES if getattr(order, name)}
    return {
        "prompt": {
            "written": job.written or order.prompt, "sent": order.prompt,
            "leave_out": order.settings.get("negative_prompt") or "",
        },
        "provider": job.provider, "model": job.model, "settings": dict(order.settings),
        "seed": take.seed, "sha256_of": given, "author": str(job.author),
    }  # fmt: skip


def _of_cost(take: Take, siblings: int) -> dict[str, Any]:
    """The take's share of what its order cost; those of all its takes add up to that."""
    entries = told_of(take.job, "entries")
    charges = [entry for entry in entries if entry.kind in SIGNS]
    native = sum(SIGNS[entry.kind] * abs(entry.native) for entry in charges)
    unit = charges[0].unit if charges else money.CREDIT
    spent = sum(entry.spent for entry in entries)
    return {
        "cost": {
            "credits": _share(spent, take.index, siblings),
            "native": _share(native, take.index, siblings), "unit": unit,
        }
    }  # fmt: skip


SIGNS = {EntryKind.CHARGE: 1, EntryKind.REFUND: -1}


def _share(total: int, index: int, siblings: int) -> float:
    """In whole units; the shares of 0, 1, … add up to the total, to the millionth."""
    before, upto = total * index // siblings, total * (index + 1) // siblings
    return float(money.decimal(upto - before))


def _of_review(take: Take) -> dict[str, Any]:
    notes = told_of(take, "notes")
    replies: dict[int | None, list[Note]] = {}
    for note in notes:
        replies.setdefault(note.parent_id, []).append(note)
    threads = replies.get(None, [])
    return {
        "status": take.review, "stars": take.stars,
        "tags": [tag.name for tag in told_of(take.clip, "tags")],
        "boards": [board.name for board in told_of(take.clip, "boards")],
        "decisions": [_decision(one) for one in told_of(take, "decisions")],
        "open_notes": sum(note.resolved_at is None for note in threads),
        "notes": [_note(note, take, replies.get(note.pk, [])) for note in threads],
    }  # fmt: skip


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "by": str(decision.member or decision.guest), "client": decision.guest_id is not None,
        "verdict": decision.verdict, "at": _moment(decision.decided_at),
    }  # fmt: skip


def _note(note: Note, take: Take, replies: Sequence[Note] = ()) -> dict[str, Any]:
    rate = exact(take.fps)
    frames = {"frame": note.frame, "last_frame": note.last_frame}
    return {
        "by": str(note.author), "at": _moment(note.created_at), "text": note.text, **frames,
        "timecode": "" if note.frame is None else timecode(note.frame, rate),
        "drawing": note.drawing is not None, "resolved": note.resolved_at is not None,
        "replies": [_note(reply, take) for reply in replies],
    }  # fmt: skip


def _checksums(takes: Sequence[Take]) -> dict[int, str]:
    """Those of the files that were given with the orders."""
    keys = {getattr(take.job.order, name) for take in takes for name in FILES} - {None}
    return dict(Asset.objects.filter(pk__in=keys).values_list("pk", "sha256"))


def _siblings(takes: Sequence[Take]) -> dict[int, int]:
    """How many takes each job has brought."""
    jobs = Job.objects.filter(pk__in={take.job_id for take in takes})
    return dict(jobs.annotate(count=Count("takes")).values_list("pk", "count"))


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
