"""What something costs, as somebody says it: on a page, on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo
from typing import Any

from studio.core.money import CREDIT
from studio.core.spec import Capability, Kind, Param


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a model costs: `amount` micro-units of `unit` per "second" or "take".

    `conditions` narrows it to orders with these settings. `valid_from` None is now, `valid_until`
    (exclusive) None is until the next one. `replaces` is the key of the version whose place it takes.
    """

    able: Capability
    per: str
    amount: int
    unit: str = CREDIT
    conditions: Mapping[str, Any] = field(default_factory=dict)
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    replaces: int | None = None


def conditions_in(able: Capability, text: str) -> dict[str, Any]:
    """Read `resolution=1080p,mode=pro`. Raises ValueError with what the model has to choose from."""
    found = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = (word.strip() for word in part.partition("="))
        known = {str(choice): choice for choice in _choices(able.param(name))}
        if value not in known:
            raise ValueError(f"Only for must be {_said_choices(able)}, not “{part[:40]}”.")
        found[name] = known[value]
    return dict(sorted(found.items()))


def said(conditions: Mapping[str, Any]) -> str:
    """The inverse of `conditions_in`."""
    return ",".join(f"{name}={value}" for name, value in conditions.items())


def day_words(moment: datetime, zone: tzinfo) -> str:
    """“1 Dec 2026”, with the time where it is not midnight there: “1 Dec 2026, 14:05”."""
    local = moment.astimezone(zone)
    clock = "" if local.timetz().replace(tzinfo=None) == time() else f", {local:%H:%M}"
    return f"{local.day} {local:%b %Y}{clock}"


def _choices(param: Param | None) -> tuple[Any, ...]:
    if param and param.kind == Kind.FLAG:
        return (True, False)
    return param.choices if param and param.kind == Kind.CHOICE else ()


def _said_choices(able: Capability) -> str:
    named = [(param.name, _choices(param)) for param in able.params]
    said = [f"{name}={'|'.join(map(str, choices))}" for name, choices in named if choices]
    return f"empty or {', '.join(said)}" if said else "empty for this model"
