"""What a model says about the pictures that it takes, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

MB = 1_000_000
NAMES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"}


class Picture(Protocol):
    """A picture as it is seen, turned upright: sides in pixels, size in bytes."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def content_type(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class PictureLimits:
    """All inclusive; 0 and () are no limit.

    `shortest` and `longest` are for each side, in pixels; `times_longer` is how many times as long
    as the other one a side may be. `source` and `checked_on` (ISO date) say where they come from.
    """

    shortest: int = 0
    longest: int = 0
    times_longer: float = 0
    megabytes: float = 0
    types: tuple[str, ...] = ()
    by: str = ""
    source: str = ""
    checked_on: str = ""

    @property
    def allowed(self) -> str:
        """“PNG or JPEG, 300 to 2,048 pixels a side, at most 20 MB”"""
        return ", ".join(filter(None, (words(self) for words, _, _ in RULES)))

    def problem(self, label: str, name: str, picture: Picture) -> str:
        """What is wrong with a picture, as a sentence with the rule and a fix; "" if nothing is.

        `label` is the field's ("First frame"), `name` what the person calls the picture.
        """
        return self._told(
            "{label} must have {rule}; “{name}” has {found}. {fix}", label, name, picture
        )

    def doubt(self, label: str, name: str, picture: Picture) -> str:
        """The same of a rule that somebody else has (`by`), and that may hold here, too."""
        told = "{label} “{name}” has {found} and may be refused: {by} takes {rule}."
        return self._told(told, label, name, picture)

    def _told(self, told: str, label: str, name: str, picture: Picture) -> str:
        for words, found, fix in RULES:
            if words(self) and (what := found(self, picture)):
                return told.format(
                    label=label, name=name, rule=words(self), found=what, fix=fix, by=self.by
                )
        return ""


def _types(limits: PictureLimits) -> str:
    return " or ".join(NAMES[kind] for kind in limits.types) + " content" if limits.types else ""


def _wrong_type(limits: PictureLimits, picture: Picture) -> str:
    kind = picture.content_type
    return "" if kind in limits.types else f"{NAMES.get(kind, kind)} content"


def _sides(limits: PictureLimits) -> str:
    if limits.shortest and limits.longest:
        return f"{limits.shortest:,} to {limits.longest:,} pixels a side"
    if limits.shortest:
        return f"at least {limits.shortest:,} pixels a side"
    return f"at most {limits.longest:,} pixels a side" if limits.longest else ""


def _size(picture: Picture) -> str:
    return f"{picture.width:,} × {picture.height:,}"


def _wrong_sides(limits: PictureLimits, picture: Picture) -> str:
    small = min(picture.width, picture.height) < limits.shortest
    large = limits.longest and max(picture.width, picture.height) > limits.longest
    return _size(picture) if small or large else ""


def _shape(limits: PictureLimits) -> str:
    times = limits.times_longer
    return f"sides of 1:{times:g} to {times:g}:1" if times else ""


def _wrong_shape(limits: PictureLimits, picture: Picture) -> str:
    short, long = sorted((picture.width, picture.height))
    return _size(picture) if long > limits.times_longer * short else ""


def _weight(limits: PictureLimits) -> str:
    return f"at most {limits.megabytes:g} MB" if limits.megabytes else ""


def _wrong_weight(limits: PictureLimits, picture: Picture) -> str:
    heavy = picture.size > limits.megabytes * MB
    return f"{picture.size / MB + 0.05:,.1f} MB" if heavy else ""


Words = Callable[[PictureLimits], str]
Found = Callable[[PictureLimits, Picture], str]

NO_LIMITS = PictureLimits()

# What is allowed in words, what a picture has instead, and what to do about it.
RULES: tuple[tuple[Words, Found, str], ...] = (
    (_types, _wrong_type, "Save it in another format, or choose another picture."),
    (_sides, _wrong_sides, "Make it another size, or choose another picture."),
    (_shape, _wrong_shape, "Crop it, or choose another picture."),
    (_weight, _wrong_weight, "Save it smaller, or choose another picture."),
)
