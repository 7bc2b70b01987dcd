"""The studio of the downloads benchmark: so many takes with small files, and two people signed in."""

# ruff: noqa: E402  (Django is set up before the models are imported)

import hashlib
import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import (
    Asset,
    AssetKind,
    Clip,
    Decision,
    Job,
    Member,
    Note,
    PriceVersion,
    Role,
    Take,
    User,
)
from studio.services.setup import prepare

BATCH = 500
PROMPT = f"A red door in the snow, number {{}}. {'Low sun, long shadows. ' * 12}"


def fill(takes: int, size: int) -> None:
    """One clip for each take; every take has a note and a decision, and a file of its own."""
    admin = prepare()
    team, project, price = admin.team, admin.team.projects.get(), PriceVersion.objects.latest("pk")
    other = {
        kind: Asset.objects.create(
            team=team, kind=kind, path=f"1/{kind}", sha256=kind, size=1, content_type="video/mp4"
        )
        for kind in (AssetKind.PREVIEW, AssetKind.POSTER, AssetKind.LAST_FRAME, AssetKind.FILMSTRIP)
    }
    now, shared = timezone.now(), {"team": team, "author": admin}
    folder = Path(settings.MEDIA_ROOT) / "films"
    folder.mkdir(parents=True)
    noise = os.urandom(size)
    for start in range(1, takes + 1, BATCH):
        keys = range(start, min(start + BATCH, takes + 1))
        Clip.objects.bulk_create(
            Clip(pk=key, project=project, title=f"Red door {key}", state=JobStatus.SUCCEEDED,
                 take_count=1, rev=key, **shared)
            for key in keys
        )  # fmt: skip
        Job.objects.bulk_create(
            Job(pk=key, clip_id=key, provider="animatic", model="animatic-1", price=price,
                stored_order={
                    "provider": "animatic", "model": "animatic-1", "prompt": PROMPT.format(key),
                    "first_frame": None, "last_frame": None,
                    "settings": {"duration": 5, "format": "mp4", "count": 1},
                },
                status=JobStatus.SUCCEEDED, quoted=0, started_at=now, ended_at=now, **shared)
            for key in keys
        )  # fmt: skip
        films = Asset.objects.bulk_create(film(team, folder, key, noise) for key in keys)
        Take.objects.bulk_create(
            Take(pk=key, clip_id=key, job_id=key, number=1, index=0, width=1280, height=720, fps=24,
                 frames=120, seconds=5, video=video, poster=other[AssetKind.POSTER],
                 preview=other[AssetKind.PREVIEW], last_frame=other[AssetKind.LAST_FRAME],
                 strip=other[AssetKind.FILMSTRIP])
            for key, video in zip(keys, films, strict=True)
        )  # fmt: skip
        said = {"member": admin}
        Note.objects.bulk_create(
            Note(clip_id=key, take_id=key, frame=12, text="The sun is too low.", **said)
            for key in keys
        )
        Decision.objects.bulk_create(
            Decision(take_id=key, verdict="approve", decided_at=now, **said) for key in keys
        )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE studio_clip SET job_id = id, cover_id = id")
        cursor.execute("ANALYZE")


def film(team, folder: Path, key: int, noise: bytes) -> Asset:
    body = key.to_bytes(8, "big") + noise[8:]
    (folder / f"{key}.mp4").write_bytes(body)
    return Asset(
        team=team, kind=AssetKind.VIDEO, path=f"films/{key}.mp4", size=len(body),
        sha256=hashlib.sha256(body).hexdigest(), content_type="video/mp4",
    )  # fmt: skip


def cookie(member: Member) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(member.user_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def main() -> None:
    fill(int(sys.argv[1]), int(sys.argv[2]))
    admin = prepare()
    user = User.objects.create_user("second@example.org", "x", name="Second")
    second = Member.objects.create(team=admin.team, user=user, role=Role.AUTHOR)
    print(json.dumps([cookie(admin), cookie(second)]))


if __name__ == "__main__":
    main()
