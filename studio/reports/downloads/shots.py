"""Takes as a timeline needs them: where each file is, how long, and what is still open about it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from studio.core.filenames import Names
from studio.core.rates import exact
from studio.models import Note, Prompt, Take, Team
from studio.reports.downloads.facts import loaded, told_of
from studio.reports.downloads.names import name_of, suffix_of


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A remark at a frame, for `frames` frames."""

    text: str
    by: str
    frame: int
    frames: int
    is_client: bool = False


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One take in a cut; `ids` are numbers of rows, so that it is found again here."""

    name: str
    title: str
    width: int
    height: int
    rate: Fraction
    frames: int
    ids: dict[str, int | None] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()


def named(takes: Sequence[int], team: Team) -> Iterator[list[tuple[Take, str]]]:
    """The takes, some at a time, each with the name that its file has in an archive of them all."""
    names, number, digits = Names(), 0, len(str(len(takes)))
    for some in loaded(takes):
        called = []
        for take in some:
            number += 1
            padded, suffix = f"{number:0{digits}}", suffix_of(take.video)
            called.append((take, names.add(name_of(take, team, number=padded, suffix=suffix))))
        yield called


def shots_of(called: Iterable[tuple[Take, str]], *, marks: bool = True) -> Iterator[Shot]:
    called = list(called)
    prompts = _prompts([take for take, _ in called])
    for take, name in called:
        yield Shot(
            name=name, title=f"{take.clip.title}, take {take.number}", width=take.width,
            height=take.height, rate=exact(take.fps), frames=take.frames,
            ids={"clip": take.clip_id, "take": take.pk, "number": take.number,
                 "job": take.job_id, "prompt": prompts.get(_prompt_of(take))},
            marks=tuple(_marks(take)) if marks else (),
        )  # fmt: skip


def _marks(take: Take) -> Iterator[Mark]:
    """Its open notes; one about the whole take stands at the beginning."""
    for note in told_of(take, "notes"):
        if note.parent_id is None and note.resolved_at is None:
            yield _mark(note, take)


def _mark(note: Note, take: Take) -> Mark:
    first = min(note.frame or 0, take.frames - 1)
    last = min(max(note.last_frame or first, first), take.frames - 1)
    text = " ".join(note.text.split()) or "A drawing"
    return Mark(
        text=text, by=str(note.author), frame=first, frames=last - first + 1,
        is_client=note.guest_id is not None,
    )  # fmt: skip


def _prompts(takes: Sequence[Take]) -> dict[tuple[int, str], int]:
    """The prompts of the projects' history that these takes were made from."""
    wanted = {_prompt_of(take) for take in takes}
    rows = Prompt.objects.filter(
        project__in={project for project, _ in wanted}, digest__in={digest for _, digest in wanted}
    )
    return {(row.project_id, row.digest): row.pk for row in rows.only("project", "digest")}


def _prompt_of(take: Take) -> tuple[int, str]:
    text = take.job.written or take.job.order.prompt
    return take.clip.project_id, hashlib.sha256(text.encode(errors="replace")).hexdigest()
