"""The providers of this studio by their slugs; another dialect is one line here."""

from functools import cache, partial

from django.conf import settings

from studio.core.errors import InvalidOrder, Problem
from studio.core.orders import Order
from studio.core.spec import Capability
from studio.core.words import listed
from studio.dialects.aimlapi import Aimlapi
from studio.dialects.base import Dialect
from studio.dialects.octopusx import Octopusx
from studio.dialects.runware import Runware
from studio.dialects.transend import Transend
from studio.dialects.trinetra import Trinetra
from studio.providers.accounts import account_of
from studio.providers.animatic import Animatic
from studio.providers.base import Provider
from studio.providers.remote import Remote

DIALECTS: tuple[type[Dialect], ...] = (Aimlapi, Trinetra, Octopusx, Runware, Transend)


@cache
def all_providers() -> dict[str, Provider]:
    """Also those that are switched off or have no key: their jobs go on."""
    here = Animatic(scratch=settings.SCRATCH)
    return {provider.slug: provider for provider in (here, *map(_remote, DIALECTS))}


def _remote(dialect: type[Dialect]) -> Remote:
    return Remote(
        dialect(),
        account=partial(account_of, dialect.slug),
        scratch=settings.SCRATCH,
        public=bool(settings.PUBLIC_URL),
    )


def offered() -> dict[str, Provider]:
    """Those that take new orders; one without a key is among them, and says what it needs."""
    return {slug: provider for slug, provider in all_providers().items() if provider.is_on}


def provider_of(slug: str) -> Provider:
    """Raises InvalidOrder with the providers there are."""
    known = all_providers()
    if slug not in known:
        raise InvalidOrder(
            [Problem("provider", f"Provider must be {listed(list(known), 'or')}, not “{slug}”.")]
        )
    return known[slug]


def capability_of(order: Order) -> Capability:
    """The model that the order names. Raises InvalidOrder with the models there are."""
    provider = provider_of(order.provider)
    if able := provider.capability(order.model):
        return able
    models = [able.model for able in provider.capabilities]
    problem = Problem("model", f"Model must be {listed(list(models), 'or')}, not “{order.model}”.")
    raise InvalidOrder([problem])
