"""A form field for one parameter: it reads what was typed and judges nothing.

Limits are checked in one place (`studio.orders.check`), so that the form and the command line say
the same sentence. What cannot be read stays as it was typed, and the check names it.
"""

from collections.abc import Callable
from typing import Any

from django import forms

from studio.core.spec import Kind, Param
from studio.core.words import plain
from studio.forms.wording import Saying, said_choice, said_value

# Up to so many values are shown side by side; more of them get a slider or a list.
MOST_SEGMENTS = 4
LONGEST_SEGMENTS = 30  # letters of all of them together
LONGEST_LINE = 200
NOT_SET = Saying(words="Not set")


class Typed(forms.Field):
    """A value read by `read`; unreadable text is kept for the check to name."""

    def __init__(self, param: Param, read: Callable[[str], Any] = str) -> None:
        super().__init__(required=False, label=param.label, help_text=param.help)
        self.param = param
        self.read = read

    @property
    def control(self) -> str:
        """The name of the template in `compose/controls/` that draws this field."""
        return CONTROLS[self.param.kind](self.param)

    @property
    def choices(self) -> tuple[Any, ...]:
        """Every value that it may have, where they can be counted."""
        param = self.param
        if param.kind == Kind.FLAG:
            return (True, False)
        return param.choices or tuple(_whole_numbers(param))

    @property
    def options(self) -> list[tuple[str, Saying]]:
        """Text and words of each choice; what need not be said can also be not set."""
        param = self.param
        may_be_left_out = not param.required and param.default is None
        left_out = [("", NOT_SET)] if may_be_left_out and param.kind != Kind.SET else []
        return left_out + [(self.text(value), said_choice(param, value)) for value in self.choices]

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.read(value.strip())
        except ValueError:
            return value or None

    def text(self, value: Any) -> str:
        """A value as its control shows it; what was typed stays as it is."""
        if isinstance(value, float):
            return plain(value)
        return "" if value is None else str(value)

    def written(self, value: Any) -> list[tuple[str, str]]:
        """Names and texts by which a form sends this value."""
        text = self.text(value)
        return [(self.param.name, text)] if text else []

    def said(self, value: Any) -> str:
        """The value in a few words, as a pill shows it: “5 s”, “2 takes”."""
        return said_value(self.param, self.text(value)) or self.param.label


def _whole_numbers(param: Param) -> range:
    """Those that a person may choose from; none where there is no end to them."""
    if param.kind != Kind.WHOLE or param.low is None or param.high is None:
        return range(0)
    return range(int(param.low), int(param.high) + 1, int(param.step or 1))


def _few_or(other: str) -> Callable[[Param], str]:
    def control(param: Param) -> str:
        values = param.choices or _whole_numbers(param)
        letters = sum(len(said_choice(param, value).words) for value in values)
        few = 0 < len(values) <= MOST_SEGMENTS and letters <= LONGEST_SEGMENTS
        return "choice" if few else other

    return control


def _flag(param: Param) -> str:
    """Without a default there are three answers: the third is not to ask for it."""
    return "choice" if param.default is None and not param.required else "flag"


def _words(param: Param) -> str:
    return "line" if param.high and param.high <= LONGEST_LINE else "text"


def _always(name: str) -> Callable[[Param], str]:
    return lambda _param: name


CONTROLS: dict[Kind, Callable[[Param], str]] = {
    Kind.TEXT: _words,
    Kind.CHOICE: _few_or("select"),
    Kind.WHOLE: _few_or("number"),
    Kind.NUMBER: _always("number"),
    Kind.FLAG: _flag,
    Kind.CAMERA: _always("camera"),
    Kind.SEED: _always("seed"),
    Kind.SET: _always("set"),
    Kind.LINK: _always("link"),
    Kind.LINKS: _always("links"),
    Kind.OBJECT: _always("object"),
    Kind.OBJECTS: _always("object"),
    Kind.MOTION: _always("motion"),
}


class ChoiceField(Typed):
    """Gives the value itself, which need not be text: 5, not “5”."""

    def to_python(self, value: Any) -> Any:
        known = {self.text(choice): choice for choice in self.choices}
        return known.get(value.strip(), value or None) if isinstance(value, str) else value


class FlagField(Typed):
    """A form always says “off” beside the box; without either word nobody has been asked."""

    def to_python(self, value: Any) -> Any:
        return WORDS_FOR_FLAGS.get(value, value) if isinstance(value, str) else value

    def text(self, value: Any) -> str:
        return {True: "on", False: "off"}.get(value, "") if isinstance(value, bool) else value or ""


WORDS_FOR_FLAGS = {"on": True, "true": True, "1": True, "off": False, "false": False, "": None}
