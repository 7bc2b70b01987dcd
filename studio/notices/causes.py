"""What happens in the studio, as those who are concerned are told of it.

Each function is called in the transaction of what happened, after the rows say so, and may run
twice: `cause` is the same then.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from studio.core.notices import Kind
from studio.core.review import ReviewStatus, Verdict
from studio.core.status import JobStatus
from studio.models import (
    Decision,
    Delivery,
    Endpoint,
    Guest,
    Job,
    Lane,
    Member,
    Mention,
    Note,
    Notice,
    Share,
    Take,
    Team,
)
from studio.notices.writing import About, admins_of, tell
from studio.providers import registry

ENDED = {JobStatus.SUCCEEDED: Kind.JOB_DONE, JobStatus.FAILED: Kind.JOB_FAILED}
REVIEWED = {
    ReviewStatus.APPROVED: Kind.APPROVED,
    ReviewStatus.CHANGES: Kind.CHANGES,
    ReviewStatus.REJECTED: Kind.REJECTED,
}
VERDICTS = {
    Verdict.APPROVE: "approve",
    Verdict.CHANGES: "needs changes",
    Verdict.REJECT: "reject",
}

# ── Jobs and lanes ──


def job_ended(job: Job, *, actor: Member | None = None) -> None:
    """Done or failed; a job that was cancelled is told to nobody."""
    kind = ENDED.get(JobStatus(job.status))
    if kind is None:
        return
    made = list(job.takes.order_by("number"))
    tell(
        kind=kind, cause=f"job {job.pk} ended", to=[job.author], actor=actor,
        about=About(team=job.team, clip=job.clip, take=made[0] if made else None),
        subject=job.clip.title, text=job.error or _count(made), who=str(job.author),
        take=made[0].number if made else None,
    )  # fmt: skip


def _count(takes: list[Take]) -> str:
    return f"{len(takes)} takes" if len(takes) > 1 else ""


def job_stopped(job: Job, *, late: bool = False) -> None:
    """It waits for a person, or with `late` its provider does not end it, which is told just once."""
    what = "late" if late else f"stopped {job.clip.rev}"
    tell(
        kind=Kind.JOB_STOPPED, cause=f"job {job.pk} {what}", to=[job.author, *admins_of(job.team)],
        about=About(team=job.team, clip=job.clip),
        subject=job.clip.title, text=job.problem, who=str(job.author),
    )  # fmt: skip


def lane_paused(lane: Lane) -> None:
    """Admins of every team hear of it, as any of them can let it go on; each person once."""
    heard: set[int] = set()
    label = registry.provider_of(lane.provider).label
    for team in Team.objects.order_by("pk"):
        admins = [one for one in admins_of(team) if one.user_id not in heard]
        heard |= {one.user_id for one in admins}
        tell(
            kind=Kind.LANE_PAUSED, cause=f"lane {lane.provider} {lane.paused_at}", to=admins,
            about=About(team=team), subject=label, text=lane.paused_for,
        )  # fmt: skip


# ── Notes and tasks ──


def note_written(note: Note) -> None:
    """A note or a reply, with everybody whom it mentions; nobody hears of it in two ways."""
    for mention in note.mentions.select_related("member__user"):
        mentioned(mention)
    if note.parent:
        _tell_of(note, Kind.REPLY, _thread(note.parent))
    _tell_of(note, Kind.NOTE, [note.clip.author])
    if note.guest:
        _tell_of(note, Kind.GUEST_NOTE, [note.guest.share.created_by])


def mentioned(mention: Mention) -> None:
    """Somebody is mentioned, also in a note that was changed later."""
    note = mention.note
    tell(
        kind=Kind.MENTION, cause=f"mention {mention.pk}", to=[mention.member], actor=note.member,
        about=_about(note), whom=str(mention.member), **_words(note),
    )  # fmt: skip


def task_done(mention: Mention) -> None:
    """Who asked for it hears that it is done; a client has no page where they could."""
    note = mention.note
    tell(
        kind=Kind.TASK_DONE, cause=f"task {mention.pk} {mention.done_at}",
        to=[note.member] if note.member else [], actor=mention.done_by, about=_about(note),
        **{**_words(note), "who": str(mention.done_by)},
    )  # fmt: skip


def note_removed(note: Note) -> None:
    """What was taken back is not quoted any more, and not sent if it was not yet."""
    Notice.objects.filter(note=note).delete()


def _tell_of(note: Note, kind: Kind, people: Iterable[Member]) -> None:
    heard = set(Notice.objects.filter(note=note).values_list("member", flat=True))
    tell(
        kind=kind, cause=f"note {note.pk} {kind}", to=[one for one in people if one.pk not in heard],
        actor=note.member, about=_about(note), **_words(note),
    )  # fmt: skip


def _thread(first: Note) -> list[Member]:
    """Everybody of the team who wrote in it."""
    written = [first, *first.replies.standing().select_related("member")]
    return [note.member for note in written if note.member]


def _about(note: Note) -> About:
    return About(team=note.clip.team, clip=note.clip, take=note.take, note=note)


def _words(note: Note) -> dict[str, Any]:
    drawn = "(a drawing)" if note.drawing else ""
    return {
        "subject": note.clip.title, "who": str(note.author), "text": note.text or drawn,
        "take": note.take.number, "frame": note.frame,
    }  # fmt: skip


# ── Decisions ──


def decided(decision: Decision) -> None:
    """One person's word, which may have changed nothing yet."""
    guest = decision.guest
    if guest:
        _tell_decision(decision, Kind.GUEST_DECIDED, [guest.share.created_by])
    others = [one for one in _makers(decision.take) if not guest or one != guest.share.created_by]
    _tell_decision(decision, Kind.DECISION, others)


