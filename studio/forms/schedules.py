"""The form of a report that is mailed."""

from django import forms

from studio.core.rhythm import LABELS, Rhythm
from studio.forms.base import StudioForm


class ScheduleForm(StudioForm):
    """The service judges the name; `query` is the view that was looked at."""

    slug = "schedule"
    name = forms.CharField(
        label="Name", required=False, strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 80}),
    )  # fmt: skip
    rhythm = forms.ChoiceField(
        label="When", choices=[(one, LABELS[one]) for one in Rhythm], initial=Rhythm.WEEKLY,
        error_messages={"invalid_choice": f"When must be one of {', '.join(Rhythm)}."},
    )  # fmt: skip
    query = forms.CharField(required=False, widget=forms.HiddenInput())
