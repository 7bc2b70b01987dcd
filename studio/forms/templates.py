"""What a person says of a template; services/templates.py judges it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from studio.core import documents
from studio.core.errors import InvalidTemplate, NameTaken
from studio.core.spec import Param
from studio.core.words import plain, short
from studio.forms.base import StudioForm
from studio.forms.orders import FOR_ONE_SHOT, OrderForm, all_capabilities
from studio.forms.sections import in_order
from studio.forms.wording import said_choice
from studio.models.jobs import storable

TEAM, PRIVATE = "team", "private"
SHARING = ((TEAM, "The team"), (PRIVATE, "Only me"))
FILL = "fill-"


class TemplateForm(StudioForm):
    """`into` is the template that gets a new version, "" for a new template."""

    slug = "template"

    into = forms.CharField(required=False)
    name = forms.CharField(required=False, label="Name")
    sharing = forms.ChoiceField(required=False, label="Who can use it", choices=SHARING)
    text = forms.CharField(
        required=False, label="Text", strip=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    @property
    def is_private(self) -> bool:
        return self.data.get("sharing") == PRIVATE

    def said(self, name: str) -> str:
        """What stands in that field, as it was typed."""
        return str(self.data.get(name, ""))

    def refuse(self, error: InvalidTemplate | NameTaken) -> None:
        """Show what a service says at the field that it is about."""
        self.is_valid()
        if isinstance(error, NameTaken):
            self.add_error("name", error.message)
            return
        for problem in error.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


@dataclass(frozen=True, kw_only=True)
class Keepable:
    """A setting that a template may also carry; one that is `ticked` does."""

    name: str
    value: Any
    ticked: bool = False

    @property
    def label(self) -> str:
        param = self._param
        return param.label if param else self.name

    @property
    def words(self) -> str:
        value = self.value
        if isinstance(value, Mapping):
            return short(", ".join(f"{name} {_said(one)}" for name, one in value.items()))
        if isinstance(value, list | tuple):
            return short(", ".join(map(str, value)))
        return short(said_choice(self._param, value).words if self._param else value)

    @property
    def json(self) -> str:
        return json.dumps([self.name, self.value])

    @property
    def _param(self) -> Param | None:
        found = (able.param(self.name) for able in all_capabilities())
        return next((param for param in found if param), None)


def _said(value: Any) -> str:
    return plain(value) if isinstance(value, float) else short(value)


def keepable(form: OrderForm) -> list[Keepable]:
    """What the order's form has set; its seed belongs to one shot only."""
    names = [param.name for param in form.capability.settings if param.kind not in FOR_ONE_SHOT]
    values = [(name, form.now(name)) for name in in_order(names)]
    return [
        Keepable(name=name, value=value)
        for name, value in values
        if form.is_sound(name, value) and value not in ({}, [], ())
    ]


def of_version(settings: Mapping[str, Any]) -> list[Keepable]:
    return [Keepable(name=name, value=value, ticked=True) for name, value in settings.items()]


def offered(data: QueryDict) -> list[Keepable]:
    """The settings that a form offered, as they were ticked; what no form has written is not one."""
    ticked = set(data.getlist("keep"))
    found = [_read(text) for text in data.getlist("setting")]
    return [Keepable(name=one[0], value=one[1], ticked=one[0] in ticked) for one in found if one]


def _read(text: str) -> tuple[str, Any] | None:
    try:
        name, value = documents.read(text)
    except (ValueError, TypeError):
        return None
    return (name, storable(value)) if isinstance(name, str) else None


def kept(data: QueryDict) -> dict[str, Any]:
    """The ticked settings with their values."""
    return {one.name: one.value for one in offered(data) if one.ticked}


def values_for(data: QueryDict) -> dict[str, str]:
    """What was filled in, by the name of the placeholder."""
    return {name.removeprefix(FILL): data.get(name, "") for name in data if name.startswith(FILL)}


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A placeholder to fill in: freely, or with one of the words of the list of that name."""

    name: str
    value: str = ""
    words: Sequence[str] = ()
    problem: str = ""

    @property
    def field(self) -> str:
        return f"{FILL}{self.name}"

    @property
    def as_it_is(self) -> str:
        return f"{{{{{self.name}}}}}"
