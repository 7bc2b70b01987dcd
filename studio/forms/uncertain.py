"""What an admin says about an order that may have been sent."""

from collections.abc import Mapping
from typing import Any

from django import forms

from studio.forms.base import StudioForm


class DecisionForm(StudioForm):
    """Stands once for each job on the page."""

    def __init__(self, job: int, data: Mapping[str, Any] | None = None) -> None:
        self.slug = f"{self.slug}-{job}"
        super().__init__(data)


class AdoptForm(DecisionForm):
    slug = "adopt"
    remote_id = forms.CharField(
        label="The provider's name for it", max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "The provider's name is needed: copy it from the provider's own list.",
            "max_length": "The provider's name may have at most 200 characters.",
        },
    )  # fmt: skip


class ResendForm(DecisionForm):
    slug = "resend"
    sure = forms.BooleanField(
        label="It may be made and paid twice",
        error_messages={"required": "Tick that it may be made and paid twice, or leave it."},
    )

    def clean(self) -> dict[str, Any]:
        return {}


class ReleaseForm(DecisionForm):
    slug = "release"
    sure = forms.BooleanField(
        label="The provider may still charge for it",
        error_messages={"required": "Tick that the provider may still charge for it, or leave it."},
    )

    def clean(self) -> dict[str, Any]:
        return {}
