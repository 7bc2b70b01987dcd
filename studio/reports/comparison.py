"""What differs between takes, setting by setting, and what is the same in all of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from studio.core import money
from studio.core.diff import Piece, diff
from studio.core.orders import Order
from studio.models import Asset, Job, Note, Take
from studio.providers.registry import all_providers
from studio.reports.settings import camera_words, labels_of, said

# Settings that are said in another way: as what came of them, or by files of their own.
TOLD_OTHERWISE = {"camera", "seed", "duration", "negative_prompt", "count"}
NOT_OFFERED, NOT_SET = "not offered", "not set"
NOTHING = ("none", "nothing")
LONGEST_SAID = 30
# The longest text that is compared word by word for a page.
LONGEST_DIFF = 5000


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`pieces` are a text word by word, against that of the first take."""

    text: str
    is_missing: bool = False
    is_better: bool = False
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """`is_status`: its texts are words of core/review.ReviewStatus, which a page knows how to say."""

    label: str
    cells: Sequence[Cell]
    is_status: bool = False

    @property
    def differs(self) -> bool:
        return len({cell.text for cell in self.cells}) > 1

    @property
    def text(self) -> str:
        """What all of them say."""
        return self.cells[0].text

    @property
    def said(self) -> str:
        """The same in a sentence: “no last frame”, “duration 5 s”, or “prompt” where it is long."""
        if self.text in NOTHING:
            return f"no {self.label.lower()}"
        short = len(self.text) <= LONGEST_SAID
        return f"{self.label.lower()} {self.text}" if short else self.label.lower()


