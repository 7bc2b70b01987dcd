"""Camera moves that have a name: buttons that set several axes at once, or one whole move."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Move:
    """`axes` are the strengths it sets, every other axis stays still.

    `sketch` is what the style sheet calls the little drawing on the button. `said` is what the
    camera does, for a move that is not made of axes; its `axes` then only show roughly how it looks.
    """

    label: str
    axes: Mapping[str, float]
    sketch: str
    said: str = ""


MOVES = (
    Move(label="Push in", axes={"zoom": -6}, sketch="pz-in"),
    Move(label="Pull out", axes={"zoom": 6}, sketch="pz-out"),
    Move(label="Pan left", axes={"pan": -6}, sketch="ph-l"),
    Move(label="Pan right", axes={"pan": 6}, sketch="ph-r"),
    Move(label="Crane up", axes={"vertical": 6}, sketch="pv-u"),
    Move(label="Crane down", axes={"vertical": -6}, sketch="pv-d"),
    Move(label="Orbit", axes={"horizontal": 6, "pan": -5}, sketch="po"),
    Move(label="Roll", axes={"roll": 5}, sketch="pr"),
    Move(label="Handheld", axes={}, sketch="p-still"),
)
# Moves that a model makes as a whole, by the value that its setting has for them.
WHOLE_MOVES: Mapping[str, Move] = {
    "down_back": Move(
        label="Down and back", axes={"vertical": -6, "zoom": 6}, sketch="pd-b",
        said="sinks and moves back",
    ),
    "forward_up": Move(
        label="Forward and up", axes={"vertical": 6, "zoom": -6}, sketch="pf-u",
        said="moves forward and rises",
    ),
    "right_turn_forward": Move(
        label="Right and forward", axes={"pan": 6, "zoom": -5}, sketch="pf-r",
        said="turns right and moves forward",
    ),
    "left_turn_forward": Move(
        label="Left and forward", axes={"pan": -6, "zoom": -5}, sketch="pf-l",
        said="turns left and moves forward",
    ),
}  # fmt: skip


def name_of(camera: Mapping[str, float]) -> str:
    """The move's name if these are exactly its axes, else ""."""
    moving = {axis: strength for axis, strength in camera.items() if strength}
    return next((move.label for move in MOVES if moving == dict(move.axes)), "")
