"""What a ledger is asked for, as a form; reports/entries.py reads it, and leaves out what is wrong."""

from typing import Any

from django import forms

from studio.forms.base import StudioForm

Rows = list[tuple[str, str]]


class Day(forms.DateInput):
    """A day as the browser's own picker has it."""

    input_type = "date"


class EntryFilterForm(StudioForm):
    """Shows what was asked for; `rows` are the choices of each list, by its name."""

    slug = "entries"
    since = forms.CharField(label="Since", required=False, widget=Day())
    until = forms.CharField(label="Until", required=False, widget=Day())
    kind = forms.ChoiceField(label="Kind", required=False)
    project = forms.ChoiceField(label="Project", required=False)
    member = forms.ChoiceField(label="Person", required=False)
    provider = forms.ChoiceField(label="Provider", required=False)
    job = forms.CharField(
        label="Job", required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, asked: dict[str, Any], rows: dict[str, Rows]) -> None:
        super().__init__(initial=asked)
        for name, (everything, choices) in {
            "kind": ("All kinds", rows["kinds"]),
            "project": ("All projects", rows["projects"]),
            "member": ("Everybody", rows["members"]),
            "provider": ("All providers", rows["providers"]),
        }.items():
            self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]
