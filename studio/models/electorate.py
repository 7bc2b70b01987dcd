"""Whose decisions a project counts now, and what its rule makes of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db.models import QuerySet

from studio.core.review import ReviewStatus, Rule, Verdict, Voters, status_of
from studio.models.projects import Project
from studio.models.teams import Member, Role

# Which members of the team count, None for all of them; also those who left.
WHO: dict[Voters, Callable[[Project], QuerySet[Member] | None]] = {
    Voters.ANYBODY: lambda _: None,
    Voters.ADMINS: lambda project: Member.objects.filter(team=project.team_id, role=Role.ADMIN),
    Voters.NAMED: lambda project: project.reviewers.all(),
}


class Voice(NamedTuple):
    """One decision; `member` is None for a client's."""

    member: int | None
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Electorate:
    """`members` are those who count, None for everybody; `gone` are those of them who left.

    What somebody said before they left still counts: letting a person go must not reopen what they
    approved. Nobody waits for them any more.
    """

    voters: Voters
    needed: int
    guests_count: bool
    members: frozenset[int] | None
    gone: frozenset[int]

    @classmethod
    def of(cls, project: Project) -> Self:
        """One query, or none where everybody counts."""
        voters = Voters(project.voters)
        counted = WHO[voters](project)
        facts = ("pk", "is_active", "user__is_active")
        rows = [] if counted is None else list(counted.values_list(*facts))
        return cls(
            voters=voters, needed=project.needed, guests_count=project.guests_count,
            members=None if counted is None else frozenset(pk for pk, *_ in rows),
            gone=frozenset(pk for pk, *is_here in rows if not all(is_here)),
        )  # fmt: skip

    def waits_for(self, member: Member) -> bool:
        """Whether this person's decision is wanted."""
        return member.is_active and (self.members is None or member.pk in self.members - self.gone)

    def counts(self, voice: Voice) -> bool:
        if voice.member is None:
            return self.guests_count
        return self.members is None or voice.member in self.members

    def rule(self, counted: Iterable[Voice]) -> Rule:
        """The rule for a take that these have decided about.

        Where clients count, or everybody does, somebody else may always still speak. Where named
        people left, fewer can be needed than the project says.
        """
        if self.members is None or self.guests_count:
            return Rule(needed=self.needed)
        people = len((self.members - self.gone) | {one.member for one in counted})
        return Rule(needed=min(self.needed, people), voters=people) if people else Rule()

    def status(self, voices: Iterable[Voice], *, rehearsed: bool = False) -> str:
        """What a take is by all that is said about it, oldest first; "" is a rehearsal's own."""
        counted = [one for one in voices if self.counts(one)]
        if rehearsed and not counted:
            return ""
        verdicts = [Verdict(one.verdict) for one in counted]
        return status_of(verdicts, self.rule(counted)) if counted else ReviewStatus.REVIEW
