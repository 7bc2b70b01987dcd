"""The providers of this studio by their slugs."""

from functools import cache

from django.conf import settings

from studio.core.errors import InvalidOrder, Problem
from studio.core.orders import Order
from studio.core.spec import Capability
from studio.providers.animatic import Animatic
from studio.providers.base import Provider


@cache
def all_providers() -> dict[str, Provider]:
    return {provider.slug: provider for provider in (Animatic(scratch=settings.SCRATCH),)}


def provider_of(slug: str) -> Provider:
    """Raises InvalidOrder with the providers there are."""
    known = all_providers()
    if slug not in known:
        raise InvalidOrder(
            [Problem("provider", f"Provider must be {_one_of(known)}, not “{slug}”.")]
        )
    return known[slug]


def capability_of(order: Order) -> Capability:
    """The model that the order names. Raises InvalidOrder with the models there are."""
    provider = provider_of(order.provider)
    if able := provider.capability(order.model):
        return able
    models = [able.model for able in provider.capabilities]
    problem = Problem("model", f"Model must be {_one_of(models)}, not “{order.model}”.")
    raise InvalidOrder([problem])


def _one_of(words: list[str] | dict[str, Provider]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
