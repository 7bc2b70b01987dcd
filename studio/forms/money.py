"""The form that grants credits, or takes them back."""

from decimal import Decimal

from django import forms

from studio.core import money
from studio.forms.base import StudioForm

MOST_GRANT = Decimal(100_000_000)


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
