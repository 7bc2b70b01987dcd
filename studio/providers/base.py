"""What every provider can be asked, and what it answers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.core.errors import ProviderError, Unsupported
from studio.core.money import CREDIT
from studio.core.orders import Order
from studio.core.spec import Capability
from studio.core.wire import Receipt, Result, Update, Verdict
from studio.dialects.base import ListPrice

__all__ = ["Brief", "Provider", "Receipt", "Report", "Result", "Stopped", "Update", "Verdict"]


@dataclass(frozen=True, kw_only=True)
class Brief:
    """An order as a provider gets it: with its files, and our reference for it.

    `files` are on this machine: "first_frame", "last_frame", "scene"; `links` are short-lived
    addresses of the same files for a provider that fetches them, empty where the studio has no
    public address; `names` is what the uploader called them. `callback` is the address that the
    provider may call when there is news, or "". `again` says that this very reference may have been
    sent before: then no refusal proves anything.
    """

    order: Order
    reference: str
    files: Mapping[str, Path] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    callback: str = ""
    again: bool = False


Report = Callable[[int, int, str], bool]

# Connecting, sending and waiting for the answer of one order together; `submit` ends by then.
LONGEST_CALL_SECONDS = 600


class Stopped(Exception):
    """`report` said to stop; nothing half-made is left behind."""


class Provider:
    """One provider. `renders_here` says that `render` must be called to get anything done.

    `replays` says that the same reference may be sent again without being made twice, `looks_up`
    that an order can be found by it, `shows_prompt` that its pictures have the prompt written in
    them. `prices` are those of its own list, `unit` what its charges are counted in, `slots` how many jobs it
    may have at one time.
    """

    slug: str
    label: str
    note: str = ""
    renders_here: bool = False
    shows_prompt: bool = False
    capabilities: tuple[Capability, ...]
    prices: tuple[ListPrice, ...] = ()
    unit: str = CREDIT

    @property
    def slots(self) -> int:
        return 1

    @property
    def is_on(self) -> bool:
        """Whether it takes new orders; jobs that it has go on."""
        return True

    @property
    def replays(self) -> bool:
        return self.renders_here

    @property
    def looks_up(self) -> bool:
        return False

    @property
    def needs(self) -> str:
        """What is missing before it can be used, as a sentence; "" if nothing is."""
        return ""

    def capability(self, model: str) -> Capability | None:
        return next((able for able in self.capabilities if able.model == model), None)

    def file_problem(self, able: Capability, name: str) -> str:
        """Why this studio cannot give the provider that file of an order, or ""."""
        return ""

    def submit(self, brief: Brief) -> Receipt:
        """Give it the order, within LONGEST_CALL_SECONDS.

        Raises ProviderUnavailable (surely not received), ProviderBlocked, ProviderRejected
        (definite refusals, never after `brief.again`), MaybeSent (everything else). After
        `brief.again` ProviderUnavailable says that this sending was not received, and nothing
        about the one before.
        """
        raise NotImplementedError

    def look_up(self, brief: Brief) -> Receipt | None:
        """Find an order by its reference; None proves nothing. Raises as `poll` does."""
        raise Unsupported(f"{self.label} has no way to look for an order.")

    def poll(self, remote_id: str) -> Update:
        """Ask how the order stands. May be asked any number of times.

        Raises ProviderUnavailable, ProviderBlocked, ProviderConfused, which say nothing about it.
        """
        raise NotImplementedError

    def poll_many(self, remote_ids: Sequence[str]) -> dict[str, Update | ProviderError]:
        """Ask for many orders at once; each gets its own answer or error."""
        return {remote_id: self._polled(remote_id) for remote_id in remote_ids}

    def _polled(self, remote_id: str) -> Update | ProviderError:
        try:
            return self.poll(remote_id)
        except ProviderError as error:
            return error

    def read_callback(self, body: Any) -> str:
        """The remote id in JSON that was posted to `Brief.callback`, or ""; only a hint."""
        return ""

    def collected(self, result: Result) -> AbstractContextManager[Result]:
        """The result with its files on this machine, for as long as the block lasts.

        Raises ProviderUnavailable while a link does not work yet, StorageFailed for a file that is
        not what it should be, StorageFull.
        """
        return nullcontext(result)

    def render(self, brief: Brief, remote_id: str, *, report: Report) -> None:
        """Make the pixels in this process; `report(done, total, phase)` is False to stop."""
        raise Unsupported(f"{self.label} does not render on this machine.")

    def kept(self) -> list[str]:
        """The names of orders that still take room on this machine."""
        return []

    def forget(self, remote_id: str) -> None:
        """The results are stored or not wanted: tidy up."""
