"""What a take's file says of itself: its slate, written into it before it is stored."""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from studio.core.errors import StorageFailed
from studio.core.slate import NoSlate, Slate
from studio.core.spec import FILES
from studio.models import Asset, Job, Take
from studio.providers.base import Result
from studio.storage import carriers, media
from studio.storage.errors import told_in_our_words

logger = logging.getLogger(__name__)


@contextmanager
def written(job: Job, result: Result, files: Mapping[str, Path]) -> Iterator[Mapping[str, Path]]:
    """`files` of a take, the video with its slate, for as long as the block lasts.

    A video that can not carry one stays as it came: no take fails for it. So does the view of a
    stream that stands for a video, which is not the provider's. Raises StorageFull.
    """
    video = files["video"]
    if "video" not in result.files or video.suffix.lower() not in carriers.SUFFIXES:
        yield files
        return
    settings.SCRATCH.mkdir(parents=True, exist_ok=True)
    with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        target = Path(folder) / f"take{video.suffix.lower()}"
        try:
            slate = slate_of(job, index=result.index, seed=result.seed)
            source = media.checksum(video)
            carriers.write(video, replace(slate, source=source), target=target)
        except (StorageFailed, NoSlate) as error:
            logger.warning("Take %s of job %s carries no slate: %s", result.index, job.pk, error)
            target = video
        yield {**files, "video": target}


def slate_of(job: Job, *, index: int, seed: int | None) -> Slate:
    """The slate of a job's result; the same however often it is asked for."""
    order, clip = job.order, job.clip
    parent = clip.came_from
    return Slate(
        provider=order.provider, model=order.model, prompt=order.prompt, written=job.written,
        settings=dict(order.settings), seed=seed, files=_digests(job),
        continues=parent.video.sha256 if parent else "", frame=clip.came_from_frame,
        project=clip.project.name, number=index + 1,
    )  # fmt: skip


def slate_of_take(take: Take) -> Slate:
    return slate_of(take.job, index=take.index, seed=take.seed)


def _digests(job: Job) -> dict[str, str]:
    """The order's files by what is in them."""
    keys = {name: getattr(job.order, name) for name in FILES}
    wanted = [key for key in keys.values() if key]
    known = dict(
        Asset.objects.filter(team_id=job.team_id, pk__in=wanted).values_list("pk", "sha256")
    )
    return {name: known[key] for name, key in keys.items() if key in known}
