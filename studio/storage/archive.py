"""A ZIP that is made while it is sent: stored, not compressed, as films do not get smaller."""

from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from zipstream import ZipStream

from studio.core.errors import StorageFailed
from studio.storage.media import Content


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file. What `opened` raises or breaks off with is told to `failed`, and it is left out."""

    name: str
    opened: Callable[[], AbstractContextManager[Content]]
    failed: Callable[[str], None]


def length(sizes: Iterable[tuple[str, int]]) -> int:
    """How long the archive of files of these names and sizes is, without reading one."""
    archive = ZipStream(sized=True)
    for name, size in sizes:
        archive.add(iter(()), name, size=size)
    return len(archive)


def stream(entries: Iterable[Entry]) -> Generator[bytes, None, None]:
    """The archive in pieces; at most one of its files is open, and one piece of it in memory.

    Entries are asked for one after the other, so that the last ones can tell of the first. What
    was sent of a file that broke off stands in no directory: programs pass over it.
    """
    archive = ZipStream(sized=False)
    for entry in entries:
        try:
            with entry.opened() as content:
                archive.add(content.pieces, entry.name, size=content.size)
                yield from archive.all_files()
        except StorageFailed as error:
            entry.failed(error.message)
    yield from archive.finalize()
