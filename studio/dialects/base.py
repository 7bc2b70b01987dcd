"""What every dialect can write and read; its package has the limits and the wire.

A dialect is pure: values in, values out. It knows no key but how to show one, no address but the
documented one, and nothing about retries: whoever makes the calls decides about those.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from studio.core.errors import ProviderConfused, ProviderError, Unsupported
from studio.core.money import USD
from studio.core.spec import Capability
from studio.core.wire import (
    BillPage,
    BillTable,
    Receipt,
    Request,
    Response,
    Sending,
    Served,
    Update,
)
from studio.core.words import storable
from studio.dialects.failures import NONE, Failures


class Handle(StrEnum):
    """How an order is found again whose answer was lost."""

    REPLAY = "replay"  # the same reference again is never made twice
    LOOKUP = "lookup"  # it can be looked for by our reference
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class ListPrice:
    """A price as the provider's own list has it: `amount` micro-units per second or take."""

    model: str
    per: str  # "second" or "take"
    amount: int
    unit: str = USD
    conditions: Mapping[str, Any] = field(default_factory=dict)
    source: str
    checked_on: str


class Dialect:
    """One wire format, in both directions.

    Sending: write_order → read_receipt, write_poll → read_poll, and so on. Serving: read_order →
    write_receipt. `read_order(write_order(sending)) == sending` for all that the limits allow, but
    for what the format has no place for: the asset keys, and what `forgets` names.

    Whatever reads a Response raises ProviderConfused for an answer that it cannot understand, and
    what `refusal` makes of an HTTP status of 400 or more.
    """

    slug: ClassVar[str]
    label: ClassVar[str]
    note: ClassVar[str] = ""
    address: ClassVar[str]  # scheme and host, as documented
    capabilities: ClassVar[tuple[Capability, ...]]
    prices: ClassVar[tuple[ListPrice, ...]] = ()
    unit: ClassVar[str] = USD  # what its charges are counted in
    slots: ClassVar[int] = 4  # jobs at one time, where nobody says otherwise
    handle: ClassVar[Handle] = Handle.NONE
    batch: ClassVar[int] = 1  # how many orders one poll may ask for
    slow_answer: ClassVar[bool] = False  # may answer the order itself with the finished result
    failures: ClassVar[Failures] = NONE  # its own codes of a failure
    bills: ClassVar[tuple[BillTable, ...]] = ()  # what it billed, as far as it can be asked
    forgets: ClassVar[frozenset[str]] = frozenset()  # "reference", "callback"

    # Sending

    def headers(self, key: str) -> dict[str, str]:
        """What says who we are, for every request."""
        return {"authorization": f"Bearer {key}"}

    def write_order(self, sending: Sending) -> Request:
        """Raises Unsupported for a setting that this format has no place for."""
        raise NotImplementedError

    def read_receipt(self, response: Response, sending: Sending) -> Receipt:
        raise NotImplementedError

    def write_poll(self, remote_ids: Sequence[str]) -> Request:
        """Ask for up to `batch` orders."""
        raise NotImplementedError

    def other_polls(self, remote_ids: Sequence[str]) -> Sequence[Request]:
        """Where else to ask when nothing is there (404): for formats that do not document it."""
        return ()

    def read_poll(self, response: Response, remote_ids: Sequence[str]) -> dict[str, Update]:
        """An Update for each of them that the answer speaks of."""
        raise NotImplementedError

    def refusal(self, response: Response) -> ProviderError:
        """What an HTTP status of 400 or more means."""
        raise NotImplementedError

    def write_lookup(self, sending: Sending) -> Request:
        """Ask whether an order with our reference is there (Handle.LOOKUP)."""
        raise Unsupported(f"{self.label} has no way to look for an order.")

    def read_lookup(self, response: Response, sending: Sending) -> Receipt | None:
        """The order that was found; None is no proof that there is none."""
        raise Unsupported(f"{self.label} has no way to look for an order.")

    def write_upload(self, name: str, data_uri: str, reference: str) -> Request:
        """Send a picture before its order (Way.UPLOAD)."""
        raise Unsupported(f"{self.label} takes no uploads.")

    def read_upload(self, response: Response) -> str:
        """What goes into `Sending.links` for it."""
        raise Unsupported(f"{self.label} takes no uploads.")

    def write_bill(self, table: str, since: date, until: date, *, after: str = "") -> Request:
        """Ask for what was billed on those days in UTC, both included, one page (`bills`)."""
        raise Unsupported(f"{self.label} does not tell what it billed.")

    def read_bill(self, table: str, response: Response, *, after: str = "") -> BillPage:
        """The page that was asked for with the same `after`."""
        raise Unsupported(f"{self.label} does not tell what it billed.")

    def write_test(self) -> Request:
        """A request that costs nothing and needs the key."""
        raise NotImplementedError

    def read_test(self, response: Response) -> str:
        """One sentence about a key that works ("12.50 USD left"), or ""; raises as all reads do."""
        raise NotImplementedError

    def read_callback(self, body: Any) -> str:
        """The remote id in what the provider posted to our address, or ""; only a hint."""
        return ""

    # Serving

    def read_order(self, request: Request) -> Sending:
        """Raises InvalidOrder with the fields as this format calls them."""
        raise NotImplementedError

    def write_receipt(self, served: Served) -> Response:
        raise NotImplementedError

    def read_poll_request(self, request: Request) -> list[str]:
        """The remote ids that a poll asks for; [] if this request is no poll."""
        raise NotImplementedError

    def write_poll_answer(self, served: Sequence[Served]) -> Response:
        raise NotImplementedError

    def write_refusal(self, error: Exception, *, status: int | None = None) -> Response:
        """A StudioError in this format's own shape and with its own code."""
        raise NotImplementedError


def confused(label: str, response: Response) -> ProviderConfused:
    """For an answer that no document describes; its beginning is kept for the admin."""
    return ProviderConfused(
        f"{label} gave an answer that could not be understood.", raw=raw_of(response)
    )


def raw_of(response: Response) -> str:
    return storable(f"HTTP {response.status} {response.text}"[:RAW_LENGTH])


RAW_LENGTH = 4000
