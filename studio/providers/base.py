"""What every provider can be asked, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from studio.core.errors import Unsupported
from studio.core.orders import Order
from studio.core.spec import Capability


@dataclass(frozen=True, kw_only=True)
class Brief:
    """An order as a provider gets it: with the files of its frames, and our reference for it."""

    order: Order
    reference: str
    frames: Mapping[str, Path] = field(default_factory=dict)  # "first_frame", "last_frame"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The provider has the order; `remote_id` is its own name for it."""

    remote_id: str


class Verdict(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One finished take, still where the provider put it.

    `files` has "video", and whatever else was made along with it: "poster", "preview",
    "last_frame", "strip". What is missing is made from the video.
    """

    index: int
    files: Mapping[str, Path]
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Update:
    """How the order stands. `charge` is in native micro-units; None: as quoted."""

    verdict: Verdict
    results: tuple[Result, ...] = ()
    reason: str = ""
    charge: int | None = None


Report = Callable[[int, int, str], bool]


class Stopped(Exception):
    """`report` said to stop; nothing half-made is left behind."""


class Provider:
    """One provider. `renders_here` says that `render` must be called to get anything done."""

    slug: ClassVar[str]
    label: ClassVar[str]
    note: ClassVar[str] = ""
    renders_here: ClassVar[bool] = False
    capabilities: ClassVar[tuple[Capability, ...]]

    def capability(self, model: str) -> Capability | None:
        return next((able for able in self.capabilities if able.model == model), None)

    def submit(self, brief: Brief) -> Receipt:
        """Give it the order. Raises ProviderUnavailable (surely not received), ProviderRejected."""
        raise NotImplementedError

    def poll(self, remote_id: str) -> Update:
        """Ask how the order stands. May be asked any number of times."""
        raise NotImplementedError

    def render(self, brief: Brief, remote_id: str, *, report: Report) -> None:
        """Make the pixels in this process; `report(done, total, phase)` is False to stop."""
        raise Unsupported(f"{self.label} does not render on this machine.")

    def kept(self) -> list[str]:
        """The names of orders that still take room on this machine."""
        return []

    def forget(self, remote_id: str) -> None:
        """The results are stored or not wanted: tidy up."""
