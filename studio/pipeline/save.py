"""saving → succeeded: the takes are ours once their bytes are."""

from typing import Any

from django.db.models import Max

from studio import ledger
from studio.core.decision import Decision
from studio.core.errors import ProviderError, StorageFailed
from studio.core.review import ReviewStatus
from studio.models import AssetKind, Attempt, Job, Take
from studio.pipeline import assets, lease, settle, slates, streams
from studio.pipeline.problems import rest
from studio.pipeline.track import accepted_attempt, keep
from studio.providers.base import Provider, Result, Update, Verdict
from studio.providers.registry import provider_of
from studio.storage import probe, stills

KINDS = {
    "video": AssetKind.VIDEO,
    "poster": AssetKind.POSTER,
    "preview": AssetKind.PREVIEW,
    "last_frame": AssetKind.LAST_FRAME,
    "strip": AssetKind.FILMSTRIP,
}
WHOLE_SIZE = {"video", "last_frame"}  # the others are smaller

NOTHING = Update(verdict=Verdict.RUNNING)


def save(job: Job) -> Decision:
    """Store every file, then write takes, charge and success in one transaction.

    What cannot be stored or paid raises StudioError, and the job keeps its hold. A link that does
    not work yet raises ProviderUnavailable, and is tried again.
    """
    with lease.leased(job, seconds=lease.SAVING_SECONDS) as ours:
        return _save(job) if ours else rest(job)


def _save(job: Job) -> Decision:
    provider = provider_of(job.provider)
    attempt = accepted_attempt(job)
    update = _verdict(job, attempt, provider)
    if not _has_files(update):
        return _without_files(job, provider)
    takes = [_collect(job, provider, result) for result in update.results]
    bill = _bill(job, update, provider)
    if settle.succeed(job, **bill, note=update.reason, write=lambda: _write(job, takes)):
        provider.forget(attempt.remote_id)
    return rest(job)


def _verdict(job: Job, attempt: Attempt, provider: Provider) -> Update:
    """As it was stored; on a later try as it is now, since links expire."""
    stored = Update.from_json(attempt.answer) if attempt.answer else NOTHING
    if _has_files(stored) and not job.tries:
        return stored
    try:
        update = provider.poll(attempt.remote_id)
    except ProviderError:
        update = NOTHING
        if not _has_files(stored):
            raise
    if not _has_files(update):
        return stored
    keep(attempt, update)
    return update


def _has_files(update: Update) -> bool:
    made = update.verdict == Verdict.SUCCEEDED and update.results
    return bool(made) and all(result.files or result.links for result in update.results)


def _without_files(job: Job, provider: Provider) -> Decision:
    """A success without a file is not a success; what was made here can just be made again."""
    if provider.renders_here:
        return settle.fail(job, "The rendered files are gone. Press Retry to render them again.")
    raise StorageFailed(f"{provider.label} says that it is done, but has no files.")


def _bill(job: Job, update: Update, provider: Provider) -> dict[str, Any]:
    """What the provider says, None for the quote; of a quote for more takes, the part that came."""
    ordered, made = job.order.count, len(update.results)
    if update.charge is not None or made >= ordered:
        return {"charge": update.charge, "unit": provider.unit}
    return {"charge": ledger.native_quote(job) * made // ordered}


def _collect(job: Job, provider: Provider, result: Result) -> dict[str, Any]:
    with provider.collected(result) as whole:
        return _store(job, whole)


def _store(job: Job, result: Result) -> dict[str, Any]:
    """Store one take's files; return the values of its row. Raises StorageFull, StorageFailed."""
    with (
        streams.stored(job, result.files) as (given, rows),
        stills.completed(given) as made,
        slates.written(job, result, made) as files,
    ):
        facts = probe.video(files["video"])
        size = {"width": facts.width, "height": facts.height}
        kept = {
            part: assets.stored(job, kind, files[part], **(size if part in WHOLE_SIZE else {}))
            for part, kind in KINDS.items()
        }
    return {
        "index": result.index, "seed": result.seed, "width": facts.width, "height": facts.height,
        "fps": facts.fps, "frames": facts.frames, "seconds": facts.seconds, **kept,
        "streams": rows,
    }  # fmt: skip


def _write(job: Job, takes: list[dict[str, Any]]) -> None:
    """Number the takes on after those that the clip has; the job's clip is locked."""
    last = Take.objects.filter(clip_id=job.clip_id).aggregate(last=Max("number"))["last"] or 0
    for number, values in enumerate(takes, start=last + 1):
        rows = values.pop("streams")
        take = Take.objects.create(
            job=job, clip_id=job.clip_id, number=number, review=_to_review(job), **values
        )
        streams.write(take, rows)


def _to_review(job: Job) -> str:
    """A rehearsal waits for nobody's decision."""
    return "" if job.intended else ReviewStatus.REVIEW
