"""The media storage: each file stored once per team under its checksum, and never half."""

import hashlib
import mimetypes
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from studio.core.errors import StorageFailed
from studio.storage.errors import told_in_our_words

CHUNK = 1024 * 1024
PIECE = 256 * 1024  # of a file on its way to somebody: small, as many are on their way at once
TYPES = {".webp": "image/webp", ".mov": "video/quicktime", ".webm": "video/webm"}
# Half-written files of a process that was killed; a living one finishes long before.
PARTS = ".parts"
STALE_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Where a file is now: its key in the storage, size in bytes and SHA-256 in hex."""

    path: str
    sha256: str
    size: int
    content_type: str


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_type_of(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def store(path: Path, *, team: int, suffix: str = "") -> Stored:
    """Copy a file into the storage under its checksum. Raises StorageFull, StorageFailed.

    A reader never meets half a file, also not after a loss of power; a file that is there already
    with the right size is kept. `suffix` (".jpg") says what it is where its name may be wrong.
    """
    with told_in_our_words():
        sha256 = checksum(path)
        size = path.stat().st_size
        key = f"{team}/{sha256[:2]}/{sha256}{suffix or path.suffix.lower()}"
        if not is_there(key, size):
            _write(key, path, sha256)
    return Stored(path=key, sha256=sha256, size=size, content_type=content_type_of(key))


def put(path: Path, key: str) -> None:
    """Copy a file into the storage under a name of its own. Raises StorageFull, StorageFailed."""
    with told_in_our_words():
        _write(key, path, checksum(path))


def remove(key: str) -> None:
    """Delete a file and its small version; one that is gone already is no error.

    Raises StorageFailed.
    """
    with told_in_our_words():
        default_storage.delete(key)
        default_storage.delete(thumbnail_key(key))


def thumbnail_key(key: str) -> str:
    """Where the small version of an uploaded picture lies: beside it."""
    return f"{key}.small.webp"


def small_key(key: str) -> str:
    """That of the small version, or the picture's own where it has none."""
    small = thumbnail_key(key)
    return small if default_storage.exists(small) else key


def is_there(key: str, size: int) -> bool:
    return default_storage.exists(key) and default_storage.size(key) == size


def _write(key: str, path: Path, sha256: str) -> None:
    with path.open("rb") as source:
        if settings.S3_BUCKET:  # a bucket shows an object only once it has all of it
            default_storage.save(key, File(source))
            return
        root = Path(default_storage.path(""))
        with _complete_file(Path(default_storage.path(key)), parts=root / PARTS) as part:
            if _copy(source, part) != sha256:
                raise StorageFailed(f"The file {path.name} changed while it was being stored.")


def _copy(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy in chunks; return the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


@contextmanager
def _complete_file(target: Path, *, parts: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its name when all is well, and leaves nothing when it is not.

    Synced before the rename, and the folder after it: after a loss of power there is the whole
    file, or none.
    """
    parts.mkdir(parents=True, exist_ok=True)
    drop_stale(parts)
    number, name = tempfile.mkstemp(dir=parts)
    try:
        with open(number, "wb") as part:  # noqa: PTH123  (a descriptor, not a path)
            yield part
            part.flush()
            os.fsync(number)
        Path(name).chmod(0o644)
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(name).replace(target)
        for folder in (target.parent, target.parent.parent):
            _sync(folder)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def drop_stale(parts: Path) -> None:
    """Remove the files of a folder that nobody has written for a day."""
    oldest = time.time() - STALE_SECONDS
    for part in parts.iterdir():
        try:
            if part.stat().st_mtime < oldest:
                part.unlink()
        except FileNotFoundError:  # another process has just finished with it
            pass


def local_path(key: str) -> Path:
    """A path on this machine with the file's bytes; from a bucket they are fetched once a day.

    Raises StorageFailed when the file is gone, StorageFull when there is no room to fetch it.
    """
    with told_in_our_words():
        if not settings.S3_BUCKET:
            return _existing(Path(default_storage.path(key)), key)
        fetched = settings.SCRATCH / "fetched"
        copy = Path(fetched / key.replace("/", "-"))
        if not copy.exists():
            _fetch(key, copy)
            drop_stale(fetched)
        return copy


@dataclass(frozen=True)
class Content:
    """The bytes of an open file, in pieces of which none is kept; `size` where it is known."""

    pieces: Iterator[bytes]
    size: int | None = None


@contextmanager
def read(key: str) -> Iterator[Content]:
    """A stored file, open; also out of a bucket. Raises StorageFailed when it is gone or breaks off."""
    with closing(_opened(key)) as file, told_in_our_words():
        yield Content(_pieces(file), file.size)


@contextmanager
def read_path(path: Path) -> Iterator[Content]:
    """The same for a file of our own on this machine."""
    with told_in_our_words(), File(path.open("rb")) as file:
        yield Content(_pieces(file), file.size)


def _opened(key: str) -> "File[bytes]":
    """A bucket's file as it comes over the network: Django's own would be fetched whole first."""
    with told_in_our_words():
        if not settings.S3_BUCKET:
            return File(_existing(Path(default_storage.path(key)), key).open("rb"))
        try:
            answer = default_storage.open(key).obj.get()  # type: ignore[attr-defined]
        except FileNotFoundError as error:
            raise StorageFailed(f"The stored file {key} is gone.") from error
        file = File(answer["Body"])
        file.size = answer["ContentLength"]
        return file


def _pieces(file: "File[bytes]") -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def fetch_to(key: str, target: Path) -> None:
    """Copy a stored file to a path of one's own. Raises StorageFailed, StorageFull."""
    with read(key) as content, told_in_our_words(), target.open("wb") as file:
        file.writelines(content.pieces)


def _existing(path: Path, key: str) -> Path:
    if not path.is_file():
        raise StorageFailed(f"The stored file {key} is gone.")
    return path


def _fetch(key: str, copy: Path) -> None:
    if not default_storage.exists(key):
        raise StorageFailed(f"The stored file {key} is gone.")
    with (
        default_storage.open(key) as source,
        _complete_file(copy, parts=settings.SCRATCH / PARTS) as part,
    ):
        _copy(source, part)
