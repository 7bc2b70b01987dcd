"""The motion of a simulation as a form sends it: a table of joints, or JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from studio.core import documents, motion
from studio.core.words import plain, short
from studio.forms.parts import AtPart
from studio.forms.typed import Typed

WORDS, CURVES, JSON = "words", "curves", "json"
# Where a motion comes from, as the form offers it.
SOURCES = {WORDS: "From words", CURVES: "Joint curves", JSON: "JSON"}
WIDTH, HEIGHT = 160, 32


@dataclass(frozen=True, kw_only=True)
class Row:
    """One joint as it was typed, with the curve that can be drawn of it."""

    joint: str = ""
    angles: str = ""
    problems: Sequence[str] = ()

    def read(self) -> dict[str, Any]:
        """Raises ValueError with the end of a sentence."""
        if not self.joint:
            raise ValueError(f"has the waypoints “{short(self.angles)}” without a joint.")
        try:
            return {"name": self.joint, "angles": motion.read_angles(self.angles)}
        except ValueError as error:
            raise ValueError(f"of “{short(self.joint)}” can not be read: {error}") from error

    @property
    def _waypoints(self) -> list[list[float]]:
        """Those of them that can be drawn."""
        try:
            read = motion.read_angles(self.angles)
        except ValueError:
            return []
        curve = {"name": "a", "angles": read}
        return [] if motion.problem({"joints": [curve]}) else read

    @property
    def path(self) -> str:
        return curve(self._waypoints)

    @property
    def said_range(self) -> str:
        """“0.2 to 0.35 rad”."""
        angles = [angle for _, angle in self._waypoints]
        return f"{plain(min(angles))} to {plain(max(angles))} rad" if angles else ""


def curve(waypoints: Sequence[Sequence[float]]) -> str:
    """The path of an SVG of WIDTH × HEIGHT: straight between waypoints, level outside of them."""
    if not waypoints:
        return ""
    low, high = min(angle for _, angle in waypoints), max(angle for _, angle in waypoints)
    spread = (high - low) or 1
    points = [(0.0, waypoints[0][1]), *waypoints, (1.0, waypoints[-1][1])]
    places = [
        (fraction * WIDTH, HEIGHT - 3 - (angle - low) / spread * (HEIGHT - 6))
        for fraction, angle in points
    ]
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in places)


@dataclass(frozen=True, kw_only=True)
class TypedMotion:
    """What the panel holds: both the table and the JSON, whichever of them counts."""

    source: str = WORDS
    rows: tuple[Row, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, value: Any) -> Self:
        """A motion to be changed: in the table, as long as it has joints only."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping) or motion.problem(value):
            return cls()
        joints = [
            Row(joint=joint["name"], angles=motion.write_angles(joint["angles"]))
            for joint in value.get("joints", ())
        ]
        source = CURVES if set(value) == {"joints"} else JSON
        return cls(source=source, rows=tuple(joints), text=documents.write(value))

    def read(self) -> Any:
        """The motion, None where words say it all. Raises ValueError with the end of a sentence."""
        if self.source == JSON:
            return documents.read(self.text) if self.text.strip() else None
        if self.source == WORDS:
            return None
        joints = [row.read() for row in self.rows]
        return {"joints": joints} if joints else None

    @property
    def unread(self) -> list[tuple[str | None, str]]:
        """Joint and end of a sentence of all that can not be read; None is the whole motion."""
        parts = self.rows if self.source == CURVES else (self,)
        found = []
        for part in parts:
            try:
                part.read()
            except ValueError as error:
                found.append((part.joint if isinstance(part, Row) else None, str(error)))
        return found


def parts(name: str) -> tuple[str, ...]:
    """The names under which a form sends a motion."""
    return (name, f"{name}_source", f"{name}_joint", f"{name}_angles")


def without_row(data: QueryDict, name: str, number: int) -> None:
    """Take one row out of a form's data; rows are counted from 1."""
    _, _, *lists = parts(name)
    for part in lists:
        rows = data.getlist(part)
        data.setlist(part, [text for place, text in enumerate(rows, start=1) if place != number])


def with_file(data: QueryDict, name: str, path: Path) -> None:
    """Put a JSON file in the place of what was typed; one that is too long is found to be so."""
    whole, source, _, _ = parts(name)
    with path.open("rb") as file:
        data[whole] = file.read(documents.MOST_CHARACTERS + 1).decode(errors="replace")
    data[source] = JSON


class MotionInput(forms.Widget):
    """Reads `motion_source`, the rows `motion_joint` and `motion_angles`, and the JSON `motion`.

    Without a source the JSON counts, if there is any: so a motion can be handed on in one field.
    """

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> TypedMotion | None:
        whole, source, joints, angles = parts(name)
        if not any(part in data for part in parts(name)):
            return None
        text = data.get(whole, "")
        rows = tuple(_rows(_all(data, joints), _all(data, angles)))
        assumed = JSON if text else CURVES if rows else WORDS
        return TypedMotion(source=data.get(source) or assumed, rows=rows, text=text)


def _all(data: Mapping[str, Any], name: str) -> list[str]:
    return data.getlist(name) if isinstance(data, QueryDict) else []


def _rows(joints: Iterable[str], angles: Iterable[str]) -> Iterable[Row]:
    for joint, waypoints in zip(joints, angles, strict=False):
        if joint.strip() or waypoints.strip():
            yield Row(joint=joint.strip(), angles=waypoints.strip())


class MotionField(Typed):
    widget = MotionInput

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, TypedMotion):
            return value
        try:
            return value.read()
        except ValueError:
            return value

    def validate(self, value: Any) -> None:
        if isinstance(value, TypedMotion):
            raise forms.ValidationError(
                [AtPart(f"{self.param.label} {said}", joint) for joint, said in value.unread]
            )

    def written(self, value: Any) -> list[tuple[str, str]]:
        """All of the panel, whichever part of it counts."""
        typed = TypedMotion.of(value)
        whole, source, joints, angles = parts(self.param.name)
        rows = [pair for row in typed.rows for pair in ((joints, row.joint), (angles, row.angles))]
        return [(source, typed.source), *rows, (whole, typed.text)] if value else []
