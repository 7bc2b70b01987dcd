"""Who decides in a project, and how many must agree; what is decided follows at once."""

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef

from studio import permissions
from studio.core.errors import InvalidRule
from studio.core.review import Voters
from studio.ledger import days
from studio.models import Clip, Decision, Member, Project, Role, Take, Team
from studio.services.verdicts import follow_decisions, lock_projects, subjects

CHUNK = 500  # clips that are looked at together
MOST_NEEDED = 20
ACTION = "say whose decisions count in a project"


def set_rule(
    *, member: Member, project: Project, voters: Voters, needed: int,
    reviewers: Collection[int] = (), guests_count: bool = False,
) -> int:  # fmt: skip
    """Change the rule, and then all that is decided by it; how many takes are now something else.

    `reviewers` are pks of members, and remembered as long as others decide. Raises InvalidRule.
    """
    permissions.require(permissions.can_set_rule(member), ACTION)
    assert project.team_id == member.team_id, "pages answered 404 before"
    with transaction.atomic():
        lock_projects([project.pk])
        _change(project, voters, needed, reviewers, guests_count=guests_count)
    return follow_rule(project)


def _change(
    project: Project, voters: Voters, needed: int, reviewers: Collection[int], *, guests_count: bool
) -> None:
    named = _named(project, reviewers)
    people = len(named) if voters == Voters.NAMED else _people(project, voters)
    _check(voters, needed, people=people, guests_count=guests_count)
    if voters == Voters.NAMED:
        _name(project, named)
    project.voters, project.needed, project.guests_count = voters, needed, guests_count
    project.save(update_fields=["voters", "needed", "guests_count"])


def _named(project: Project, pks: Collection[int]) -> list[Member]:
    """The members with these keys, who must be in the team, and still there."""
    found = Member.objects.filter(team=project.team_id, pk__in=pks).select_related("user")
    named = list(found.order_by("pk"))
    if len(named) < len(set(pks)):
        raise InvalidRule("Reviewers must be people of this team; choose them from the list.")
    for one in named:
        if not (one.is_active and one.user.is_active):
            raise InvalidRule(f"Reviewers: {one} has left the team; choose people who are in it.")
    return named


def _people(project: Project, voters: Voters) -> int:
    """How many there are who may be asked."""
    here = Member.objects.active().filter(team=project.team_id)
    return (here.filter(role=Role.ADMIN) if voters == Voters.ADMINS else here).count()


CALLED = {Voters.ANYBODY: "people", Voters.ADMINS: "admins", Voters.NAMED: "reviewers"}


def _check(voters: Voters, needed: int, *, people: int, guests_count: bool) -> None:
    if voters == Voters.NAMED and not people:
        raise InvalidRule("Reviewers: choose at least one person, or let anybody decide.")
    if not 1 <= needed <= MOST_NEEDED:
        raise InvalidRule(f"Needed must be 1 to {MOST_NEEDED}, not {needed}.")
    if needed > people and not guests_count:
        allowed = "1" if people == 1 else f"1 to {people}"
        raise InvalidRule(
            f"Needed must be {allowed}, as many as there are {CALLED[voters]}, not {needed}."
        )


def _name(project: Project, named: Collection[Member]) -> None:
    """Who left stays: nobody can choose them any more, and what they said still counts."""
    left = project.reviewers.exclude(pk__in=Member.objects.active())
    project.reviewers.set([*named, *left])


def follow_people(team: Team) -> None:
    """Somebody joined, left, or has another role: who counts may be another one now."""
    for project in Project.objects.filter(team=team).exclude(voters=Voters.ANYBODY):
        follow_rule(project)


def follow_rule(project: Project) -> int:
    """Let every take of the project be what the rule makes of it; how many changed.

    Only those that somebody decided about can. It goes in batches, each a transaction that leaves
    room for others: where it is cut off, the audit names the takes that are left, and saving the
    rule once more goes on. Who decides meanwhile decides by the new rule.
    """
    return sum(_follow(project, clips) for clips in _decided(project))


def _decided(project: Project) -> Iterator[list[int]]:
    """Clips that somebody decided about, some at a time."""
    said = Decision.objects.filter(take=OuterRef("pk"))
    takes = Take.objects.filter(Exists(said), clip__project=project).order_by("clip")
    last = 0
    while clips := list(
        takes.filter(clip__gt=last).values_list("clip", flat=True).distinct()[:CHUNK]
    ):
        yield clips
        last = clips[-1]


@transaction.atomic
def _follow(project: Project, clips: list[int]) -> int:
    lock_projects([project.pk])
    Clip.objects.filter(pk__in=clips).lock()
    changed = follow_decisions(subjects(Take.objects.filter(clip__in=clips)))
    if changed:
        days.of_clips({one.clip for one in changed})
        Clip.objects.filter(pk__in={one.clip for one in changed}).touch()
    return len(changed)
