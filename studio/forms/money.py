"""Forms that move money: a price from now on, a grant of credits."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from studio.core import money
from studio.core.money import CREDIT, USD
from studio.core.prices import Price, conditions_in
from studio.core.spec import Capability
from studio.forms.base import StudioForm
from studio.models import Per
from studio.providers.registry import all_providers

MOST_PRICE = Decimal(100_000)
MOST_GRANT = Decimal(100_000_000)


def _models() -> list[tuple[str, str]]:
    return [
        (f"{able.provider}/{able.model}", f"{provider.label} · {able.model}")
        for provider in all_providers().values()
        for able in provider.capabilities
    ]


def _units() -> list[tuple[str, str]]:
    """Our credits, dollars, and what the providers count in."""
    theirs = {price.unit for provider in all_providers().values() for price in provider.prices}
    return [(CREDIT, "our credits"), *((unit, unit) for unit in sorted({USD} | theirs))]


class PriceForm(StudioForm):
    """`amount` is asked for in `unit`; clean, `price` is what the service takes."""

    slug = "price"
    able = forms.ChoiceField(
        label="Model", choices=_models, error_messages={"invalid_choice": "Model must be one of the list."},
    )  # fmt: skip
    only_for = forms.CharField(
        label="Only for", required=False, max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "resolution=1080p", "autocomplete": "off"}),
    )  # fmt: skip
    amount = forms.DecimalField(
        label="Amount", min_value=0, max_value=MOST_PRICE, decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places"),
            "Amount must be a number from 0 to 100,000, like 2 or 0.07.",
        ),
    )  # fmt: skip
    unit = forms.ChoiceField(
        label="In", choices=_units, required=False,
        error_messages={"invalid_choice": "In must be one of the list, not “%(value)s”."},
    )  # fmt: skip
    per = forms.ChoiceField(
        label="For each", choices=Per.choices,
        error_messages={"invalid_choice": "For each must be second or take, not “%(value)s”."},
    )  # fmt: skip
    starts = forms.DateField(
        label="From", required=False, help_text="Empty: now.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "From must be a day, like 2026-12-01."},
    )  # fmt: skip

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today or timezone.localdate()

    def clean_able(self) -> Capability:
        slug, _, model = self.cleaned_data["able"].partition("/")
        able = all_providers()[slug].capability(model)
        assert able, "the choices are made of what there is"
        return able

    def clean_amount(self) -> int:
        return money.micros(self.cleaned_data["amount"])

    def clean_starts(self) -> date | None:
        starts: date | None = self.cleaned_data["starts"]
        if starts and starts < self.today:
            raise forms.ValidationError(
                "From must be today or later: what was ordered keeps its price."
            )
        return None if starts == self.today else starts

    def clean(self) -> dict[str, Any]:
        """Read the conditions with the limits of the model that they are for."""
        values = self.cleaned_data
        if able := values.get("able"):
            try:
                values["conditions"] = conditions_in(able, values.get("only_for", ""))
            except ValueError as error:
                self.add_error("only_for", str(error))
        return values

    @property
    def price(self) -> Price:
        values = self.cleaned_data
        starts = values["starts"] and datetime.combine(values["starts"], time(), tzinfo=UTC)
        return Price(
            able=values["able"], per=values["per"], amount=values["amount"], valid_from=starts,
            unit=values["unit"] or CREDIT, conditions=values["conditions"],
        )  # fmt: skip


class RateForm(StudioForm):
    """What one of a provider's own credits costs; clean, `price` is in pico-USD."""

    slug = "rate"
    unit = forms.ChoiceField(
        label="One of", choices=lambda: [(unit, unit) for unit in units_without_price()],
        error_messages={"invalid_choice": "One of must be one of the list, not “%(value)s”."},
    )  # fmt: skip
    price = forms.DecimalField(
        label="Costs, in USD", min_value=Decimal("0.000001"), max_value=MOST_PRICE, decimal_places=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places"),
            "Costs must be a number of dollars above 0, like 0.0115.",
        ),
    )  # fmt: skip

    def clean_price(self) -> int:
        return int(self.cleaned_data["price"] * money.PICO)


def units_without_price() -> list[str]:
    """Units whose price in dollars is no fact, so that somebody has to say it."""
    return [unit for unit, _ in _units() if unit != CREDIT and unit not in money.UNIT_PRICES]


class GrantForm(StudioForm):
    """`amount` is asked for in credits, below zero to take back; clean, it is micro-credits."""

    slug = "grant"
    amount = forms.DecimalField(
        label="Credits", min_value=-MOST_GRANT, max_value=MOST_GRANT, decimal_places=6,
        help_text="Below zero takes credits back.",
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places"),
            "Credits must be a number, like 500 or -20, at most 100,000,000.",
        ),
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", max_length=200,
        error_messages={
            "required": "Reason is needed: the ledger keeps it.",
            "max_length": "Reason may have at most 200 characters.",
        },
    )  # fmt: skip

    @classmethod
    def for_amount(cls, text: str) -> "GrantForm":
        """With what a link proposes, if that can be granted."""
        asked = cls({"amount": text, "reason": "proposed"})
        known = {"amount": text, "reason": "Jobs wait for it"} if asked.is_valid() else {}
        return cls(initial=known)

    def clean_amount(self) -> int:
        amount = money.micros(self.cleaned_data["amount"])
        if amount == 0:
            raise forms.ValidationError("Credits must not be 0.")
        return amount
