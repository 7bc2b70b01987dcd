"""Rehearse an order as Animatic for nothing, and shoot for real what was rehearsed."""

from dataclasses import replace

from studio import permissions
from studio.core.adaptation import Adapted, adapted
from studio.core.errors import InvalidOrder, PriceChanged, Problem, TooLate
from studio.core.orders import Order
from studio.models import Job, Member, Project
from studio.orders import check
from studio.providers.animatic import CAPABILITY as ANIMATIC
from studio.providers.registry import capability_of
from studio.services.batches import NEW, Origin
from studio.services.jobs import order

NO_SCENES = "A simulation can not be rehearsed: Animatic draws no scenes. Generate it, or choose another model."


def as_animatic(wanted: Order) -> Adapted:
    """What Animatic makes of it, and what it does differently.

    Raises InvalidOrder for a simulation, which it can not draw.
    """
    able = capability_of(wanted)
    if able.scene:
        raise InvalidOrder([Problem("model", NO_SCENES)])
    return adapted(wanted, able, ANIMATIC)


def rehearse(
    member: Member,
    project: Project,
    wanted: Order,
    *,
    origin: Origin = NEW,
    shown_price: int | None = None,
) -> Job:
    """Order it from Animatic, with the order itself kept as what is intended.

    What its own model would refuse is refused here, too; a price it need not have. Raises
    InvalidOrder, NotAllowed, PriceChanged where somebody has set a price for Animatic.
    """
    permissions.require(permissions.can_order(member), "order takes")
    intended = check(member.team_id, wanted)
    rough = as_animatic(intended).order
    known = replace(origin, intended=intended.to_json())
    return order(member, project, rough, origin=known, shown_price=shown_price)


def shoot(member: Member, rehearsal: Job, *, times: int, shown_price: int | None = None) -> Job:
    """Send what was rehearsed to the provider that it is meant for, into the same clip.

    `times` is how often that was done before, as the pressed button knew it: so a button that is
    pressed twice counts once. Over budget the job waits. Raises NotAllowed, TooLate when somebody
    else has done it meanwhile, InvalidOrder, NoPrice, PriceChanged.
    """
    permissions.require(permissions.can_repeat(member, rehearsal), "order takes")
    if rehearsal.intended is None:
        raise TooLate("This job rehearses nothing.")
    key = f"real-{rehearsal.pk}-{times}"
    same = Job.objects.filter(author=member, key=key).first()
    if same is None and rehearsal.shot_for_real().count() != times:
        raise TooLate("It is being shot for real already.")
    origin = Origin(clip=rehearsal.clip, job=rehearsal, key=key)
    intended = Order.from_json(rehearsal.intended)
    try:
        return same or order(
            member, rehearsal.clip.project, intended, origin=origin, shown_price=shown_price,
            may_wait=True,
        )  # fmt: skip
    except PriceChanged:
        rehearsal.touch()  # so that every page shows the price of today
        raise
