"""One message to somebody's address, posted once; what comes back is read, and never followed."""

from dataclasses import dataclass

import httpx

from studio.core.errors import UnsafeAddress
from studio.dialects.errors import retry_after
from studio.storage.outbound import UNSENT, client
from studio.storage.reach import LONGEST_HOST, Reach, resolved_within

SECONDS = 15  # from the look-up of the name to the end of the answer
LOOK_UP_SECONDS = 5
ANSWER_BYTES = 2000
LONGEST_WORDS = 300
LAST_PORT = 65535
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of it: `code` is None without an answer, `words` its beginning or why not.

    `maybe_arrived` says that somebody may have got it though nobody said so.
    """

    code: int | None = None
    words: str = ""
    retry_after: float | None = None
    maybe_arrived: bool = False

    @property
    def took_it(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


def post(url: str, body: bytes, headers: dict[str, str], *, reach: Reach) -> Answer:
    """Never raises what the other side can cause."""
    try:
        with (
            client(reach, seconds=SECONDS, stall_seconds=SECONDS) as http,
            http.stream("POST", url, content=body, headers=headers) as response,
        ):
            return _answer(response)
    except UnsafeAddress as error:
        return Answer(words=error.message)
    except UNSENT as error:
        return Answer(words=f"No connection: {error}"[:LONGEST_WORDS])
    except httpx.TimeoutException:
        return Answer(words=f"No answer within {SECONDS} s.", maybe_arrived=True)
    except (httpx.HTTPError, OSError) as error:
        return Answer(words=f"No whole answer: {error}"[:LONGEST_WORDS], maybe_arrived=True)
    except (httpx.InvalidURL, ValueError) as error:
        return Answer(words=f"No address: {error}"[:LONGEST_WORDS])


def _answer(response: httpx.Response) -> Answer:
    """Its status counts even if the rest does not come."""
    begun = bytearray()
    try:
        for chunk in response.iter_raw():
            begun += chunk
            if len(begun) >= ANSWER_BYTES:
                break
    except httpx.HTTPError:
        pass
    words = bytes(begun[:ANSWER_BYTES]).decode(errors="replace").replace("\0", "")
    return Answer(
        code=response.status_code, words=" ".join(words.split())[:LONGEST_WORDS],
        retry_after=retry_after(response.headers),
    )  # fmt: skip


def check(url: str, *, reach: Reach) -> str:
    """The address as it may be shown to others. Raises UnsafeAddress with a sentence.

    It is read by the same reader that will ask it, and looked up as it will be then.
    """
    place = _read(url)
    port = place.port or PORTS[place.scheme]
    try:
        resolved_within(
            LOOK_UP_SECONDS, place.host, port, encrypted=place.scheme == "https", reach=reach
        )
    except TimeoutError as error:
        raise UnsafeAddress(f"“{place.host[:LONGEST_HOST]}” was not found in time.") from error
    except OSError as error:
        raise UnsafeAddress(
            f"Address: there is no machine called “{place.host[:LONGEST_HOST]}”."
        ) from error
    return shown(place)


def _read(url: str) -> httpx.URL:
    try:
        place = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise UnsafeAddress(f"Address can not be read: {error}.") from error
    if place.scheme not in PORTS:
        raise UnsafeAddress("Address must begin with https://, like https://hooks.example/dailies.")
    if place.port is not None and not 0 < place.port <= LAST_PORT:
        raise UnsafeAddress(f"Address: a port is from 1 to {LAST_PORT}, not {place.port}.")
    if not place.host:
        raise UnsafeAddress("Address must name a machine, like https://hooks.example/dailies.")
    if place.userinfo:
        raise UnsafeAddress("Address must hold no user name and no password.")
    return place


def shown(place: httpx.URL) -> str:
    """Scheme, host and the end of the rest: who knows all of it may write there."""
    rest = place.raw_path.decode()
    end = f"/…{rest[-4:]}" if len(rest) > 12 else rest
    port = f":{place.port}" if place.port else ""
    return f"{place.scheme}://{place.host}{port}{end}"[:120]
