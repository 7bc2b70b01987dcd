"""Forms of limits: set one, change it, ask for more, grant some of what is asked for."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from studio.core import money
from studio.forms.base import StudioForm
from studio.ledger import title_of
from studio.models import Cap, CapRequest, Every, Member, Project
from studio.providers.registry import all_providers

MOST = Decimal(100_000_000)
LEAST = Decimal("0.000001")


class CreditsField(forms.DecimalField):
    """Credits above 0, as a person types them; clean, they are micro-credits."""

    def __init__(self, *, label: str, example: str = "1500", **kwargs: Any) -> None:
        sentence = (
            f"{label} must be a number of credits above 0, like {example}, at most 100,000,000."
        )
        super().__init__(
            label=label, min_value=LEAST, max_value=MOST, decimal_places=6,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages=dict.fromkeys(("required", "invalid"), sentence), **kwargs,
        )  # fmt: skip

    def run_validators(self, value: Any) -> None:
        """Whatever is wrong with it, one sentence says what would be right."""
        try:
            super().run_validators(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.error_messages["invalid"]) from error

    def clean(self, value: Any) -> Any:
        return money.micros(super().clean(value))


WARN_AT = "Warn at must be a whole number from 1 to 100: that many percent of it are used."


class LimitForm(StudioForm):
    """What can be changed of a limit."""

    slug = "cap"
    amount = CreditsField(label="Amount", help_text="Credits for each period.")
    warn_at = forms.IntegerField(
        label="Warn at %", min_value=1, max_value=100, initial=80,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WARN_AT),
    )  # fmt: skip
    stops = forms.BooleanField(label="Stop at 100 %", required=False, initial=True)

    @property
    def boxed(self) -> list[forms.BoundField]:
        """What has a label above it."""
        return [field for field in self if field not in self.ticked]

    @property
    def ticked(self) -> list[forms.BoundField]:
        return [field for field in self if isinstance(field.field, forms.BooleanField)]

    @classmethod
    def of(cls, cap: Cap) -> "LimitForm":
        amount = f"{money.decimal(cap.amount):f}"
        return cls(initial={"amount": amount, "warn_at": cap.warn_at, "stops": cap.stops})


class CapForm(LimitForm):
    """A new limit: for what it is, how long, how much. What is not chosen does not matter.

    Clean, `of_studio` says that it is for all teams; it is there only for who may.
    """

    field_order = ("project", "member", "provider", "every", "amount", "warn_at", "stops")
    project = forms.ModelChoiceField(
        queryset=Project.objects.none(), required=False, empty_label="All projects",
        error_messages={"invalid_choice": "Project must be one of the list."},
    )  # fmt: skip
    member = forms.ModelChoiceField(
        queryset=Member.objects.none(), required=False, empty_label="Everybody", label="Person",
        error_messages={"invalid_choice": "Person must be one of the list."},
    )  # fmt: skip
    provider = forms.ChoiceField(
        required=False, choices=lambda: [("", "All providers"), *_providers()],
        error_messages={"invalid_choice": "Provider must be one of the list, not “%(value)s”."},
    )  # fmt: skip
    every = forms.ChoiceField(
        label="Begins anew", choices=Every.choices, initial=Every.MONTH,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            "Begins anew must be a day, a week, a month or for good.",
        ),
    )  # fmt: skip
    of_studio = forms.BooleanField(label="Of all teams together", required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, of: Member, runs_studio: bool = False
    ) -> None:
        super().__init__(data)
        people = Member.objects.active().filter(team=of.team).select_related("user")
        self._offer("project", Project.objects.filter(team=of.team).order_by("name", "pk"))
        self._offer("member", people.order_by("user__name", "pk"))
        if not runs_studio:
            del self.fields["of_studio"]

    def _offer(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        values.setdefault("of_studio", False)
        if values["of_studio"] and (values.get("project") or values.get("member")):
            self.add_error(
                "of_studio", "A budget of all teams has no project and no person; leave them out."
            )
        return values


def _providers() -> list[tuple[str, str]]:
    return [(slug, provider.label) for slug, provider in all_providers().items()]


class AskForm(StudioForm):
    """Ask for more: `cap` None is the team's own budget."""

    slug = "ask"
    cap = forms.ModelChoiceField(
        queryset=Cap.objects.none(), required=False, empty_label="The team budget", label="Budget",
        error_messages={"invalid_choice": "Budget must be one of the list."},
    )  # fmt: skip
    amount = CreditsField(label="Credits", example="500")
    reason = forms.CharField(
        label="Reason", max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Reason is needed: who decides reads it.",
            "max_length": "Reason may have at most 200 characters.",
        },
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, of: Member,
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        field: Any = self.fields["cap"]
        field.queryset = Cap.objects.standing().that_ask(of).named().order_by("pk")
        field.label_from_instance = said


def said(cap: Cap) -> str:
    """“Jonas in Meltwater, a month”."""
    return f"{title_of(cap)}, {cap.get_every_display()}"


class ApproveForm(StudioForm):
    """How much of it is granted; the service says how much can be."""

    amount = CreditsField(label="Approve", example="55")

    def __init__(self, data: Mapping[str, Any] | None = None, *, row: CapRequest) -> None:
        self.slug = f"approve-{row.pk}"
        super().__init__(data, initial={"amount": f"{money.decimal(row.amount):f}"})
        self.fields["amount"].widget.attrs["aria-label"] = f"Credits to approve for {row.member}"
