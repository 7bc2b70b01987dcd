"""Addresses of Compare, as its menus and the pages that lead there need them."""

from collections.abc import Iterable

from django import template

from studio.models import Take

register = template.Library()


@register.simple_tag
def with_take(compared: str, place: int | str, take: int) -> str:
    """The takes as an address says them, with another one at that place (0 is A).

    One that stands elsewhere already changes places; after the last one it is added.
    """
    takes = [key for key in compared.split(",") if key]
    chosen, at = str(take), int(place) if str(place).isdecimal() else len(takes)
    if at >= len(takes):
        return ",".join([*(key for key in takes if key != chosen), chosen])
    if chosen in takes:
        takes[takes.index(chosen)] = takes[at]
    takes[at] = chosen
    return ",".join(takes)


@register.filter
def with_rival(take: Take | None, takes: Iterable[Take]) -> str:
    """A take and the best other one of its clip; "" where there is none."""
    others = [one for one in takes if take and one.pk != take.pk]
    if take is None or not others:
        return ""
    rival = max(others, key=lambda one: (one.review == "approved", one.stars, one.number))
    return f"{take.pk},{rival.pk}"
