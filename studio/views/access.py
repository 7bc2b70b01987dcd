"""Guards as sentences: each returns the row that may be seen, or answers 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from studio import permissions
from studio.models import (
    Asset,
    Clip,
    Invitation,
    Job,
    Member,
    Preset,
    Project,
    Prompt,
    Take,
    Template,
    TemplateVersion,
    WordList,
)
from studio.views.hx import MemberRequest, Request

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Past this door there is a member and a current project."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = cast(Request, request)
        if asked.member is None:
            return redirect_to_login(request.get_full_path())
        asked.project = current_project(asked)
        return view(request, *args, **kwargs)

    return guarded


def allowed(predicate: Callable[[Member], bool], action: str) -> Callable[[View], View]:
    """Only for members whom the predicate lets in; others read who may."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            permissions.require(predicate(request.member), action)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def current_project(request: Request) -> Project:
    """The project chosen in the session, else the team's first; a team always has one."""
    assert request.member, "guarded by signed_in"
    chosen = request.session.get("project")
    request.projects = Project.of_team(request.member.team_id)
    return next((one for one in request.projects if one.pk == chosen), request.projects[0])


def clip_read(request: MemberRequest, pk: int) -> Clip:
    return get_object_or_404(Clip.objects.of_team(request.member.team), pk=pk)


def job_read(request: MemberRequest, pk: int) -> Job:
    jobs = Job.objects.of_team(request.member.team)
    return get_object_or_404(
        jobs.select_related("clip__project", "team", "price", "author__user"), pk=pk
    )


def take_read(request: MemberRequest, pk: int) -> Take:
    takes = Take.objects.filter(clip__team=request.member.team).select_related("clip", "job")
    return get_object_or_404(takes, pk=pk)


def asset_read(request: MemberRequest, pk: int) -> Asset:
    return get_object_or_404(Asset, team=request.member.team, pk=pk)


def picture_read(request: MemberRequest, pk: int) -> Asset:
    """What may stand in a slot."""
    ours = Asset.objects.pictures().filter(team=request.member.team)
    return get_object_or_404(ours.select_related("made_from"), pk=pk)


def preset_read(request: MemberRequest, pk: int) -> Preset:
    return get_object_or_404(Preset, team=request.member.team, pk=pk)


def prompt_read(request: MemberRequest, pk: int) -> Prompt:
    return get_object_or_404(Prompt, team=request.member.team, pk=pk)


def template_read(request: MemberRequest, pk: int) -> Template:
    """A private one of another person is as if there were none."""
    seen = Template.objects.seen_by(request.member).select_related("author__user")
    return get_object_or_404(seen, pk=pk)


def template_version_read(request: MemberRequest, pk: int) -> TemplateVersion | None:
    """What an order began with; None where it was made private meanwhile."""
    versions = TemplateVersion.objects.filter(template__team=request.member.team)
    version = get_object_or_404(versions.select_related("template"), pk=pk)
    may = permissions.can_use_template(request.member, version.template)
    return version if may else None


def word_list_read(request: MemberRequest, pk: int) -> WordList:
    return get_object_or_404(WordList, team=request.member.team, pk=pk)


def project_read(request: MemberRequest, pk: int) -> Project:
    return get_object_or_404(Project, team=request.member.team, pk=pk)


def member_read(request: MemberRequest, pk: int) -> Member:
    members = Member.objects.active().filter(team=request.member.team).select_related("user")
    return get_object_or_404(members, pk=pk)


def invitation_read(request: MemberRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation, team=request.member.team, pk=pk)
