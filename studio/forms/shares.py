"""The form of a link for clients: what it says, what it allows, and for how long."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from studio.core.errors import InvalidShare
from studio.forms.base import NameField, StudioForm
from studio.models import Share, ShareKind

LONGEST_MESSAGE = 2000
LONGEST_PASSWORD = 100
MOST_VIEWS = 1_000_000
DATE = "date"

# How long a link stays open: name → what it is called, and how many days that is.
PRESETS: Mapping[str, tuple[str, int | None]] = {
    "3": ("3 days", 3),
    "7": ("A week", 7),
    "14": ("Two weeks", 14),
    "30": ("A month", 30),
    "never": ("Never", None),
}
# What a link says and allows.
TERMS = ("name", "message", "kind", "may_comment", "may_download", "may_see_prompts", "opens_at",
         "expires_at", "most_views")  # fmt: skip
ENDS = [(name, label) for name, (label, _) in PRESETS.items()] + [(DATE, "On the day below")]


class MomentField(forms.DateTimeField):
    """A day and a time as the team's clocks show them; `zone` is set by the form."""

    zone: ZoneInfo

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        wrong = f"{label} must be a day and a time, like 2026-03-27 18:00."
        super().__init__(
            label=label, required=False, widget=widget, error_messages={"invalid": wrong}, **kwargs
        )

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            moment: datetime | None = super().to_python(value)
        return moment

    def prepare_value(self, value: Any) -> Any:
        return timezone.localtime(value, self.zone) if isinstance(value, datetime) else value


def _flag(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False)


class ShareForm(StudioForm):
    """`share` is the link that is changed, None for a new one."""

    slug = "link"
    name = NameField(label="Name")
    message = forms.CharField(
        label="Message", required=False, max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Message may have at most {LONGEST_MESSAGE:,} characters."},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Kind", choices=ShareKind.choices, initial=ShareKind.REVIEW, widget=forms.RadioSelect,
        error_messages={
            "required": "Kind is needed: Review or Approval.",
            "invalid_choice": "Kind must be Review or Approval, not “%(value)s”.",
        },
    )  # fmt: skip
    may_comment = _flag("May comment", "Notes on any frame, and replies.")
    may_download = _flag("May download", "The video of each clip as a file.")
    may_see_prompts = _flag(
        "May see prompts", "Off: no prompt, no settings, no model, and files that name none."
    )
    password = forms.CharField(
        label="Password", required=False, max_length=LONGEST_PASSWORD, strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"Password may have at most {LONGEST_PASSWORD} characters."},
    )  # fmt: skip
    forget = forms.BooleanField(label="Ask for no password any more", required=False)
    opens_at = MomentField(label="Opens")
    ends = forms.ChoiceField(
        label="Open for", choices=ENDS, initial="14", required=False,
        error_messages={"invalid_choice": "Open for must be one of the list, not “%(value)s”."},
    )  # fmt: skip
    expires_at = MomentField(label="Expires")
    most_views = forms.IntegerField(
        label="Most views", required=False, min_value=1, max_value=MOST_VIEWS,
        help_text="Empty for any number. Each client counts once in half an hour.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            f"Most views must be a whole number from 1 to {MOST_VIEWS:,}.",
        ),
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        time_zone: str,
        share: Share | None = None,
        name: str = "",
    ) -> None:
        self.share = share
        super().__init__(
            data, initial=_initial(share) if share else {"name": name, "may_comment": True}
        )
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.zone = ZoneInfo(time_zone)
                field.help_text = f"As clocks show it in {time_zone.replace('_', ' ')}."
        if not (share and share.password):
            del self.fields["forget"]

    def clean(self) -> None:
        """The moment at which the link ends, from the list or as it was typed."""
        said = self.cleaned_data
        ends = said.get("ends") or DATE
        if ends == DATE and not said.get("expires_at") and "expires_at" not in self.errors:
            if said.get("ends"):
                raise ValidationError({"expires_at": "Expires is needed: a day and a time."})
        elif ends != DATE:
            said["expires_at"] = _end(ends, said.get("opens_at"))

    @property
    def terms(self) -> dict[str, Any]:
        """What services/shares.py calls so."""
        return {name: self.cleaned_data[name] for name in TERMS}

    @property
    def new_password(self) -> str | None:
        """The new one, "" for none any more, None for what it is."""
        if self.cleaned_data.get("forget"):
            return ""
        return self.cleaned_data["password"] or None

    def refuse(self, error: InvalidShare) -> None:
        self.add_error(error.field or None, error.message)


def _initial(share: Share) -> dict[str, Any]:
    ends = DATE if share.expires_at else "never"
    return {**{name: getattr(share, name) for name in TERMS}, "ends": ends}


def _end(name: str, begins: datetime | None) -> datetime | None:
    days = PRESETS[name][1]
    return (begins or timezone.now()) + timedelta(days=days) if days else None
