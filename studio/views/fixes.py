"""What a draft is to fix: a note, with the frame that it is about and what is drawn there."""

from dataclasses import dataclass
from functools import cached_property

from studio.core.drawing import described
from studio.models import Asset, AssetKind, Note


@dataclass(frozen=True, kw_only=True)
class Fix:
    note: Note

    @cached_property
    def picture(self) -> Asset | None:
        """The frame, where it was cut out for this draft."""
        frames = Asset.objects.filter(kind=AssetKind.FRAME, take=self.note.take_id)
        return frames.filter(frame=self.note.frame).order_by("pk").first()

    @property
    def drawn(self) -> str:
        return described(self.note.drawing) if self.note.drawing else ""
