"""The six camera axes in the order, words and signs of Kling's documents.

`zoom` is negative towards closer. Sources contradict each other on pan and tilt; here they mean
what they mean in film, and in Kling's current documents: pan turns left and right, tilt looks down
and up. People see plain words first, the axis name only as a tag. The icons were drawn for the
other reading, so `pan` has the one called tilt.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.core.words import listed, plain, short

LOWEST, HIGHEST = -10.0, 10.0


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis: its wire name, the word on the page, and the words for minus and plus.

    `moves` says in a sentence what the camera does for minus and for plus, with `{}` for how much.
    """

    name: str
    label: str
    minus: str
    plus: str
    moves: tuple[str, str]
    icon: str


AXES = (
    Axis(name="horizontal", label="Slide", minus="left", plus="right", icon="horizontal",
         moves=("slides {} left", "slides {} right")),
    Axis(name="vertical", label="Rise", minus="down", plus="up", icon="vertical",
         moves=("sinks {}", "rises {}")),
    Axis(name="pan", label="Turn", minus="to the left", plus="to the right", icon="tilt",
         moves=("turns {} to the left", "turns {} to the right")),
    Axis(name="tilt", label="Look", minus="down", plus="up", icon="pan",
         moves=("looks {} down", "looks {} up")),
    Axis(name="zoom", label="Zoom", minus="closer", plus="wider", icon="zoom",
         moves=("moves in {}", "moves back {}")),
    Axis(name="roll", label="Roll", minus="anticlockwise", plus="clockwise", icon="roll",
         moves=("rolls {} anticlockwise", "rolls {} clockwise")),
)  # fmt: skip
# How much a strength is in words, each up to and with its number.
DEGREES = (
    (1.0, "a touch"),
    (3.0, "a little"),
    (5.0, ""),
    (8.0, "strongly"),
    (HIGHEST, "very strongly"),
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


def sentence(camera: Mapping[str, float], *, sways: bool = False) -> str:
    """The move in plain words, strongest first: “The camera moves in strongly and rises a touch.”"""
    moving = [axis for axis in AXES if camera.get(axis.name)]
    moving.sort(key=lambda axis: -abs(camera[axis.name]))
    if moving:
        return f"The camera {listed([_said(axis, camera[axis.name]) for axis in moving])}."
    return "The camera stays in its place, hand-held." if sways else "The camera stays still."


def _said(axis: Axis, value: float) -> str:
    degree = next((words for most, words in DEGREES if abs(value) <= most), DEGREES[-1][1])
    return " ".join(axis.moves[value > 0].format(degree).split())
