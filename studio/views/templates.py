"""Templates of the team and of one's own: find, save, look at versions, use."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.core import placeholders
from studio.core.diff import diff
from studio.core.errors import InvalidTemplate, NameTaken
from studio.forms import templates as given
from studio.forms.templates import Blank, TemplateForm
from studio.models import Member, Template, TemplateVersion
from studio.services import templates
from studio.views import drafting, hx
from studio.views.access import allowed, template_read
from studio.views.drafts import DIRECTOR
from studio.views.panels import panel, taken

LONGEST_SEARCH = 200
HINT = 60


@require_GET
@never_cache
@allowed(permissions.can_order, "see templates")
def index(request: hx.MemberRequest) -> HttpResponse:
    return _index(request)


def _index(request: hx.MemberRequest, **more: Any) -> HttpResponse:
    """All that the member may use; `?q=` words of name or text. `more` says what was done."""
    asked = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "")
    rows = templates.newest(request.member, asked)
    return panel(request, "templates/_index.html", {"rows": rows, "q": asked, **more})


@require_GET
@never_cache
@allowed(permissions.can_order, "see templates")
def names(request: hx.MemberRequest) -> HttpResponse:
    """What a slash offers: each template's name, how it begins, and where it is used."""
    rows = templates.newest(request.member)
    found = [
        {
            "label": row.template.name,
            "hint": row.text[:HINT],
            "address": reverse("template-use", args=[row.template_id]),
        }
        for row in rows
    ]
    return JsonResponse({"templates": found})


# ── Saving ──


@require_POST
@allowed(permissions.can_order, "save templates")
def new(request: hx.MemberRequest) -> HttpResponse:
    """The form that keeps a draft's prompt, and those of its settings that are ticked there."""
    draft = drafting.sent(request)
    form = TemplateForm(initial={"text": draft.form.now("prompt") or ""})
    return _new(request, form, given.keepable(draft.form))


def _new(
    request: hx.MemberRequest, form: TemplateForm, settings: list[given.Keepable], status: int = 200
) -> HttpResponse:
    mine = [
        row.template
        for row in templates.newest(request.member)
        if permissions.can_change_template(request.member, row.template)
    ]
    context = {"form": form, "settings": settings, "mine": mine, "said": form.said("into")}
    return panel(request, "templates/_new.html", context, status=status)


@require_POST
@allowed(permissions.can_order, "save templates")
def save(request: hx.MemberRequest) -> HttpResponse:
    """A new template, or a new version of the one that `into` names."""
    form = TemplateForm(request.POST)
    try:
        version = _saved(request, form)
    except (InvalidTemplate, NameTaken) as error:
        form.refuse(error)
        return _new(request, form, given.offered(request.POST), status=422)
    return _template(request, version.template, notice=f"Saved as version {version.number}.")


def _saved(request: hx.MemberRequest, form: TemplateForm) -> TemplateVersion:
    text, settings = form.said("text"), given.kept(request.POST)
    into = form.said("into")
    if into:
        row = template_read(request, int(into) if into.isdecimal() and len(into) < 18 else 0)
        return templates.add_version(request.member, row, text=text, settings=settings)
    return templates.save(
        request.member, name=form.said("name"), text=text, settings=settings,
        is_private=form.is_private,
    )  # fmt: skip


# ── One template ──


