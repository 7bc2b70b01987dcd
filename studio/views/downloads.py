"""Downloads of many takes: the page of choices, one ZIP of them, and their cut as a timeline."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from studio import permissions
from studio.bridge import Scope
from studio.core.errors import InvalidDownload
from studio.core.filenames import made_safe
from studio.forms.downloads import WHICH, ArchiveForm, ChosenForm, TimelineForm
from studio.models import Clip
from studio.reports.downloads import plans
from studio.reports.downloads.archive import Archive
from studio.reports.downloads.choice import Sort, Wanted, Which, require_few
from studio.reports.downloads.formats import Format, text_of
from studio.reports.downloads.plans import Packing
from studio.reports.downloads.sizes import sizes_of
from studio.views import hx, lane_of_downloads
from studio.views.access import all_read, allowed
from studio.views.shell import shell

PACKED = {"/downloads/", "/downloads/timeline/"}
TYPES = {
    Format.OTIO: "application/json", Format.EDL: "text/plain; charset=utf-8",
    Format.FCPXML: "application/xml; charset=utf-8",
}  # fmt: skip


def is_packed(scope: Scope) -> bool:
    """Whether the answer is made while it is sent, which takes threads beside those of pages."""
    return scope["path"] in PACKED and scope["method"] == "POST"


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_download, "download files")
def new(request: hx.MemberRequest) -> HttpResponse:
    """What there is to choose; thousands of clips do not fit into an address, so POST shows it, too."""
    asked = request.POST if request.method == "POST" else request.GET
    form = ChosenForm(asked)
    chosen = form.cleaned_data if form.is_valid() else {}
    all_read(request, _wanted(chosen))
    forms: dict[str, ChosenForm] = {
        "archive": ArchiveForm(initial=chosen),
        "timeline": TimelineForm(initial=chosen),
    }
    return _page(request, chosen, forms, problems=form.sentences())


@require_POST
@allowed(permissions.can_download, "download files")
def download(request: hx.MemberRequest) -> HttpResponseBase:
    form = ArchiveForm(request.POST)
    made: list[Archive] = []
    if _done(form, lambda: made.append(_archive(request, form.cleaned_data))):
        return _sent(made[0])
    return _refused(request, "archive", form, TimelineForm)


def _archive(request: hx.MemberRequest, values: dict[str, Any]) -> Archive:
    wanted, team = _wanted_of(request, values), request.member.team
    packing = Packing(
        clean=values["clean_copies"], posters=values["posters"],
        timeline=Format(values["timeline"]) if values["timeline"] else None,
        costs=permissions.can_see_costs(request.member),
    )  # fmt: skip
    leave = lane_of_downloads.enter(request.member.pk)
    try:
        archive = plans.packed(team, wanted, packing, name=_name(request, wanted))
    except BaseException:
        leave()
        raise
    archive.on_close(leave)
    return archive


def _sent(archive: Archive) -> StreamingHttpResponse:
    """Closing the answer closes the archive, also when the visitor is gone."""
    headers = {**_headers(archive.name, ".zip"), "X-Accel-Buffering": "no"}
    if archive.length is not None:
        headers["Content-Length"] = str(archive.length)
    return StreamingHttpResponse(archive, content_type="application/zip", headers=headers)


@require_POST
@allowed(permissions.can_download, "download files")
def timeline(request: hx.MemberRequest) -> HttpResponse:
    form = TimelineForm(request.POST)
    made: list[HttpResponse] = []
    if _done(form, lambda: made.append(_timeline(request, form.cleaned_data))):
        return made[0]
    return _refused(request, "timeline", form, ArchiveForm)


def _timeline(request: hx.MemberRequest, values: dict[str, Any]) -> HttpResponse:
    wanted, form = _wanted_of(request, values, one_each=True), Format(values["format"])
    cut = plans.cut_of(request.member.team, wanted, name=_name(request, wanted))
    headers = _headers(cut.name, f".{form}")
    return HttpResponse(text_of(cut, form), content_type=TYPES[form], headers=headers)


def _done(form: ChosenForm, act: Callable[[], object]) -> bool:
    """What no download can be becomes an error of the form; other errors go on."""
    if not form.is_valid():
        return False
    try:
        act()
    except InvalidDownload as error:
        form.add_error(None, error.message)
        return False
    return True


def _wanted_of(
    request: hx.MemberRequest, values: dict[str, Any], *, one_each: bool = False
) -> Wanted:
    """Raises InvalidDownload for too many, Http404 where one of them is not the team's."""
    wanted = _wanted(values, one_each=one_each)
    require_few(len(wanted.clips) + len(wanted.takes))
    all_read(request, wanted)
    return wanted


def _wanted(values: dict[str, Any], *, one_each: bool = False) -> Wanted:
    return Wanted(
        clips=values.get("clips", ()), takes=values.get("takes", ()), one_each=one_each,
        which=Which(values.get("which") or Which.BEST),
        sort=Sort(values.get("sort") or Sort.GIVEN),
    )  # fmt: skip


def _name(request: hx.MemberRequest, wanted: Wanted) -> str:
    """The clip's title, or the project's name and the day."""
    if len(wanted.clips) == 1 and not wanted.takes:
        return Clip.objects.get(pk=wanted.clips[0]).title
    today = timezone.localdate(timezone=ZoneInfo(request.member.team.time_zone))
    return f"{request.project.name} {today:%Y-%m-%d}"


def _headers(name: str, suffix: str) -> dict[str, str]:
    disposition = content_disposition_header(True, made_safe(name, suffix=suffix))  # noqa: FBT003
    return {"Content-Disposition": disposition or "attachment", "Cache-Control": "no-store"}


def _refused(
    request: hx.MemberRequest, slug: str, form: ChosenForm, other: type[ChosenForm]
) -> HttpResponse:
    """The page again with what was typed, and what is wrong."""
    chosen = {name: form.cleaned_data.get(name, ()) for name in ("clips", "takes")}
    others = "timeline" if slug == "archive" else "archive"
    forms = {slug: form, others: other(initial=chosen)}
    return _page(request, chosen, forms, problems=form.sentences(), status=422)


def _choices(wanted: Wanted) -> list[dict[str, Any]]:
    """What each choice comes to, so that nobody has to try."""
    sizes = sizes_of(wanted)
    return [
        {"value": which, "label": label, "takes": sizes[which].takes, "size": sizes[which].size}
        for which, label in WHICH.items()
    ]


def _page(
    request: hx.MemberRequest, chosen: dict[str, Any], forms: dict[str, ChosenForm], *,
    problems: list[str], status: int = 200,
) -> HttpResponse:  # fmt: skip
    wanted = _wanted(chosen)
    context = {
        **shell(request), **forms, "problems": problems, "choices": _choices(wanted),
        "clip_count": len(wanted.clips), "take_count": len(wanted.takes),
        "one": wanted.clips[0] if len(wanted.clips) == 1 else None,
    }  # fmt: skip
    return hx.page(request, "downloads/new.html", context, parts={"download"}, status=status)
