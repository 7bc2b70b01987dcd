"""Words of reviewing, and the rule that turns what people decide into a take's status."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """One person's decision about one take."""

    APPROVE = "approve"
    CHANGES = "changes"
    REJECT = "reject"


class ReviewStatus(StrEnum):
    """What the project's rule makes of all decisions about a take."""

    REVIEW = "review"
    APPROVED = "approved"
    CHANGES = "changes"
    REJECTED = "rejected"


class Happening(StrEnum):
    """What people did to a clip, as its events tell it."""

    NOTED = "noted"
    REPLIED = "replied"
    EDITED = "edited"
    REMOVED = "removed"
    RETURNED = "returned"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    FINISHED = "finished"
    APPROVE = "approve"
    CHANGES = "changes"
    REJECT = "reject"
    WITHDRAWN = "withdrawn"
    TRASHED = "trashed"
    RESTORED = "restored"
    SHARED = "shared"


class Voters(StrEnum):
    """Whose decisions a project counts."""

    ANYBODY = "anybody"
    ADMINS = "admins"
    NAMED = "named"


# What many people who agree make of a take. Who rejects it also says that it needs changes.
MAKES: Mapping[Verdict, tuple[ReviewStatus, ...]] = {
    Verdict.APPROVE: (ReviewStatus.APPROVED,),
    Verdict.CHANGES: (ReviewStatus.CHANGES,),
    Verdict.REJECT: (ReviewStatus.CHANGES, ReviewStatus.REJECTED),
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """So many people must agree; `voters` is how many there are, None where anybody may decide."""

    needed: int = 1
    voters: int | None = None


def status_of(verdicts: Iterable[Verdict], rule: Rule) -> ReviewStatus:
    """The status of a take by the verdicts that count, in the order in which they were given.

    It is what the newest verdict with enough agreement says; once everybody has decided and nobody
    has enough, the take needs changes.
    """
    agreed: Counter[ReviewStatus] = Counter()
    status, given = ReviewStatus.REVIEW, 0
    for verdict in verdicts:
        given += 1
        for made in MAKES[verdict]:
            agreed[made] += 1
            if agreed[made] >= rule.needed:
                status = made
    everybody = rule.voters is not None and given >= rule.voters
    return ReviewStatus.CHANGES if status == ReviewStatus.REVIEW and everybody else status
