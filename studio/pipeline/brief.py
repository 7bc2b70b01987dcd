"""A job's order with its files at hand, as providers take it."""

from django.conf import settings

from studio.core.errors import StorageFailed
from studio.core.spec import FILES
from studio.models import Asset, Attempt, Job
from studio.providers.base import Brief
from studio.providers.registry import capability_of
from studio.storage import media, signing


def of(job: Job, attempt: Attempt, *, again: bool = False) -> Brief:
    """Raises StorageFailed when a file of the order is gone.

    `again` says that this attempt may have been sent before.
    """
    assets = _assets(job)
    return Brief(
        order=job.order, reference=attempt.reference, again=again,
        files={name: media.local_path(asset.path) for name, asset in assets.items()},
        links={name: link(asset) for name, asset in assets.items()} if settings.PUBLIC_URL else {},
        names={name: asset.name for name, asset in assets.items()},
        callback=_callback(job, attempt),
    )  # fmt: skip


def _assets(job: Job) -> dict[str, Asset]:
    order = job.order
    keys = {name: key for name in FILES if (key := getattr(order, name))}
    found = Asset.objects.filter(team_id=job.team_id).in_bulk(keys.values())
    for name, key in keys.items():
        if key not in found:
            raise StorageFailed(f"The {FILES[name]} is gone; edit the order and add it again.")
    return {name: found[key] for name, key in keys.items()}


def link(asset: Asset) -> str:
    """Where a provider finds the file, for a few hours and without signing in."""
    name = asset.path.rpartition("/")[2]
    return f"{settings.PUBLIC_URL}/given/{signing.sign(asset.pk)}/{name}"


def _callback(job: Job, attempt: Attempt) -> str:
    """The address that this attempt's provider may call, if it calls and can reach us."""
    if not settings.PUBLIC_URL or not capability_of(job.order).calls_back:
        return ""
    return f"{settings.PUBLIC_URL}/in/{job.provider}/{attempt.secret}/"