def _tell_decision(decision: Decision, kind: Kind, people: Iterable[Member]) -> None:
    take = decision.take
    person = decision.member or decision.guest
    tell(
        kind=kind, cause=f"{_cause(decision)}{decision.decided_at} {kind}", to=people,
        actor=decision.member, about=About(team=take.clip.team, clip=take.clip, take=take),
        subject=take.clip.title, who=str(person), take=take.number,
        verdict=VERDICTS[Verdict(decision.verdict)],
    )  # fmt: skip


def _cause(decision: Decision) -> str:
    return f"decision {decision.pk} "


def decision_withdrawn(decision: Decision) -> None:
    """It is as if nobody had said so. To be called before the row is deleted, if it is."""
    Notice.objects.filter(cause__startswith=_cause(decision), take=decision.take).delete()


def take_reviewed(
    take: Take, before: str, after: str, *, actor: Member | None = None, guest: Guest | None = None
) -> None:
    """What the rule makes of a take has changed, by a decision of `actor` or `guest`.

    `take.reviewed_at` says when. What was said of it before and is not sent yet will not be.
    """
    if before == after:
        return
    _forget_reviews(take)
    kind = REVIEWED.get(ReviewStatus(after)) if after else None
    if kind is None:
        return
    person = actor or guest
    tell(
        kind=kind, cause=f"take {take.pk} {after} {take.reviewed_at}", to=_makers(take),
        actor=actor, about=About(team=take.clip.team, clip=take.clip, take=take),
        subject=take.clip.title, who=str(person) if person else None, take=take.number,
    )  # fmt: skip


def _forget_reviews(take: Take) -> None:
    told = Notice.objects.filter(take=take, kind__in=REVIEWED.values(), read_at=None)
    left = Delivery.objects.filter(notice__in=told).exclude(status=Delivery.Status.WAITING)
    told.exclude(pk__in=left.values("notice")).delete()


def _makers(take: Take) -> list[Member]:
    """Whose take it is: who ordered it, and whose clip it belongs to."""
    return [take.job.author, take.clip.author]


# ── Links ──


def share_opened(guest: Guest) -> None:
    """Somebody came in; it is told of the first one alone."""
    _tell_of_link(guest, Kind.LINK_OPENED, f"link {guest.share_id} opened")


def guest_finished(guest: Guest) -> None:
    _tell_of_link(guest, Kind.GUEST_FINISHED, f"guest {guest.pk} finished {guest.finished_at}")


def _tell_of_link(guest: Guest, kind: Kind, cause: str) -> None:
    share: Share = guest.share
    tell(
        kind=kind, cause=cause, to=[share.created_by], about=About(team=share.team, share=share),
        subject=share.name, who=guest.name,
    )  # fmt: skip


# ── The world outside ──


def endpoint_off(endpoint: Endpoint) -> None:
    """The studio has turned it off: its owner hears why."""
    owners = [endpoint.member] if endpoint.member else admins_of(endpoint.team)
    tell(
        kind=Kind.ENDPOINT_OFF, cause=f"endpoint {endpoint.pk} off {timezone.now()}", to=owners,
        about=About(team=endpoint.team), subject=endpoint.name, text=endpoint.off_because,
    )  # fmt: skip
