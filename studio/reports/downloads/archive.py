"""One ZIP of many takes, planned at once and made while it is sent."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings

from studio.core.errors import StorageFailed
from studio.reports.downloads import manifest
from studio.reports.downloads.items import Item, Poster
from studio.storage import archive
from studio.storage.archive import Entry
from studio.storage.media import Content

MANIFESTS = ("manifest.json", "manifest.csv")


class Rows:
    """What is told of each take, kept in an unlinked file: nobody's memory, and no query later."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=settings.SCRATCH)  # noqa: SIM115

    def add(self, row: dict[str, Any]) -> None:
        self.file.write(json.dumps(row).encode() + b"\n")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self.file.seek(0)
        for line in self.file:
            yield json.loads(line)


class Archive:
    """The bytes of a ZIP; closing it frees all that it holds, however far it came.

    `length` is known where every file lies here as it is sent: then what is missing is known, too,
    and a file that breaks off breaks off the whole answer. Otherwise it is left out and named.
    """

    def __init__(
        self, name: str, items: Sequence[Item], rows: Rows, *, head: dict[str, Any],
        clean: bool = False, extra: Sequence[tuple[str, bytes]] = (),
    ) -> None:  # fmt: skip
        self.name, self.items, self.rows, self.head = name, items, rows, head
        self.clean, self.extra = clean, extra
        self._sizes = {name: len(content) for name, content in extra}
        self.length = None if clean or settings.S3_BUCKET else self._measured()
        self._pieces = archive.stream(self._entries())
        self._closers: list[Callable[[], object]] = [self._pieces.close, rows.file.close]

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def on_close(self, closer: Callable[[], object]) -> None:
        self._closers.append(closer)

    def close(self) -> None:
        """Once; the order is that of becoming free."""
        closers, self._closers = self._closers, []
        for closer in closers:
            closer()

    def _measured(self) -> int:
        for item in self.items:
            _look_for(item)
            if item.poster:
                _look_for(item.poster)
        files = [(item.name, item.size) for item in self.items if not item.missing]
        files += [(one.name, one.size) for one in self._posters()]
        self._sizes |= {name: _size(self._manifest(name)) for name in MANIFESTS}
        return archive.length([*files, *self._sizes.items()])

    def _posters(self) -> Iterator[Poster]:
        return (item.poster for item in self.items if item.poster and not item.poster.missing)

    def _entries(self) -> Iterator[Entry]:
        """The manifest comes last, as it tells what became of the others."""
        for item in self.items:
            yield from self._of(item)
        for name, content in self.extra:
            yield self._text(name, lambda content=content: iter([content]))  # type: ignore[misc]
        for name in MANIFESTS:
            yield self._text(name, lambda name=name: self._manifest(name))  # type: ignore[misc]

    def _of(self, item: Item) -> Iterator[Entry]:
        if not item.missing:
            opened = item.opened_clean if self.clean and item.is_marked else item.opened
            yield Entry(name=item.name, opened=opened, failed=self._failing(item))
        poster = item.poster
        if poster and not poster.missing:
            yield Entry(name=poster.name, opened=poster.opened, failed=self._failing(poster))

    def _failing(self, item: Item | Poster) -> Callable[[str], None]:
        def failed(why: str) -> None:
            if self.length is not None:
                raise StorageFailed(f"{item.name} went away while it was being sent: {why}")
            item.fail(why)

        return failed

    def _text(self, name: str, pieces: Callable[[], Iterator[bytes]]) -> Entry:
        @contextmanager
        def opened() -> Iterator[Content]:
            yield Content(pieces(), self._sizes.get(name))

        def failed(why: str) -> None:
            raise StorageFailed(why)

        return Entry(name=name, opened=opened, failed=failed)

    def _manifest(self, name: str) -> Iterator[bytes]:
        rows = (item.told() | row for item, row in zip(self.items, self.rows, strict=True))
        if name.endswith(".json"):
            return manifest.as_json(self.head, rows)
        return manifest.as_csv(rows)


def _look_for(item: Item | Poster) -> None:
    try:
        with item.opened():
            pass
    except StorageFailed as error:
        item.fail(error.message)


def _size(pieces: Iterable[bytes]) -> int:
    return sum(map(len, pieces))
