"""Takes with small stored files, and reading what people would take home."""

import csv
import hashlib
import io
import itertools
import json
import zipfile

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from studio.core.status import JobStatus
from studio.models import Take
from tests.factories import make_job, make_member, make_order, make_take

_numbers = itertools.count(1)


def stored(asset, body: bytes, suffix: str):
    """Let the asset's file be these bytes."""
    sha256 = hashlib.sha256(body).hexdigest()
    asset.path = default_storage.save(
        f"{asset.team_id}/{next(_numbers)}{suffix}", ContentFile(body)
    )
    asset.sha256, asset.size = sha256, len(body)
    asset.save()


def filed_take(job=None, *, author=None, body: bytes = b"", title: str = "", **fields) -> Take:
    """A take whose video and poster can be read; what is in them does not matter."""
    if job is None:
        order = make_order(prompt=title or "A red door in the snow.")
        job = make_job(JobStatus.SUCCEEDED, author=author or make_member(), order=order)
    take = make_take(job, **fields)
    stored(take.video, body or f"film {take.pk}".encode(), ".mp4")
    stored(take.poster, f"poster {take.pk}".encode(), ".webp")
    take.poster.content_type = "image/webp"
    take.poster.save()
    return take


class Read:
    """An archive, as whoever got it reads it."""

    def __init__(self, body: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(body))
        assert self.zip.testzip() is None

    @property
    def files(self) -> list[str]:
        """Without the manifests."""
        return [name for name in self.zip.namelist() if not name.startswith("manifest.")]

    @property
    def manifest(self) -> dict:
        return json.loads(self.zip.read("manifest.json"))

    @property
    def table(self) -> list[dict[str, str]]:
        text = self.zip.read("manifest.csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))
