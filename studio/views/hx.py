"""What htmx asks for, answered: a whole page, or just the part that is to be replaced."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from studio.models import Budget, Member, Project, User


class Request(HttpRequest):
    """A request after the middleware: `member` is None at the door.

    `memberships` are all teams of the person, `projects` all of the member's team; `budget` is what
    `shell.budget_of` has found.
    """

    htmx: HtmxDetails
    user: User | AnonymousUser
    member: Member | None
    memberships: list[Member]
    project: Project | None
    projects: list[Project]
    budget: Budget | None


class MemberRequest(Request):
    """A request past the door: somebody of a team."""

    member: Member
    project: Project


def target_of(request: Request) -> str:
    """The id of the element that htmx will replace, "" for a plain request.

    htmx 4 sends it as `tag#id`.
    """
    return (request.htmx.target or "").rpartition("#")[2] if request.htmx else ""


def page(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    parts: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Render the part whose name is the target's id if it is among `parts`, else the page."""
    target = target_of(request)
    name = f"{template}#{target}" if target in parts else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
