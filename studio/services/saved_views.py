"""Searches of a project's wall that are kept under a name, for oneself or for the team."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from studio import permissions
from studio.core.errors import InvalidSearch, InvalidView, NameTaken
from studio.core.search import LONGEST, read
from studio.models import Member, Project, SavedView, Team

LONGEST_NAME = 40
MOST = 50
KEPT = ("name", "query", "sort", "is_private", "author_id")


def add(
    member: Member, project: Project, *, name: str, query: str, sort: str, is_private: bool
) -> SavedView:
    """Raises InvalidView, NameTaken."""
    permissions.require(permissions.can_look(member), "save searches")
    permissions.require(
        is_private or permissions.can_share_view(member), "save searches for the team"
    )
    _require_ours(member, project)
    return _create(
        member, project, name=named(name), query=_sound(query), sort=sort, is_private=is_private,
        author_id=member.pk,
    )  # fmt: skip


def rename(member: Member, view: SavedView, *, name: str) -> None:
    """Raises InvalidView, NameTaken."""
    permissions.require(permissions.can_change_view(member, view), "rename this search")
    name = named(name)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error
    view.name = name


def remove(member: Member, view: SavedView) -> dict[str, Any]:
    """What `bring_back` takes."""
    permissions.require(permissions.can_change_view(member, view), "remove this search")
    SavedView.objects.filter(pk=view.pk).delete()
    return {name: getattr(view, name) for name in KEPT}


def bring_back(member: Member, project: Project, kept: Mapping[str, Any]) -> SavedView:
    """Undo a removal, as what `remove` gave; it is its author's again. Raises NameTaken."""
    permissions.require(permissions.can_look(member), "bring back searches")
    _require_ours(member, project)
    return _create(member, project, **kept)


def named(name: str) -> str:
    """The name as it is kept. Raises InvalidView."""
    name = " ".join(name.replace("\0", " ").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidView(f"Name must have 1 to {LONGEST_NAME} characters, not {len(name)}.")
    return name


def _sound(query: str) -> str:
    try:
        text = str(read(query))
    except InvalidSearch as error:
        raise InvalidView(error.message) from error
    if len(text) > LONGEST:
        raise InvalidView(f"A search has at most {LONGEST} characters.")
    return text


def _require_ours(member: Member, project: Project) -> None:
    ours = project.team_id == member.team_id
    permissions.require(ours, "change what belongs to another team")


def _create(member: Member, project: Project, **values: Any) -> SavedView:
    try:
        with transaction.atomic():
            # The team's row is a lock: two people at once do not make one too many.
            Team.objects.select_for_update(no_key=True).get(pk=member.team_id)
            if SavedView.objects.filter(project=project).seen_by(member, project).count() >= MOST:
                raise InvalidView(f"There are {MOST} saved searches already; remove one first.")
            return SavedView.objects.create(team=member.team, project=project, **values)
    except IntegrityError as error:
        raise NameTaken(_taken(values["name"])) from error


def _taken(name: str) -> str:
    return f"There is a saved search “{name}” already; choose another name."
