"""An order: what an author asks for, as one value, before it is sent anywhere."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Order:
    """All that a provider needs to know, apart from money.

    `settings` holds the values of the model's parameters by their names (`duration`, `aspect`,
    `resolution`, `count`, `seed`, `format`, `quality`, `camera`, …), exactly those that its
    `Capability` lists. `first_frame`, `last_frame` and `scene` are primary keys of assets of the
    team.
    """

    provider: str
    model: str
    prompt: str
    first_frame: int | None = None
    last_frame: int | None = None
    scene: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many takes are asked for."""
        return int(self.settings.get("count", 1))

    @property
    def seconds(self) -> int:
        """Length of one take."""
        return int(self.settings.get("duration", 0))

    @property
    def camera(self) -> Mapping[str, float]:
        camera: Mapping[str, float] = self.settings.get("camera") or {}
        return camera

    @property
    def title(self) -> str:
        """The prompt's first sentence: the name of the clip and the words for its picture."""
        line = next(iter(self.prompt.strip().splitlines()), "")
        first = line
        for stop in (". ", "! ", "? "):
            first = first.split(stop, 1)[0]
        return (first.strip().rstrip(".") or line)[:120]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "settings": dict(self.settings)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)
