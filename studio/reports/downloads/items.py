"""The files of one take within an archive, and what became of them."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from studio.core.errors import StorageFailed
from studio.storage import carriers, media
from studio.storage.errors import told_in_our_words
from studio.storage.media import Content


@dataclass(slots=True, kw_only=True)
class Poster:
    name: str
    key: str
    size: int
    missing: str = ""

    def fail(self, why: str) -> None:
        self.missing = why

    @contextmanager
    def opened(self) -> Iterator[Content]:
        with media.read(self.key) as content:
            _require_whole(content.size, self.size)
            yield content


@dataclass(slots=True, kw_only=True)
class Item:
    """A take's video under its `name`; `missing` says why it is not in the archive.

    `size` and `sha256` are those of the stored file, and of a clean copy once it was sent.
    """

    name: str
    key: str
    size: int
    sha256: str
    poster: Poster | None = None
    missing: str = ""

    @property
    def is_marked(self) -> bool:
        """Whether the file may carry its slate."""
        return Path(self.key).suffix in carriers.SUFFIXES

    def fail(self, why: str) -> None:
        self.missing = why

    def told(self) -> dict[str, Any]:
        """What the manifest says of the files."""
        there = not self.missing
        files = {
            "file": self.name if there else "", "missing": self.missing,
            "sha256": self.sha256 if there else "", "bytes": self.size if there else 0,
        }  # fmt: skip
        if self.poster is None:
            return files
        return {**files, "poster": "" if self.poster.missing else self.poster.name}

    @contextmanager
    def opened(self) -> Iterator[Content]:
        """The file as it is stored; one of another length is damaged. Raises StorageFailed."""
        with media.read(self.key) as content:
            _require_whole(content.size, self.size)
            yield content

    @contextmanager
    def opened_clean(self) -> Iterator[Content]:
        """A copy for people outside, made now and gone afterwards."""
        with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
            clean = Path(folder) / f"clean{Path(self.key).suffix}"
            carriers.strip(self._here(Path(folder)), target=clean)
            with media.read_path(clean) as content:
                yield Content(self._summed(content.pieces), content.size)

    def _here(self, folder: Path) -> Path:
        if not settings.S3_BUCKET:
            return media.local_path(self.key)
        fetched = folder / f"fetched{Path(self.key).suffix}"
        media.fetch_to(self.key, fetched)
        return fetched

    def _summed(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            yield piece
        self.sha256, self.size = digest.hexdigest(), size


def _require_whole(found: int | None, size: int) -> None:
    if found != size:
        raise StorageFailed(f"The stored file is damaged: it has {found} of {size} bytes.")
