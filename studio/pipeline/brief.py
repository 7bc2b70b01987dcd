"""A job's order with its files at hand, as providers take it."""

from pathlib import Path

from studio.core.errors import StorageFailed
from studio.models import Asset, Attempt, Job
from studio.providers.base import Brief
from studio.storage import media


def of(job: Job, attempt: Attempt) -> Brief:
    """Raises StorageFailed when a frame or its file is gone."""
    order = job.order
    wanted = {"first_frame": order.first_frame, "last_frame": order.last_frame}
    keys = {name: key for name, key in wanted.items() if key}
    assets = Asset.objects.filter(team_id=job.team_id).in_bulk(keys.values())
    files = {name: _file(assets.get(key), name) for name, key in keys.items()}
    return Brief(order=order, reference=attempt.reference, files=files)


def _file(asset: Asset | None, name: str) -> Path:
    if asset is None:
        raise StorageFailed(
            f"The {name.replace('_', ' ')} is gone; edit the order and add it again."
        )
    return media.local_path(asset.path)
