"""Who has said what about the takes of a clip, and the rule by which it counts, in words."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from studio.core.review import Verdict, Voters
from studio.models import Clip, Decision, Electorate, Guest, Member, Project, User
from studio.models.electorate import Voice

MOST_FACES = 6


@dataclass(frozen=True, kw_only=True)
class Face:
    """Somebody who decided, or with the verdict "" is waited for; `member` is None for a guest."""

    person: User | Guest
    member: int | None
    verdict: str
    counts: bool


@dataclass(frozen=True, kw_only=True)
class Panel:
    """All that a clip's head says of decisions about one take; `rest` are faces without room."""

    faces: list[Face]
    rest: int
    agreed: int
    needed: int
    rule: str


def panels(clip: Clip, takes: Collection[int]) -> dict[int, Panel]:
    """Of each take by its pk, in three queries at most."""
    project = clip.project
    voting, named = Electorate.of(project), reviewers([project])[project.pk]
    said: dict[int, list[Decision]] = defaultdict(list)
    rows = Decision.objects.filter(take__in=takes).select_related("member__user", "guest")
    for decision in rows.order_by("decided_at", "pk"):
        said[decision.take_id].append(decision)
    words = rule_in_words(project, named)
    return {take: _panel(said[take], voting, named, words) for take in takes}


def reviewers(projects: Collection[Project]) -> dict[int, list[Member]]:
    """Of each project by its pk the named ones who are still there; none where others decide."""
    found: dict[int, list[Member]] = {project.pk: [] for project in projects}
    asked = [project.pk for project in projects if project.voters == Voters.NAMED]
    named = Project.reviewers.through.objects.filter(
        project__in=asked, member__is_active=True, member__user__is_active=True
    )
    for row in named.select_related("member__user").order_by("member__user__name", "member"):
        found[row.project_id].append(row.member)
    return found


def _panel(said: list[Decision], voting: Electorate, named: Iterable[Member], words: str) -> Panel:
    counted = [voice for one in said if voting.counts(voice := _voice(one))]
    faces = [_face(one, voting) for one in said] + _awaited(said, named)
    return Panel(
        faces=faces[:MOST_FACES],
        rest=max(0, len(faces) - MOST_FACES),
        agreed=sum(one.verdict == Verdict.APPROVE for one in counted),
        needed=voting.rule(counted).needed,
        rule=words,
    )


def _voice(decision: Decision) -> Voice:
    return Voice(decision.member_id, decision.verdict)


def _face(decision: Decision, voting: Electorate) -> Face:
    person = decision.member.user if decision.member else decision.guest
    assert person, "the constraint says so"
    return Face(
        person=person, member=decision.member_id, verdict=decision.verdict,
        counts=voting.counts(_voice(decision)),
    )  # fmt: skip


def _awaited(said: Iterable[Decision], named: Iterable[Member]) -> list[Face]:
    spoken = {one.member_id for one in said}
    silent = [one for one in named if one.pk not in spoken]
    return [Face(person=one.user, member=one.pk, verdict="", counts=True) for one in silent]


def rules_of(projects: Collection[Project]) -> dict[int, str]:
    """The rule of each in words, in one query at most."""
    named = reviewers(projects)
    return {project.pk: rule_in_words(project, named[project.pk]) for project in projects}


def rule_in_words(project: Project, named: Collection[Member]) -> str:
    """“2 of 3: Ana, Jonas, Mei”, “Any admin decides”."""
    words = WORDS[Voters(project.voters)](project.needed, [str(one) for one in named])
    return f"{words}; clients count too" if project.guests_count else words


def _named(needed: int, names: list[str]) -> str:
    if not names:
        return "Nobody who decides is left: an admin can change the rule"
    return f"{min(needed, len(names))} of {len(names)}: {', '.join(names)}"


WORDS = {
    Voters.ANYBODY: lambda needed, _: (
        "Anybody decides" if needed == 1 else f"{needed} people must agree"
    ),
    Voters.ADMINS: lambda needed, _: (
        "Any admin decides" if needed == 1 else f"{needed} admins must agree"
    ),
    Voters.NAMED: _named,
}
