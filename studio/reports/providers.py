"""What every provider can do, as a table made from its capabilities."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from studio.core.camera import HIGHEST, LOWEST
from studio.core.spec import Capability, Kind, Param
from studio.providers.registry import all_providers


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One answer: offered or not, the allowed values in words, and what is doubtful about it."""

    offered: bool
    words: str = ""
    doubt: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    provider: str
    model: str


@dataclass(frozen=True, kw_only=True)
class Matrix:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    checked_on: str


WORDS: dict[Kind, Callable[[Param], str]] = {
    Kind.CAMERA: lambda _: f"{LOWEST:g} to {HIGHEST:g}".replace("-", "−"),
    Kind.SEED: lambda _: "",
    Kind.FLAG: lambda _: "",
    Kind.SET: lambda param: ", ".join(map(str, param.choices)),
    Kind.LINK: lambda _: "a link",
    Kind.LINKS: lambda _: "links",
    Kind.OBJECT: lambda _: "JSON",
    Kind.OBJECTS: lambda _: "JSON",
    Kind.MOTION: lambda _: "joints, paths",
}
ABILITIES = {
    "First frame": "first_frame",
    "Last frame": "last_frame",
    "Scene": "scene",
    "Reports progress": "reports_progress",
    "Calls us back": "calls_back",
    "Tells its cost": "tells_cost",
}


Models = tuple[Capability, ...]


def models_on_offer() -> list[Capability]:
    return [able for provider in all_providers().values() for able in provider.capabilities]


def matrix() -> Matrix:
    """One column per provider; one row per parameter that any model has, and per ability."""
    models = models_on_offer()
    labels = {param.name: param.label for able in models for param in able.params}
    groups = [provider.capabilities for provider in all_providers().values()]
    return Matrix(
        columns=tuple(_column(group) for group in groups),
        rows=tuple(
            [_row(label, groups, partial(_param_cell, name)) for name, label in labels.items()]
            + [
                _row(label, groups, partial(_ability_cell, name))
                for label, name in ABILITIES.items()
            ]
        ),
        checked_on=min((able.checked_on for able in models), default=""),
    )


def _column(group: Models) -> Column:
    labels = ", ".join(able.label for able in group)
    return Column(provider=all_providers()[group[0].provider].label, model=labels)


def _row(label: str, groups: Iterable[Models], cell: Callable[[Capability], Cell]) -> Row:
    return Row(label=label, cells=tuple(_merged(group, list(map(cell, group))) for group in groups))


def _merged(group: Models, cells: list[Cell]) -> Cell:
    """What the models of one provider say; where they differ, which says what."""
    doubt = " ".join(dict.fromkeys(cell.doubt for cell in cells if cell.doubt))
    if len({(cell.offered, cell.words) for cell in cells}) == 1:
        return replace(cells[0], doubt=doubt)
    words = [
        f"{able.label}: {cell.words or 'yes'}"
        for able, cell in zip(group, cells, strict=True)
        if cell.offered
    ]
    return Cell(offered=True, words="; ".join(words), doubt=doubt)


def _param_cell(name: str, able: Capability) -> Cell:
    param = able.param(name)
    if param is None:
        return Cell(offered=False)
    words = WORDS.get(param.kind)
    return Cell(offered=True, words=words(param) if words else param.allowed, doubt=param.doubt)


def _ability_cell(name: str, able: Capability) -> Cell:
    return Cell(offered=getattr(able, name))
