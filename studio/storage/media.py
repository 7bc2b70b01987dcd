"""The media storage: each file stored once per team under its checksum, and never half."""

import hashlib
import mimetypes
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from studio.core.errors import StorageFailed
from studio.storage.errors import as_storage_error

CHUNK = 1024 * 1024
TYPES = {".webp": "image/webp", ".mov": "video/quicktime", ".webm": "video/webm"}


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


def store(path: Path, *, team: int) -> Stored:
    """Copy a file into the storage under its checksum. Raises StorageFull, StorageFailed.

    The storage writes beside the final name and renames, so that a reader never meets half a
    file; a file that is there already with the right size is kept.
    """
    try:
        sha256 = checksum(path)
        size = path.stat().st_size
        key = f"{team}/{sha256[:2]}/{sha256}{path.suffix.lower()}"
        if not _is_there(key, size):
            _write(key, path)
    except OSError as error:
        raise as_storage_error(error) from error
    return Stored(path=key, sha256=sha256, size=size, content_type=content_type_of(key))


def _is_there(key: str, size: int) -> bool:
    return default_storage.exists(key) and default_storage.size(key) == size


def _write(key: str, path: Path) -> None:
    if not settings.S3_BUCKET:
        _write_beside_and_rename(Path(default_storage.path(key)), path)
        return
    with path.open("rb") as file:
        default_storage.save(key, File(file))


def _write_beside_and_rename(target: Path, path: Path) -> None:
    """Sync before the rename: after a loss of power there is the whole file, or none."""

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
        try:
            with path.open("rb") as source:
                while chunk := source.read(CHUNK):
                    part.write(chunk)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).chmod(0o644)
            Path(part.name).replace(target)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise


def local_path(key: str) -> Path:
    """A path on this machine with the file's bytes; from a bucket they are fetched once.

    Raises StorageFailed when the file is gone.
    """
    if not default_storage.exists(key):
        raise StorageFailed(f"The stored file {key} is gone.")
    if not settings.S3_BUCKET:
        return Path(default_storage.path(key))
    copy = settings.SCRATCH / "fetched" / key
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        with default_storage.open(key) as file:
            copy.write_bytes(file.read())
    return copy
