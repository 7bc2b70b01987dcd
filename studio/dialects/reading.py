"""Reading JSON that others wrote, whatever stands there; and amounts as others read them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from studio.core import money
from studio.core.spec import is_link
from studio.core.wire import Response
from studio.dialects.base import Dialect, confused

LONGEST_ID = 200
LONGEST_WHOLE = 19


def body(dialect: Dialect, response: Response) -> Mapping[str, Any]:
    """The JSON object of a good answer; raises what the dialect makes of any other."""
    if response.status >= 400:
        raise dialect.refusal(response)
    if not 200 <= response.status < 300 or not isinstance(response.json, Mapping):
        raise confused(dialect.label, response)
    return response.json


def amount(value: Any) -> int | None:
    """Micro-units of an amount such as 0.35 or "10"; None for what is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        micros = money.micros(repr(value) if isinstance(value, float) else value)
    except ValueError:
        return None
    return micros if micros >= 0 else None


def number(micros: int) -> int | float:
    """The opposite of `amount`, as a JSON number."""
    value = Decimal(micros) / money.MICRO
    return int(value) if value == value.to_integral_value() else float(value)


def fields(value: Any) -> Mapping[str, Any]:
    """An object, or an empty one for whatever else stands there."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def link(value: Any) -> str:
    """The address, or "" for whatever is none."""
    return value if is_link(value) else ""


def whole(value: Any) -> Any:
    """5.0 and "5" are the whole number 5; anything else stays what it is."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) < LONGEST_WHOLE
    ):
        return int(value)
    return value


def remote_id(label: str, response: Response, value: Any) -> str:
    """The provider's name of an order; raises ProviderConfused for what is none."""
    if isinstance(value, str) and 0 < len(value) <= LONGEST_ID and value.isprintable():
        return value
    raise confused(label, response)
