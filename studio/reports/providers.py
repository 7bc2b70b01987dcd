"""What every provider can do, as a table made from its capabilities."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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


def models_on_offer() -> list[Capability]:
    return [able for provider in all_providers().values() for able in provider.capabilities]


def matrix() -> Matrix:
    """One column per model, one row per parameter that any of them has, and per ability."""
    models = models_on_offer()
    labels = {param.name: param.label for able in models for param in able.params}
    return Matrix(
        columns=tuple(_column(able) for able in models),
        rows=tuple(
            [_param_row(name, label, models) for name, label in labels.items()]
            + [_ability_row(label, name, models) for label, name in ABILITIES.items()]
        ),
        checked_on=min((able.checked_on for able in models), default=""),
    )


def _column(able: Capability) -> Column:
    return Column(provider=all_providers()[able.provider].label, model=able.model)


def _param_row(name: str, label: str, models: Iterable[Capability]) -> Row:
    return Row(label=label, cells=tuple(_param_cell(able.param(name)) for able in models))


def _param_cell(param: Param | None) -> Cell:
    if param is None:
        return Cell(offered=False)
    words = WORDS.get(param.kind)
    return Cell(offered=True, words=words(param) if words else param.allowed, doubt=param.doubt)


def _ability_row(label: str, name: str, models: Iterable[Capability]) -> Row:
    return Row(label=label, cells=tuple(Cell(offered=getattr(able, name)) for able in models))
