"""The form of a board: its name, whose it is, and whether new clips land on it."""

from collections.abc import Mapping
from typing import Any

from django import forms

from studio.forms.base import StudioForm
from studio.models import Board

PROJECT, TEAM = "project", "team"


class BoardForm(StudioForm):
    """The service judges the name; only a new board chooses whose it is."""

    slug = "board"
    name = forms.CharField(
        label="Name", required=False, strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 60, "autofocus": True}),
    )  # fmt: skip
    of = forms.ChoiceField(
        choices=[(PROJECT, "A board of this project"), (TEAM, "A collection of the whole team")],
        required=False, widget=forms.RadioSelect, label="For",
        error_messages={"invalid_choice": "For must be project or team, not “%(value)s”."},
    )  # fmt: skip
    is_auto = forms.BooleanField(label="New clips land here", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, row: Board | None = None) -> None:
        held = {"name": row.name, "is_auto": row.is_auto} if row else {"of": PROJECT}
        super().__init__(data, initial=held)
        if row:
            del self.fields["of"]
        if row and not row.project_id:
            del self.fields["is_auto"]

    @property
    def is_collection(self) -> bool:
        return self.cleaned_data.get("of") == TEAM
