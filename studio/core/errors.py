"""Everything that Dailies raises on purpose.

StudioError                     message: one sentence for the person
├── InvalidOrder                values that no provider may be sent; names fields
│   ├── WrongFormat             one of its files is of a kind that is not taken
│   └── InvalidTemplate         a name, text, setting or placeholder that no template can have
├── InvalidUpload               a file whose content is not what was asked for
├── InvalidPicture              a frame that a take does not have, or a fit that no picture can have
├── InvalidNote                 a text, a frame or a drawing that no note can have
├── InvalidPreset               a name or a value that no preset can have
├── InvalidDownload             takes, a format or names that no download can have
├── TooManyDownloads            so many are under way that another one would slow all of them
├── InvalidChoice               something was to be chosen, and was not, or is not there
├── InvalidRule                 a rule by which no project can decide
├── InvalidSearch               words or fields that the search box does not know
├── InvalidView                 a name or a search that no saved view can have
├── TooOften                    asked for again before its pause was over
├── InvalidWordList             a name or words that no list can have
├── InvalidBoard                a name that no board can have, or clips that it can not hold
├── InvalidBill                 a file, a column or days that no provider's bill can have
├── InvalidTag                  a word that no tag can be
├── InvalidSelection            no clips at all, or more than go at once
├── BudgetExceeded              the hold does not fit what is left
│   └── CapExceeded             nor a limit of its project, author, provider
├── InvalidCap                  a limit that is there already, or below what is used of it
├── InvalidPrice                a price or a rate that can not begin or end then; names the field
│   └── PricesOverlap           another version of its kind is in the way
├── NoPrice                     no price version is valid for this order
├── PriceChanged                the price is not the one that was shown
├── NotAllowed                  the member's role does not include this action
├── TooLate                     the job has moved on; the action no longer applies
├── DraftChanged                another window has kept another text since
├── NameTaken                   another row of the team has this name already
├── NothingToJoin               a take that continues no other one
├── LinkSpent                   a link was used, was taken back or has expired
├── LinkClosed                  a client's link lets nobody in now; says when it will, or that it did
├── WrongPassword               a client's link has another one
├── InvalidShare                values that no client's link can have; names the field
├── StorageFull                 no room to store a file; a person frees some and retries
├── StorageFailed               a file could not be written, read or understood
├── NoRate                      nobody said what one of a provider's credits costs
├── UnsafeAddress               an address outside the studio's reach, or one that it must not reach
├── InvalidEndpoint             a name, address or number of endpoints that can not be
├── NotMailed                   the mail server has surely not taken a mail
├── MaybeMailed                 nobody can tell whether it has
└── ProviderError               anything a provider or engine answered
    ├── ProviderUnavailable     surely not received, or not answered; try again later
    │   └── ProviderBusy        asked to come back later
    ├── ProviderBlocked         its whole lane waits for an admin
    │   ├── KeyRejected         there is no key, or it is not accepted
    │   └── OutOfMoney          the account there has not enough money
    ├── ProviderRejected        refused for good; has a reason
    │   └── Moderated           refused for what it shows or says
    ├── ProviderConfused        an answer that no document describes
    ├── MaybeSent               nobody can tell whether the provider has the order
    └── Unsupported             asked for something it cannot do

Class attributes say what follows, so that callers need no string matching: `http_status` is what
a page answers, `permanent` whether trying again can help, `category` what kind of end a job has,
`ended` that in words.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class StudioError(Exception):
    """Has `message`, one sentence that may be shown to the person."""

    http_status = 400
    permanent = True

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field; the message names the field and the allowed values.

    `part` is what within the field is meant, such as the name of a joint; None is all of it.
    """

    field: str
    message: str
    part: str | None = None


class InvalidOrder(StudioError):
    """Raised with every problem found, so that a form can show each at its field."""

    http_status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class WrongFormat(InvalidOrder):
    http_status = 415


class InvalidTemplate(InvalidOrder):
    pass


class InvalidSearch(StudioError):
    http_status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class InvalidView(StudioError):
    http_status = 422


