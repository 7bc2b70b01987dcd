"""What people decide about takes: say it, say something else, take it back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.utils import timezone

from studio import notices, permissions
from studio.core.errors import InvalidChoice, TooLate
from studio.core.review import Happening, Verdict
from studio.ledger import days
from studio.models import Clip, Decision, Guest, Member, Take
from studio.services import looks
from studio.services.verdicts import Subject, follow_decisions, lock_projects, subjects

MOST_CLIPS = 5_000
CHUNK = 500  # takes that one transaction is about
MOST_TOLD = 50  # who decides about more at once tells nobody of each: the wall shows it
Row = TypeVar("Row")
IN_TRASH = "This clip is in the trash. Bring it back before you decide about it."


class Word(NamedTuple):
    """What somebody says about a take, and since when."""

    verdict: str
    at: datetime


class Step(NamedTuple):
    """One change of somebody's word about a take, so that it can be undone."""

    take: int
    before: Word | None
    after: Word | None


@dataclass(frozen=True)
class Said:
    """`takes` are those that the word holds for now, `steps` those that heard another before."""

    takes: list[int]
    steps: list[Step]


def decide(*, member: Member, take: Take, verdict: Verdict | None) -> Said:
    """Say what one thinks of a take; None takes it back. Raises TooLate for a clip in the trash."""
    permissions.require(permissions.can_review(member, take.clip), "decide about this clip")
    return _decide(member, take, verdict)


def decide_as_guest(*, guest: Guest, take: Take, verdict: Verdict | None) -> Said:
    """The same for a client; whether it counts is the project's to say."""
    may = permissions.can_decide_as_guest(guest, take)
    permissions.require(may, "decide about this clip")
    return _decide(guest, take, verdict)


def _decide(person: Member | Guest, take: Take, verdict: Verdict | None) -> Said:
    said = _say(person, [take.pk], verdict)
    if not said.takes:
        raise TooLate(IN_TRASH)
    take.refresh_from_db(fields=["review", "reviewed_at"])
    return said


def decide_many(*, member: Member, clips: Sequence[Clip], verdict: Verdict | None) -> Said:
    """Say the same of the best take of each clip. What has none, or is in the trash, is left out.

    Each chunk is a transaction of its own. Raises InvalidChoice for more than can be done at once.
    """
    may = all(permissions.can_review(member, clip) for clip in clips)
    permissions.require(may, "decide about these clips")
    if len(clips) > MOST_CLIPS:
        raise InvalidChoice(
            f"Clips: choose at most {MOST_CLIPS:,} to decide about at once, not {len(clips):,}."
        )
    takes = sorted({clip.cover_id for clip in clips if clip.cover_id})
    done = [_say(member, chunk, verdict) for chunk in _chunks(takes)]
    return Said(
        [take for said in done for take in said.takes],
        [step for said in done for step in said.steps],
    )


def take_back(*, member: Member, steps: Sequence[Step]) -> int:
    """Undo these steps of the member's own, where they have said nothing else since; how many."""
    permissions.require(permissions.can_look(member), "decide")
    ordered = sorted(steps, key=lambda step: step.take)
    return sum(_undo(member, chunk) for chunk in _chunks(ordered))


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


@transaction.atomic
def _say(person: Member | Guest, takes: Sequence[int], verdict: Verdict | None) -> Said:
    asked = _locked(person, takes)
    known = _words(person, asked)
    new = Word(verdict, timezone.now()) if verdict else None
    steps = [
        Step(one.pk, before, new)
        for one in asked
        if ((before := _word(known.get(one.pk))) and before.verdict) != verdict
    ]
    _write(person, asked, known, {step.take: new for step in steps})
    return Said([one.pk for one in asked], steps)


@transaction.atomic
def _undo(member: Member, steps: Sequence[Step]) -> int:
    asked = _locked(member, [step.take for step in steps])
    known = _words(member, asked)
    there = {one.pk for one in asked}
    wanted = {
        step.take: step.before
        for step in steps
        if step.take in there and _word(known.get(step.take)) == step.after
    }
    _write(member, asked, known, wanted)
    return len(wanted)


def _locked(person: Member | Guest, takes: Sequence[int]) -> list[Subject]:
    """The takes that can be decided about; nobody else decides about them until the end."""
    team = person.team_id if isinstance(person, Member) else person.share.team_id
    ours = Take.objects.filter(pk__in=takes, clip__team=team)
    lock_projects(ours.values_list("clip__project", flat=True))
    Clip.objects.filter(pk__in=list(ours.values_list("clip", flat=True))).lock()
    return subjects(ours.filter(clip__trashed_at=None))


def _words(person: Member | Guest, asked: Sequence[Subject]) -> dict[int, Decision]:
    """What the person says of these takes, by take."""
    own = Decision.objects.filter(take__in=[one.pk for one in asked], **_by(person))
    return {decision.take_id: decision for decision in own}


def _by(person: Member | Guest) -> dict[str, Any]:
    return {"member" if isinstance(person, Member) else "guest": person}


def _word(decision: Decision | None) -> Word | None:
    return Word(decision.verdict, decision.decided_at) if decision else None


def _write(
    person: Member | Guest, asked: Sequence[Subject], known: Mapping[int, Decision],
    wanted: Mapping[int, Word | None],
) -> None:  # fmt: skip
    """Let the person say this from now on, the rule make of it what it does, and pages hear of it."""
    gone = [known[take] for take, word in wanted.items() if word is None]
    for decision in gone:
        notices.decision_withdrawn(decision)
    Decision.objects.filter(pk__in=[decision.pk for decision in gone]).delete()
    said = {take: word for take, word in wanted.items() if word}
    Decision.objects.bulk_create(
        Decision(take_id=take, verdict=word.verdict, decided_at=word.at, **_by(person))
        for take, word in said.items()
        if take not in known
    )
    others = [known[take] for take in said if take in known]
    for row in others:
        row.verdict, row.decided_at = said[row.take_id]
    Decision.objects.bulk_update(others, ["verdict", "decided_at"])
    changed = [one for one in asked if one.pk in wanted]
    reviewed = follow_decisions(changed)
    clips = {one.clip for one in changed}
    if looks.is_first(clips) or reviewed:
        days.of_clips(clips)
    _record(person, changed, wanted)
    if len(changed) <= MOST_TOLD:
        _tell(person, said, reviewed)


def _tell(person: Member | Guest, said: Mapping[int, Word], reviewed: Sequence[Subject]) -> None:
    """Whoever made these takes hears what was said, and what came of it."""
    own = Decision.objects.filter(take__in=said, **_by(person))
    for decision in own.select_related("take__clip__author", "take__clip__team", "take__job"):
        notices.decided(decision)
    before = {one.pk: one.review for one in reviewed}
    who: dict[str, Any] = {"actor" if isinstance(person, Member) else "guest": person}
    takes = Take.objects.filter(pk__in=before)
    for take in takes.select_related("clip__author", "clip__team", "job__author"):
        notices.take_reviewed(take, before[take.pk], take.review, **who)


def _record(
    person: Member | Guest, changed: Sequence[Subject], wanted: Mapping[int, Word | None]
) -> None:
    """An event for each clip, with the take's number."""
    told: dict[str, dict[int, str]] = defaultdict(dict)
    for one in changed:
        word = wanted[one.pk]
        happened = word.verdict if word else Happening.WITHDRAWN
        told[happened][one.clip] = f"Take {one.number}"
    who: dict[str, Any] = {"actor" if isinstance(person, Member) else "guest": person}
    for happened, notes in told.items():
        Clip.objects.filter(pk__in=notes).record(happened, notes=notes, **who)
