"""A job as `shoot` and `jobs` tell of it: as JSON for programs, as lines for people."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypedDict

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet

from studio.core.money import decimal
from studio.core.status import JobStatus
from studio.models import EntryKind, Job, LedgerEntry, Stream, Take

REFUSED = "refused"  # in the place of a status: there is no job


class StreamAnswer(TypedDict):
    """What a simulation gave beside the video: "depth", "normals", "optical_flow", "log"."""

    name: str
    file: str


class TakeAnswer(TypedDict):
    """`file` is where the video is stored: an absolute path, or an address in the bucket.

    `seed` is None where the provider tells none.
    """

    number: int
    file: str
    width: int
    height: int
    fps: float
    duration: float
    sha256: str
    seed: int | None
    streams: list[StreamAnswer]


class Credits(TypedDict):
    """`held` is what is on hold now."""

    quoted: float
    held: float
    charged: float
    released: float


class Answer(TypedDict):
    job: int | None
    status: str
    provider: str
    model: str
    takes: list[TakeAnswer]
    credits: Credits
    error: str | None


class Listed(Answer):
    prompt: str
    created: str


def with_all_that_is_told(jobs: QuerySet[Job]) -> QuerySet[Job]:
    streams = Prefetch("streams", Stream.objects.select_related("file"))
    takes = Take.objects.select_related("video").prefetch_related(streams)
    return jobs.prefetch_related(Prefetch("takes", takes), "entries")


def of(job: Job) -> Answer:
    return {
        "job": job.pk,
        "status": job.status,
        "provider": job.provider,
        "model": job.model,
        "takes": [_take(take) for take in sorted(job.takes.all(), key=lambda take: take.number)],
        "credits": _credits(job.quoted, list(job.entries.all())),
        "error": error_of(job),
    }


def listed(job: Job) -> Listed:
    created = job.created_at.isoformat(timespec="seconds")
    return {**of(job), "prompt": job.order.prompt, "created": created}


def refusal(provider: str, model: str, sentence: str) -> Answer:
    """What is told of an order that did not become a job."""
    return {
        "job": None, "status": REFUSED, "provider": provider, "model": model,
        "takes": [], "credits": _credits(0, []), "error": sentence,
    }  # fmt: skip


def error_of(job: Job) -> str | None:
    """Why there are no takes, or not yet."""
    if job.status == JobStatus.CANCELLED:
        return "The job was cancelled."
    return job.error or job.problem or None


def _take(take: Take) -> TakeAnswer:
    return {
        "number": take.number,
        "file": _place(take.video.path),
        "width": take.width,
        "height": take.height,
        "fps": _number(take.fps),
        "duration": _number(take.seconds),
        "sha256": take.video.sha256,
        "seed": take.seed,
        "streams": sorted(map(_stream, take.streams.all()), key=lambda told: told["name"]),
    }


def _stream(stream: Stream) -> StreamAnswer:
    return {"name": stream.name, "file": _place(stream.file.path)}


def _place(key: str) -> str:
    return f"s3://{settings.S3_BUCKET}/{key}" if settings.S3_BUCKET else default_storage.path(key)


def _credits(quoted: int, entries: list[LedgerEntry]) -> Credits:
    released = sum(entry.available for entry in entries if entry.kind == EntryKind.RELEASE)
    return {
        "quoted": _number(decimal(quoted)),
        "held": _number(decimal(sum(entry.held for entry in entries))),
        "charged": _number(decimal(sum(entry.spent for entry in entries))),
        "released": _number(decimal(released)),
    }


def _number(value: Decimal) -> float:
    """24, not 24.0, and never a text."""
    return int(value) if value == value.to_integral_value() else float(value)


def lines(answer: Answer) -> Iterator[str]:
    """A few lines for a person."""
    yield f"Job {answer['job']} ({answer['provider']} {answer['model']}): {answer['status']}"
    if answer["error"]:
        yield f"  {answer['error']}"
    for take in answer["takes"]:
        size = f"{take['width']}x{take['height']}"
        yield f"  Take {take['number']}: {size}, {take['fps']:g} fps, {take['duration']:g} s"
        yield f"    {take['file']}"
        for stream in take["streams"]:
            yield f"    {stream['name']}: {stream['file']}"
    amounts: dict[str, Any] = dict(answer["credits"])
    told = [f"{amount:,g} {part}" for part, amount in amounts.items() if amount]
    yield f"  Credits: {', '.join(told) or 'free'}"
