"""Rows for tests, as plain functions with sensible defaults."""

import itertools
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from studio import ledger
from studio.core.money import MICRO
from studio.core.notices import OFFERED, Kind
from studio.core.orders import Order
from studio.core.signatures import new_secret
from studio.core.status import JobStatus
from studio.models import (
    Asset,
    AssetKind,
    Board,
    Budget,
    Cap,
    CapRequest,
    Clip,
    Endpoint,
    Guest,
    Job,
    Lane,
    Member,
    Note,
    Notice,
    Per,
    PriceVersion,
    Project,
    Role,
    Share,
    ShareClip,
    ShareKind,
    Take,
    Team,
    User,
    search,
)
from studio.models.teams import digest
from studio.services import caps
from studio.storage.secrets import encrypt

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
    search.keep([clip.pk])
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


def make_notice(member: Member, kind: str = Kind.NOTE, **fields: Any) -> Notice:
    values = {
        "team": member.team, "cause": f"cause {next(_numbers)}", "aloud_at": timezone.now(),
        "facts": {"subject": "Red door", "who": "Ben", "text": "More snow."}, **fields,
    }  # fmt: skip
    return Notice.objects.create(member=member, kind=kind, **values)


def make_endpoint(
    creator: Member, url: str = "https://hooks.example/in", *, for_team: bool = True, **fields: Any
) -> Endpoint:
    """One with a secret that hears of everything; no name server is asked."""
    values = {"name": "Hook", "format": "standard", "shown": "https://hooks.example", **fields}
    made = Endpoint(
        team=creator.team, member=None if for_team else creator, created_by=creator,
        **{"events": [*OFFERED], **values},
    )  # fmt: skip
    made.lock_up(url=url, secret=new_secret())
    made.save()
    return made


def make_cap(by: Member, credits: int = 100, **fields: Any) -> Cap:
    """A limit of the member's team, as a service sets it."""
    values = {"amount": credits * MICRO, "warn_at": 80, "stops": True, **fields}
    return caps.add(by, **values)


def make_request(member: Member, credits: int = 50, **fields: Any) -> CapRequest:
    """One that is open for a week; nobody was told."""
    values = {"amount": credits * MICRO, "expires_at": timezone.now() + timedelta(days=7)}
    return CapRequest.objects.create(team=member.team, member=member, **{**values, **fields})


def make_note(take: Take, author: Member | Guest, text: str = "More snow.", **fields: Any) -> Note:
    who = {"guest": author} if isinstance(author, Guest) else {"member": author}
    return Note.objects.create(clip=take.clip, take=take, text=text, **who, **fields)


def make_client(creator: Member, name: str = "Cleo", **fields: Any) -> Guest:
    """Somebody who came by a new link of that member."""
    number = next(_numbers)
    project = creator.team.projects.first() or make_project(creator.team)
    share = fields.pop("share", None) or Share.objects.create(
        team=creator.team, project=project, kind=ShareKind.APPROVAL, name=f"Link {number}",
        digest=f"share {number}", token="", created_by=creator,
    )  # fmt: skip
    return Guest.objects.create(
        share=share, name=name, email="cleo@client.example", digest=f"guest {number}", **fields
    )


def make_picture(team: Team) -> Asset:
    """The row of an uploaded picture, without a file."""
    return Asset.objects.create(
        team=team, kind=AssetKind.UPLOAD, path="1/door.png", sha256="0" * 64, size=1,
        content_type="image/png", width=640, height=360,
    )  # fmt: skip


def make_done(author: Member, **fields: Any) -> Take:
    """A free take that waits for decisions, in a clip of its own; `fields` are the job's."""
    return make_take(make_job(JobStatus.SUCCEEDED, author=author, **fields))


def make_clip_share(clip: Clip, kind: str = ShareKind.APPROVAL, **fields: Any) -> Share:
    """A link that shows this clip."""
    share = Share.objects.create(
        team=clip.team, project=clip.project, kind=kind, name="For the client",
        created_by=clip.author, digest=f"{next(_numbers):064d}", token="x", **fields,
    )  # fmt: skip
    ShareClip.objects.create(share=share, clip=clip)
    return share


def make_share(
    *takes: Take, member: Member | None = None, password: str = "", **fields: Any
) -> Share:
    """A link to these takes, without events. Its `address_token` is what stands in its address."""
    member = member or takes[0].clip.author
    token = secrets.token_urlsafe(32)
    project = member.team.projects.first() or make_project(member.team)
    values = {"kind": "approval", "name": f"Link {next(_numbers)}", **fields}
    share = Share.objects.create(
        team=member.team, project=project, created_by=member, digest=digest(token),
        token=encrypt(token), password=make_password(password) if password else "", **values,
    )  # fmt: skip
    for position, take in enumerate(takes):
        ShareClip.objects.create(share=share, clip=take.clip, take=take, position=position)
    share.address_token = token
    return share


def make_guest(share: Share, name: str = "Claire Dubois") -> Guest:
    """Somebody who came by the link; `secret` is that of their cookie."""
    secret = secrets.token_urlsafe(32)
    guest = Guest.objects.create(
        share=share, name=name, email="claire@client.example", digest=digest(secret)
    )
    guest.secret = secret
    return guest


def make_clips(author: Member, count: int, *, project: Project | None = None) -> list[Clip]:
    """So many finished clips in a few statements, each with a take that has no files of its own."""
    project = project or author.team.projects.order_by("pk").first() or make_project(author.team)
    first = make_take(make_job(JobStatus.SUCCEEDED, author=author))
    shared = {"team": author.team, "author": author}
    now, price, order = timezone.now(), first.job.price, first.job.stored_order
    clips = Clip.objects.bulk_create(
        Clip(project=project, title=f"Shot {n}", state=JobStatus.SUCCEEDED, take_count=1, **shared)
        for n in range(1, count + 1)
    )
    jobs = Job.objects.bulk_create(
        Job(clip=clip, provider="animatic", model="animatic-1", stored_order=order, price=price,
            quoted=0, status=JobStatus.SUCCEEDED, ended_at=now, **shared)
        for clip in clips
    )  # fmt: skip
    files = {part: getattr(first, part) for part in TAKE_FILES}
    takes = Take.objects.bulk_create(
        Take(clip=clip, job=job, number=1, index=0, width=1280, height=720, fps=24, frames=120,
             seconds=5, **files)
        for clip, job in zip(clips, jobs, strict=True)
    )  # fmt: skip
    for clip, job, take in zip(clips, jobs, takes, strict=True):
        clip.job, clip.cover, clip.review = job, take, take.review
    Clip.objects.bulk_update(clips, ["job", "cover", "review"], batch_size=500)
    return clips


def make_clip(author: Member, *, status: str = JobStatus.SUCCEEDED, takes: int = 1) -> Clip:
    """A clip of a job in that state; its takes have no files."""
    job = make_job(status, author=author)
    for _ in range(takes if status == JobStatus.SUCCEEDED else 0):
        make_take(job)
    job.clip.refresh_from_db()
    return job.clip


def make_board(author: Member, name: str = "", **fields: Any) -> Board:
    project = fields.pop("project", author.team.projects.order_by("pk").first())
    return Board.objects.create(
        team=author.team, project=project, name=name or f"Board {next(_numbers)}",
        created_by=author, **fields,
    )  # fmt: skip
