"""Rows for tests, as plain functions with sensible defaults."""

import itertools
from typing import Any

from django.utils import timezone

from studio import ledger
from studio.core.money import MICRO
from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import (
    Asset,
    AssetKind,
    Budget,
    Clip,
    Job,
    Lane,
    Member,
    Per,
    PriceVersion,
    Project,
    Role,
    Take,
    Team,
    User,
)

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def make_team(*, credits: int = 1000, name: str = "") -> Team:
    team = Team.objects.create(name=name or f"Team {next(_numbers)}")
    Budget.objects.create(team=team)
    if credits:
        ledger.grant(team, credits * MICRO, actor=None, cause="test")
    return team


def make_member(role: str = Role.AUTHOR, *, team: Team | None = None, name: str = "") -> Member:
    number = next(_numbers)
    user = User.objects.create_user(
        f"person{number}@example.org", PASSWORD, name=name or f"Person {number}"
    )
    return Member.objects.create(team=team or make_team(), user=user, role=role)


def make_project(team: Team | None = None) -> Project:
    return Project.objects.create(team=team or make_team(), name=f"Project {next(_numbers)}")


def make_lane(provider: str = "animatic", slots: int = 1) -> Lane:
    lane, _ = Lane.objects.update_or_create(provider=provider, defaults={"slots": slots})
    return lane


def make_price(*, credits_per_second: int = 1, **fields: Any) -> PriceVersion:
    now = timezone.now()
    values = {
        "provider": "animatic", "per": Per.SECOND, "amount": credits_per_second * MICRO,
        "valid_from": now, "source": "test", "checked_on": now.date(), **fields,
    }  # fmt: skip
    return PriceVersion.objects.create(**values)


def make_order(**changes: Any) -> Order:
    fields = {"provider": "animatic", "model": "animatic-1", "prompt": "A red door in the snow."}
    settings = {
        "duration": 1, "aspect": "16:9", "resolution": "720p", "count": 1, "format": "mp4",
        "quality": 60, "seed": 7, "camera": {}, "sway": True,
    }  # fmt: skip
    names = set(Order.__dataclass_fields__)
    fields |= {key: value for key, value in changes.items() if key in names}
    settings |= {key: value for key, value in changes.items() if key not in names}
    return Order(settings=settings, **fields)


def make_painting(provider: str = "painter", **changes: Any) -> Order:
    """An order for one of the providers in tests/engines.py."""
    settings = {"duration": 1, "count": 1, "seed": 1}
    prompt = changes.pop("prompt", "A red door in the snow.")
    frames = {name: changes.pop(name) for name in ("first_frame", "last_frame") if name in changes}
    return Order(
        provider=provider, model=f"{provider}-1", prompt=prompt, settings={**settings, **changes},
        **frames,
    )  # fmt: skip


def make_job(
    status: str = JobStatus.QUEUED,
    *,
    author: Member | None = None,
    order: Order | None = None,
    **fields: Any,
) -> Job:
    """A job in any state, with its hold if that state has one; no pipeline has touched it."""
    author = author or make_member()
    order = order or make_order()
    project = author.team.projects.first() or make_project(author.team)
    quote = ledger.quote(author.team, order)
    clip = fields.pop("clip", None) or Clip.objects.create(
        team=author.team, project=project, author=author, title=order.title, state=status
    )
    job = Job.objects.create(
        team=author.team, clip=clip, author=author, provider=order.provider, model=order.model,
        stored_order=order.to_json(), price=quote.price, unit_price=quote.unit_price, quoted=quote.amount, status=status,
        position=next(_numbers), **{"next_step_at": timezone.now(), **fields},
    )  # fmt: skip
    if status not in {JobStatus.WAITING}:
        ledger.hold(job)
    if status in {JobStatus.FAILED, JobStatus.CANCELLED}:
        ledger.settle(job, charge=0, cause="test")
    if status == JobStatus.SUCCEEDED:
        ledger.settle(job, charge=None, cause="test")
    job.record(status)
    job.refresh_from_db()
    return job


TAKE_FILES = {
    "video": AssetKind.VIDEO, "poster": AssetKind.POSTER, "preview": AssetKind.PREVIEW,
    "strip": AssetKind.FILMSTRIP, "last_frame": AssetKind.LAST_FRAME,
}  # fmt: skip


def make_take(job: Job, **fields: Any) -> Take:
    """A take of a job that succeeded, with rows for its files but no files."""
    number = job.clip.takes.count() + 1
    files = {
        part: Asset.objects.create(
            team=job.team, kind=kind, path=f"{job.pk}/{number}/{part}.mp4", size=1,
            sha256=f"{next(_numbers):064d}",
            content_type="video/mp4",
        )
        for part, kind in TAKE_FILES.items()
    }  # fmt: skip
    values = {"width": 1280, "height": 720, "fps": 24, "frames": 120, "seconds": 5, **files}
    take = Take.objects.create(
        clip=job.clip, job=job, number=number, index=job.takes.count(), **{**values, **fields}
    )
    job.touch()
    job.clip.refresh_from_db()
    return take


def make_picture(team: Team) -> Asset:
    """The row of an uploaded picture, without a file."""
    return Asset.objects.create(
        team=team, kind=AssetKind.UPLOAD, path="1/door.png", sha256="0" * 64, size=1,
        content_type="image/png", width=640, height=360,
    )  # fmt: skip
