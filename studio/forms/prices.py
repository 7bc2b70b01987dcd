"""Forms that say what things cost: a price and a rate, each from a day on."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from studio.core import currencies, money
from studio.core.money import CREDIT, USD
from studio.core.prices import Price, conditions_in
from studio.core.spec import Capability
from studio.forms.base import StudioForm
from studio.models import Per
from studio.providers.registry import all_providers

MOST = Decimal(100_000)
LONGEST_PLAN = timedelta(days=3653)

Choices = list[tuple[str, Any]]


def _models() -> Choices:
    return [
        (f"{able.provider}/{able.model}", f"{provider.label} · {able.model}")
        for provider in all_providers().values()
        for able in provider.capabilities
    ]


def provider_units() -> list[str]:
    """What providers count in, but for dollars."""
    known = all_providers().values()
    theirs = {price.unit for provider in known for price in provider.prices}
    charged = {provider.unit for provider in known}
    return sorted((theirs | charged | set(money.UNIT_PRICES)) - {CREDIT, USD})


def _currencies() -> Choices:
    return [("Other currencies", [(code, code) for code in currencies.CODES if code != USD])]


def units_of_bills() -> Choices:
    """Dollars, what the providers count in, and every other currency."""
    return [*((unit, unit) for unit in (USD, *provider_units())), *_currencies()]


def _units() -> Choices:
    return [(CREDIT, "our credits"), *units_of_bills()]


def _units_without_price() -> Choices:
    """Units whose price in dollars is no fact, so that somebody has to say it."""
    theirs = [(unit, unit) for unit in provider_units() if unit not in money.UNIT_PRICES]
    return [*theirs, *_currencies()]


class DayField(forms.DateField):
    """A day from today to ten years on in `zone`; clean, the moment when it begins there.

    None is for nothing, and for today where that `means_now`.
    """

    zone: tzinfo = UTC

    def __init__(self, *, label: str, help_text: str, means_now: bool = False) -> None:
        widget = forms.DateInput(attrs={"type": "date"})
        super().__init__(label=label, required=False, help_text=help_text, widget=widget)
        self.means_now = means_now

    def clean(self, value: Any) -> datetime | None:
        try:
            day: date | None = super().clean(value)
        except forms.ValidationError:
            raise self._refusal() from None
        if day is None:
            return None
        today = timezone.localdate(timezone=self.zone)
        if not today <= day <= today + LONGEST_PLAN:
            raise self._refusal()
        now = self.means_now and day == today
        return None if now else datetime.combine(day, time(), tzinfo=self.zone)

    def _refusal(self) -> forms.ValidationError:
        today = timezone.localdate(timezone=self.zone)
        return forms.ValidationError(
            f"{self.label} must be a day from today ({today}) to {today + LONGEST_PLAN}, or empty: "
            "what was ordered keeps its price."
        )


class _Dated(StudioForm):
    """`zone` is the one in which its days begin."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, zone: tzinfo = UTC) -> None:
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.zone = zone


def _number(label: str, sentence: str, *, places: int, least: Decimal) -> forms.DecimalField:
    wrong = ("required", "invalid", "min_value", "max_value", "max_digits",
             "max_decimal_places", "max_whole_digits")  # fmt: skip
    return forms.DecimalField(
        label=label, min_value=least, max_value=MOST, decimal_places=places,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(wrong, sentence),
    )  # fmt: skip


class PriceForm(_Dated):
    """`amount` is asked for in `unit`; clean, `price` is what the service takes.

    `replaces` is the version that is in the way, once a page has said so.
    """

    slug = "price"
    able = forms.ChoiceField(
        label="Model", choices=_models,
        error_messages={
            "required": "Model is needed: one of the list.",
            "invalid_choice": "Model must be one of the list, not “%(value)s”.",
        },
    )  # fmt: skip
    only_for = forms.CharField(
        label="Only for", required=False, max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "resolution=1080p", "autocomplete": "off"}),
        error_messages={"max_length": "Only for may have at most 100 characters."},
    )  # fmt: skip
    amount = _number(
        "Amount", "Amount must be a number from 0 to 100,000 with at most 6 decimals, like 2 or 0.07.",
        places=6, least=Decimal(0),
    )  # fmt: skip
    unit = forms.ChoiceField(
        label="In", choices=_units, required=False,
        error_messages={
            "invalid_choice": "In must be our credits, those of a provider, or the code of a currency "
            "like USD or EUR, not “%(value)s”."
        },
    )  # fmt: skip
    per = forms.ChoiceField(
        label="For each", choices=Per.choices,
        error_messages={
            "required": "For each is needed: second or take.",
            "invalid_choice": "For each must be second or take, not “%(value)s”.",
        },
    )  # fmt: skip
    starts = DayField(label="From", help_text="Empty: now.", means_now=True)
    ends = DayField(label="Until", help_text="The first day without it. Empty: until the next.")
    replaces = forms.IntegerField(
        label="Take its place", required=False, widget=forms.HiddenInput, min_value=1,
        max_value=money.MOST,
    )  # fmt: skip

    def clean_able(self) -> Capability:
        slug, _, model = self.cleaned_data["able"].partition("/")
        able = all_providers()[slug].capability(model)
        assert able, "the choices are made of what there is"
        return able

    def clean_amount(self) -> int:
        return money.micros(self.cleaned_data["amount"])

    def clean(self) -> dict[str, Any]:
        """Read the conditions with the limits of the model that they are for."""
        values = self.cleaned_data
        if able := values.get("able"):
            try:
                values["conditions"] = conditions_in(able, values.get("only_for", ""))
            except ValueError as error:
                self.add_error("only_for", str(error))
        begins = values.get("starts") or timezone.now()
        if (ends := values.get("ends")) and ends <= begins:
            self.add_error("ends", "Until must be a day after From and after today, or empty.")
        return values

    @property
    def price(self) -> Price:
        values = self.cleaned_data
        return Price(
            able=values["able"], per=values["per"], amount=values["amount"],
            unit=values["unit"] or CREDIT, conditions=values["conditions"],
            valid_from=values["starts"], valid_until=values["ends"], replaces=values["replaces"],
        )  # fmt: skip


class RateForm(_Dated):
    """What one of a provider's own credits, or of a currency, costs; clean, `price` is in pico-USD."""

    slug = "rate"
    unit = forms.ChoiceField(
        label="One of", choices=_units_without_price,
        error_messages={
            "required": "One of is needed: the credits of a provider, or a currency.",
            "invalid_choice": "One of must be the credits of a provider, or the code of a currency "
            "like EUR, not “%(value)s”.",
        },
    )  # fmt: skip
    price = _number(
        "Costs, in USD",
        "Costs must be a number of dollars from 0.000001 to 100,000 with at most 12 decimals, "
        "like 0.0115.",
        places=12, least=Decimal("0.000001"),
    )  # fmt: skip
    starts = DayField(label="From", help_text="Empty: now.", means_now=True)

    def clean_price(self) -> int:
        return int(self.cleaned_data["price"] * money.PICO)

    @property
    def rate(self) -> dict[str, Any]:
        """What the service takes."""
        values = self.cleaned_data
        return {"unit": values["unit"], "price": values["price"], "valid_from": values["starts"]}
