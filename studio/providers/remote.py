"""A provider somewhere else, in whatever dialect it speaks."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from studio.core.errors import (
    MaybeSent,
    ProviderBlocked,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    Unsupported,
)
from studio.core.spec import Capability
from studio.core.wire import Sending
from studio.dialects.base import Dialect, Handle
from studio.providers import deliveries, ways
from studio.providers.accounts import Account
from studio.providers.base import LONGEST_CALL_SECONDS, Brief, Provider, Receipt, Result, Update
from studio.providers.exchange import asked, send, understood
from studio.providers.line import Line, address_of, line_to, no_key
from studio.providers.polling import asker

# AI/ML API takes 200 requests in 60 seconds (usage-logs.md, 2026-08-21); jobs need some of them.
MOST_PAGES = 150
# A provider that says one of these below HTTP 500 has not taken the order.
DEFINITE = (ProviderBusy, ProviderBlocked, ProviderRejected)


@dataclass(frozen=True, kw_only=True)
class Tested:
    """A key that works: what the provider said ("12.50 USD left", or ""), and how fast."""

    answer: str
    milliseconds: int

    def __str__(self) -> str:
        return f"{self.answer or 'The key works'} ({self.milliseconds:,} ms)"


class Remote(Provider):
    """`account` says how to reach it now, `public` whether it can fetch links to this studio."""

    def __init__(
        self,
        dialect: Dialect,
        *,
        account: Callable[[], Account],
        scratch: Path,
        public: bool = False,
    ) -> None:
        self.dialect = dialect
        self.account = account
        self.scratch = scratch
        self.public = public
        self.slug = dialect.slug
        self.label = dialect.label
        self.note = dialect.note
        self.capabilities = dialect.capabilities
        self.prices = dialect.prices
        self.unit = dialect.unit
        self.bills = dialect.bills

    @property
    def slots(self) -> int:
        return self.account().slots or self.dialect.slots

    @property
    def is_on(self) -> bool:
        return self.account().enabled

    @property
    def needs(self) -> str:
        account = self.account()
        if not account.enabled:
            return f"{self.label} is switched off."
        return "" if account.key else no_key(self.dialect)

    @property
    def replays(self) -> bool:
        return self.dialect.handle == Handle.REPLAY

    @property
    def looks_up(self) -> bool:
        return self.dialect.handle == Handle.LOOKUP

    def file_problem(self, able: Capability, name: str) -> str:
        return ways.missing(able, name, linked=self.public)

    def submit(self, brief: Brief) -> Receipt:
        if brief.again and not self.replays:
            raise MaybeSent(f"{self.label} would make an order that is sent twice two times.")
        try:
            return self._sent(brief)
        except ProviderError as error:
            if brief.again and not _says_nothing(error):
                raise _unsure(error) from error
            raise

    def _sent(self, brief: Brief) -> Receipt:
        ends_at = time.monotonic() + LONGEST_CALL_SECONDS
        line = line_to(self.dialect, self.account())
        sending = self._sending(line, brief, ends_at)
        request = self.dialect.write_order(sending)
        response = send(line, request, brief.files, within=ends_at - time.monotonic())
        try:
            with understood(line, response):
                return self.dialect.read_receipt(response, sending)
        except ProviderError as error:
            if response.status < 500 and isinstance(error, DEFINITE):
                raise
            raise _unsure(error) from error

    def _sending(self, line: Line, brief: Brief, ends_at: float) -> Sending:
        """The order with each file on its way; nothing of the order itself has left so far."""
        able = self.capability(brief.order.model)
        if able is None:
            raise Unsupported(f"{self.label} has no model {brief.order.model} any more.")
        upload = partial(self._uploaded, line, brief.reference, ends_at)
        links, parts = ways.sent(able, brief, upload)
        return Sending(
            order=brief.order,
            reference=brief.reference,
            links=links,
            parts=parts,
            callback=brief.callback if able.calls_back else "",
        )

    def _uploaded(
        self, line: Line, reference: str, ends_at: float, name: str, data_uri: str
    ) -> str:
        """What the provider calls the picture from now on."""
        request = self.dialect.write_upload(name, data_uri, reference)
        response = asked(line, request, within=ends_at - time.monotonic())
        try:
            with understood(line, response):
                return self.dialect.read_upload(response)
        except ProviderError as error:
            raise _not_uploaded(error) from error

    def look_up(self, brief: Brief) -> Receipt | None:
        if not self.looks_up:
            return super().look_up(brief)
        sending = Sending(order=brief.order, reference=brief.reference)
        line = line_to(self.dialect, self.account())
        response = asked(line, self.dialect.write_lookup(sending))
        with understood(line, response):
            return self.dialect.read_lookup(response, sending)

    def poll(self, remote_id: str) -> Update:
        answer = self.poll_many([remote_id])[remote_id]
        if isinstance(answer, ProviderError):
            raise answer
        return answer

    def poll_many(self, remote_ids: Sequence[str]) -> dict[str, Update | ProviderError]:
        try:
            line = line_to(self.dialect, self.account())
        except ProviderError as error:
            return dict.fromkeys(remote_ids, error)
        return asker().ask(line, self.dialect, remote_ids)

    def bill_rows(self, table: str, since: date, until: date) -> Iterator[Mapping[str, str]]:
        """What was billed on those days, page by page. Raises as `poll` does, and ProviderBusy where
        there are more pages than may be asked for in a minute.
        """
        line, after = line_to(self.dialect, self.account()), ""
        for _ in range(MOST_PAGES):
            response = asked(line, self.dialect.write_bill(table, since, until, after=after))
            with understood(line, response):
                page = self.dialect.read_bill(table, response, after=after)
            yield from page.rows
            after = page.after
            if not after:
                return
        raise ProviderBusy(f"{self.label} has too many rows for these days; choose fewer.")

    def read_callback(self, body: Any) -> str:
        return self.dialect.read_callback(body)

    @contextmanager
    def collected(self, result: Result) -> Iterator[Result]:
        """Our key does not go along: the files may lie anywhere."""
        plain = address_of(self.dialect, self.account()).startswith("http://")
        with deliveries.fetched(result.links, self.scratch, plain=plain) as files:
            yield replace(result, files={**result.files, **files}, links={})

    def test(self) -> Tested:
        """Ask something that costs nothing, now; raises as `poll` does."""
        line = line_to(self.dialect, self.account())
        began = time.monotonic()
        response = asked(line, self.dialect.write_test())
        milliseconds = round(1000 * (time.monotonic() - began))
        with understood(line, response):
            return Tested(answer=self.dialect.read_test(response), milliseconds=milliseconds)


def _unsure(error: ProviderError) -> MaybeSent:
    return MaybeSent(error.message, raw=error.raw, retry_after=error.retry_after)


def _says_nothing(error: ProviderError) -> bool:
    """Whether this sending was not received, or nobody can tell."""
    unreached = isinstance(error, ProviderUnavailable) and not isinstance(error, ProviderBusy)
    return unreached or isinstance(error, MaybeSent)


def _not_uploaded(error: ProviderError) -> ProviderError:
    """Without its pictures the order was surely not sent: a refusal is one, all else may pass."""
    if isinstance(error, DEFINITE):
        return error
    return ProviderUnavailable(error.message, raw=error.raw, retry_after=error.retry_after)
