"""One setting of an order's form as a template draws it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.forms import BoundField

from studio.core.camera import DEGREES, sentence
from studio.core.moves import MOVES, WHOLE_MOVES, Move, name_of
from studio.core.spec import Capability, Kind, Param
from studio.core.words import plain
from studio.forms.camera import SPOKEN, CameraField, said_rule, types_of
from studio.forms.matrix import Several
from studio.forms.motion import CURVES, HEIGHT, SOURCES, WIDTH, Row, TypedMotion
from studio.forms.parts import AtPart, said_at
from studio.forms.sections import Section
from studio.forms.typed import Typed
from studio.forms.wording import Saying

# What stands before a setting's value on its pill; settings without one are the director's.
PILL_ICONS = {
    "duration": "timer",
    "resolution": "hd",
    "aspect": "ratio",
    "count": "stack",
    "format": "clip",
}
STEPS_OF_A_SLIDER = 100
SPARE_ROWS = 1
PANELS = {"camera", "motion"}
SWAY = "sway"  # the setting of a camera that drifts by itself


class Control:
    """`value` is the present value as far as it can be read, `text` what its input holds."""

    def __init__(self, field: Typed, bound: BoundField, able: Capability) -> None:
        self.field = field
        self.able = able
        self.bound = bound
        self.param = field.param
        self.name = field.param.name
        self.raw: Any = bound.value()
        self.value: Any = field.to_python(self.raw)

    @property
    def icon(self) -> str:
        return PILL_ICONS.get(self.name, "")

    @property
    def kind(self) -> str:
        return self.field.control

    @property
    def template(self) -> str:
        return f"compose/controls/_{self.kind}.html"

    @property
    def is_panel(self) -> bool:
        """Whether it is drawn with a heading of its own."""
        return self.kind in PANELS

    @property
    def labels_itself(self) -> bool:
        return self.kind == "flag"

    @property
    def text(self) -> str:
        return self.field.text(self.raw)

    @property
    def said(self) -> str:
        return self.field.said(self.value)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Names and texts that say the same without being seen."""
        return self.field.written(self.raw)

    @property
    def options(self) -> list[tuple[str, Saying, bool]]:
        """Each choice with its words, and whether it is the present one."""
        several = self.value if isinstance(self.value, list | tuple) else [self.value]
        now = {self.field.text(value) for value in several}
        return [(text, saying, text in now) for text, saying in self.field.options]

    @property
    def is_set(self) -> bool:
        """Whether somebody has said something here that goes without saying elsewhere."""
        usual = self.field.written(self.param.default)
        return self.value not in (None, "", [], {}) and self.field.written(self.value) != usual

    @property
    def errors(self) -> list[str]:
        return [str(sentence) for sentence in self.bound.errors]

    @property
    def several(self) -> Several | None:
        """The switch for several values, where the setting may have them."""
        form: Any = self.bound.form  # an OrderForm, which is made of controls
        found: Several | None = form.several(self.name)
        return found

    @property
    def described_by(self) -> str:
        """The ids of everything that `_notes.html` says of this control."""
        said = {"help": self.param.help, "doubt": self.param.doubt, "problem": self.errors}
        return " ".join(f"{self.name}-{what}" for what, words in said.items() if words)

    @property
    def step(self) -> str:
        """What the arrows of a number add; any decimal is good where no step is asked for."""
        if self.param.step:
            return plain(self.param.step)
        return "1" if self.param.kind == Kind.WHOLE else "any"

    @property
    def ends(self) -> tuple[str, str] | None:
        """The lowest and the highest value, where there are both: then a slider helps."""
        low, high = self.param.low, self.param.high
        return None if low is None or high is None else (plain(low), plain(high))

    @property
    def slider_step(self) -> str:
        if self.step != "any" or self.param.low is None or self.param.high is None:
            return self.step
        return plain((self.param.high - self.param.low) / STEPS_OF_A_SLIDER)


