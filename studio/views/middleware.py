"""Who is asking, and how errors that were raised on purpose are answered."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from studio.core.errors import StudioError
from studio.models import Member
from studio.views.errors import problem
from studio.views.hx import Request

Handler = Callable[[HttpRequest], HttpResponse]


class MemberMiddleware:
    """Sets `request.member`: the signed-in person's membership, and with it `request.user`.

    One query brings person and team; the session's hash is checked as Django does it, so that a
    changed password ends every other session.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast(Request, request)
        asked.project = asked.budget = None
        asked.projects, asked.memberships = [], []
        asked.member = _member(asked)
        if asked.member:
            asked.user = asked.member.user
        return self.get_response(request)


def _member(request: Request) -> Member | None:
    """The membership chosen in the session, else the person's first one."""
    user_id = request.session.get(SESSION_KEY)
    if user_id is None:
        return None
    request.memberships = members = Member.of_person(int(user_id))
    chosen = [one for one in members if one.team_id == request.session.get("team")]
    member = next(iter(chosen + members), None)
    return member if member and _is_fresh(request, member) else None


def _is_fresh(request: Request, member: Member) -> bool:
    known = request.session.get(HASH_SESSION_KEY, "")
    return constant_time_compare(known, member.user.get_session_auth_hash())


class ErrorMiddleware:
    """Answers a StudioError that no view caught with its sentence and its status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, StudioError):
            return None
        return problem(request, error.message, status=error.http_status)