class InvalidUpload(StudioError):
    http_status = 422


class InvalidPicture(StudioError):
    http_status = 422


class InvalidNote(StudioError):
    http_status = 422


class InvalidPreset(StudioError):
    http_status = 422


class InvalidChoice(StudioError):
    http_status = 422


class InvalidDownload(StudioError):
    http_status = 422


class TooManyDownloads(StudioError):
    http_status = 429


class InvalidRule(StudioError):
    http_status = 422


class TooOften(StudioError):
    http_status = 429


class InvalidWordList(StudioError):
    http_status = 422


class InvalidBoard(StudioError):
    http_status = 422


class InvalidBill(StudioError):
    http_status = 422


class InvalidTag(StudioError):
    http_status = 422


class InvalidSelection(StudioError):
    http_status = 422


class BudgetExceeded(StudioError):
    http_status = 409


class CapExceeded(BudgetExceeded):
    """`cap` is the key of the limit that has no room."""

    def __init__(self, message: str, *, cap: int) -> None:
        super().__init__(message)
        self.cap = cap


class InvalidCap(StudioError):
    http_status = 422


class InvalidPrice(StudioError):
    """`field` is the form's."""

    http_status = 422

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class PricesOverlap(InvalidPrice):
    """`other` is the key of the version in the way, where a new one may take its place, else None."""

    http_status = 409

    def __init__(self, message: str, *, field: str, other: int | None = None) -> None:
        super().__init__(message, field=field)
        self.other = other


class NoPrice(StudioError):
    http_status = 409


class PriceChanged(StudioError):
    http_status = 409


class NotAllowed(StudioError):
    http_status = 403


class TooLate(StudioError):
    http_status = 409


class DraftChanged(StudioError):
    http_status = 409


class NameTaken(StudioError):
    http_status = 409


class NothingToJoin(StudioError):
    http_status = 409


class LinkSpent(StudioError):
    http_status = 410


class LinkClosed(StudioError):
    http_status = 403


class WrongPassword(StudioError):
    http_status = 422


class InvalidShare(StudioError):
    """`field` is the form's, "" where it is about all of it."""

    http_status = 422

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class StorageFailed(StudioError):
    http_status = 500


class StorageFull(StudioError):
    http_status = 507
    permanent = False


class NoRate(NoPrice):
    """`unit` is the provider's credit that has no rate."""

    def __init__(self, message: str, *, unit: str) -> None:
        super().__init__(message)
        self.unit = unit


class UnsafeAddress(StudioError):
    http_status = 422


class InvalidEndpoint(StudioError):
    http_status = 422


class NotMailed(StudioError):
    http_status = 502

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class MaybeMailed(StudioError):
    http_status = 502


class ProviderError(StudioError):
    """`raw` is what the provider answered, for the admin; it is never shown to anybody else.

    `retry_after` is the pause in seconds that it asked for, None where it asked for none.
    """

    http_status = 502
    category = "provider"
    ended = "trouble at the provider"

    def __init__(self, message: str, *, raw: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.raw = raw
        self.retry_after = retry_after


class ProviderUnavailable(ProviderError):
    permanent = False


class ProviderBusy(ProviderUnavailable):
    http_status = 429


class ProviderBlocked(ProviderError):
    permanent = False


class KeyRejected(ProviderBlocked):
    category = "key"
    ended = "the key was not accepted"


class OutOfMoney(ProviderBlocked):
    category = "money"
    ended = "not enough money at the provider"


class ProviderRejected(ProviderError):
    """The provider's verdict: this order will not be made."""

    category = "rejected"
    ended = "refused by the provider"


class Moderated(ProviderRejected):
    category = "moderation"
    ended = "refused in content moderation"


class ProviderConfused(ProviderError):
    pass


class MaybeSent(ProviderError):
    category = "uncertain"


class Unsupported(ProviderError):
    http_status = 422


# What each category of a job's end is in words.
ENDED = {
    kind.category: kind.ended
    for kind in (ProviderError, KeyRejected, OutOfMoney, ProviderRejected, Moderated)
}
