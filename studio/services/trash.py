"""The trash: put in, brought back, or deleted for good before its thirty days are over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studio import permissions, tasks
from studio.core.errors import TooLate
from studio.core.review import Happening
from studio.models import Clip, Job, Member
from studio.models.clips import TRASH_DAYS, ClipQuerySet


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The clips that it happened to; how many were busy, and how many are somebody else's."""

    clips: list[int]
    busy: int = 0
    foreign: int = 0

    @property
    def left(self) -> str:
        """Why some stayed where they were, as sentences; "" where none did."""
        said = []
        if self.busy:
            said.append(f"{_stay(self.busy)}: still being made.")
        if self.foreign:
            said.append(f"{_stay(self.foreign)}: only the author or an admin may.")
        return " ".join(said)


def _stay(count: int) -> str:
    return f"{count:,} stays as it is" if count == 1 else f"{count:,} stay as they are"


def put(member: Member, clips: Collection[Clip]) -> Outcome:
    """Put clips into the trash; those that are being made, or somebody else's, stay.

    No job begins in a clip that is in the trash, so what is there can not change under anybody.
    Raises NotAllowed, TooLate where none of them can go.
    """
    may = [clip for clip in clips if permissions.can_trash(member, clip)]
    permissions.require(bool(may), "put this into the trash")
    with transaction.atomic():
        here = _locked(may).shown()
        busy = set(Job.objects.active().filter(clip__in=here).values_list("clip_id", flat=True))
        going = _keys(here.exclude(pk__in=busy))
        if not going:
            raise TooLate(_why_none_goes(may, busy))
        gone = Clip.objects.filter(pk__in=going)
        gone.update(trashed_at=timezone.now(), trashed_by=member)
        gone.record(Happening.TRASHED, actor=member)
    return Outcome(clips=going, busy=len(busy), foreign=len(clips) - len(may))


def _why_none_goes(clips: list[Clip], busy: set[int]) -> str:
    if not busy:
        return (
            "It is in the trash already." if len(clips) == 1 else "They are in the trash already."
        )
    if len(clips) == 1:
        return f"“{clips[0]}” is still being made. Cancel it, or wait until it is done."
    return "They are still being made. Cancel them, or wait until they are done."


def restore(member: Member, clips: Collection[Clip]) -> Outcome:
    """Bring clips back to the wall. Raises NotAllowed, TooLate where none of them can come."""
    may = [clip for clip in clips if permissions.can_trash(member, clip)]
    permissions.require(bool(may), "bring this back from the trash")
    with transaction.atomic():
        coming = _keys(_locked(may).trashed())
        if not coming:
            raise TooLate("There is nothing to bring back; it is on the wall, or gone for good.")
        back = Clip.objects.filter(pk__in=coming)
        back.update(trashed_at=None, trashed_by=None)
        back.record(Happening.RESTORED, actor=member)
    return Outcome(clips=coming, foreign=len(clips) - len(may))


def let_go(member: Member, clips: Collection[Clip]) -> Outcome:
    """Let the time of clips in the trash be over now: nobody can bring them back any more.

    The sweep deletes their files. Raises NotAllowed, TooLate where none of them is in the trash.
    """
    may = all(permissions.can_purge(member, clip) for clip in clips)
    permissions.require(may, "delete clips for good")
    with transaction.atomic():
        going = _keys(_locked(clips).trashed())
        if not going:
            raise TooLate("Only what is in the trash can be deleted for good.")
        over = timezone.now() - timedelta(days=TRASH_DAYS)
        Clip.objects.filter(pk__in=going).update(trashed_at=over)
        transaction.on_commit(tasks.hint_purge)
    return Outcome(clips=going)


def _locked(clips: Collection[Clip]) -> ClipQuerySet:
    rows = Clip.objects.filter(pk__in=[clip.pk for clip in clips])
    rows.lock()
    return rows


def _keys(clips: ClipQuerySet) -> list[int]:
    return sorted(clips.values_list("pk", flat=True))
