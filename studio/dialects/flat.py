"""Orders as one flat JSON object, written and read by a table of our names and theirs."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from studio.core.errors import InvalidOrder, Problem, Unsupported
from studio.core.orders import Order
from studio.core.spec import ALLOWED, FILES, Capability, Kind, Way, is_link
from studio.core.wire import Sending
from studio.core.words import short
from studio.dialects.base import Dialect

Names = Mapping[str, str]


def able(dialect: Dialect, model: Any) -> Capability | None:
    return next((able for able in dialect.capabilities if able.model == model), None)


# Writing


def check(dialect: Dialect, sending: Sending) -> None:
    """Raises Unsupported for a model, setting or file that this format has no place for."""
    order = sending.order
    known = able(dialect, order.model)
    if known is None:
        raise Unsupported(f"{dialect.label} has no model “{short(order.model)}”.")
    settings = {param.name for param in known.settings}
    strange = [name for name in order.settings if name not in settings]
    strange += [name for name in sending.links if name not in _places(known)] + [*sending.parts]
    if strange:
        raise Unsupported(f"{known.label} at {dialect.label} has no “{short(strange[0])}”.")
    wanted = [name for name in FILES if getattr(order, name) is not None]
    if lost := [name for name in wanted if name not in sending.links]:
        raise Unsupported(f"{dialect.label} cannot get the {FILES[lost[0]]} this way.")


def written(sending: Sending, names: Names) -> dict[str, Any]:
    """What is there of the order, its files and settings, by their names."""
    order = sending.order
    values = {"prompt": order.prompt, **sending.links, **order.settings}
    return {theirs: values[ours] for ours, theirs in names.items() if ours in values}


# Reading


def body_of(body: Any) -> Mapping[str, Any]:
    """What was asked for, without what is null. Raises InvalidOrder for anything but an object."""
    if not isinstance(body, Mapping):
        raise InvalidOrder([Problem("body", "The body must be a JSON object with a prompt.")])
    return {name: value for name, value in body.items() if value is not None}


def settings_of(known: Capability, body: Mapping[str, Any], names: Names) -> dict[str, Any]:
    ours = {param.name: names[param.name] for param in known.settings if param.name in names}
    return {name: body[theirs] for name, theirs in ours.items() if theirs in body}


def read(
    known: Capability,
    body: Mapping[str, Any],
    names: Names,
    *,
    settings: Mapping[str, Any],
    others: Collection[str],
) -> Sending:
    """The order with these `settings`. Raises InvalidOrder with every problem, by their names.

    `others` are the fields that the dialect reads itself; what nobody reads is a problem, too:
    nothing is dropped in silence.
    """
    links = {name: body[names[name]] for name in _places(known) if names[name] in body}
    order = Order(
        provider=known.provider,
        model=known.model,
        prompt=body.get(names["prompt"], ""),
        settings=settings,
    )
    mine = {"prompt", *_places(known), *(param.name for param in known.settings)}
    strange = set(body) - {names[name] for name in mine if name in names} - set(others)
    found = _problems(known, order, links, names) + _unknown(known, strange)
    if found:
        raise InvalidOrder(found)
    return Sending(order=order, reference="", links=links)


def _places(known: Capability) -> list[str]:
    return [name for name in FILES if getattr(known, name)]


def _problems(
    known: Capability, order: Order, links: Mapping[str, Any], names: Names
) -> list[Problem]:
    whole = Order(
        provider=order.provider,
        model=order.model,
        prompt=order.prompt,
        settings={**known.defaults(), **order.settings},
        first_frame=0 if "first_frame" in links else None,
        last_frame=0 if "last_frame" in links else None,
    )
    found = known.problems(whole) + [
        Problem(name, f"{names[name]} must be {_allowed(known)}, not “{short(link)}”.")
        for name, link in links.items()
        if not _is_place(known, link)
    ]
    return [replace(problem, field=names.get(problem.field, problem.field)) for problem in found]


def _unknown(known: Capability, strange: Collection[str]) -> list[Problem]:
    return [
        Problem(short(name), f"{known.label} has no field “{short(name)}”; leave it out.")
        for name in sorted(strange)
    ]


def _is_place(known: Capability, link: Any) -> bool:
    inline = Way.INLINE in known.ways and isinstance(link, str) and link.startswith("data:image/")
    return inline or is_link(link)


def _allowed(known: Capability) -> str:
    inline = " or with data:image/" if Way.INLINE in known.ways else ""
    return f"{ALLOWED[Kind.LINK]}{inline}"
