"""saving → succeeded: the takes are ours once their bytes are."""

from typing import Any

from studio.core.decision import Decision, Step
from studio.core.errors import StorageFailed, StorageFull
from studio.models import Asset, AssetKind, Clip, Job, Take
from studio.pipeline import lease, settle
from studio.pipeline.problems import keep_for_a_person
from studio.pipeline.track import remote_id_of
from studio.providers.base import Result
from studio.providers.registry import provider_of
from studio.storage import media, probe, stills

KINDS = {
    "video": AssetKind.VIDEO,
    "poster": AssetKind.POSTER,
    "preview": AssetKind.PREVIEW,
    "last_frame": AssetKind.LAST_FRAME,
    "strip": AssetKind.FILMSTRIP,
}


def save(job: Job) -> Decision:
    """Store every file, then write takes, charge and success in one transaction."""
    with lease.leased(job) as ours:
        if not ours:
            return Decision(step=Step.REST, job_id=job.pk)
        provider = provider_of(job.provider)
        remote_id = remote_id_of(job)
        update = provider.poll(remote_id)
        try:
            takes = [_store(job, result) for result in update.results]
        except (StorageFull, StorageFailed) as error:
            return keep_for_a_person(job, error)
        succeeded = settle.succeed(job, charge=update.charge, write=lambda: _write(job, takes))
    if succeeded:
        provider.forget(remote_id)
    return Decision(step=Step.SEND, job_id=job.pk)


def _store(job: Job, result: Result) -> dict[str, Any]:
    """Store one take's files; return the values of its row. Raises StorageFull, StorageFailed."""
    facts = probe.video(result.files["video"])
    with stills.completed(result.files) as files:
        assets = {part: _asset(job, KINDS[part], files[part], facts) for part in KINDS}
    return {
        "index": result.index, "seed": result.seed, "width": facts.width, "height": facts.height,
        "fps": facts.fps, "frames": facts.frames, "seconds": facts.seconds, **assets,
    }  # fmt: skip


def _asset(job: Job, kind: AssetKind, path: Any, facts: probe.VideoFacts) -> Asset:
    stored = media.store(path, team=job.team_id)
    size = {"width": facts.width, "height": facts.height}
    asset, _ = Asset.objects.get_or_create(
        team_id=job.team_id, kind=kind, sha256=stored.sha256,
        defaults={
            "path": stored.path, "size": stored.size, "content_type": stored.content_type,
            **(size if kind in {AssetKind.VIDEO, AssetKind.LAST_FRAME} else {}),
        },
    )  # fmt: skip
    return asset


def _write(job: Job, takes: list[dict[str, Any]]) -> None:
    """Number the takes on after those that the clip has; a second time changes nothing."""
    clip = Clip.objects.select_for_update().get(pk=job.clip_id)
    number = clip.takes.count()
    for values in takes:
        number += 1
        Take.objects.get_or_create(
            job=job, index=values["index"], defaults={**values, "clip": clip, "number": number}
        )
