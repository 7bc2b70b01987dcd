"""The forms of a saved search: what it is called, and who sees it."""

from django import forms

from studio.forms.base import StudioForm


class NewViewForm(StudioForm):
    """The service judges name and search."""

    slug = "new-view"
    name = forms.CharField(
        label="Name", required=False, strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 40}),
    )  # fmt: skip
    for_team = forms.BooleanField(label="For the whole team", required=False)


class RenameViewForm(StudioForm):
    slug = "view"
    name = forms.CharField(
        label="Name", required=False, strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 40}),
    )  # fmt: skip
