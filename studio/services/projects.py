"""Productions of a team: begin one, give it another name."""

from django.db import IntegrityError, transaction

from studio import permissions
from studio.core.errors import NameTaken
from studio.models import Member, Project


def create(member: Member, *, name: str) -> Project:
    """Raises NameTaken."""
    permissions.require(permissions.can_name_project(member), "begin projects")
    try:
        with transaction.atomic():
            return Project.objects.create(team=member.team, name=name, created_by=member)
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error


def rename(member: Member, project: Project, *, name: str) -> None:
    """Raises NameTaken."""
    permissions.require(permissions.can_rename_project(member, project), "rename this project")
    try:
        with transaction.atomic():
            Project.objects.filter(pk=project.pk).update(name=name)
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error


def _taken(name: str) -> str:
    return f"There is a project “{name}” already; choose another name."
