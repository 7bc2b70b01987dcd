"""Files of takes: stored once per team and kind, whoever made them."""

from pathlib import Path

from studio.models import Asset, AssetKind, Job
from studio.storage import media

# What a file is by its kind, where its name may say something else.
SUFFIXES = {AssetKind.STREAM: ".tar", AssetKind.LOG: ".json"}


def stored(job: Job, kind: AssetKind, path: Path, **size: int) -> Asset:
    """The file as an asset of the job's team, `size` being width and height where it has any.

    Raises StorageFull, StorageFailed.
    """
    file = media.store(path, team=job.team_id, suffix=SUFFIXES.get(kind, ""))
    asset, is_new = Asset.objects.get_or_create(
        team_id=job.team_id, kind=kind, sha256=file.sha256,
        defaults={
            "path": file.path, "size": file.size, "content_type": file.content_type, **size,
        },
    )  # fmt: skip
    if is_new and not media.is_there(file.path, file.size):
        # The purge took the file of an older asset with this content after it had been found.
        media.store(path, team=job.team_id, suffix=SUFFIXES.get(kind, ""))
    return asset
