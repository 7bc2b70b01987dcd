"""The form that closes a month."""

from datetime import date, datetime

from django import forms

from studio.forms.base import StudioForm

SENTENCE = "Month must be a month, like 2026-11."


def first_day_of(text: str) -> date:
    """The first day of “2026-11”. Raises ValueError with a sentence."""
    try:
        if len(text) == len("2026-11"):
            return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        pass
    raise ValueError(SENTENCE)


class MonthForm(StudioForm):
    """Clean, `month` is its first day."""

    slug = "month"
    month = forms.CharField(
        label="Month", widget=forms.HiddenInput(), error_messages={"required": SENTENCE}
    )

    def clean_month(self) -> date:
        try:
            return first_day_of(self.cleaned_data["month"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
