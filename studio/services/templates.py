"""Prompts to begin shots with: save versions of them, share them, fill them, take them away."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone

from studio import permissions
from studio.core import placeholders
from studio.core.errors import InvalidTemplate, NameTaken, Problem
from studio.core.spec import Capability, Kind, Param
from studio.core.words import lines
from studio.models import Member, Team, Template, TemplateVersion, WordList
from studio.providers.registry import all_providers

LONGEST_NAME = 60
LONGEST_TEXT = 10_000
MOST = 200

NAME = Param(name="name", label="Name", kind=Kind.TEXT, low=1, high=LONGEST_NAME, required=True)
TEXT = Param(name="text", label="Text", kind=Kind.TEXT, low=1, high=LONGEST_TEXT, required=True)


def newest(member: Member, words: str = "") -> list[TemplateVersion]:
    """The newest version of each template that the member may use, by name.

    `words` are those that name or text must have.
    """
    seen = Template.objects.seen_by(member)
    last = TemplateVersion.objects.filter(template=OuterRef("template")).order_by("-number")
    found = TemplateVersion.objects.filter(
        template__in=seen, number=Subquery(last.values("number")[:1])
    )
    for word in words.split():
        found = found.filter(Q(template__name__icontains=word) | Q(text__icontains=word))
    rows = found.select_related("template__author__user")
    return list(rows.order_by("template__name", "template__pk"))


def save(
    member: Member, *, name: str, text: str, settings: Mapping[str, Any], is_private: bool
) -> TemplateVersion:
    """A new template with its first version. Raises InvalidTemplate, NameTaken."""
    permissions.require(permissions.can_order(member), "save templates")
    name, text = _sound(name=name, text=text, settings=settings)
    try:
        with transaction.atomic():
            # The team's row is a lock: two people at once do not make 201.
            Team.objects.select_for_update(no_key=True).get(pk=member.team_id)
            _require_room(member)
            template = Template.objects.create(
                team=member.team, author=member, name=name, is_private=is_private
            )
            return _add(member, template, text, settings)
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error


def add_version(
    member: Member, template: Template, *, text: str, settings: Mapping[str, Any]
) -> TemplateVersion:
    """What the template says from now on. Raises InvalidTemplate."""
    _require(member, template)
    _, text = _sound(name=template.name, text=text, settings=settings)
    with transaction.atomic():
        return _add(member, template, text, settings)


def restore(member: Member, version: TemplateVersion) -> TemplateVersion:
    """An older version once more, as the newest."""
    _require(member, version.template)
    with transaction.atomic():
        return _add(member, version.template, version.text, version.settings)


def change(member: Member, template: Template, *, name: str, is_private: bool) -> None:
    """Another name, or other people who see it. Raises InvalidTemplate, NameTaken."""
    _require(member, template)
    name = _named(name)
    if is_private and not template.is_private and template.author_id != member.pk:
        sentence = f"Only {template.author} can make this template private."
        raise InvalidTemplate([Problem("sharing", sentence)])
    try:
        with transaction.atomic():
            Template.objects.filter(pk=template.pk).update(name=name, is_private=is_private)
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error


def remove(member: Member, template: Template) -> None:
    """Jobs that were made with it still know it, and it can be brought back."""
    _require(member, template)
    Template.objects.filter(pk=template.pk, removed_at=None).update(removed_at=timezone.now())


def bring_back(member: Member, template: Template) -> None:
    """Undo `remove`. Raises NameTaken."""
    _require(member, template)
    try:
        with transaction.atomic():
            Template.objects.filter(pk=template.pk).update(removed_at=None)
    except IntegrityError as error:
        raise NameTaken(_taken(template.name)) from error


def _require(member: Member, template: Template) -> None:
    may = permissions.can_change_template(member, template)
    permissions.require(may, "change this template")


def _require_room(member: Member) -> None:
    if Template.objects.seen_by(member).count() >= MOST:
        sentence = f"There are {MOST} templates already; remove one first."
        raise InvalidTemplate([Problem("name", sentence)])


def _add(
    member: Member, template: Template, text: str, settings: Mapping[str, Any]
) -> TemplateVersion:
    Template.objects.select_for_update(no_key=True).get(pk=template.pk)
    last = TemplateVersion.objects.filter(template=template).aggregate(Max("number"))
    number = 1 + (last["number__max"] or 0)
    return TemplateVersion.objects.create(
        template=template, number=number, text=text, settings=dict(settings), author=member
    )


def _named(name: str) -> str:
    name = " ".join(name.split())
    if problem := NAME.problem(name):
        raise InvalidTemplate([Problem("name", problem)])
    return name


def _sound(*, name: str, text: str, settings: Mapping[str, Any]) -> tuple[str, str]:
    """Name and text as they are stored. Raises InvalidTemplate with everything that is wrong."""
    name, text = " ".join(name.split()), lines(text).strip()
    found = {
        "name": NAME.problem(name),
        "text": TEXT.problem(text) or placeholders.problem(text),
        "settings": _settings_problem(settings),
    }
    problems = [Problem(field, sentence) for field, sentence in found.items() if sentence]
    if problems:
        raise InvalidTemplate(problems)
    return name, text


def _capabilities() -> list[Capability]:
    return [able for provider in all_providers().values() for able in provider.capabilities]


def _params(name: str) -> list[Param]:
    """What the models have under that name."""
    found = (able.param(name) for able in _capabilities())
    return [param for param in found if param and name != "prompt"]


def _settings_problem(settings: Mapping[str, Any]) -> str:
    for name, value in settings.items():
        params = _params(name)
        if not params:
            return f"No model has a setting “{name[:40]}”."
        problems = [param.problem(value) for param in params]
        if all(problems):
            return str(problems[0])
    return ""


def _taken(name: str) -> str:
    return f"There is a template “{name}” already; choose another name."


def fitting(able: Capability, settings: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Those settings that the model knows and can have, and a sentence for each other one."""
    taken, left = {}, []
    for name, value in settings.items():
        param = able.param(name)
        if param is None:
            label = next((one.label for one in _params(name)), name)
            left.append(f"{able.label} has no setting “{label}”: it was left out.")
        elif problem := param.problem(value):
            left.append(problem)
        else:
            taken[name] = value
    return taken, left


def word_lists(team: Team, names: Iterable[str]) -> dict[str, list[str]]:
    """The words of those lists of the team, by name."""
    rows = WordList.objects.filter(team=team, name__in=list(names))
    return {row.name: list(row.words) for row in rows}


def filled(
    version: TemplateVersion, values: Mapping[str, str], lists: Mapping[str, Sequence[str]]
) -> str:
    """The text with a value for each placeholder; that of a list may stay as it is.

    Raises InvalidTemplate for a placeholder without a value and for a value without a placeholder.
    """
    names = placeholders.names(version.text)
    problems = [Problem(name, _no_such(name, names)) for name in values if name not in names]
    given = {name: lines(values.get(name, "")).strip() for name in names}
    problems += [
        Problem(name, _missing(name, lists))
        for name, value in given.items()
        if not value and name not in lists
    ]
    if problems:
        raise InvalidTemplate(problems)
    return placeholders.filled(version.text, {name: text for name, text in given.items() if text})


def _no_such(name: str, names: Sequence[str]) -> str:
    there = ", ".join(names) or "none"
    return f"This template has no placeholder “{name[:40]}”; it has {there}."


def _missing(name: str, lists: Mapping[str, Sequence[str]]) -> str:
    also = f" Only {', '.join(lists)} may stay as a list." if lists else ""
    return f"“{name}” is needed: say what stands in its place.{also}"
