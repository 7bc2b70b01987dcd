"""Projects: begin, rename, switch."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.forms.teams import ProjectForm
from studio.models import Member, Project
from studio.services import projects
from studio.views.access import allowed, project_read, signed_in
from studio.views.hx import MemberRequest
from studio.views.settings import Page

PAGE = Page(
    route="settings-projects", template="settings/projects.html", parts=frozenset({"projects"})
)


def _context(member: Member, **more: Any) -> Mapping[str, Any]:
    rows = Project.objects.filter(team=member.team).annotate(clip_count=Count("clips"))
    context: dict[str, Any] = {
        "rows": [
            {"project": row, "renameable": permissions.can_rename_project(member, row)}
            for row in rows.select_related("created_by__user").order_by("name", "pk")
        ]
    }
    if permissions.can_name_project(member):
        context["project_form"] = ProjectForm()
    return {**context, **more}


@require_GET
@signed_in
def index(request: MemberRequest) -> HttpResponse:
    return PAGE.show(request, _context(request.member))


@require_POST
@allowed(permissions.can_name_project, "begin projects")
def create(request: MemberRequest) -> HttpResponse:
    """Begin a project and go to its empty wall."""
    form = ProjectForm(request.POST)
    made: list[Project] = []
    if not form.done(lambda name: made.append(projects.create(request.member, name=name))):
        return PAGE.show(request, _context(request.member, project_form=form), status=422)
    request.session["project"] = made[0].pk
    return redirect("wall")


@require_POST
@signed_in
def rename(request: MemberRequest, pk: int) -> HttpResponse:
    row = project_read(request, pk)
    permissions.require(permissions.can_rename_project(request.member, row), "rename this project")
    form = ProjectForm(request.POST)
    if form.done(lambda name: projects.rename(request.member, row, name=name)):
        notice = "The project is renamed."
        return PAGE.changed(request, notice, lambda: _context(request.member))
    problem = " ".join(form.sentences())
    return PAGE.show(request, _context(request.member, projects_problem=problem), status=422)


@require_POST
@signed_in
def switch(request: MemberRequest) -> HttpResponse:
    """Make another project the current one."""
    asked = request.POST.get("project", "")
    request.session["project"] = project_read(request, int(asked) if asked.isdecimal() else 0).pk
    return redirect("wall")
