"""One's own account: name and password."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.forms.people import PasswordForm, ProfileForm
from studio.models import User
from studio.services import people
from studio.views.access import signed_in
from studio.views.hx import MemberRequest
from studio.views.settings import Page

PAGE = Page(
    route="settings-profile",
    template="settings/profile.html",
    parts=frozenset({"profile", "password"}),
)


def _context(user: User, **forms: Any) -> Mapping[str, Any]:
    blank = {
        "profile_form": ProfileForm(initial={"name": user.name}),
        "password_form": PasswordForm(user),
    }
    return {**blank, **forms}


@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: MemberRequest) -> HttpResponse:
    user = request.member.user
    if request.method == "GET":
        return PAGE.show(request, _context(user))
    form = ProfileForm(request.POST)
    if form.done(lambda name: people.rename(user, name=name)):
        return PAGE.changed(request, "Your name is saved.", lambda: _context(user))
    return PAGE.show(request, _context(user, profile_form=form), status=422)


@sensitive_post_parameters("current", "new")
@require_http_methods(["GET", "POST"])
@signed_in
def password(request: MemberRequest) -> HttpResponse:
    """Change it; the person's other sessions end, this one stays."""
    if request.method == "GET":
        return redirect(PAGE.route)
    user = request.member.user
    form = PasswordForm(user, request.POST)
    if not form.done(lambda new, **_: people.change_password(user, new)):
        return PAGE.show(request, _context(user, password_form=form), status=422)
    update_session_auth_hash(request, user)
    notice = "Your password is changed. Other computers are signed out."
    return PAGE.changed(request, notice, lambda: _context(user))
