"""What all settings pages share: the side menu, and the answer to a form that worked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from studio import permissions
from studio.models import Member
from studio.views import hx
from studio.views.access import signed_in
from studio.views.shell import shell


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the side menu, for whom `may` lets in."""

    route: str
    label: str
    icon: str
    may: Callable[[Member], bool] = permissions.can_look


MENU = {
    "You": [
        Entry(route="settings-profile", label="Profile", icon="user"),
        Entry(route="settings-notices", label="Notices", icon="bell"),
    ],
    "Team": [
        Entry(route="settings-team", label="Team and roles", icon="users"),
        Entry(route="settings-projects", label="Projects", icon="wall"),
        Entry(route="settings-downloads", label="Downloads", icon="download"),
        Entry(route="shares", label="Links for clients", icon="share", may=permissions.can_share),
        Entry(route="word-lists", label="Word lists", icon="text"),
        Entry(route="settings-providers", label="Providers", icon="bolt"),
        Entry(route="settings-prices", label="Prices", icon="flag"),
        Entry(route="settings-budget", label="Budget", icon="coin", may=permissions.can_see_costs),
    ],
}


@require_GET
@signed_in
def settings(_request: HttpRequest) -> HttpResponse:
    return redirect("settings-profile")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A settings page: its address by name, its template, and the parts that htmx replaces."""

    route: str
    template: str
    parts: frozenset[str]

    def show(
        self, request: hx.MemberRequest, context: Mapping[str, Any], *, status: int = 200
    ) -> HttpResponse:
        frame = {"nav": "settings", "menu": _menu(request.member), "here": self.route}
        everything = {**shell(request), **frame, **context}
        return hx.page(request, self.template, everything, parts=self.parts, status=status)

    def changed(
        self, request: hx.MemberRequest, notice: str, context: Callable[[], Mapping[str, Any]]
    ) -> HttpResponse:
        """It worked: htmx gets the part as it is now, others the page by a new request."""
        if request.htmx:
            return self.show(request, {**context(), "notice": notice})
        messages.success(request, notice)
        return redirect(self.route)


def _menu(member: Member) -> dict[str, list[Entry]]:
    return {
        group: [entry for entry in entries if entry.may(member)] for group, entries in MENU.items()
    }
