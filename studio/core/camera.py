"""The six camera axes in the order, words and signs of Kling's documents.

`zoom` is negative towards closer. Sources contradict each other on pan and tilt; here they mean
what they mean in film, and in Kling's current documents: pan turns left and right, tilt looks down
and up. People see plain words first, the axis name only as a tag. The icons were drawn for the
other reading, so `pan` has the one called tilt.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.core.words import plain, short

LOWEST, HIGHEST = -10.0, 10.0


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis: its wire name, the word on the page, and the words for minus and plus."""

    name: str
    label: str
    minus: str
    plus: str
    icon: str


AXES = (
    Axis(name="horizontal", label="Slide", minus="left", plus="right", icon="horizontal"),
    Axis(name="vertical", label="Rise", minus="down", plus="up", icon="vertical"),
    Axis(name="pan", label="Turn", minus="to the left", plus="to the right", icon="tilt"),
    Axis(name="tilt", label="Look", minus="down", plus="up", icon="pan"),
    Axis(name="zoom", label="Zoom", minus="closer", plus="wider", icon="zoom"),
    Axis(name="roll", label="Roll", minus="anticlockwise", plus="clockwise", icon="roll"),
)
AXIS_NAMES = tuple(axis.name for axis in AXES)


def read(text: str) -> dict[str, float]:
    """Read `pan=4,zoom=-3`; raises ValueError with one sentence that says what is allowed."""
    camera: dict[str, float] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, equals, value = (word.strip() for word in part.partition("="))
        if not equals or name not in AXIS_NAMES:
            raise ValueError(
                f"camera: “{short(part)}” is not AXIS=VALUE with an axis of {', '.join(AXIS_NAMES)}."
            )
        if name in camera:
            raise ValueError(f"camera: {name} is there twice; give each axis once.")
        camera[name] = _number(name, value)
    return camera


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(
            f"camera: {name} takes a number from -10 to 10, not “{short(value)}”."
        ) from None


def write(camera: Mapping[str, float]) -> str:
    """The inverse of `read`, axes in their usual order, zeros left out."""
    return ",".join(f"{name}={plain(camera[name])}" for name in AXIS_NAMES if camera.get(name))


def sentence(camera: Mapping[str, float]) -> str:
    """The move in plain words, strongest axis first: “moves: Zoom closer 6, Slide right 2”."""
    moves = [
        (abs(camera[axis.name]), f"{axis.label.lower()} {_direction(axis, camera[axis.name])}")
        for axis in AXES
        if camera.get(axis.name)
    ]
    if not moves:
        return "The camera stays still."
    ordered = [f"{words} {strength:g}" for strength, words in sorted(moves, key=lambda m: -m[0])]
    return f"The camera moves: {', '.join(ordered)}."


def _direction(axis: Axis, value: float) -> str:
    return axis.plus if value > 0 else axis.minus