@require_GET
@never_cache
@allowed(permissions.can_order, "see templates")
def template(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """The newest version, or `?version=` another one and what has changed since."""
    return _template(request, template_read(request, pk))


def _template(
    request: hx.MemberRequest, row: Template, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**_versions(row, request.GET.get("version", "")), **_may(request.member, row)}
    shown = context["shown"]
    initial = {
        "name": row.name,
        "sharing": given.PRIVATE if row.is_private else given.TEAM,
        "text": context["last"].text,
    }
    settings = given.of_version(shown.settings)
    whole = {"row": row, "form": TemplateForm(initial=initial), "settings": settings, **context}
    return panel(request, "templates/_template.html", {**whole, **more}, status=status)


def _versions(row: Template, asked: str) -> dict[str, Any]:
    versions = list(row.versions.select_related("author__user").order_by("-number"))
    shown = next((one for one in versions if str(one.number) == asked), versions[0])
    pieces = diff(shown.text, versions[0].text) if shown is not versions[0] else []
    return {"versions": versions, "last": versions[0], "shown": shown, "pieces": pieces}


def _may(member: Member, row: Template) -> dict[str, bool]:
    return {
        "may_change": permissions.can_change_template(member, row),
        "may_hide": row.author_id == member.pk or row.is_private,
    }


Act = Callable[[], object]


def _changed(request: hx.MemberRequest, row: Template, act: Act, *, said: str) -> HttpResponse:
    """The template after the act, or with what was typed and why it was refused (422)."""
    form = TemplateForm(request.POST)
    try:
        act()
    except (InvalidTemplate, NameTaken) as error:
        form.refuse(error)
        again = {"form": form, "settings": given.offered(request.POST)}
        return _template(request, row, status=422, **again)
    return _template(request, template_read(request, row.pk), notice=said)


@require_POST
@allowed(permissions.can_order, "change templates")
def add_version(request: hx.MemberRequest, pk: int) -> HttpResponse:
    row, form = template_read(request, pk), TemplateForm(request.POST)
    text, settings = form.said("text"), given.kept(request.POST)
    act = partial(templates.add_version, request.member, row, text=text, settings=settings)
    return _changed(request, row, act, said="Saved as a new version.")


@require_POST
@allowed(permissions.can_order, "change templates")
def change(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Name, and who can use it."""
    row, form = template_read(request, pk), TemplateForm(request.POST)
    name, is_private = form.said("name"), form.is_private
    act = partial(templates.change, request.member, row, name=name, is_private=is_private)
    return _changed(request, row, act, said="Changed.")


@require_POST
@allowed(permissions.can_order, "change templates")
def restore(request: hx.MemberRequest, pk: int, number: int) -> HttpResponse:
    row = template_read(request, pk)
    version = get_object_or_404(TemplateVersion, template=row, number=number)
    act = partial(templates.restore, request.member, version)
    return _changed(request, row, act, said=f"Version {number} is the newest again.")


@require_POST
@allowed(permissions.can_order, "remove templates")
def remove(request: hx.MemberRequest, pk: int) -> HttpResponse:
    row = template_read(request, pk)
    templates.remove(request.member, row)
    return _index(request, removed=row)


@require_POST
@allowed(permissions.can_order, "bring back templates")
def bring_back(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Undo a removal."""
    row = get_object_or_404(Template, team=request.member.team, pk=pk)
    try:
        templates.bring_back(request.member, row)
    except NameTaken as error:
        return _index(request, removed=row, problem=error.message)
    return _index(request, notice=f"“{row.name}” is back.")


# ── Using it ──


@require_POST
@allowed(permissions.can_order, "use templates")
def use(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Put a template into the draft that comes with it, else into a new one.

    Its placeholders are asked for first. `version` is another one than the newest; `before` and
    `after` are what stands around it in the box, else it takes the place of everything.
    """
    row = template_read(request, pk)
    version = _wanted(row, request.POST.get("version", ""))
    blanks = placeholders.names(version.text)
    lists = templates.word_lists(request.member.team, blanks)
    values = given.values_for(request.POST)
    if blanks and "filled" not in request.POST:
        return _fill(request, version, lists, {})
    try:
        text = templates.filled(version, values, lists)
    except InvalidTemplate as error:
        problems = {problem.field: problem.message for problem in error.problems}
        return _fill(request, version, lists, values, problems)
    return _put(request, version, text)


def _wanted(row: Template, number: str) -> TemplateVersion:
    versions = row.versions.select_related("template")
    if number.isdecimal() and len(number) < 10:
        return get_object_or_404(versions, number=number)
    return versions.latest("number")


def _fill(
    request: hx.MemberRequest,
    version: TemplateVersion,
    lists: Mapping[str, list[str]],
    values: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
) -> HttpResponse:
    wrong = dict(problems or {})
    blanks = [
        Blank(
            name=name, value=values.get(name, ""), words=lists.get(name, ()),
            problem=wrong.pop(name, ""),
        )
        for name in placeholders.names(version.text)
    ]  # fmt: skip
    around = {name: request.POST[name] for name in ("before", "after") if name in request.POST}
    context = {
        "version": version, "blanks": blanks, "others": list(wrong.values()), "around": around,
    }  # fmt: skip
    return panel(request, "templates/_fill.html", context, status=422 if problems else 200)


def _put(request: hx.MemberRequest, version: TemplateVersion, text: str) -> HttpResponse:
    is_sent = "drawn_for" in request.POST
    draft = drafting.sent(request) if is_sent else drafting.fresh(request, dock=DIRECTOR)
    assert draft, "reviewers were told so before"
    settings, left = templates.fitting(draft.form.capability, version.settings)
    whole = request.POST.get("before", "") + text + request.POST.get("after", "")
    draft = draft.unjudged({**settings, "prompt": whole})
    draft.made_from, draft.said = version, " ".join(left)
    return taken(request, draft)
