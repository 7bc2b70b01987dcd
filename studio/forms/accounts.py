"""The form of a provider's account: key, address, how many jobs at once, on or off."""

from typing import Any
from urllib.parse import urlsplit

from django import forms

from studio.forms.base import StudioForm

MOST_SLOTS = 500
ADDRESS = "Address must be scheme, host and port only, like https://api.example.com."


class AccountForm(StudioForm):
    """`slug` is the provider's. An empty key keeps the one that is stored."""

    key = forms.CharField(
        label="Key", required=False, max_length=500, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": "Key may have at most 500 characters."},
    )  # fmt: skip
    slots = forms.IntegerField(
        label="At once", required=False, min_value=1, max_value=MOST_SLOTS,
        help_text="Jobs; the rest wait in the lane.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            f"At once must be a whole number from 1 to {MOST_SLOTS}.",
        ),
    )  # fmt: skip
    base_url = forms.CharField(
        label="Address", required=False, max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"max_length": "Address may have at most 200 characters."},
    )  # fmt: skip
    enabled = forms.BooleanField(label="On", required=False)

    def __init__(self, slug: str, *args: Any, documented: str = "", **kwargs: Any) -> None:
        self.slug = slug
        super().__init__(*args, **kwargs)
        self.fields["base_url"].widget.attrs["placeholder"] = documented

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not key.isascii() or not key.isprintable() or " " in key:
            raise forms.ValidationError("Key must be letters, digits and signs without spaces.")
        return key

    def clean_base_url(self) -> str:
        """Paths are the dialect's business: the documented one is added."""
        address = self.cleaned_data["base_url"].rstrip("/")
        if address and not _is_origin(address):
            raise forms.ValidationError(ADDRESS)
        return str(address)


def _is_origin(address: str) -> bool:
    try:
        place = urlsplit(address)
        port = place.port
    except ValueError:
        return False
    bare = not (place.path or place.query or place.fragment or place.username or place.password)
    return place.scheme in {"http", "https"} and bool(place.hostname) and bare and port != 0
