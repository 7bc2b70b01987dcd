"""Drawings on a frame: shapes whose points lie within the picture, from 0 to 1 each way.

A drawing is a list of objects `{"kind", "color", "points"}`, those of kind "text" with `text`. What
a browser sends is read here and nowhere else; nothing of it reaches a page as markup.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from studio.core.errors import InvalidNote
from studio.core.words import listed, storable

MOST_BYTES = 64 * 1024
MOST_SHAPES = 100
MOST_POINTS = 2000
LONGEST_TEXT = 200
PLACES = 5  # a hundredth of a pixel of the largest picture
COLORS = ("yellow", "red", "blue", "green", "white")

Shape = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How many points a shape of one kind has, and what one and many of it are called."""

    fewest: int
    most: int
    one: str
    many: str


KINDS: Mapping[str, Kind] = {
    "pen": Kind(fewest=1, most=MOST_POINTS, one="a line", many="lines"),
    "arrow": Kind(fewest=2, most=2, one="an arrow", many="arrows"),
    "box": Kind(fewest=2, most=2, one="a box", many="boxes"),
    "text": Kind(fewest=1, most=1, one="words", many="words"),
}
NO_DRAWING = "Drawing can not be read: it must be a list of lines, arrows, boxes and words."


def read(text: str) -> list[dict[str, Any]]:
    """The shapes of a drawing as a form sends it, [] for none. Raises InvalidNote."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise InvalidNote(
            f"Drawing may have at most {MOST_BYTES // 1024} kB; this one has more. "
            "Undo some of its lines."
        )
    if not text.strip():
        return []
    try:
        shapes = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidNote(NO_DRAWING) from error
    if not isinstance(shapes, list):
        raise InvalidNote(NO_DRAWING)
    if len(shapes) > MOST_SHAPES:
        raise InvalidNote(
            f"Drawing may have at most {MOST_SHAPES} shapes; this one has {len(shapes):,}."
        )
    return [_shape(shape) for shape in shapes]


def _shape(shape: Any) -> dict[str, Any]:
    """The shape with nothing in it that is not known."""
    if not isinstance(shape, dict) or not isinstance(shape.get("kind"), str):
        raise InvalidNote(NO_DRAWING)
    kind = KINDS.get(shape["kind"])
    if kind is None:
        raise InvalidNote(f"Drawing may have shapes of the kinds {listed(list(KINDS))} only.")
    if shape.get("color") not in COLORS:
        raise InvalidNote(f"Colors of a drawing are {listed(COLORS)}.")
    read = {
        "kind": shape["kind"],
        "color": shape["color"],
        "points": _points(shape.get("points"), kind),
    }
    return {**read, "text": _words(shape.get("text"))} if shape["kind"] == "text" else read


def _points(points: Any, kind: Kind) -> list[list[float]]:
    if not isinstance(points, list) or not kind.fewest <= len(points) <= kind.most:
        count = f"{kind.fewest} to {kind.most:,}" if kind.fewest < kind.most else f"{kind.most}"
        raise InvalidNote(f"In a drawing {kind.one} must have {count} points.")
    return [_point(point) for point in points]


def _point(point: Any) -> list[float]:
    if not isinstance(point, list) or len(point) != 2 or not all(map(_is_inside, point)):
        raise InvalidNote("Points of a drawing must lie in the picture: two numbers from 0 to 1.")
    return [round(float(number), PLACES) for number in point]


def _is_inside(number: Any) -> bool:
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return is_number and isfinite(number) and 0 <= number <= 1


def _words(text: Any) -> str:
    words = storable(text).strip() if isinstance(text, str) else ""
    if not 1 <= len(words) <= LONGEST_TEXT:
        raise InvalidNote(f"Words in a drawing must have 1 to {LONGEST_TEXT} characters.")
    return words


def described(shapes: Iterable[Shape]) -> str:
    """“a box and 2 arrows”, for who can not see it."""
    shapes = list(shapes)
    counted = Counter(shape["kind"] for shape in shapes)
    told = [_told(KINDS[kind], count) for kind, count in counted.items() if kind != "text"]
    return listed([*told, *_quoted(shapes)])


def _told(kind: Kind, count: int) -> str:
    return kind.one if count == 1 else f"{count} {kind.many}"


def _quoted(shapes: Sequence[Shape]) -> list[str]:
    words = [f"“{shape['text']}”" for shape in shapes if shape["kind"] == "text"]
    return [f"the words {listed(words)}"] if words else []
