"""Forms of the door and of one's own account."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from studio.forms.base import EmailField, NameField, StudioForm
from studio.models import User


def _password(label: str, autocomplete: str, **kwargs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    messages = {"required": f"{label} is needed."}
    return forms.CharField(
        label=label, strip=False, max_length=500, widget=widget, error_messages=messages, **kwargs
    )


def _new_password(label: str) -> forms.CharField:
    return _password(label, "new-password", help_text="At least 10 characters; a sentence is good.")


def _check_password(form: forms.Form, field: str, user: User) -> None:
    """Put what the password rules say at the field."""
    if field not in form.cleaned_data:
        return
    try:
        password_validation.validate_password(form.cleaned_data[field], user)
    except ValidationError as error:
        form.add_error(field, error)


class SignInForm(StudioForm):
    slug = "sign-in"
    email = EmailField()
    password = _password("Password", "current-password")
    keep = forms.BooleanField(
        label="Keep me signed in on this computer", required=False, initial=True
    )


class AccountForm(StudioForm):
    """A person's first words: name, e-mail, password."""

    slug = "account"
    name = NameField(label="Your name", autocomplete="name")
    email = EmailField()
    password = _new_password("Password")

    def clean(self) -> None:
        known = {name: self.cleaned_data.get(name, "") for name in ("name", "email")}
        _check_password(self, "password", User(**known))


class JoinForm(AccountForm):
    """An account made by an invitation, which may fix the e-mail."""

    slug = "join"

    def __init__(self, data: Mapping[str, Any] | None = None, *, email: str = "") -> None:
        super().__init__(data)
        if email:
            self.fields["email"].initial = email
            self.fields["email"].disabled = True


class ProfileForm(StudioForm):
    slug = "profile"
    name = NameField(label="Name", autocomplete="name")


class PasswordForm(StudioForm):
    """Current and new password; who has none yet is not asked for it."""

    slug = "password"
    current = _password("Current password", "current-password")
    new = _new_password("New password")

    def __init__(self, user: User, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.user = user
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise ValidationError("That is not your current password.")
        return current

    def clean(self) -> None:
        _check_password(self, "new", self.user)
