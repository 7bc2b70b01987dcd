"""Several values for a setting, and a prompt with wildcards: what a form says of many orders.

`several` names the settings that vary, `many_NAME` holds their values, `pick` how many of the
prompts are taken at random and `pick_seed` which ones. What the model has no setting for stays with
the form, for another one; so do values that it does not offer, in `aside_NAME`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict

from studio.core import documents, matrix, wildcards
from studio.core.errors import InvalidOrder, Problem
from studio.core.matrix import FIELD, MODEL, MOST_AT_ONCE, Axis, Value, Variant
from studio.core.moves import MOVES, name_of
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param
from studio.core.words import short
from studio.forms.fields import Data, field_for
from studio.models import Preset, WordList
from studio.models.presets import PresetKind
from studio.orders import closed_for
from studio.providers.registry import all_providers, capability_of, provider_of

SEVERAL, PICK, PICK_SEED = "several", "pick", "pick_seed"
# What may vary beside the prompt, slowest first.
NAMES = (MODEL, "camera", "camera_type", "duration", "cfg", "seed")
FIELDS = tuple(f"{FIELD}{name}" for name in NAMES)
ASIDE = "aside_"
KEPT = (SEVERAL, PICK, PICK_SEED, *FIELDS, *(f"{ASIDE}{name}" for name in NAMES))
MOST_BOXES = 16
SWITCHES = {MODEL: "Several providers", "camera": "Several moves"}
HIGHEST_SEED = 10**9
STILL = Value(value={}, said="Still")

Typed = Mapping[str, Sequence[str]]


def typed_in(data: Data | None) -> Typed:
    """What a form says of many, as texts by their names."""
    if data is None:
        return {}
    given = {name: _texts(data, name) for name in KEPT if name in data}
    return {name: texts for name, texts in given.items() if texts}


def _texts(data: Data, name: str) -> list[str]:
    texts = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
    return [text for text in map(str, texts) if text]


def moved(data: QueryDict, able: Capability, team_id: int) -> None:
    """Tick again what this model offers, and lay aside what it does not."""
    form = Matrix(able, team_id, typed_in(data))
    for name in form.names:
        texts = [*form.texts(name), *form.typed.get(f"{ASIDE}{name}", ())]
        boxes = {text for text, _ in form.offered(name)} if texts else set()
        if boxes:
            data.setlist(f"{FIELD}{name}", [text for text in texts if text in boxes])
            data.setlist(f"{ASIDE}{name}", [text for text in texts if text not in boxes])


@dataclass(frozen=True, kw_only=True)
class Several:
    """The switch of one setting with its values: boxes to tick, or a line to write them in."""

    name: str
    label: str
    is_on: bool
    options: tuple[tuple[str, str, bool], ...] = ()
    text: str = ""
    example: str = ""
    errors: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        return f"{FIELD}{self.name}"

    @property
    def said(self) -> str:
        """Beside the switch, where no label of the setting stands near."""
        return SWITCHES.get(self.name, "Several")


@dataclass(frozen=True)
class Matrix:
    """What was typed of many, read for one model of one team."""

    able: Capability
    team_id: int
    typed: Typed = field(default_factory=dict)

    @cached_property
    def names(self) -> list[str]:
        """What may vary with this model."""
        return [name for name in NAMES if name == MODEL or self.able.param(name)]

    def is_on(self, name: str) -> bool:
        return name in self.typed.get(SEVERAL, ())

    def texts(self, name: str) -> Sequence[str]:
        return self.typed.get(f"{FIELD}{name}", ())

    def first(self, name: str) -> str:
        return next(iter(self.typed.get(name, ())), "")

    def several(self, name: str) -> Several | None:
        """The switch of that setting, None where nothing can vary."""
        if name not in self.names:
            return None
        label = "Provider" if name == MODEL else self._param(name).label
        ticked = set(self.texts(name))
        options = tuple((text, one.said, text in ticked) for text, one in self.offered(name))
        return Several(
            name=name, label=label, is_on=self.is_on(name), options=options,
            text="" if options else ", ".join(self.texts(name)),
            example="" if options else _example(self._param(name)),
        )  # fmt: skip

    def hidden(self, *, shown: bool) -> Iterator[tuple[str, str]]:
        """Names and texts that go along unseen; `shown`: but for those with a switch in sight."""
        seen = self.names if shown else []
        for name, texts in self.typed.items():
            if name == SEVERAL:
                yield from ((name, text) for text in texts if text not in seen)
            elif shown and name in {PICK, PICK_SEED}:
                continue
            elif name.removeprefix(FIELD) not in seen:
                yield from ((name, text) for text in texts)

    def _param(self, name: str) -> Param:
        param = self.able.param(name)
        assert param, "asked for among names only"
        return param

    def offered(self, name: str) -> list[tuple[str, Value]]:
        """Text and value of each box; none where values are written."""
        if name == MODEL:
            return [
                (_key(able), Value(value=able, said=_said_model(able))) for able in self._models()
            ]
        if name == "camera":
            return [(_text(move.value), move) for move in self._moves]
        control = field_for(self._param(name))
        found = [
            (control.text(one), Value(value=one, said=control.said(one))) for one in control.choices
        ]
        return found if len(found) <= MOST_BOXES else []

    def _models(self) -> Iterator[Capability]:
        for provider in all_providers().values():
            for able in provider.capabilities:
                if able is self.able or not closed_for(provider):
                    yield able

    @cached_property
    def _moves(self) -> list[Value]:
        """Standing still, the named moves, and those that the team keeps."""
        kept = Preset.objects.filter(team=self.team_id, kind=PresetKind.CAMERA).order_by("name")
        named = [Value(value=dict(move.axes), said=move.label) for move in MOVES if move.axes]
        own = [Value(value=axes, said=name) for name, axes in kept.values_list("name", "value")]
        return [STILL, *named, *own]

    def axes(self) -> list[Axis]:
        """What varies, with its values. Raises InvalidOrder with a problem for each that is wrong."""
        axes, problems = [], []
        for name in filter(self.is_on, self.names):
            try:
                axes.append(self._axis(name))
            except ValueError as error:
                problems.append(Problem(f"{FIELD}{name}", str(error)))
        if problems:
            raise InvalidOrder(problems)
        return axes

    def _axis(self, name: str) -> Axis:
        """Raises ValueError with one sentence."""
        label = "Provider" if name == MODEL else self._param(name).label
        values = tuple(self._values(name))
        if not values:
            how = "tick at least one value" if self.offered(name) else "write at least one value"
            raise ValueError(f"{label}: {how}, or switch Several off.")
        return Axis(name=name, label=label, values=values)

    def _values(self, name: str) -> Iterable[Value]:
        texts = self.texts(name)
        if name == MODEL:
            return [_model(text) for text in texts]
        param = self._param(name)
        if name == "camera":
            return [self._move(param, text) for text in texts]
        if self.offered(name):
            read = field_for(param).to_python
            found = [read(text) for text in dict.fromkeys(texts)]
        else:
            found = matrix.listed(param, ", ".join(texts))
        return [Value(value=_sound(param, one), said=_said(param, one)) for one in found]

    def _move(self, param: Param, text: str) -> Value:
        try:
            axes = documents.read(text)
        except ValueError as error:
            raise ValueError(f"{param.label} {error}") from error
        _sound(param, axes)
        said = next((move.said for move in self._moves if move.value == axes), name_of(axes))
        return Value(value=axes, said=said or "Its own move")

    def variants(self, order: Order) -> list[Variant]:
        """Every order that this one stands for; the leftmost wildcard changes slowest.

        Raises InvalidOrder for what can not be read, and for more than one press makes; nothing
        of that size is built.
        """
        axes = self.axes()
        parts = wildcards.parse(order.prompt)
        words = self.words(parts)
        matrix.require_few(matrix.count(axes))
        numbers = self._picked(wildcards.count(parts, words), times=matrix.count(axes))
        made = list(matrix.variants(order, self.able, axes))
        _require_takes(sum(one.order.count for one in made) * len(numbers))
        prompts = [wildcards.pieces(parts, words, number) for number in numbers]
        return [variant.with_prompt(prompt) for prompt in prompts for variant in made]

    def words(self, parts: wildcards.Parts) -> Mapping[str, Sequence[str]]:
        """The words of the lists that are used. Raises InvalidOrder for one that there is not."""
        used = {one.name for one in wildcards.named(parts)}
        if not used:
            return {}
        team = WordList.objects.filter(team=self.team_id)
        words = dict(team.filter(name__in=used).values_list("name", "words"))
        lists = set(team.values_list("name", flat=True))
        wildcards.require(parts, lists, words)
        return words

    def _picked(self, total: int, *, times: int) -> Sequence[int]:
        """The numbers of the prompts that are taken, each to be made `times` times."""
        wanted = _whole(self.first(PICK), PICK, "At random", 1, MOST_AT_ONCE)
        seed = _whole(self.first(PICK_SEED), PICK_SEED, "Seed of the draw", 0, HIGHEST_SEED)
        count = total if wanted is None else min(wanted, total)
        matrix.require_few(count * times)
        return wildcards.some(total, count, seed=1 if seed is None else seed)


def _whole(text: str, name: str, label: str, low: int, high: int) -> int | None:
    """None for an empty text."""
    if not text.strip():
        return None
    number = int(text) if text.strip().isdecimal() and len(text) < 12 else -1
    if not low <= number <= high:
        sentence = f"{label} must be a whole number from {low} to {high:,}, not “{short(text)}”."
        raise InvalidOrder([Problem(name, sentence)])
    return number


def _require_takes(takes: int) -> None:
    if takes > MOST_AT_ONCE:
        sentence = f"This would make {takes:,} takes; one press makes at most {MOST_AT_ONCE}."
        raise InvalidOrder([Problem("prompt", sentence)])


def _sound(param: Param, value: Any) -> Any:
    """Raises ValueError for what is outside of the limits."""
    if problem := None if value is None else param.problem(value):
        raise ValueError(problem)
    return value


def _said(param: Param, value: Any) -> str:
    if value is None:
        return "a new one"
    control = field_for(param)
    return control.said(value) if param.unit or param.choices else control.text(value)


def _example(param: Param) -> str:
    if param.kind == Kind.SEED:
        return "“3 seeds” for new ones, or 7, 8, 9"
    return "Like 0.3, 0.5 or 0.3 to 0.7 step 0.1"


def _key(able: Capability) -> str:
    return f"{able.provider}/{able.model}"


def _said_model(able: Capability) -> str:
    label = provider_of(able.provider).label
    return label if able.label.startswith(label) else f"{label} {able.label}"


def _model(text: str) -> Value:
    """Raises ValueError for a model that there is not, or that takes no orders."""
    provider, _, model = text.partition("/")
    try:
        able = capability_of(Order(provider=provider, model=model, prompt=""))
    except InvalidOrder as error:
        raise ValueError(error.message) from error
    if why := closed_for(provider_of(provider)):
        raise ValueError(why)
    return Value(value=able, said=_said_model(able))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
