"""Pages that are rendered once and filled for each visit.

A template is rendered with marks in place of what differs from visit to visit; what it gave is
kept as the pieces between them. The marks are secret, so nobody's words can look like one.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping

MOST_PAGES = 256  # of about 50 kB each
_SECRET = secrets.token_hex(8)
_MARK = re.compile(rf"%{_SECRET}:(\w+)%")
_kept: dict[Hashable, list[str]] = {}


def mark(name: str) -> str:
    """Stands for the value called `name`."""
    return f"%{_SECRET}:{name}%"


def filled(key: Hashable, render: Callable[[], str], values: Mapping[str, str]) -> str:
    """The page kept under `key`, rendered if there is none yet, with these values in it."""
    pieces = _kept.get(key)
    if pieces is None:
        if len(_kept) >= MOST_PAGES:
            _kept.clear()
        pieces = _kept[key] = _MARK.split(render())
    whole = pieces.copy()
    whole[1::2] = [values[name] for name in pieces[1::2]]
    return "".join(whole)
