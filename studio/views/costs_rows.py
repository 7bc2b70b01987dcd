"""The table of the report as its template shows it: rows with their links."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.models import Project
from studio.reports.costs.groups import Groups, Row, Rows
from studio.reports.costs.names import FIELDS, Names
from studio.reports.costs.spending import series_of
from studio.reports.costs.view import NONE, View
from studio.views.costs_links import Linker, Links


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A row, where it leads, and the color of a provider."""

    row: Row
    links: Links
    style: str
    parts: Sequence["Shown"] = ()
    rest: Rows | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """`ways` lead to the same view by something else; `splits` are what a row can be split by."""

    groups: Groups
    rows: Sequence[Shown]
    ways: Sequence[tuple[str, str, bool]]
    splits: Sequence[tuple[str, str, bool]]
    kept: Sequence[tuple[str, str]]


def table(view: View, groups: Groups, names: Names, current: Project) -> Table:
    linker = Linker(view, names, current)
    rows = [_shown(view, row, linker) for row in groups.rows.shown]
    kept = [(k, v) for k, v in view.parameters().items() if v and k != "then"]
    return Table(groups=groups, rows=rows, ways=_ways(view), splits=_splits(view), kept=kept)


def _shown(view: View, row: Row, linker: Linker) -> Shown:
    parts = row.parts.shown if row.parts else ()
    return Shown(
        row=row, links=linker.links(row), style=_style(view.by, row.key), rest=row.parts,
        parts=[
            Shown(row=part, links=linker.part(row, part), style=_style(view.then, part.key))
            for part in parts
        ],
    )  # fmt: skip


def _style(name: str, key: str) -> str:
    return series_of(key) if name == "provider" else ""


def _ways(view: View) -> list[tuple[str, str, bool]]:
    """What else it can be told by: word, address, and whether that is now."""
    return [(field.word, view.told_by(name), name == view.by) for name, field in FIELDS.items()]


def _splits(view: View) -> list[tuple[str, str, bool]]:
    named = [(name, field.word, name == view.then) for name, field in FIELDS.items()]
    return [one for one in named if one[0] != view.by] + [(NONE, "Nothing", not view.then)]
