"""What the director says of an order besides its values: price, crops, what the model can do."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio import ledger
from studio.core.errors import NoPrice
from studio.core.orders import Order
from studio.core.spec import Capability, Kind
from studio.models import Asset, Budget, Per, Team


@dataclass(frozen=True, kw_only=True)
class Note:
    """A sentence about a model, with an icon; `tone` is ok, warn or ""."""

    words: str
    icon: str = "check"
    tone: str = "ok"


def _limit(words: str) -> Note:
    return Note(words=words, icon="alert", tone="warn")


# What the director says of a model: a test, and the note for yes and for no.
NOTES: tuple[tuple[Callable[[Capability], bool], Note, Note], ...] = (
    (
        lambda able: any(param.kind == Kind.CAMERA for param in able.params),
        Note(words="All six camera axes go through as numbers."),
        _limit("It takes no camera numbers."),
    ),
    (
        lambda able: able.first_frame and able.last_frame,
        Note(words="It starts and ends on your own frames."),
        _limit("It takes no last frame."),
    ),
    (
        lambda able: able.reports_progress,
        Note(words="Progress is shown frame by frame."),
        _limit("No progress is reported; you see elapsed time."),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the button says: a price in micro-credits, or the reason why there is none."""

    amount: int = 0
    available: int = 0
    granted: int = 0
    takes: int = 1
    seconds: int = 0
    per_second: bool = False
    refused: str = ""

    @property
    def asks(self) -> bool:
        """The budget has no room: the job would wait for it."""
        return self.amount > self.available

    @property
    def one_take(self) -> int:
        return self.amount // self.takes

    @property
    def one_second(self) -> int:
        return self.one_take // self.seconds if self.seconds else 0

    @property
    def left(self) -> int:
        return self.available - self.amount

    @property
    def used_then(self) -> int:
        """Spent or held of the budget once this is ordered."""
        return self.granted - self.left


def offer_of(team: Team, order: Order, budget: Budget) -> Offer:
    """What the team would pay for this order out of this budget."""
    nothing = Offer(
        available=budget.available,
        granted=budget.granted,
        takes=order.count,
        seconds=order.seconds,
    )
    try:
        quote = ledger.quote(team, order)
    except NoPrice as error:
        return replace(nothing, refused=error.message)
    return replace(nothing, amount=quote.amount, per_second=quote.price.per == Per.SECOND)


def crop_in_words(label: str, asset: Asset | None, aspect: str) -> str:
    """“The last frame is 3:2, so 16 % of its height is cut.”; "" where it fits."""
    wide, _, high = aspect.partition(":")
    if not asset or not asset.height or not (wide.isdecimal() and high.isdecimal()):
        return ""
    wanted, given = int(wide) / int(high), asset.width / asset.height
    side, kept = ("height", given / wanted) if given < wanted else ("width", wanted / given)
    cut = round(100 * (1 - kept))
    size = f"{asset.width} × {asset.height}"
    return f"The {label.lower()} is {size}, so {cut} % of its {side} is cut." if cut else ""


def notes_on(able: Capability) -> list[Note]:
    """What the model can and cannot do, each as a sentence."""
    return [yes if has(able) else no for has, yes, no in NOTES]
