"""Joining takes into one film: under a lease, again from the start after a crash."""

import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from studio.core.errors import StorageFailed, StudioError
from studio.core.slate import NoSlate
from studio.models import Asset, AssetKind, Chain, Take
from studio.models.jobs import fitting
from studio.pipeline import lease, slates
from studio.storage import carriers, media, probe
from studio.storage.errors import FULL, as_storage_error, told_in_our_words

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 1.0
MOST_TRIES = 3
GIVEN_UP = "Joining was broken off three times. Press Try again when the machine has room."
NO_PICTURES = "One of its takes has no pictures that can be decoded."
GONE = "One of its takes is not there any more."

ShouldStop = Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Link:
    """One take of a chain, of which `frames` are shown; the next one begins after them."""

    take: Take
    frames: int

    @property
    def is_cut(self) -> bool:
        return self.frames < self.take.frames


def links(takes: Sequence[Take]) -> list[Link]:
    """Takes that continue each other, each cut where the next one begins."""
    nexts: list[Take | None] = [*takes[1:], None]
    return [
        Link(take=take, frames=_frames(take, following))
        for take, following in zip(takes, nexts, strict=True)
    ]


def _frames(take: Take, following: Take | None) -> int:
    last = following.clip.came_from_frame if following else None
    return take.frames if last is None else min(last + 1, take.frames)


def unfinished() -> list[int]:
    """The films that nobody is making, though somebody asked for them."""
    return list(Chain.objects.unfinished().free().order_by("pk").values_list("pk", flat=True))


def make(chain_id: int, *, should_stop: ShouldStop = lambda: False) -> None:
    """Make the film of a chain, unless it is there or another worker makes it.

    When this process is to end, the next worker begins again. What can not be made has a problem
    that a person reads.
    """
    chain = Chain.objects.select_related("team").filter(pk=chain_id).first()
    owner = lease.owner()
    if chain is None or not chain.take_lease(owner, lease.until()):
        return
    chain.refresh_from_db()
    if chain.tries > MOST_TRIES:
        chain.end_lease(owner, problem=GIVEN_UP)
        return
    outcome: dict[str, object] = {}
    try:
        outcome = _outcome(chain, _Heartbeat(chain, owner, should_stop))
    finally:
        chain.end_lease(owner, **fitting(outcome))


def _outcome(chain: Chain, heartbeat: "_Heartbeat") -> dict[str, object]:
    """The film, why there is none, or one try less when it is to be gone on with later."""
    import av  # heavy: only where a film is made

    from studio.engine.joining.parts import NoPictures
    from studio.engine.joining.pictures import Stopped

    try:
        return {"asset": _film(chain, heartbeat), "progress": 100}
    except Stopped:
        return {"tries": 0, "progress": 0}
    except StudioError as error:
        return {"problem": error.message}
    except NoPictures:
        return {"problem": NO_PICTURES}
    except av.FFmpegError as error:
        full = as_storage_error(error) if error.errno in FULL else None
        return {"problem": full.message if full else f"The takes can not be joined: {error}"}


def _film(chain: Chain, heartbeat: "_Heartbeat") -> Asset:
    found = Take.objects.select_related("clip__project", "clip__came_from__video", "video", "job")
    known = found.filter(clip__team=chain.team).in_bulk(chain.takes)
    if len(known) < len(chain.takes):
        raise StorageFailed(GONE)
    chosen = links([known[pk] for pk in chain.takes])
    settings.SCRATCH.mkdir(parents=True, exist_ok=True)
    with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        plain = Path(folder) / "plain.mp4"
        _join(chosen, plain, heartbeat)
        return _stored(chain, chosen, _with_slates(chosen, plain))


def _join(chosen: Sequence[Link], target: Path, heartbeat: "_Heartbeat") -> None:
    from studio.engine.joining import film
    from studio.engine.joining.parts import Part, planned

    parts = [
        Part(path=media.local_path(link.take.video.path), end=link.frames if link.is_cut else None)
        for link in chosen
    ]
    counts = [link.take.frames for link in chosen]
    film.join(planned(parts), target, counts=counts, report=heartbeat)


def _with_slates(chosen: Sequence[Link], plain: Path) -> Path:
    """The film with the slates of its takes; without them where they are too much."""
    whole = plain.with_name("film.mp4")
    every = tuple(slates.slate_of_take(link.take) for link in chosen)
    try:
        carriers.write(plain, replace(every[-1], joins=every), target=whole)
    except NoSlate:
        return plain
    return whole


def _stored(chain: Chain, chosen: Sequence[Link], path: Path) -> Asset:
    facts = probe.video(path)
    file = media.store(path, team=chain.team_id)
    asset, _ = Asset.objects.get_or_create(
        team_id=chain.team_id, kind=AssetKind.JOINED, sha256=file.sha256,
        defaults={
            "path": file.path, "size": file.size, "content_type": file.content_type,
            "width": facts.width, "height": facts.height,
            "name": f"{chosen[-1].take.clip.title[:100]}, joined.mp4",
        },
    )  # fmt: skip
    return asset


class _Heartbeat:
    """Called after every frame: now and then keeps the lease and stores the progress."""

    def __init__(self, chain: Chain, owner: str, should_stop: ShouldStop) -> None:
        self.chain, self.owner, self.should_stop = chain, owner, should_stop
        self.last = 0.0

    def __call__(self, done: int, total: int) -> bool:
        if self.should_stop():
            return False
        now = time.monotonic()
        if now - self.last < HEARTBEAT_SECONDS:
            return True
        self.last = now
        percent = min(99, 100 * done // max(total, 1))
        return self.chain.keep_lease(self.owner, lease.until(), progress=percent)
