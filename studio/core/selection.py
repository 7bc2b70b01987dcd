"""Which clips somebody chose, as a form or an address says it."""

from collections.abc import Iterable

from studio.core.errors import InvalidSelection
from studio.core.words import short

MOST = 5000
LONGEST_KEY = 18  # digits of a row's number


def keys(texts: Iterable[str]) -> list[int]:
    """The numbers, each once: several values, or one with commas. Raises InvalidSelection."""
    words = [word.strip() for text in texts for word in text.split(",") if word.strip()]
    for word in words:
        if not (word.isascii() and word.isdecimal() and len(word) <= LONGEST_KEY):
            raise InvalidSelection(f"Clips must be numbers of clips, not “{short(word)}”.")
    found = list(dict.fromkeys(map(int, words)))
    if not found:
        raise InvalidSelection("Clips are missing: select one or more first.")
    if len(found) > MOST:
        raise InvalidSelection(
            f"At most {MOST:,} clips go at once; {len(found):,} are selected. Select fewer."
        )
    return found
