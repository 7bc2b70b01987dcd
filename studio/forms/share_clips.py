"""The clips in the form of a client's link: which are shown, which take of each, how it is called."""

from collections.abc import Mapping, Sequence
from typing import Any

from studio.core.errors import InvalidShare
from studio.core.words import storable
from studio.models import Clip, ShareClip, Take

LONGEST_TITLE = 120


class ClipRow:
    """A clip in the form of a link: whether it is shown, which take, under which title.

    `prefix` is what its fields' names begin with; `best` is the take that is offered first.
    """

    def __init__(
        self,
        clip: Clip,
        takes: Sequence[Take],
        *,
        kept: ShareClip | None = None,
        best: int | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.clip, self.takes, self.prefix = clip, takes, f"clip-{clip.pk}"
        self.is_shown = data is None or f"{self.prefix}-shown" in data
        self.title = self._said(data, "title", kept.title if kept else "").strip()
        take = best if kept is None else kept.take_id
        self.chosen = self._said(data, "take", str(take or ""))

    def _said(self, data: Mapping[str, Any] | None, what: str, otherwise: str) -> str:
        return otherwise if data is None else str(data.get(f"{self.prefix}-{what}", otherwise))

    @property
    def choice(self) -> dict[str, Any]:
        """What services/shares.py calls so. Raises InvalidShare."""
        if len(self.title) > LONGEST_TITLE:
            raise InvalidShare(
                f"Title of “{self.clip}” may have at most {LONGEST_TITLE} characters, "
                f"not {len(self.title)}."
            )
        take = next((one for one in self.takes if str(one.pk) == self.chosen), None)
        if self.chosen and take is None:
            raise InvalidShare(f"Take of “{self.clip}” must be one of the list.")
        return {"clip": self.clip, "take": take, "title": storable(self.title)}
