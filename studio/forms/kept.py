"""What was typed for one model and another one does not know: kept, for when it is chosen again.

A form that changes its model hands on, unseen and as JSON, what each such field held before and
what stands there since: {"duration": {"was": ["7"], "now": ["5"]}, "quality": {"was": ["60"],
"now": []}}. As long as nobody has touched the new value, the old one comes back.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict

from studio.core import documents
from studio.core.adaptation import nearest
from studio.core.spec import Capability, Kind, Param
from studio.forms import matrix
from studio.forms.camera import camera_of
from studio.forms.fields import field_for, parts_of
from studio.forms.orders import OrderForm, all_capabilities

KEPT = "kept"
DRAWN_FOR = "drawn_for"


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a field held before the model changed, and what it holds since."""

    was: list[str]
    now: list[str]

    @classmethod
    def read(cls, value: object) -> Self | None:
        """None for what no form of ours has written."""
        if not isinstance(value, Mapping) or set(value) != {"was", "now"}:
            return None
        lists = [value["was"], value["now"]]
        whole = all(isinstance(one, list) and all(isinstance(t, str) for t in one) for one in lists)
        return cls(was=lists[0], now=lists[1]) if whole else None


def moved(data: QueryDict, able: Capability, *, team_id: int) -> QueryDict:
    """The data of a form that was drawn for another model, as this one can hold it."""
    changed = data.copy()
    _restore(changed)
    held = {**_foreign(changed, able), **_unsound(changed, able, team_id)}
    for part, values in held.items():
        _put(changed, part, values.now)
    _fill(changed, able)
    matrix.moved(changed, able, team_id)
    changed[KEPT] = json.dumps({part: vars(values) for part, values in held.items()})
    return changed


def _restore(data: QueryDict) -> None:
    """Put back what stood there, wherever nobody has typed since."""
    for part, values in _read(data.get(KEPT, "")).items():
        if data.getlist(part) == values.now:
            _put(data, part, values.was)


def _read(text: str) -> dict[str, Held]:
    try:
        stored = documents.read(text) if text else {}
    except ValueError:
        return {}
    known = set(_parts(param for able in all_capabilities() for param in able.settings))
    items = stored.items() if isinstance(stored, Mapping) else ()
    held = {part: Held.read(value) for part, value in items if part in known}
    return {part: values for part, values in held.items() if values}


def _put(data: QueryDict, part: str, values: list[str]) -> None:
    if values:
        data.setlist(part, values)
    else:
        data.pop(part, None)


def _parts(params: Iterable[Param]) -> list[str]:
    return [part for param in params for part in parts_of(param)]


def _foreign(data: QueryDict, able: Capability) -> dict[str, Held]:
    """What this model has no field for, but another one has."""
    camera = camera_of(able)
    own = set(_parts([*able.params, *([camera] if camera else [])]))
    others = _parts(param for other in all_capabilities() for param in other.settings)
    there = {part for part in others if part not in own and part in data}
    return {part: Held(was=data.getlist(part), now=[]) for part in there}


def _unsound(data: QueryDict, able: Capability, team_id: int) -> dict[str, Held]:
    """What this model has a field for, but with other limits: what is nearest stands there."""
    form = OrderForm(able, data, team_id=team_id)
    values = [(param, form.now(param.name)) for param in able.settings]
    return {
        part: Held(was=data.getlist(part), now=now)
        for param, value in values
        if value not in (None, "") and not form.is_sound(param.name, value)
        for part, now in _written(param, nearest(param, value)).items()
    }


def _written(param: Param, value: Any) -> dict[str, list[str]]:
    """What a form sends for this value, part by part."""
    written = field_for(param).written(value) if value is not None else []
    return {part: [text for name, text in written if name == part] for part in parts_of(param)}


def _fill(data: QueryDict, able: Capability) -> None:
    """What nobody has said so far starts as the model would have it; boxes may be left empty."""
    for param in able.settings:
        parts = [part for part in parts_of(param) if part in data]
        is_said = any(data.get(part) for part in parts) or (parts and param.kind == Kind.SET)
        if not is_said:
            for part, texts in _written(param, param.default).items():
                _put(data, part, texts)
