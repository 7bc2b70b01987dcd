"""Forms of providers' bills: a file, days to fetch, the columns of a file, a note."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from studio.core.bills import values
from studio.core.bills.columns import ROLES, Columns
from studio.core.bills.preview import Preview
from studio.core.wire import BillTable
from studio.forms.base import StudioForm
from studio.forms.prices import units_of_bills
from studio.models.bill_lines import LONGEST_NOTE
from studio.providers.registry import all_providers
from studio.providers.remote import Remote

FIRST_DAY = date(2000, 1, 1)


def _remotes() -> dict[str, Remote]:
    providers = all_providers().items()
    return {slug: provider for slug, provider in providers if isinstance(provider, Remote)}


class DayField(forms.DateField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        self.sentence = f"{label} must be a day from 2000 on, like 2026-11-30."
        messages = dict.fromkeys(("required", "invalid"), self.sentence)
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, error_messages=messages, widget=widget, **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and day < FIRST_DAY:
            raise forms.ValidationError(self.sentence)
        return day


class UploadForm(StudioForm):
    """Who sent the bill; the file itself is received by the view."""

    slug = "bill"
    provider = forms.ChoiceField(
        label="Provider", choices=lambda: [(slug, one.label) for slug, one in _remotes().items()],
        error_messages={"invalid_choice": "Provider must be one of the list, not “%(value)s”."},
    )  # fmt: skip


def _tables() -> list[tuple[str, str]]:
    return [
        (f"{slug}/{table.name}", f"{remote.label}: {table.label.lower()}")
        for slug, remote in _remotes().items()
        for table in remote.bills
    ]


class FetchForm(StudioForm):
    """Clean, `source` is the provider and its table."""

    slug = "fetch"
    source = forms.ChoiceField(
        label="What", choices=_tables,
        error_messages={"invalid_choice": "What must be one of the list, not “%(value)s”."},
    )  # fmt: skip
    since = DayField("From", help_text="Days in UTC, both included.")
    until = DayField("Until")

    def clean_source(self) -> tuple[Remote, BillTable]:
        slug, _, name = self.cleaned_data["source"].partition("/")
        remote = _remotes()[slug]
        return remote, next(table for table in remote.bills if table.name == name)


NO_COLUMN = ("", "It is not there")
WAYS = {way: f"Like {example}" for way, (_, example) in values.WAYS.items()}
DECIMALS = [(sign, f"Like {example}") for sign, example in values.DECIMALS.items()]


class ColumnsForm(StudioForm):
    """Which column says what; clean, `columns` is the answer."""

    slug = "columns"
    unit = forms.ChoiceField(
        label="Amounts are in", choices=units_of_bills,
        help_text="Where no column says the currency.",
        error_messages={"invalid_choice": "Amounts are in must be one of the list."},
    )  # fmt: skip
    decimals = forms.ChoiceField(
        label="Numbers are written", choices=DECIMALS,
        error_messages={"invalid_choice": "Numbers are written must be one of the list."},
    )  # fmt: skip
    way = forms.ChoiceField(
        label="Times are written", choices=list(WAYS.items()),
        error_messages={"invalid_choice": "Times are written must be one of the list."},
    )  # fmt: skip
    kept = forms.CharField(
        label="Only rows of this kind", required=False, max_length=200,
        help_text="Values of the column Kind of row that count, with commas between them.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "succeeded"}),
        error_messages={"max_length": "Only rows of this kind may have at most 200 characters."},
    )  # fmt: skip
    starts_on = DayField("From", required=False, help_text="Empty: the day of the first line.")
    ends_on = DayField("Until", required=False, help_text="Empty: the day of the last line.")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, preview: Preview,
        days: Mapping[str, date | None] | None = None,
    ) -> None:  # fmt: skip
        begun = preview.proposed
        kept = {"kept": ", ".join(begun.kept)}
        super().__init__(data, initial={**begun.to_json(), **kept, **(days or {})})
        for role, label in ROLES.items():
            self.fields[role] = self._of_header(label, preview.table.header)
        self.order_fields([*ROLES, "kept", "decimals", "way", "unit", "starts_on", "ends_on"])

    def _of_header(self, label: str, header: Sequence[str]) -> forms.ChoiceField:
        wrong = f"{label} must be a column of the file, not “%(value)s”."
        return forms.ChoiceField(
            label=label, required=False, choices=[NO_COLUMN, *((name, name) for name in header)],
            widget=forms.Select(attrs={"class": "select"}), error_messages={"invalid_choice": wrong},
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if not self.errors and (problem := self.columns.problem()):
            self.add_error(None, problem)
        if told.get("kept_in") and not told.get("kept"):
            self.add_error("kept", "Only rows of this kind must name a value, like succeeded.")
        return told

    @property
    def columns(self) -> Columns:
        told = self.cleaned_data
        names = {role: told[role] for role in (*ROLES, "unit", "decimals", "way")}
        kept = filter(None, (word.strip() for word in told["kept"].split(",")))
        return Columns(**names, kept=tuple(kept) if told["kept_in"] else ())


class NoteForm(StudioForm):
    slug = "note"
    note = forms.CharField(
        label="Note", max_length=LONGEST_NOTE,
        error_messages={
            "required": "Note is needed: it says why nothing is booked.",
            "max_length": f"Note may have at most {LONGEST_NOTE} characters.",
        },
    )  # fmt: skip


class SumForm(forms.Form):
    """The sum in micro-credits that a button showed."""

    sum = forms.IntegerField()
