"""Forms that move money: a price from now on, a grant of credits."""

from decimal import Decimal

from django import forms

from studio.core import money
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


class PriceForm(StudioForm):
    """`amount` is asked for in credits; clean, it is micro-credits and `able` the model."""

    slug = "price"
    able = forms.ChoiceField(
        label="Model", choices=_models, error_messages={"invalid_choice": "Model must be one of the list."},
    )  # fmt: skip
    per = forms.ChoiceField(
        label="For each", choices=Per.choices,
        error_messages={"invalid_choice": "For each must be second or take, not “%(value)s”."},
    )  # fmt: skip
    amount = forms.DecimalField(
        label="Credits", min_value=0, max_value=MOST_PRICE, decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places"),
            "Credits must be a number from 0 to 100,000, like 2 or 0.5.",
        ),
    )  # fmt: skip

    def clean_able(self) -> Capability:
        slug, _, model = self.cleaned_data["able"].partition("/")
        able = all_providers()[slug].capability(model)
        assert able, "the choices are made of what there is"
        return able

    def clean_amount(self) -> int:
        return money.micros(self.cleaned_data["amount"])


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

    def clean_amount(self) -> int:
        amount = money.micros(self.cleaned_data["amount"])
        if amount == 0:
            raise forms.ValidationError("Credits must not be 0.")
        return amount
