"""What an admin says about an order that nobody else can decide about."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from studio.core import money
from studio.forms.base import StudioForm
from studio.models import Attempt, Job
from studio.pipeline.undecided import Kind
from studio.providers.registry import provider_of

MOST = Decimal(100_000_000)


class DecisionForm(StudioForm):
    """One way out; it stands once for each job on the page.

    `way` ends the name of its route, `title` is what is so or what to do, `button` what is pressed,
    `look` the class of the button.
    """

    way: ClassVar[str]
    title: ClassVar[str]
    button: ClassVar[str]
    look: ClassVar[str] = "btn-warn"

    def __init__(
        self, job: Job, attempt: Attempt | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        self.slug = f"{self.way}-{job.pk}"
        self.route = f"uncertain-{self.way}"
        self.job, self.attempt = job, attempt
        super().__init__(data, initial=self.suggested())

    def suggested(self) -> dict[str, Any]:
        return {}


class AdoptForm(DecisionForm):
    way, title, button, look = "adopt", "The provider has it", "Go on with it", "btn-primary"
    remote_id = forms.CharField(
        label="The provider's name for it", max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "The provider's name is needed: copy it from the provider's own list.",
            "max_length": "The provider's name may have at most 200 characters.",
        },
    )  # fmt: skip


class SureForm(DecisionForm):
    """Nothing to say but that it is meant: the service takes no value."""

    def clean(self) -> dict[str, Any]:
        return {}


class ResendForm(SureForm):
    way, title, button = "resend", "Send it again", "Send it again"
    sure = forms.BooleanField(
        label="It may be made and paid twice",
        error_messages={"required": "Tick that it may be made and paid twice, or leave it."},
    )


class FetchForm(SureForm):
    way, title, button, look = "fetch", "Look for the files once more", "Try again", "btn-primary"


class ChargeForm(DecisionForm):
    """What the provider's own bill says; suggested is what its answer said, else the quote."""

    way, title, button = "charge", "It was paid for", "Charge it"
    amount = forms.DecimalField(
        max_value=MOST, decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = provider_of(self.job.provider).unit
        named = "our credits" if unit == money.CREDIT else unit
        field = self.fields["amount"]
        field.label = f"What the provider charged, in {named}"
        wrong = f"{field.label}: must be a number above 0, like 2 or 0.35."
        field.error_messages = dict.fromkeys(field.error_messages.keys() | WRONG, wrong)

    def suggested(self) -> dict[str, Any]:
        told = (self.attempt.answer or {}).get("charge") if self.attempt else None
        return {} if told is None else {"amount": f"{money.decimal(told):f}"}

    def clean_amount(self) -> int:
        amount = money.micros(self.cleaned_data["amount"])
        if amount <= 0:
            raise forms.ValidationError(self.fields["amount"].error_messages["invalid"])
        return amount


WRONG = {"required", "invalid", "max_value", "max_decimal_places", "max_digits"}


class ReleaseForm(SureForm):
    way, title, button, look = "release", "Give it up", "Release the hold", "btn-bad"
    sure = forms.BooleanField(
        label="The provider may still charge for it",
        error_messages={"required": "Tick that the provider may still charge for it, or leave it."},
    )


# What is offered for each kind of job that needs a decision.
WAYS_OUT: dict[Kind, tuple[type[DecisionForm], ...]] = {
    Kind.LOST: (AdoptForm, ResendForm, ReleaseForm),
    Kind.LATE: (ReleaseForm,),
    Kind.STUCK: (FetchForm, ChargeForm, ReleaseForm),
}