class CameraControl(Control):
    degrees = json.dumps(DEGREES)

    @property
    def is_spoken(self) -> bool:
        """Whether the model takes no camera, so that only words can ask for the move."""
        return self.param is SPOKEN

    @property
    def rule(self) -> str:
        return said_rule(self.able)

    @property
    def types(self) -> Param | None:
        return types_of(self.able)

    @property
    def most_axes(self) -> str:
        """On how many axes at once it moves, "" for all."""
        return plain(self.param.high) if self.param.high else ""

    @property
    def whole_moves(self) -> list[tuple[Move, str, str]]:
        """The model's own moves: each with its value, and roughly its axes as JSON."""
        known = [name for name in (self.types.choices if self.types else ()) if name in WHOLE_MOVES]
        moves = [(WHOLE_MOVES[name], name) for name in known]
        return [(move, name, json.dumps(dict(move.axes))) for move, name in moves]

    @property
    def rows(self) -> list[dict[str, Any]]:
        assert isinstance(self.field, CameraField)
        return self.field.rows(self.value)

    @property
    def moves(self) -> dict[str, float]:
        """The axes that are numbers already."""
        return {axis: float(v) for axis, v in self.value.items() if isinstance(v, int | float)}

    def _beside(self, name: str) -> Any:
        """The present value of another setting of the form, None where it has none."""
        form: Any = self.bound.form  # an OrderForm, which is made of controls
        return form.now(name) if name in form.fields else None

    @property
    def whole_move(self) -> Move | None:
        """The model's own move, if one is chosen."""
        return WHOLE_MOVES.get(self._beside(self.types.name)) if self.types else None

    @property
    def sentence(self) -> str:
        if self.whole_move:
            return f"The camera {self.whole_move.said}."
        return sentence(self.moves, sways=self._beside(SWAY) is True)

    @property
    def said(self) -> str:
        if not self.moves:
            return "Still"
        count = len(self.moves)
        return name_of(self.moves) or f"{count} {'axis' if count == 1 else 'axes'}"

    @property
    def named_moves(self) -> list[tuple[Move, str, bool]]:
        """Each move that has a name, its axes as JSON, and whether it is the present one."""
        now = name_of(self.moves)
        return [(move, json.dumps(dict(move.axes)), move.label == now) for move in MOVES]


class MotionControl(Control):
    """`refused` is what a provider said against joints of an order that is tried again."""

    width, height = WIDTH, HEIGHT
    blank = Row()

    @property
    def refused(self) -> Sequence[AtPart]:
        return getattr(self.bound.form, "refused", ())

    @property
    def typed(self) -> TypedMotion:
        return TypedMotion.of(self.raw)

    @property
    def sources(self) -> list[tuple[str, str, bool]]:
        return [(source, words, source == self.typed.source) for source, words in SOURCES.items()]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Those that are typed, each with what is wrong with it, and an empty one to go on with."""
        said, _ = self._said
        typed = (replace(row, problems=said.get(row.joint, ())) for row in self.typed.rows)
        return (*typed, *(Row() for _ in range(SPARE_ROWS)))

    @property
    def errors(self) -> list[str]:
        """What is said of no row that can be seen."""
        return self._said[1]

    @cached_property
    def _said(self) -> tuple[dict[str, list[str]], list[str]]:
        shown = self.typed.rows if self.typed.source == CURVES else ()
        return said_at([*self.bound.errors.as_data(), *self.refused], {row.joint for row in shown})

    @property
    def text(self) -> str:
        return self.typed.text


CLASSES: Mapping[Kind, type[Control]] = {Kind.CAMERA: CameraControl, Kind.MOTION: MotionControl}


def control_of(bound: BoundField, able: Capability) -> Control:
    assert isinstance(bound.field, Typed), "every setting is a typed field"
    return CLASSES.get(bound.field.param.kind, Control)(bound.field, bound, able)


@dataclass(frozen=True, kw_only=True)
class Group:
    """A section with its controls; a folded one is open where there is something to see."""

    section: Section
    controls: tuple[Control, ...]

    @property
    def heads_itself(self) -> bool:
        return any(control.is_panel for control in self.controls)

    @property
    def said_names(self) -> str:
        """What is in it, for who has not opened it."""
        return ", ".join(control.param.label for control in self.controls)

    @property
    def is_open(self) -> bool:
        return any(control.errors or control.is_set for control in self.controls)
