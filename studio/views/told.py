"""Who was told something since the last round, so that their open pages ask for it."""

from studio import live
from studio.views.frames import message, overlap

HINT = message("{}", event="notice")


class Told:
    """Reads new notices, each once, in the database thread of the hub.

    A hint too many costs a question; one that is lost is made up for when the page asks by itself.
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._seen: set[int] = set()

    def read(self) -> set[int]:
        """The members with something new; nobody at the first time."""
        if self._last is None:
            self._last = live.newest_notice()
            self._seen = set(live.told_since(self._last - overlap()))
            return set()
        found = live.told_since(self._last - overlap())
        new = {pk: member for pk, member in found.items() if pk not in self._seen}
        self._last = max([self._last, *new])
        self._seen = {pk for pk in self._seen | set(new) if pk > self._last - overlap()}
        return {member for member in new.values() if member}
