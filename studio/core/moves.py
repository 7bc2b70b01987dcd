"""Camera moves that have a name: buttons that set several axes at once."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Move:
    """`axes` are the strengths it sets, every other axis stays still.

    `sketch` is what the style sheet calls the little drawing on the button.
    """

    label: str
    axes: Mapping[str, float]
    sketch: str


MOVES = (
    Move(label="Push in", axes={"zoom": -6}, sketch="pz-in"),
    Move(label="Pull out", axes={"zoom": 6}, sketch="pz-out"),
    Move(label="Slide left", axes={"horizontal": -6}, sketch="ph-l"),
    Move(label="Slide right", axes={"horizontal": 6}, sketch="ph-r"),
    Move(label="Rise", axes={"vertical": 6}, sketch="pv-u"),
    Move(label="Orbit", axes={"horizontal": 6, "pan": -5}, sketch="po"),
    Move(label="Roll", axes={"roll": 5}, sketch="pr"),
)


def name_of(camera: Mapping[str, float]) -> str:
    """The move's name if these are exactly its axes, else ""."""
    moving = {axis: strength for axis, strength in camera.items() if strength}
    return next((move.label for move in MOVES if moving == dict(move.axes)), "")
