"""Receiving a file from a browser: onto the disk, but never more of it than may be uploaded."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from studio.core.errors import StudioError
from studio.storage.errors import as_storage_error
from studio.storage.scenes import SUFFIXES


class Received(UploadedFile):
    """A file of a form. `size` is what was sent, also when more was sent than kept.

    `problem` says why the file could not be received; then there is nothing to read.
    """

    def __init__(self, file: IO[bytes], *, problem: StudioError | None, **fields: Any) -> None:
        super().__init__(file, **fields)
        self.problem = problem

    @property
    def path(self) -> Path:
        return Path(str(self.file.name))  # type: ignore[union-attr]


# A film that comes back for the order it carries; with scripts only its boxes are sent.
FILM_FIELD = "film"
FILM_MAX_BYTES = 250_000_000


# A provider's bill: two million rows of 250 letters.
BILL_FIELD = "bill"
BILL_MAX_BYTES = 500_000_000


def most_bytes(field: str, name: str) -> int:
    """How much of a file is kept: scenes, films and bills may be larger than pictures."""
    if field == BILL_FIELD:
        return BILL_MAX_BYTES
    if field == FILM_FIELD:
        return FILM_MAX_BYTES
    is_scene = field.startswith("scene") or name.lower().endswith(SUFFIXES)
    return settings.SCENE_MAX_BYTES if is_scene else settings.UPLOAD_MAX_BYTES


class ToDisk(FileUploadHandler):
    """Django's handler for the studio (FILE_UPLOAD_HANDLERS).

    The rest of a file that is too large is read and dropped, so that the page can answer with a
    sentence; a full disk is told by the view, not by a broken connection.
    """

    file: IO[bytes] = BytesIO()
    problem: StudioError | None = None
    seen = most = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file, self.problem, self.seen = BytesIO(), None, 0
        self.most = most_bytes(self.field_name or "", self.file_name or "")
        self._try(self._open)

    def _open(self) -> None:
        self.file = tempfile.NamedTemporaryFile(dir=settings.SCRATCH, prefix="upload-")  # noqa: SIM115  (closed with the request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        if self.seen <= self.most and not self.problem:
            self._try(lambda: self.file.write(raw_data))

    def file_complete(self, file_size: int) -> Received:
        if not self.problem:
            self._try(self.file.flush)
        return Received(
            self.file, problem=self.problem, name=self.file_name, size=self.seen,
            content_type=self.content_type, charset=self.charset,
        )  # fmt: skip

    def upload_interrupted(self) -> None:
        self._drop()

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except OSError as error:
            self.problem = as_storage_error(error)
            self._drop()

    def _drop(self) -> None:
        with suppress(OSError):  # closing writes what is left, onto a full disk
            self.file.close()
