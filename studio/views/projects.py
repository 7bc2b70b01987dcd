"""Projects: begin, rename, switch."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.forms.decisions import RuleForm
from studio.forms.teams import ProjectForm
from studio.models import Member, Project
from studio.reports.decisions import rules_of
from studio.services import projects, rules
from studio.views.access import allowed, project_read, signed_in
from studio.views.hx import MemberRequest
from studio.views.links import way_on
from studio.views.settings import Page

PAGE = Page(
    route="settings-projects",
    template="settings/projects.html",
    parts=frozenset({"projects"}),
)


def _context(member: Member, **more: Any) -> Mapping[str, Any]:
    counted = Project.objects.filter(team=member.team).annotate(clip_count=Count("clips"))
    rows = list(counted.select_related("created_by__user").order_by("name", "pk"))
    told = rules_of(rows)
    context: dict[str, Any] = {
        "rows": [
            {
                "project": row,
                "renameable": permissions.can_rename_project(member, row),
                "rule": told[row.pk],
            }
            for row in rows
        ]
    }
    if permissions.can_name_project(member):
        context["project_form"] = ProjectForm()
    return {**context, **more}


@require_GET
@signed_in
def index(request: MemberRequest) -> HttpResponse:
    """With `?rule=PROJECT` an admin can change who decides there."""
    context, asked = _context(request.member), request.GET.get("rule", "")
    if permissions.can_set_rule(request.member) and asked.isdecimal() and len(asked) < 18:
        context = {**context, **_deciding(request, int(asked))}
    return PAGE.show(request, context)


def _deciding(
    request: MemberRequest, pk: int, *, form: RuleForm | None = None
) -> Mapping[str, Any]:
    """The form for who decides in this project."""
    row = project_read(request, pk)
    people = Member.objects.active().filter(team=row.team_id).select_related("user")
    return {
        "deciding": row,
        "rule_form": form or RuleForm.of(row),
        "people": people.order_by("user__name", "pk"),
    }


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
@allowed(permissions.can_set_rule, rules.ACTION)
def rule(request: MemberRequest, pk: int) -> HttpResponse:
    """Change who decides, and say what became of the project's takes."""
    row = project_read(request, pk)
    form = RuleForm(request.POST)
    changed: list[int] = []
    if not form.done(lambda **chosen: changed.append(_set_rule(request.member, row, chosen))):
        context = {**_context(request.member), **_deciding(request, pk, form=form)}
        return PAGE.show(request, context, status=422)
    takes = f"{changed[0]:,} take{'' if changed[0] == 1 else 's'} changed."
    notice = f"{row.name}: {rules_of([row])[row.pk]}. {takes}"
    return PAGE.changed(request, notice, lambda: _context(request.member))


def _set_rule(member: Member, project: Project, chosen: dict[str, Any]) -> int:
    return rules.set_rule(member=member, project=project, **chosen)


@require_POST
@signed_in
def switch(request: MemberRequest) -> HttpResponse:
    """Make another project the current one; `next` is a page of it to go on to."""
    asked = request.POST.get("project", "")
    request.session["project"] = project_read(request, int(asked) if asked.isdecimal() else 0).pk
    return redirect(way_on(request))
