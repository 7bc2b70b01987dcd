"""The team's own prices: a new version from now on, older ones stay for the ledger."""

from dataclasses import dataclass

from django.utils import timezone

from studio import ledger, permissions
from studio.core.errors import NoPrice
from studio.core.money import CREDIT
from studio.core.orders import Order
from studio.core.spec import Capability
from studio.models import Member, Per, PriceVersion, Team
from studio.providers.registry import provider_of

PREVIEW_SECONDS = 5


def set_price(member: Member, *, able: Capability, per: str, amount: int) -> PriceVersion:
    """From now on a second or a take of this model costs `amount` micro-credits in this team.

    Jobs keep the price that they were ordered for.
    """
    permissions.require(permissions.can_price(member), "set prices")
    now = timezone.now()
    return PriceVersion.objects.create(
        team=member.team, provider=able.provider, model=able.model, per=per, amount=amount,
        unit=CREDIT, valid_from=now, source=f"Set by {member}"[:200], checked_on=now.date(),
        created_by=member,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What one take of five seconds costs, in micro-credits: today (None: no price) and then."""

    label: str
    now: int | None
    then: int
    seconds: int = PREVIEW_SECONDS


def preview(team: Team, *, able: Capability, per: str, amount: int) -> Preview:
    then = amount * (PREVIEW_SECONDS if per == Per.SECOND else 1)
    label = provider_of(able.provider).label
    return Preview(label=label, now=_cost_now(team, able), then=then)


def _cost_now(team: Team, able: Capability) -> int | None:
    settings = {**able.defaults(), "duration": PREVIEW_SECONDS, "count": 1}
    order = Order(provider=able.provider, model=able.model, prompt="", settings=settings)
    try:
        return ledger.quote(team, order).amount
    except NoPrice:
        return None
