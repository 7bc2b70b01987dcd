"""A shelf: the presets of one kind as the director shows them, to take, name and remove."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from studio import permissions
from studio.models import Member, Preset
from studio.models.presets import PresetKind
from studio.services import presets


@dataclass(frozen=True, kw_only=True)
class Row:
    """`value` is JSON, for the script that puts it into the form; `typed` the name in its box."""

    preset: Preset
    value: str
    typed: str
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a kind is called on its shelf."""

    one: str
    all: str
    none: str


WORDINGS: Mapping[str, Wording] = {
    PresetKind.CAMERA: Wording(
        one="Name of this move",
        all="Moves of the team",
        none="The team has no moves yet. Set the sliders, then save them under a name.",
    ),
    PresetKind.LEAVE_OUT: Wording(
        one="Name of this text",
        all="Texts of the team",
        none="The team has no texts yet. Write what to leave out, then save it under a name.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """`typed` is the name in the box; `said` is what was done, `problem` why it was not."""

    kind: str
    rows: tuple[Row, ...]
    typed: str = ""
    said: str = ""
    problem: str = ""

    @property
    def words(self) -> Wording:
        return WORDINGS[self.kind]

    @property
    def longest_name(self) -> int:
        return presets.LONGEST_NAME


def shelf_of(
    member: Member,
    kind: str,
    *,
    typed: Mapping[str, str] | None = None,
    said: str = "",
    problem: str = "",
) -> Shelf:
    """The presets that this member may take; `typed` are names in boxes, by the box's own name."""
    boxes = typed or {}
    rows = tuple(
        Row(
            preset=row,
            value=json.dumps(row.value),
            typed=boxes.get(f"preset_{row.pk}", row.name),
            may_change=permissions.can_change_preset(member, row),
        )
        for row in presets.of_team(member.team, kind)
    )
    new = boxes.get(f"preset_{kind}", "")
    return Shelf(kind=kind, rows=rows, typed=new, said=said, problem=problem)
