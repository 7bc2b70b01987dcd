"""Delete for good what was in the trash for its time: files that nothing else uses, takes, notes.

The clip and its jobs stay, for the money. Files go before the transaction that forgets them is
committed: after a crash at any point the clip is as it was, though perhaps without some files, and
the next sweep goes on with it. Nobody can bring it back meanwhile, for its time is over.
"""

import logging
from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import ForeignObjectRel, Max, Min, Model, Q
from django.utils import timezone

from studio.core.errors import StudioError
from studio.models import Asset, AssetKind, Clip, Event, Job, Note, StoredDraft, Stream, Take
from studio.pipeline.save import KINDS
from studio.storage import media

BATCH = 20  # clips at a time, so that no worker is away for long
SLOTS = ("first_frame", "last_frame")

logger = logging.getLogger(__name__)


def is_due() -> bool:
    return Clip.objects.over().exists()


def purge() -> int:
    """Delete one batch; say how many clips are gone."""
    due = list(Clip.objects.over().order_by("trashed_at", "pk")[:BATCH])
    return sum(_purged(clip) for clip in due)


def _purged(clip: Clip) -> bool:
    """Whether it is gone now. What can not be deleted is tried again by a later sweep."""
    try:
        return purge_clip(clip)
    except StudioError as error:
        logger.warning("Clip %s can not be deleted yet: %s", clip.pk, error)
        return False


def purge_clip(clip: Clip) -> bool:
    """Delete its takes, notes and files; False when it is not its time, or somebody was faster.

    Reading all orders takes a while, so it is done before anything is locked; those that came
    meanwhile are few.
    """
    known = _Frames(clip)
    with transaction.atomic():
        clip.lock()
        if not Clip.objects.over().filter(pk=clip.pk).exists() or clip.jobs.active().exists():
            return False
        files = _files_of(clip)
        _remember_takes(clip)
        clip.notes.all().delete()
        clip.takes.all().delete()
        known.read()
        _delete([asset for asset in files if asset.pk not in known.used])
        _close(clip)
    return True


def _remember_takes(clip: Clip) -> None:
    """What was spent on them stays spent on what they were: reports of the past do not change."""
    for job in clip.jobs.filter(takes__isnull=False).distinct():
        takes = job.takes.order_by("index").values_list("review", "seconds")
        job.purged_takes = [[review, int(seconds * 1000)] for review, seconds in takes]
        job.save(update_fields=["purged_takes"])


class _Frames:
    """The last frames of a clip's takes that orders or drafts begin or end with."""

    def __init__(self, clip: Clip) -> None:
        self.team = clip.team_id
        takes = clip.takes.order_by()
        self.keys = set(takes.values_list("last_frame", flat=True))
        first = takes.aggregate(first=Min("job"))["first"]
        self.upto = first or 0  # no earlier order can use what was not there yet
        self.used: set[int] = set()
        if self.keys:
            self.read()

    def read(self) -> None:
        """Look at the orders that came since it was read last, and at what people are writing."""
        later = Job.objects.filter(team=self.team, pk__gt=self.upto)
        newest = later.aggregate(newest=Max("pk"))["newest"] or self.upto
        for orders in later.filter(self._uses()).values_list("stored_order", "intended"):
            self._add(order.get(slot) for order in orders if order for slot in SLOTS)
        self.upto = newest
        drafts = StoredDraft.objects.filter(project__team=self.team)
        for fields in drafts.values_list("fields", flat=True):
            self._add(text for slot in SLOTS for text in fields.get(slot, ()))

    def _uses(self) -> Q:
        found = Q()
        for order in ("stored_order", "intended"):
            for slot in SLOTS:
                found |= Q(**{f"{order}__{slot}__in": sorted(self.keys)})
        return found

    def _add(self, said: Iterator[object]) -> None:
        self.used |= self.keys & {int(str(one)) for one in said if str(one).isdecimal()}


def _files_of(clip: Clip) -> list[Asset]:
    """Every file of its takes and notes. An upload stays: it is in the library of the team."""
    takes, streams = Take.objects.filter(clip=clip), Stream.objects.filter(take__clip=clip)
    keys: set[int | None] = {
        *Note.objects.filter(clip=clip).values_list("attachment", flat=True),
        *(key for part in KINDS for key in takes.values_list(part, flat=True)),
        *(key for part in ("file", "view") for key in streams.values_list(part, flat=True)),
    }
    known = Asset.objects.filter(pk__in=[key for key in keys if key])
    return list(known.exclude(kind=AssetKind.UPLOAD))


def _delete(files: Collection[Asset]) -> None:
    """Delete what no row points to any more. The same bytes may be the file of another asset."""
    free = {asset.pk: asset for asset in files}
    for name, model in _pointing_here():
        rows = model._default_manager.filter(**{f"{name}__in": list(free)})
        for key in rows.values_list(name, flat=True):
            free.pop(key, None)
    paths = {asset.path for asset in free.values()}
    for path in sorted(paths - _shared(free.values())):
        media.remove(path)
    Asset.objects.filter(pk__in=free).delete()


def _pointing_here() -> Iterator[tuple[str, type[Model]]]:
    """Every column of any table that holds an asset, so that a new one is never forgotten."""
    for relation in Asset._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            yield relation.field.name, relation.field.model


def _shared(files: Collection[Asset]) -> set[str]:
    """The paths that are those of other assets too; found by the index of `asset_once`."""
    others = Asset.objects.filter(
        team__in={asset.team_id for asset in files},
        kind__in=AssetKind.values,
        sha256__in={asset.sha256 for asset in files},
    )
    return set(others.exclude(pk__in=[asset.pk for asset in files]).values_list("path", flat=True))


def _close(clip: Clip) -> None:
    """What is left tells the truth: a clip without takes, of which only the money is known."""
    clip.purged_at = timezone.now()
    clip.save(update_fields=["purged_at"])
    clip.record(Event.TOUCH)
    clip.follow_jobs(rev=clip.rev)
