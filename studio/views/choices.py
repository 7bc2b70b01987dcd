"""The models to choose from: what this order would cost at each, or why it can not be made there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from studio.core.adaptation import adapted
from studio.core.orders import Order
from studio.core.spec import Capability
from studio.forms.orders import all_capabilities, key_of
from studio.ledger import Rooms
from studio.models import Team
from studio.orders import closed_for
from studio.providers.base import Provider
from studio.providers.registry import all_providers, offered, provider_of
from studio.views.offers import Offer, offers_of, summed

# How many colours the style sheet has for providers; an engine of the studio's own has the last.
SWATCHES = 5
OWN_SWATCH = "s6"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One model; `now` says that it is the present one.

    `needs` is what is missing before anything can be sent there, as a sentence.
    """

    able: Capability
    provider: Provider
    offer: Offer
    swatch: str
    now: bool
    needs: str = ""

    @property
    def key(self) -> str:
        return key_of(self.able)

    @property
    def label(self) -> str:
        return self.provider.label

    @property
    def note(self) -> str:
        """What is said beside the provider's name."""
        return self._model or self.provider.note

    @property
    def said(self) -> str:
        """Provider and model in one, as the pill says it."""
        return f"{self.label} {self._model}".strip()

    @property
    def _model(self) -> str:
        """The model's name without that of its provider."""
        return self.able.label.removeprefix(self.label).strip()

    @property
    def obstacle(self) -> str:
        """Why there is no price to show, in a few words."""
        if not self.provider.is_on:
            return "Switched off"
        if self.needs:
            return "Needs a key"
        return "" if self.offer.is_priced else "No price set"

    @property
    def is_free(self) -> bool:
        return not self.obstacle and not self.offer.amount

    @property
    def is_closed(self) -> bool:
        """It can be seen but not chosen; the present one stays what it is."""
        return bool(self.needs) and not self.now


def choices(
    team: Team, budgets: Rooms, orders: Sequence[Order], *, now: Capability, each: int = 1
) -> Sequence[Choice]:
    """Every model that takes new orders and the present one, in the order of the registry.

    Its offer is for all of these orders, each of them so many times.
    """
    models = [able for able in all_capabilities() if able is now or able.provider in offered()]
    there = [adapted(order, now, able).order for able in models for order in orders]
    found = iter(offers_of(team, there, budgets))
    offers = [summed(list(islice(found, len(orders))), each=each) for _ in models]
    needs = {slug: closed_for(provider) for slug, provider in all_providers().items()}
    swatches = _swatches()
    return [
        Choice(
            able=able, provider=provider_of(able.provider), swatch=swatches[able.provider],
            needs=needs[able.provider], now=able is now, offer=_open(offer, needs[able.provider]),
        )
        for able, offer in zip(models, offers, strict=True)
    ]  # fmt: skip


def _open(offer: Offer, needs: str) -> Offer:
    """Without a key there is nothing to offer, whatever it costs."""
    return replace(offer, refused=needs, is_priced=True) if needs else offer


def _swatches() -> Mapping[str, str]:
    remote = [slug for slug, provider in all_providers().items() if not provider.renders_here]
    colors = {slug: f"s{1 + place % SWATCHES}" for place, slug in enumerate(remote)}
    return {slug: colors.get(slug, OWN_SWATCH) for slug in all_providers()}


def first_usable() -> Capability:
    """The model that a new form starts with."""
    models = all_capabilities()
    return next((able for able in models if not closed_for(provider_of(able.provider))), models[0])
