"""Settings → Downloads: how the team's files are called, shown as it is typed."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from studio import permissions
from studio.core.errors import InvalidDownload
from studio.core.filenames import WORDS
from studio.forms.downloads import FileNamesForm
from studio.models import Member
from studio.reports.downloads.examples import examples
from studio.services import teams
from studio.views.access import signed_in
from studio.views.hx import MemberRequest
from studio.views.settings import Page

PAGE = Page(
    route="settings-downloads", template="settings/downloads.html",
    parts=frozenset({"file-names", "file-names-preview"}),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def file_names(request: MemberRequest) -> HttpResponse:
    """GET with `file_names` shows what they would come to, and saves nothing."""
    if request.method == "GET":
        typed = request.GET.get("file_names")
        return PAGE.show(request, _context(request.member, typed))
    permissions.require(permissions.can_name_files(request.member), "say how files are called")
    form = FileNamesForm(request.POST)
    if form.done(lambda file_names: teams.name_files(request.member, file_names=file_names)):
        return PAGE.changed(request, "File names are saved.", lambda: _context(request.member))
    return PAGE.show(request, _context(request.member, request.POST.get("file_names")), status=422)


def _context(member: Member, typed: str | None = None) -> Mapping[str, Any]:
    text = member.team.file_names if typed is None else typed
    context: dict[str, Any] = {"words": WORDS.items(), "file_names": member.team.file_names}
    try:
        context["examples"] = examples(member.team, text)
    except InvalidDownload as error:
        context["problem"] = error.message
    if permissions.can_name_files(member):
        context["form"] = FileNamesForm(initial={"file_names": text})
    return context
