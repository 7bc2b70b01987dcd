"""Files: every stored file is there, whole, with the checksum that its row says."""

import hashlib
from collections.abc import Iterator

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.db.models import Q

from studio.models import Asset, Stream, Take
from studio.pipeline.save import KINDS


def wrong_files() -> Iterator[str]:
    """Every asset, which is every part of every take and every uploaded frame."""
    for asset in Asset.objects.order_by("pk").iterator():
        if problem := _problem(asset):
            yield f"{_name(asset)}: {asset.path} {problem}."


def _problem(asset: Asset) -> str | None:
    try:
        with default_storage.open(asset.path) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.size
    except FileNotFoundError:
        return "is not there"
    except (OSError, ValueError, SuspiciousOperation) as error:
        return f"can not be read ({error})"
    if size != asset.size:
        return f"has {size:,} bytes, not {asset.size:,}"
    return None if found == asset.sha256 else "has another checksum"


def _name(asset: Asset) -> str:
    """“Asset 7 (poster of take 3)”, so that a person knows what is lost."""
    for part in KINDS:
        if take := Take.objects.filter(Q(**{part: asset})).order_by("pk").first():
            return f"Asset {asset.pk} ({part} of take {take.number} of clip {take.clip_id})"
    if stream := Stream.objects.filter(Q(file=asset) | Q(view=asset)).order_by("pk").first():
        take = stream.take
        return f"Asset {asset.pk} ({stream.name} of take {take.number} of clip {take.clip_id})"
    return f"Asset {asset.pk} ({asset.get_kind_display().lower()} “{asset.name}”)"
