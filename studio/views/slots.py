"""Slots: the places of a form for files, as far as the chosen model takes them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from django.conf import settings

from studio.core.errors import StudioError
from studio.core.spec import FILES, PICTURES, Capability
from studio.models import Asset
from studio.orders import picture_problems
from studio.providers.registry import provider_of
from studio.storage import scenes
from studio.storage.images import FORMATS
from studio.storage.scenes import Scene

LABELS = {name: words.capitalize() for name, words in FILES.items()}
LOOKS = ("small", "large")
ICONS = {"first_frame": "first", "last_frame": "last", "scene": "cube"}
PICTURE_TYPES = ",".join(sorted({content_type for content_type, _ in FORMATS.values()}))


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place for one file, as `compose/_slot.html` and `director/_scene_slot.html` show it.

    `look` is "small" in the compose bar and "large" in the director; `limits` says what the model
    takes, `problem` is the sentence about a file that was refused, `misfit` about one that the
    model does not take, `blocked` why the provider can not get any.
    """

    name: str
    asset: Asset | None = None
    problem: str = ""
    look: str = LOOKS[0]
    taken: bool = True
    needed: bool = False
    limits: str = ""
    misfit: str = ""
    blocked: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def wrong(self) -> str:
        return self.problem or self.misfit

    @property
    def short(self) -> str:
        return self.label.partition(" ")[0]

    @property
    def icon(self) -> str:
        return ICONS[self.name]

    @property
    def template(self) -> str:
        return "compose/_slot.html" if self.name in PICTURES else "director/_scene_slot.html"

    @property
    def accept(self) -> str:
        return PICTURE_TYPES if self.name in PICTURES else ",".join(scenes.SUFFIXES)

    @property
    def file_name(self) -> str:
        """The last part of the file's address."""
        return f"{self.name}{Path(self.asset.path).suffix}" if self.asset else ""

    @property
    def max_bytes(self) -> int:
        is_picture = self.name in PICTURES
        return settings.UPLOAD_MAX_BYTES if is_picture else settings.SCENE_MAX_BYTES

    @property
    def max_megabytes(self) -> int:
        return self.max_bytes >> 20 if self.name in PICTURES else self.max_bytes // scenes.MB

    @property
    def too_large(self) -> str:
        return f"{self.label} may have at most {self.max_megabytes} MB."

    @property
    def megabytes(self) -> str:
        return f"{self.asset.size / scenes.MB:.1f}" if self.asset else ""

    @cached_property
    def _scene(self) -> Scene | None:
        """What is in the scene; None while there is none, or when its file is gone."""
        try:
            return scenes.stored(self.asset.path) if self.asset else None
        except StudioError:
            return None

    @property
    def joints(self) -> tuple[str, ...]:
        """What a motion can move, for the person to choose from."""
        return self._scene.joints if self.name == "scene" and self._scene else ()

    @property
    def said_joints(self) -> str:
        """“6 joints found”; of .fbx they are not known."""
        count = len(self.joints)
        if not count:
            return "joints are not known"
        return f"{count:,} joint{'' if count == 1 else 's'} found"


def slot_for(able: Capability, name: str, *, asset: Asset | None = None, look: str = "") -> Slot:
    """The slot as this model needs it."""
    taken = bool(getattr(able, name))
    return Slot(
        name=name, asset=asset, look=look if look in LOOKS else LOOKS[0], taken=taken,
        needed=name in able.needs,
        limits=able.pictures.allowed if name in PICTURES else "",
        misfit=_misfit(able, name, asset) if taken and name in PICTURES else "",
        blocked=provider_of(able.provider).file_problem(able, name) if taken else "",
    )  # fmt: skip


def _misfit(able: Capability, name: str, asset: Asset | None) -> str:
    """Why the model does not take this picture, which another one may."""
    found = picture_problems(able, name, asset.name, asset) if asset else []
    return " ".join(problem.message for problem in found)


@dataclass(frozen=True, kw_only=True)
class Files:
    """All slots of a form; those that the model does not take keep their file for another one.

    With `rearranged` the person only moved files: do not order yet.
    """

    slots: tuple[Slot, ...]
    rearranged: bool = False

    def slot(self, name: str) -> Slot:
        return next(slot for slot in self.slots if slot.name == name)

    @property
    def scene(self) -> Slot:
        return self.slot("scene")

    @property
    def look(self) -> str:
        return self.slots[0].look

    @property
    def frames(self) -> list[Slot]:
        """The slots for pictures that are shown."""
        return [slot for slot in self.slots if slot.name in PICTURES and slot.taken]

    @property
    def can_fill(self) -> bool:
        """Whether any slot takes a picture now."""
        return any(not slot.blocked for slot in self.frames)

    @property
    def said_limits(self) -> str:
        """What the model takes as pictures, all slots alike."""
        return next((f"Pictures: {slot.limits}." for slot in self.frames if slot.limits), "")

    @property
    def said_blocked(self) -> str:
        """Why the provider can not get pictures; what keeps one of them away keeps all of them."""
        return " ".join(dict.fromkeys(slot.blocked for slot in self.frames if slot.blocked))

    @property
    def laid_aside(self) -> list[Slot]:
        """Slots with a file that the model does not take."""
        return [slot for slot in self.slots if slot.asset and not slot.taken]

    @property
    def said_laid_aside(self) -> str:
        """“First frame and scene are kept for another model; this one takes none.”"""
        labels = [slot.label.lower() for slot in self.laid_aside]
        if not labels:
            return ""
        verb = "is" if len(labels) == 1 else "are"
        words = " and ".join(labels).capitalize()
        return f"{words} {verb} kept for another model; this one does not take it."

    @property
    def keys(self) -> dict[str, int | None]:
        """Each file's asset, as an Order has it."""
        return {slot.name: slot.asset.pk if slot.asset else None for slot in self.slots}

    @property
    def problems(self) -> dict[str, str]:
        return {slot.name: slot.problem for slot in self.slots if slot.problem}

    def with_problems(self, found: Mapping[str, str]) -> "Files":
        """The same slots, each with what is wrong with it."""
        slots = [replace(slot, problem=found.get(slot.name, "")) for slot in self.slots]
        return replace(self, slots=tuple(slots))

    def swapped(self, able: Capability) -> "Files":
        """First and last frame have changed places."""
        first, last = (self.slot(name) for name in PICTURES)
        given = {first.name: last, last.name: first}
        slots = [_with_file_of(slot, given.get(slot.name, slot), able) for slot in self.slots]
        return replace(self, slots=tuple(slots))


def _with_file_of(slot: Slot, other: Slot, able: Capability) -> Slot:
    moved = slot_for(able, slot.name, asset=other.asset, look=slot.look)
    return replace(moved, problem=other.problem)


def files_of(able: Capability, assets: Mapping[str, Asset | None], *, look: str = "") -> Files:
    """The slots of a form that is shown for the first time."""
    slots = [slot_for(able, name, asset=assets.get(name), look=look) for name in FILES]
    return Files(slots=tuple(slots))