@dataclass(frozen=True, kw_only=True)
class Comparison:
    differing: Sequence[Row]
    same: Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A take with all that is said of it. `siblings` is how many takes its job has made."""

    take: Take
    order: Order
    labels: Mapping[str, tuple[str, str]]
    files: Mapping[int, Asset]
    open_notes: int
    siblings: int

    @property
    def job(self) -> Job:
        return self.take.job

    @property
    def cost(self) -> float:
        return self.job.charged / max(self.siblings, 1)

    @property
    def took(self) -> timedelta | None:
        """How long it took from sent to stored."""
        if not (self.job.started_at and self.job.ended_at):
            return None
        return max(self.job.ended_at - self.job.started_at, timedelta())


@dataclass(frozen=True, kw_only=True)
class Fact:
    """`says` gives "" where there is nothing to say: then `missing` is said, in gray.

    `figure` is what decides who is better, the less the better; None where nobody is.
    """

    label: str
    says: Callable[[Subject], str]
    missing: str = "none"
    figure: Callable[[Subject], float | None] | None = None
    in_words: bool = False
    is_status: bool = False


def comparison(takes: Sequence[Take]) -> Comparison:
    """Of two or more takes, with their clips and jobs at hand. At most three queries."""
    subjects = _subjects(takes)
    rows = [_row(fact, subjects) for fact in _facts(subjects)]
    return Comparison(
        differing=[row for row in rows if row.differs],
        same=[row for row in rows if not row.differs],
    )


def verdict_words(takes: Sequence[Take]) -> list[str]:
    """Each take in a few words: “Runware · 35 cr · 1 min 31 s”. One query."""
    siblings = _siblings(takes)
    return [" · ".join(_in_few_words(_subject(take, siblings=siblings))) for take in takes]


def _in_few_words(subject: Subject) -> Iterator[str]:
    yield _provider(subject)
    yield _cost(subject)
    if took := _took(subject):
        yield took


# ── Gathering ──


def _subjects(takes: Sequence[Take]) -> list[Subject]:
    orders = [take.job.order for take in takes]
    files = {key for order in orders for key in _files(order)}
    known = Asset.objects.filter(team=takes[0].job.team_id).in_bulk(files)
    notes, siblings = _open_notes(takes), _siblings(takes)
    return [_subject(take, files=known, notes=notes, siblings=siblings) for take in takes]


def _subject(
    take: Take, *, siblings: Mapping[int, int], files: Mapping[int, Asset] | None = None,
    notes: Mapping[int, int] | None = None,
) -> Subject:  # fmt: skip
    order = take.job.order
    return Subject(
        take=take, order=order, labels=labels_of(order), files=files or {},
        open_notes=(notes or {}).get(take.pk, 0), siblings=siblings[take.job_id],
    )  # fmt: skip


def _files(order: Order) -> list[int]:
    return [key for key in (order.first_frame, order.last_frame, order.scene) if key]


def _open_notes(takes: Sequence[Take]) -> Counter[int]:
    notes = Note.objects.standing().threads().filter(take__in=takes, resolved_at=None)
    return Counter(notes.values_list("take_id", flat=True))


def _siblings(takes: Sequence[Take]) -> Counter[int]:
    made = Take.objects.filter(job__in={take.job_id for take in takes})
    return Counter(made.values_list("job_id", flat=True))


# ── Facts ──


def _facts(subjects: Sequence[Subject]) -> list[Fact]:
    """Those of every take, and between them each setting that one of their models has."""
    names: dict[str, str] = {}
    for subject in subjects:
        for name, (label, _) in subject.labels.items():
            names.setdefault(name, label)
    settings = [
        _setting(name, label) for name, label in names.items() if name not in TOLD_OTHERWISE
    ]
    return [*ASKED, *settings, *MADE]


def _setting(name: str, label: str) -> Fact:
    def says(subject: Subject) -> str:
        if name not in subject.labels:
            return NOT_OFFERED
        value = subject.order.settings.get(name)
        words = "" if value in (None, "") else said(value)
        return f"{words} {subject.labels[name][1]}".strip() if words else ""

    return Fact(label=label, says=says, missing=NOT_SET)


def _provider(subject: Subject) -> str:
    provider = all_providers().get(subject.order.provider)
    return provider.label if provider else subject.order.provider


def _leave_out(subject: Subject) -> str:
    return str(subject.order.settings.get("negative_prompt") or "")


def _camera(subject: Subject) -> str:
    return camera_words(subject.order) if "camera" in subject.labels else NOT_OFFERED


def _file(name: str) -> Callable[[Subject], str]:
    def says(subject: Subject) -> str:
        asset = subject.files.get(getattr(subject.order, name) or 0)
        return (asset.name or f"Picture {asset.pk}") if asset else ""

    return says


def _seed(subject: Subject) -> str:
    asked = subject.order.settings.get("seed")
    seed = subject.take.seed if subject.take.seed is not None else asked
    return "" if seed is None else str(seed)


def _cost(subject: Subject) -> str:
    if not subject.job.charged:
        return "Free"
    words = f"{money.words(subject.job.charged)} cr"
    return f"{words} for {subject.siblings} takes" if subject.siblings > 1 else words


def _took(subject: Subject) -> str:
    if subject.took is None:
        return ""
    minutes, seconds = divmod(round(subject.took.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _seconds_taken(subject: Subject) -> float | None:
    return subject.took.total_seconds() if subject.took is not None else None


ASKED = (
    Fact(label="Provider", says=_provider),
    Fact(label="Model", says=lambda one: one.order.model),
    Fact(label="Prompt", says=lambda one: one.order.prompt, in_words=True),
    Fact(label="Leave out", says=_leave_out, in_words=True, missing="nothing"),
    Fact(label="First frame", says=_file("first_frame")),
    Fact(label="Last frame", says=_file("last_frame")),
    Fact(label="Scene", says=_file("scene")),
    Fact(label="Camera", says=_camera),
)
MADE = (
    Fact(label="Seed", says=_seed, missing="not returned"),
    Fact(label="Duration", says=lambda one: f"{one.take.seconds.normalize():f} s"),
    Fact(label="Frames", says=lambda one: f"{one.take.frames:,}"),
    Fact(label="Frame rate", says=lambda one: f"{one.take.fps.normalize():f} fps"),
    Fact(label="Size", says=lambda one: f"{one.take.width} × {one.take.height}"),
    Fact(label="Project", says=lambda one: one.take.clip.project.name),
    Fact(label="Cost", says=_cost, figure=lambda one: one.cost),
    Fact(label="Time taken", says=_took, missing="not known", figure=_seconds_taken),
    Fact(
        label="Open notes",
        says=lambda one: str(one.open_notes or ""),
        figure=lambda one: one.open_notes,
    ),
    Fact(
        label="Stars",
        says=lambda one: f"{one.take.stars} of 5" if one.take.stars else "",
        figure=lambda one: -one.take.stars,
    ),
    Fact(label="Status", says=lambda one: one.take.review, missing="not asked", is_status=True),
)


# ── Rows ──


def _row(fact: Fact, subjects: Sequence[Subject]) -> Row:
    texts = [fact.says(subject) for subject in subjects]
    better = _better([fact.figure(subject) if fact.figure else None for subject in subjects])
    cells = [
        Cell(
            text=text or fact.missing,
            is_missing=text in ("", NOT_OFFERED),
            is_better=index in better,
            pieces=_pieces(fact, texts[0], text) if index else (),
        )
        for index, text in enumerate(texts)
    ]
    return Row(label=fact.label, cells=cells, is_status=fact.is_status)


def _better(figures: Sequence[float | None]) -> set[int]:
    """Which of them: none where all are the same, or one has no figure."""
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(figures) or len(set(known)) == 1:
        return set()
    return {index for index, figure in enumerate(figures) if figure == min(known)}


def _pieces(fact: Fact, first: str, text: str) -> Sequence[Piece]:
    fits = first and text and max(len(first), len(text)) <= LONGEST_DIFF
    return diff(first, text) if fact.in_words and fits and first != text else ()
