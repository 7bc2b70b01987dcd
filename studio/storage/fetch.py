"""Fetches a result from where its provider put it: streamed to the disk, and known by its content.

A link is an address that a stranger gave us. It is asked without our key, each redirect is checked
as the link itself was, and neither the name in it nor the type that the server claims decides what
the file is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from django.conf import settings

from studio.core.errors import ProviderUnavailable, StorageFailed, UnsafeAddress
from studio.storage.errors import told_in_our_words
from studio.storage.formats import HEAD, Meant, suffix_of
from studio.storage.outbound import client
from studio.storage.reach import GIVEN, Reach

SECONDS = 600
STALL_SECONDS = 30
CHUNK = 256 * 1024
MOST_REDIRECTS = 3

# Why there is no file, by the HTTP status.
NOT_YET = "is not there yet, or not any more"
WORDS = {401: "is locked", 403: NOT_YET, 404: NOT_YET, 410: "has expired"}


def fetch(
    link: str,
    target: Path,
    *,
    meant: Meant,
    reach: Reach = GIVEN,
    seconds: float = SECONDS,
) -> Path:
    """Store what the link leads to under the name of `target` and its right suffix; return the path.

    Raises ProviderUnavailable (not there, or not whole: worth another try), StorageFailed (another
    kind of file, or more than RESULT_MAX_BYTES), StorageFull. Half a file is never left behind.
    """
    part = target.with_suffix(".part")
    try:
        with told_in_our_words(), _told_as_results_are(), _answer(link, reach, seconds) as response:
            suffix = _store(response, part, meant)
        return part.rename(target.with_suffix(suffix))
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _told_as_results_are() -> Iterator[None]:
    try:
        yield
    except UnsafeAddress as error:
        raise StorageFailed(f"The result can not be fetched: {error.message}") from error
    except httpx.InvalidURL as error:
        raise StorageFailed("The result can not be fetched: its link is no address.") from error
    except httpx.HTTPError as error:
        raw = f"{type(error).__name__}: {error}"
        raise ProviderUnavailable("The result did not arrive whole.", raw=raw) from error


@contextmanager
def _answer(link: str, reach: Reach, seconds: float) -> Iterator[httpx.Response]:
    """The last answer after at most three redirects, each to an address that may be reached."""
    with client(reach, seconds=seconds, stall_seconds=min(seconds, STALL_SECONDS)) as http:
        request = http.build_request("GET", link)
        for _ in range(MOST_REDIRECTS + 1):
            _require_plain(request.url)
            response = http.send(request, stream=True)
            try:
                if response.next_request is None:
                    yield response
                    return
                request = response.next_request
            finally:
                response.close()
        raise ProviderUnavailable("The result is not where its link leads: too many redirects.")


def _require_plain(url: httpx.URL) -> None:
    """A name and password in an address are for tricks: https://provider.com@other.com."""
    if url.userinfo:
        raise UnsafeAddress("its link has a name and password in it.")


def _store(response: httpx.Response, part: Path, meant: Meant) -> str:
    """Write the file; return its suffix."""
    if response.status_code != httpx.codes.OK:
        words = WORDS.get(response.status_code, "can not be had now")
        raise ProviderUnavailable(f"The result {words} (HTTP {response.status_code}).")
    _require_size(int(response.headers.get("content-length") or 0))
    suffix, size = "", 0
    with part.open("wb") as file:
        for chunk in response.iter_bytes(CHUNK):
            suffix = suffix or suffix_of(chunk[:HEAD], meant)
            size += len(chunk)
            _require_size(size)
            file.write(chunk)
    if not suffix:
        raise ProviderUnavailable("The result is an empty file.")
    return suffix


def _require_size(size: int) -> None:
    if size > settings.RESULT_MAX_BYTES:
        most = f"{settings.RESULT_MAX_BYTES / 1e9:g} GB"
        raise StorageFailed(
            f"The result is larger than {most}; DAILIES_RESULT_MAX_BYTES says how large it may be."
        )
