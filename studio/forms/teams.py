"""Forms of a team and its projects."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms

from studio.core import money
from studio.forms.base import EmailField, NameField, StudioForm
from studio.models import Role, Team

ROLE_ERRORS = {
    "required": "Role is needed: Admin, Author or Reviewer.",
    "invalid_choice": "Role must be Admin, Author or Reviewer, not “%(value)s”.",
}


class InvitationForm(StudioForm):
    slug = "invite"
    role = forms.ChoiceField(
        choices=Role.choices, initial=Role.AUTHOR, error_messages=ROLE_ERRORS,
        help_text="Admins run the team, authors spend its credits, reviewers look.",
    )  # fmt: skip
    email = EmailField(required=False, help_text="Optional: then only this person fits.")

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["email"].widget.attrs["autocomplete"] = "off"


class RoleForm(StudioForm):
    slug = "role"
    role = forms.ChoiceField(choices=Role.choices, error_messages=ROLE_ERRORS)


def time_zones() -> list[tuple[str, str]]:
    """Zones named by a place, like Europe/Vienna, and UTC."""
    places = {zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")}
    return [(zone, zone.replace("_", " ")) for zone in ("UTC", *sorted(places))]


class TeamForm(StudioForm):
    """`credit_price` is asked for in USD and kept in micro-USD."""

    slug = "team"
    name = NameField(label="Team name")
    time_zone = forms.ChoiceField(
        label="Time zone", choices=time_zones, help_text="Ledger and prices show its hours.",
        error_messages={"invalid_choice": "Time zone must be one of the list, like Europe/Vienna."},
    )  # fmt: skip
    credit_price = forms.DecimalField(
        label="One credit is worth, in USD", min_value=Decimal("0.0001"), max_value=1000,
        decimal_places=6, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="Turns prices that a provider names in dollars into credits.",
    )  # fmt: skip

    @classmethod
    def of(cls, team: Team) -> "TeamForm":
        price = f"{money.decimal(team.credit_price):f}"
        return cls(initial={"name": team.name, "time_zone": team.time_zone, "credit_price": price})

    def clean_credit_price(self) -> int:
        return money.micros(self.cleaned_data["credit_price"])


class TeamNameForm(StudioForm):
    slug = "team"
    name = NameField(label="Team name")


class ProjectForm(StudioForm):
    slug = "project"
    name = NameField(label="Project name")
