"""What the director says of an order besides its values: price, what the model can do."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from studio import ledger
from studio.core.errors import NoPrice
from studio.core.money import CREDIT
from studio.core.orders import Order
from studio.core.spec import Capability
from studio.forms.camera import SPOKEN, camera_of, said_rule
from studio.ledger import Room, Rooms
from studio.models import Per, PriceVersion, Team


@dataclass(frozen=True, kw_only=True)
class Note:
    """A sentence about a model, with an icon; `tone` is ok, warn or ""."""

    words: str
    icon: str = "check"
    tone: str = "ok"


def _limit(words: str) -> Note:
    return Note(words=words, icon="alert", tone="warn")


def _takes_frames(able: Capability) -> Note | None:
    if able.scene:
        return None
    if able.first_frame and able.last_frame:
        return Note(words="It starts and ends on your own frames.")
    return _limit("It takes no last frame." if able.first_frame else "It takes no frames.")


def _takes_camera(able: Capability) -> Note | None:
    words = said_rule(able)
    if not words:
        return None
    return _limit(words) if camera_of(able) is SPOKEN else Note(words=words)


def _takes_a_scene(able: Capability) -> Note | None:
    return Note(words="It moves a scene of yours, and measures it.") if able.scene else None


def _tells_progress(able: Capability) -> Note | None:
    if able.reports_progress:
        return Note(words="Progress is shown while it works.")
    return _limit("No progress is reported; you see elapsed time.")


# What the director says of a model, each if there is anything to say.
NOTES: tuple[Callable[[Capability], Note | None], ...] = (
    _takes_camera, _takes_frames, _takes_a_scene, _tells_progress,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the button says: a price in micro-credits, or the reason why there is none.

    `price` is the version that it comes from, `native` the same in micro-units of its unit; where
    `jobs` are of several prices there is no one version. `amounts` are what each provider gets of
    it, out of the `budgets`.
    """

    amount: int = 0
    jobs: int = 1
    amounts: Mapping[str, int] = field(default_factory=dict)
    budgets: Rooms | None = None
    takes: int = 1
    seconds: int = 0
    per_second: bool = False
    refused: str = ""
    is_priced: bool = True
    price: PriceVersion | None = None
    native: int = 0

    @cached_property
    def rooms(self) -> list[Room]:
        """Every budget that it counts in, the team's own first."""
        return self.budgets.of(self.amounts) if self.budgets else []

    @property
    def short(self) -> Room | None:
        """The budget that lacks most for it."""
        worst = max(self.rooms, key=lambda room: room.missing, default=None)
        return worst if worst and worst.missing else None

    @property
    def asks(self) -> bool:
        """A budget has no room: the job would wait for it."""
        return self.short is not None

    @property
    def missing(self) -> int:
        """What that budget lacks for it."""
        return self.short.missing if self.short else 0

    @property
    def foreign(self) -> PriceVersion | None:
        """Its price, where the provider counts in something else than our credits."""
        return self.price if self.price and self.price.unit != CREDIT else None

    @property
    def one_take(self) -> int:
        return self.amount // self.takes

    @property
    def one_second(self) -> int:
        return self.one_take // self.seconds if self.seconds else 0


def offers_of(team: Team, orders: Sequence[Order], budgets: Rooms) -> list[Offer]:
    """What the team would pay for each of these orders out of these budgets."""
    found = zip(orders, ledger.quotes(team, orders), strict=True)
    return [_offer(order, quote, budgets) for order, quote in found]


def summed(offers: Sequence[Offer], *, each: int = 1) -> Offer:
    """One offer for all of them, each so many times; refused where one of them is."""
    first = offers[0]
    if len(offers) == each == 1:
        return first
    if refused := next((offer for offer in offers if offer.refused), None):
        return replace(refused, jobs=len(offers) * each)
    return replace(
        first,
        jobs=len(offers) * each,
        amount=each * sum(offer.amount for offer in offers),
        amounts=_by_provider(offers, each),
        takes=each * sum(offer.takes for offer in offers),
        native=each * sum(offer.native for offer in offers),
        price=first.price if all(offer.price == first.price for offer in offers) else None,
    )


def _by_provider(offers: Sequence[Offer], each: int) -> Mapping[str, int]:
    amounts: Counter[str] = Counter()
    for offer in offers:
        amounts.update({slug: each * amount for slug, amount in offer.amounts.items()})
    return amounts


def _offer(order: Order, quote: ledger.Quote | NoPrice, budgets: Rooms) -> Offer:
    nothing = Offer(budgets=budgets, takes=order.count, seconds=order.seconds)
    if isinstance(quote, NoPrice):
        return replace(nothing, refused=quote.message, is_priced=False)
    return replace(
        nothing, amount=quote.amount, amounts={order.provider: quote.amount}, per_second=quote.price.per == Per.SECOND, price=quote.price,
        native=quote.native,
    )  # fmt: skip


def notes_on(able: Capability) -> list[Note]:
    """What the model can and cannot do, each as a sentence."""
    return [said for note in NOTES if (said := note(able))]
