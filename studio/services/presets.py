"""Values of one setting under a name for the whole team: camera moves, and what to leave out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from studio import permissions
from studio.core.errors import InvalidPreset, NameTaken
from studio.core.spec import Kind, Param
from studio.models import Member, Preset, Team
from studio.models.presets import PresetKind

LONGEST_NAME = 40
MOST = 100


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What the values of one kind of preset look like, and what is said where there is none."""

    param: Param
    empty: str


SHAPES: Mapping[str, Shape] = {
    PresetKind.CAMERA: Shape(
        param=Param(name="camera", label="Camera", kind=Kind.CAMERA),
        empty="A move needs at least one axis that is not 0: set one, then save it.",
    ),
    PresetKind.LEAVE_OUT: Shape(
        param=Param(name="negative_prompt", label="Leave out", kind=Kind.TEXT, high=2500),
        empty="There is nothing to save yet: write what to leave out, then save it.",
    ),
}


def of_team(team: Team, kind: str) -> list[Preset]:
    """All of one kind by name, with their authors; at most MOST."""
    kept = Preset.objects.filter(team=team, kind=kind)
    return list(kept.select_related("author__user").order_by("name", "pk"))


def add(member: Member, *, kind: str, name: str, value: Any) -> Preset:
    """Keep a value; `kind` is one of SHAPES. Raises InvalidPreset, NameTaken."""
    permissions.require(permissions.can_order(member), "save presets")
    name, value = _named(name), _sound(kind, value)
    try:
        with transaction.atomic():
            # The team's row is a lock: two people at once do not make 101.
            Team.objects.select_for_update(no_key=True).get(pk=member.team_id)
            if Preset.objects.filter(team=member.team_id, kind=kind).count() >= MOST:
                raise InvalidPreset(f"The team has {MOST} of these already; remove one first.")
            return Preset.objects.create(
                team=member.team, kind=kind, name=name, value=value, author=member
            )
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error


def rename(member: Member, preset: Preset, *, name: str) -> None:
    """Raises InvalidPreset, NameTaken."""
    _require(member, preset)
    name = _named(name)
    try:
        with transaction.atomic():
            Preset.objects.filter(pk=preset.pk).update(name=name)
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error


def remove(member: Member, preset: Preset) -> None:
    """Orders that were made with it keep their own values."""
    _require(member, preset)
    Preset.objects.filter(pk=preset.pk).delete()


def _require(member: Member, preset: Preset) -> None:
    permissions.require(permissions.can_change_preset(member, preset), "change this preset")


def _named(name: str) -> str:
    name = " ".join(name.split())
    wanted = Param(name="name", label="Name", kind=Kind.TEXT, low=1, high=LONGEST_NAME)
    if not name:
        raise InvalidPreset(f"Name is needed: {wanted.allowed}.")
    if problem := wanted.problem(name):
        raise InvalidPreset(problem)
    return name


def _sound(kind: str, value: Any) -> Any:
    shape = SHAPES[kind]
    text = value.strip() if isinstance(value, str) else value
    if not text:
        raise InvalidPreset(shape.empty)
    if problem := shape.param.problem(text):
        raise InvalidPreset(problem)
    return text


def _taken(name: str) -> str:
    return f"The team has “{name}” already; choose another name."
