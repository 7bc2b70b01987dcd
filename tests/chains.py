"""Clips whose takes continue each other, with real small videos."""

from pathlib import Path

from PIL import Image

from studio.core.status import JobStatus
from studio.models import Asset, AssetKind, Clip, Member, Take
from studio.storage import media, probe
from tests.factories import make_job, make_order


def stored(member: Member, path: Path, kind: AssetKind, **fields) -> Asset:
    file = media.store(path, team=member.team_id)
    asset, _ = Asset.objects.get_or_create(
        team=member.team, kind=kind, sha256=file.sha256,
        defaults={"path": file.path, "size": file.size, "content_type": file.content_type, **fields},
    )  # fmt: skip
    return asset


def make_take(member: Member, path: Path, *, after: Take | None = None, cut: int | None = None,
              clip: Clip | None = None, first_frame: int | None = None) -> Take:  # fmt: skip
    """A finished take with this video, in a clip of its own that goes on from `after`."""
    order = make_order(prompt=f"Shot {path.stem}.", first_frame=first_frame)
    job = make_job(JobStatus.SUCCEEDED, author=member, order=order, clip=clip)
    Clip.objects.filter(pk=job.clip_id).update(came_from=after, came_from_frame=cut)
    job.clip.refresh_from_db()
    facts = probe.video(path)
    still = path.with_suffix(f".{facts.frames}.png")
    Image.new("RGB", (16, 9), (facts.frames, job.pk % 256, 7)).save(still)
    picture = stored(member, still, AssetKind.LAST_FRAME, width=16, height=9)
    video = stored(member, path, AssetKind.VIDEO, width=facts.width, height=facts.height)
    take = Take.objects.create(
        clip=job.clip, job=job, number=job.clip.takes.count() + 1, index=0, seed=3,
        width=facts.width, height=facts.height, fps=facts.fps, frames=facts.frames,
        seconds=facts.seconds, video=video, poster=picture, preview=video, last_frame=picture,
        strip=picture,
    )  # fmt: skip
    job.record(JobStatus.SUCCEEDED)
    return take
