"""Results on their way from a provider into the studio: in a folder of their own, for a while."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from studio.storage.errors import told_in_our_words
from studio.storage.fetch import fetch
from studio.storage.formats import Meant
from studio.storage.reach import Reach

PREFIX = "delivery-"
# All files of a result together.
SECONDS = 780
# A folder so old belongs to a process that was killed.
STALE_SECONDS = 6 * 3600

MEANT = {
    "video": Meant.VIDEO,
    "preview": Meant.VIDEO,
    "depth": Meant.ARCHIVE,
    "normals": Meant.ARCHIVE,
    "optical_flow": Meant.ARCHIVE,
    "log": Meant.JSON,
}


@contextmanager
def fetched(links: Mapping[str, str], scratch: Path, *, plain: bool) -> Iterator[dict[str, Path]]:
    """The files behind the links of a result, for as long as the block lasts; raises as `fetch`.

    `plain` allows http without encryption: its provider is spoken to like that, too.
    """
    ends_at = time.monotonic() + SECONDS
    with told_in_our_words():
        scratch.mkdir(parents=True, exist_ok=True)
        _sweep(scratch)
        room = tempfile.TemporaryDirectory(dir=scratch, prefix=PREFIX)
    with room as folder:
        yield {
            name: fetch(
                link,
                Path(folder) / name,
                meant=MEANT[name],
                reach=Reach(plain=plain),
                seconds=ends_at - time.monotonic(),
            )
            for name, link in links.items()
        }


def _sweep(scratch: Path) -> None:
    oldest = time.time() - STALE_SECONDS
    for folder in scratch.glob(f"{PREFIX}*"):
        try:
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:  # another process has just finished with it
            pass
