"""The form at the door of a client's link."""

from collections.abc import Mapping
from typing import Any

from django import forms

from studio.forms.base import EmailField, NameField, StudioForm
from studio.forms.shares import LONGEST_PASSWORD
from studio.models import Share


class DoorForm(StudioForm):
    """Who comes by a link; a password is asked for where it has one."""

    slug = "guest"
    name = NameField(label="Your name", autocomplete="name")
    email = EmailField()
    password = forms.CharField(
        max_length=LONGEST_PASSWORD, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Password is needed: it came with the link.",
            "max_length": f"Password may have at most {LONGEST_PASSWORD} characters.",
        },
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        share: Share,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["password"].label = f"Password from {share.created_by}"
        if not share.password:
            del self.fields["password"]
