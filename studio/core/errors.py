"""Everything that Dailies raises on purpose.

StudioError                     message: one sentence for the person
├── InvalidOrder                values that no provider may be sent; names fields
├── InvalidUpload               a file whose content is not what was asked for
├── BudgetExceeded              the hold does not fit what is left
├── NoPrice                     no price version is valid for this order
├── PriceChanged                the price is not the one that was shown
├── NotAllowed                  the member's role does not include this action
├── TooLate                     the job has moved on; the action no longer applies
├── NameTaken                   another row of the team has this name already
├── LinkSpent                   a link was used, was taken back or has expired
├── StorageFull                 no room to store a file; a person frees some and retries
├── StorageFailed               a file could not be written, read or understood
└── ProviderError               anything a provider or engine answered
    ├── ProviderUnavailable     surely not received; try again later
    ├── ProviderRejected        refused for good; has a reason
    └── Unsupported             asked for something it cannot do

Class attributes say what follows, so that callers need no string matching: `http_status` is what
a page answers, `permanent` whether trying again can help.
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
    """One thing wrong with one field; the message names the field and the allowed values."""

    field: str
    message: str


class InvalidOrder(StudioError):
    """Raised with every problem found, so that a form can show each at its field."""

    http_status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class InvalidUpload(StudioError):
    http_status = 422


class BudgetExceeded(StudioError):
    http_status = 409


class NoPrice(StudioError):
    http_status = 409


class PriceChanged(StudioError):
    http_status = 409


class NotAllowed(StudioError):
    http_status = 403


class TooLate(StudioError):
    http_status = 409


class NameTaken(StudioError):
    http_status = 409


class LinkSpent(StudioError):
    http_status = 410


class StorageFailed(StudioError):
    http_status = 500


class StorageFull(StudioError):
    http_status = 507
    permanent = False


class ProviderError(StudioError):
    http_status = 502


class ProviderUnavailable(ProviderError):
    permanent = False


class ProviderRejected(ProviderError):
    """The provider's verdict: this order will not be made."""


class Unsupported(ProviderError):
    http_status = 422
