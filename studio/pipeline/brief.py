"""A job's order with its files at hand, as providers take it."""

from studio.models import Asset, Attempt, Job
from studio.providers.base import Brief
from studio.storage import media


def of(job: Job, attempt: Attempt) -> Brief:
    """Raises StorageFailed when a frame's file is gone."""
    order = job.order
    wanted = {"first_frame": order.first_frame, "last_frame": order.last_frame}
    keys = [key for key in wanted.values() if key]
    assets = Asset.objects.filter(team_id=job.team_id).in_bulk(keys)
    frames = {name: media.local_path(assets[key].path) for name, key in wanted.items() if key}
    return Brief(order=order, reference=attempt.reference, frames=frames)
