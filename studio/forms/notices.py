"""Forms of what people want to hear, and of the addresses that are told."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings

from studio.core.notices import CHANNELS, OFFERED, SPECS, Channel, Kind
from studio.core.quiet import Digest
from studio.forms.base import NameField, StudioForm
from studio.forms.teams import time_zones
from studio.models import Endpoint, Member, NoticeSettings, Role

DIGESTS = (
    (Digest.NOW, "Within minutes"),
    (Digest.HOURLY, "Every hour"),
    (Digest.DAILY, "Every day"),
)
HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]
CLOCK = "must be a time like 22:00"


def _clock(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, error_messages={"invalid": f"{label} {CLOCK}."},
        widget=forms.TimeInput(attrs={"type": "time", "class": "input"}, format="%H:%M"),
    )  # fmt: skip


def _name(kind: Kind, channel: Channel) -> str:
    return f"{kind}-{channel}"


class WishForm(StudioForm):
    """A box for each kind and way; quiet hours; and when mails come."""

    slug = "notices"
    quiet_from = _clock("Quiet from")
    quiet_until = _clock("Quiet until")
    time_zone = forms.ChoiceField(
        label="By the clocks of", required=False,
        error_messages={"invalid_choice": "Time zone must be one of the list, like Europe/Vienna."},
    )  # fmt: skip
    digest = forms.ChoiceField(
        label="Mails come", choices=DIGESTS,
        error_messages={
            "required": "Mails come within minutes, every hour or every day: choose one.",
            "invalid_choice": "Mails come within minutes, every hour or every day, not “%(value)s”.",
        },
    )  # fmt: skip
    digest_hour = forms.TypedChoiceField(
        label="Daily at", choices=HOURS, coerce=int,
        error_messages={
            "required": "The hour must be from 00:00 to 23:00.",
            "invalid_choice": "The hour must be from 00:00 to 23:00.",
        },
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, row: NoticeSettings) -> None:
        names = ("quiet_from", "quiet_until", "time_zone", "digest", "digest_hour")
        super().__init__(data, initial={name: getattr(row, name) for name in names})
        self.kinds = kinds_of(row.member)
        for kind in self.kinds:
            for channel in Channel:
                self.fields[_name(kind, channel)] = self._box(row, kind, channel)
        zone: Any = self.fields["time_zone"]
        zone.choices = [("", f"the team ({row.member.team.time_zone})"), *time_zones()]

    @staticmethod
    def _box(row: NoticeSettings, kind: Kind, channel: Channel) -> forms.BooleanField:
        """One for a way that this studio has not stays as it is."""
        label = f"{SPECS[kind].label}: {CHANNELS[channel]}"
        is_off = channel == Channel.MAIL and not settings.MAIL_IS_ON
        return forms.BooleanField(
            label=label, required=False, initial=row.wants(kind, channel), disabled=is_off,
            widget=forms.CheckboxInput(attrs={"aria-label": label}),
        )  # fmt: skip

    def rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """As the table shows them: what happens, and its boxes from left to right."""
        for kind in self.kinds:
            yield SPECS[kind].label, [self[_name(kind, channel)] for channel in Channel]

    def rest(self) -> dict[str, forms.BoundField]:
        return {name: self[name] for name in self.base_fields}

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone:
            ZoneInfo(zone)  # one of the list is always known
        return zone

    def clean(self) -> dict[str, Any]:
        begins, ends = (self.cleaned_data.get(name) for name in ("quiet_from", "quiet_until"))
        is_read = not {"quiet_from", "quiet_until"} & set(self.errors)
        if is_read and (begins is None) != (ends is None):
            missing = "quiet_from" if begins is None else "quiet_until"
            sentence = "Quiet hours need a beginning and an end, like 22:00 and 07:00; or neither."
            self.add_error(missing, sentence)
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", "Quiet hours must end at another time than they begin.")
        return self.cleaned_data

    def wish(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        said = self.cleaned_data
        channels = {
            kind: [channel for channel in Channel if said[_name(kind, channel)]]
            for kind in self.kinds
        }
        return {"channels": channels, **{name: said[name] for name in self.base_fields}}


def kinds_of(member: Member) -> list[Kind]:
    """What somebody of this role can hear of."""
    is_admin = member.role == Role.ADMIN
    return [kind for kind in OFFERED if is_admin or not SPECS[kind].admins]


class EndpointForm(StudioForm):
    """Stands for one that is there, with an empty address, or for a new one."""

    slug = "endpoint"
    name = NameField(label="Name")
    format = forms.ChoiceField(
        label="Format", choices=Endpoint.Format.choices, initial=Endpoint.Format.STANDARD,
        error_messages={
            "required": "Format is needed: Standard Webhooks or Slack.",
            "invalid_choice": "Format must be Standard Webhooks or Slack, not “%(value)s”.",
        },
    )  # fmt: skip
    url = forms.CharField(
        label="Address", max_length=2000, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        error_messages={
            "required": "Address is needed, like https://hooks.example/dailies.",
            "max_length": "Address may have at most 500 characters.",
        },
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label="Hears of", choices=[(kind, SPECS[kind].of_team) for kind in OFFERED],
        widget=forms.CheckboxSelectMultiple, required=False,
        error_messages={"invalid_choice": "“%(value)s” is nothing that can be told."},
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, for_team: bool, row: Endpoint | None = None
    ) -> None:
        self.slug = f"endpoint-{row.pk if row else 'team' if for_team else 'own'}"
        held = {"name": row.name, "events": row.events} if row else {"events": [*OFFERED]}
        super().__init__(data, initial=held)
        if not for_team:
            del self.fields["events"]
        if row:
            del self.fields["format"]
            self.fields["url"].required = False
            self.fields["url"].help_text = f"Empty keeps {row.shown}."
