"""What is taken over from a take into a new order, and from a file that comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from studio.core.errors import InvalidOrder, InvalidUpload
from studio.core.orders import Order
from studio.core.slate import Slate
from studio.core.spec import FILES, Capability, Kind
from studio.models import Asset, Take, Team
from studio.providers.registry import capability_of
from studio.storage import carriers
from studio.storage.contents import kind_of

NO_ORDER = "This file carries no order of Dailies."


class Use(StrEnum):
    """What of a take's order a new one begins with."""

    ALL = "all"
    FRESH = "fresh"
    PROMPT = "prompt"
    FRAMES = "frames"
    CAMERA = "camera"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a use is called; `fields` are what it replaces in a draft, none for all of it."""

    label: str
    icon: str
    says: str
    fields: tuple[str, ...] = ()


WAYS: Mapping[Use, Way] = {
    Use.ALL: Way(label="Use all", icon="remix", says="the same again"),
    Use.FRESH: Way(label="All but the seed", icon="seed", says="another variant"),
    Use.PROMPT: Way(label="Prompt only", icon="text", says="and what to leave out",
                    fields=("prompt", "negative_prompt")),
    Use.FRAMES: Way(label="Frames only", icon="image", says="first and last",
                    fields=("first_frame", "last_frame")),
    Use.CAMERA: Way(label="Camera only", icon="camera", says="the whole move",
                    fields=("camera", "camera_type", "sway")),
}  # fmt: skip


def way_named(name: str) -> Use:
    """An address without a use, or with one that nobody knows, means all of it."""
    return Use(name) if name in set(Use) else Use.ALL


def without_seed(order: Order, able: Capability) -> Order:
    seeds = {param.name for param in able.params if param.kind == Kind.SEED}
    return replace(
        order, settings={name: value for name, value in order.settings.items() if name not in seeds}
    )


@dataclass(kw_only=True)
class Restored:
    """An order from a file, as far as this team can have it; `told` says what is missing.

    Without `able` there is no such model here, and only the prompt is left.
    """

    order: Order
    able: Capability | None
    take: Take | None = None
    told: list[str] = field(default_factory=list)


def slate_in(path: Path) -> Slate:
    """The slate that a file carries. Raises InvalidUpload where there is none."""
    if slate := carriers.read(path):
        return slate
    what = kind_of(path)
    raise InvalidUpload(NO_ORDER if what == "a video" else f"{NO_ORDER} It is {what}.")


def restored(slate: Slate, team: Team) -> Restored:
    """The order of a slate with the team's own files, found by their content."""
    order = Order(provider=slate.provider, model=slate.model, prompt=slate.prompt)
    try:
        able = capability_of(order)
    except InvalidOrder:
        what = f"There is no model {slate.model} of {slate.provider} here; the prompt is kept."
        return Restored(order=order, able=None, told=[what])
    found = Restored(order=order, able=able)
    _put_settings(found, able, slate)
    _put_files(found, slate, team)
    _put_lineage(found, slate, team)
    if slate.joins:
        count = len(slate.joins)
        found.told.append(f"This film joins {count} takes; this is the order of its last one.")
    return found


def _put_settings(found: Restored, able: Capability, slate: Slate) -> None:
    """Those that the model still takes; the seed is that of this very take."""
    wanted = {**slate.settings, **_seed(able, slate)}
    settings = {}
    for name, value in wanted.items():
        param = able.param(name)
        problem = "" if param is None else param.problem(value)
        if param is None:
            found.told.append(f"“{name[:40]}” is no setting of this model any more.")
        elif problem:
            found.told.append(f"{problem} The model's own value stands there now.")
        else:
            settings[name] = value
    found.order = replace(found.order, settings=settings)


def _seed(able: Capability, slate: Slate) -> dict[str, int]:
    """An order for several takes begins with the seed of its first one."""
    several = slate.settings.get("count", 1) != 1
    if slate.seed is None or several:
        return {}
    return {param.name: slate.seed for param in able.settings if param.kind == Kind.SEED}


def _put_files(found: Restored, slate: Slate, team: Team) -> None:
    keys: dict[str, Any] = {}
    for name, digest in slate.files.items():
        known = Asset.objects.scenes() if name == "scene" else Asset.objects.pictures()
        asset = known.filter(team=team, sha256=digest).order_by("pk").first()
        if asset is None:
            what = FILES[name]
            found.told.append(f"The {what} is not among this team's files; add it again.")
        else:
            keys[name] = asset.pk
    found.order = replace(found.order, **keys)


def _put_lineage(found: Restored, slate: Slate, team: Team) -> None:
    if not slate.continues:
        return
    takes = Take.objects.filter(clip__team=team, video__sha256=slate.continues)
    found.take = takes.select_related("clip").order_by("pk").first()
    if found.take is None:
        found.told.append("The take that it continues is not in this team.")
