"""How to speak to a provider now: its address, and the key that shows nowhere."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from studio.core.errors import KeyRejected, ProviderUnavailable
from studio.core.spec import is_link
from studio.core.wire import Request, Response
from studio.dialects.base import Dialect
from studio.providers.accounts import Account

TEXT_LENGTH = 8000


@dataclass(frozen=True, kw_only=True)
class Line:
    label: str
    address: str
    key: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def url(self, request: Request) -> str:
        query = urlencode(request.query, quote_via=quote)
        return f"{self.address}{request.path}{'?' if query else ''}{query}"

    def headers_for(self, request: Request) -> dict[str, str]:
        kind = {"content-type": "application/json"} if request.json is not None else {}
        return {**self.headers, **kind, **request.headers}

    def answer(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Response:
        """What a dialect reads. A provider that quotes our key does not get it into our rows."""
        shown = body.replace(self.key.encode(), b"[key]") if self.key else body
        return Response(
            status=status,
            headers={name.lower(): value.replace(self.key, "[key]") for name, value in headers},
            json=_parsed(shown),
            text=shown[: 4 * TEXT_LENGTH].decode(errors="replace")[:TEXT_LENGTH],
        )


def line_to(dialect: Dialect, account: Account) -> Line:
    """Raises KeyRejected without a key that can be sent, ProviderUnavailable without an address."""
    key, address = account.key, address_of(dialect, account)
    if not key:
        raise KeyRejected(no_key(dialect))
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyRejected(f"The key of {dialect.label} has a letter that no key has.")
    if not is_link(address):
        variable = f"{dialect.slug.upper()}_BASE_URL"
        raise ProviderUnavailable(
            f"The address of {dialect.label} must start with https:// or http://: set {variable}."
        )
    return Line(label=dialect.label, address=address, key=key, headers=dialect.headers(key))


def address_of(dialect: Dialect, account: Account) -> str:
    return (account.base_url or dialect.address).rstrip("/")


def no_key(dialect: Dialect) -> str:
    variable = f"{dialect.slug.upper()}_API_KEY"
    return f"{dialect.label} needs a key: set {variable} or add it on the settings page."


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
