"""The orders in which the wall shows what was found, page by page; the last one is as fast as the first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from studio.models import Clip, Project
from studio.models.clips import ClipQuerySet
from studio.reports.search import Search

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_NUMBER = 18


@dataclass(frozen=True, kw_only=True)
class Sort:
    """`column` is what counts, most first, then the newer clip; "" is the newest alone.

    Where it `may_miss`, clips that have none come last, newest first. `write` and `read` make a
    number of a value and back; 0 is the least.
    """

    label: str
    icon: str
    column: str = ""
    may_miss: bool = False
    write: Callable[[Any], int] = int
    read: Callable[[int], Any] = int


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


NEWEST = "newest"
SORTS: Mapping[str, Sort] = {
    NEWEST: Sort(label="Newest first", icon="clock"),
    "rated": Sort(label="Best rated", icon="star", column="stars"),
    "cost": Sort(label="Most credits", icon="coin", column="charged"),
    "noted": Sort(
        label="Latest note", icon="reply", column="noted_at", may_miss=True,
        write=_micros, read=_moment,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a page ends or begins: a clip, and what it is sorted by, None where it has none."""

    pk: int
    value: Any = None


@dataclass(frozen=True, kw_only=True)
class Way:
    """From a place down the wall or up it: the order, and the lookups of what lies that way.

    `key` compares clips of the same value, `column` the values.
    """

    is_up: bool = False
    key: str = "lt"
    column: str = "lt"

    @property
    def sign(self) -> str:
        return "" if self.is_up else "-"


BELOW = Way()
ONWARD = Way(key="lte")  # the place itself too
ABOVE = Way(is_up=True, key="gt", column="gt")


def place_in(text: str, sort: Sort) -> Place | None:
    """What `text_of` wrote; None for anything else, which is the first page."""
    value, _, pk = text.rpartition("_")
    if not _is_number(pk) or not (_is_number(value) or value == ""):
        return None
    if not sort.column:
        return Place(int(pk))
    if not value:
        return Place(int(pk)) if sort.may_miss else None
    try:
        return Place(int(pk), sort.read(int(value)))
    except OverflowError:
        return None


def place_of(clip: int, sort: Sort, project: Project) -> Place | None:
    """Where that clip of the project stands by now, or would if it is in the trash.

    None where the project has no such clip: by its key alone only the newest have a place.
    """
    if not sort.column:
        return Place(clip)
    values = Clip.objects.filter(project=project, pk=clip).values_list(sort.column, flat=True)
    return next((Place(clip, value) for value in values), None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def text_of(place: Place, sort: Sort) -> str:
    if not sort.column:
        return str(place.pk)
    return f"{'' if place.value is None else sort.write(place.value)}_{place.pk}"


def page(
    search: Search, sort: Sort, place: Place | None, *fields: str, most: int, way: Way = BELOW
) -> tuple[list[tuple[Any, ...]], str]:
    """So many rows of these fields that way from the place, and where the next page goes on.

    The rows are in the wall's order either way; "" says that there are no more.
    """
    rows: list[tuple[Any, ...]] = []
    for part in _parts(search, sort, place, way):
        found = part.values_list(*fields, sort.column or "pk", "pk")
        rows += found[: most + 1 - len(rows)]
        if len(rows) > most:
            break
    shown = rows[:most]
    further = _place_at(shown[-1], sort) if len(rows) > most else ""
    return [row[:-2] for row in (reversed(shown) if way.is_up else shown)], further


def is_any(search: Search, sort: Sort, place: Place, way: Way) -> bool:
    """Whether a clip lies that way."""
    return any(part.exists() for part in _parts(search, sort, place, way))


def _place_at(row: tuple[Any, ...], sort: Sort) -> str:
    value, pk = row[-2:]
    return text_of(Place(pk, value), sort)


def _parts(search: Search, sort: Sort, place: Place | None, way: Way) -> list[ClipQuerySet]:
    """What lies that way, one part after the other, each read off one end of an index.

    In one condition it would be an OR, for which SQLite passes by all clips of the same value.
    """
    clips, column = search.clips, sort.column
    if not column:
        return [_by_age(search, clips, place, way)]
    parts = [_by_age(search, clips.filter(**{column: place.value}), place, way)] if place else []
    has_value = not place or place.value is not None
    if has_value or way.is_up:
        parts.append(_by_value(clips, sort, place, way))
    if has_value and sort.may_miss and not way.is_up:
        parts.append(_by_age(search, clips.filter(**{column: None}), None, way))
    return parts


def _by_value(clips: ClipQuerySet, sort: Sort, place: Place | None, way: Way) -> ClipQuerySet:
    """Upwards, SQLite would pass by all clips without a value if their end of the index were open."""
    ordered = clips.order_by(f"{way.sign}{sort.column}", f"{way.sign}pk")
    if place and place.value is not None:
        return ordered.filter(**{f"{sort.column}__{way.column}": place.value})
    return ordered.filter(**{f"{sort.column}__gte": sort.read(0)}) if sort.may_miss else ordered


def _by_age(search: Search, clips: ClipQuerySet, place: Place | None, way: Way) -> ClipQuerySet:
    lying = clips.filter(**{f"{search.key}__{way.key}": place.pk}) if place else clips
    return lying.order_by(f"{way.sign}{search.key}")
