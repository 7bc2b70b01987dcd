"""What the ratios of an order's pictures mean for it, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.core.fitting import Size, parts, ratio_of, shape
from studio.core.spec import Capability
from studio.models import Asset
from studio.views.slots import Files, Slot

# Where neither the model nor another picture says one.
USUAL = ("16:9", "9:16", "1:1")


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """A sentence about a slot whose picture has another ratio than the video will have."""

    slot: Slot
    words: str


@dataclass(frozen=True, kw_only=True)
class Ratios:
    """The ratio that the video will have, as far as it can be known (""), and what follows.

    It is the order's own; a model that has no such setting takes it from the first frame.
    """

    able: Capability
    aspect: str
    files: Files

    @property
    def is_chosen(self) -> bool:
        return self.able.param("aspect") is not None

    @property
    def _first(self) -> Size | None:
        frames = (slot for slot in self.files.frames if slot.name == "first_frame")
        return next((_size(slot.asset) for slot in frames), None)

    @property
    def ruling(self) -> str:
        if self.is_chosen:
            return self.aspect if _is_ratio(self.aspect) else ""
        return ratio_of(self._first) if self._first else ""

    @property
    def rule(self) -> str:
        """Said where nobody can choose: the first frame decides."""
        if self.is_chosen or not self.able.first_frame:
            return ""
        found = f", {shape(self._first)}" if self._first else ""
        return f"This model has no ratio setting: the video gets that of the first frame{found}."

    @property
    def misfits(self) -> list[Misfit]:
        """One for each picture that loses an edge to the ratio of the video."""
        if not self.ruling:
            return []
        found = ((slot, self._cut(slot)) for slot in self.files.frames)
        return [Misfit(slot=slot, words=words) for slot, words in found if words]

    def _cut(self, slot: Slot) -> str:
        """“The last frame is 3:2, so 16 % of its height is cut.”"""
        size = _size(slot.asset)
        if size is None:
            return ""
        wanted, given = parts(self.ruling), size[0] / size[1]
        side, kept = ("height", given / wanted) if given < wanted else ("width", wanted / given)
        cut = round(100 * (1 - kept))
        end = "is cut" if self.is_chosen else "may be cut, as the first frame decides"
        words = f"The {slot.label.lower()} is {shape(size)}, so {cut} % of its {side} {end}."
        return words if cut else ""

    def choices(self, name: str) -> Sequence[str]:
        """The ratios that a picture in that slot may be fitted to."""
        decides = not self.is_chosen and (name == "first_frame" or not self.ruling)
        return USUAL if decides or not self.ruling else (self.ruling,)


def _is_ratio(text: str) -> bool:
    wide, _, high = text.partition(":")
    return wide.isdecimal() and high.isdecimal() and int(wide) > 0 and int(high) > 0


def _size(asset: Asset | None) -> Size | None:
    return (asset.width, asset.height) if asset and asset.width and asset.height else None
