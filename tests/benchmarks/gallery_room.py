"""One turn of the gallery benchmark: fills a data folder, then measures the page and its floor."""

# ruff: noqa: E402  (Django is set up before the models are imported)

import gc
import re
import sqlite3
import statistics
import sys
import time
import wsgiref.util
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO

import django

django.setup()

from django.conf import settings
from django.core import signing
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.templatetags.static import static
from django.test import Client
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Asset, AssetKind, Clip, Event, Favorite, Job, PriceVersion, Take
from studio.services.setup import prepare

PROMPTS = ("A red door in the snow", "Low sun over dunes", "Corridor of light & one figure")
REVIEWS = ("review", "approved", "changes", "rejected")
BATCH = 5_000
WARM = 30

ROWS = """
SELECT clip.id, clip.rev, clip.state, clip.title, clip.take_count, clip.created_at,
       job.id, job.author_id, job.provider, job.quoted, job.charged,
       take.id, take.seconds, take.poster_id, take.preview_id, take.strip_id, take.video_id,
       take.number, take.job_id, user.id, user.name, clip.author_id, clip.review, clip.stars,
       clip.note_count
FROM studio_clip clip
JOIN studio_job job ON job.id = clip.job_id
JOIN studio_take take ON take.id = clip.cover_id
JOIN studio_member member ON member.id = clip.author_id
JOIN studio_user user ON user.id = member.user_id
WHERE clip.project_id = ? AND clip.trashed_at IS NULL ORDER BY clip.id DESC LIMIT 49
"""
LIKED = """
SELECT clip_id FROM studio_favorite
WHERE member_id = ? AND clip_id >= ? AND clip_id <= ? ORDER BY clip_id
"""
MEMBER = """
SELECT member.id, member.role, user.name, user.email, user.password, team.id, team.name,
       team.time_zone
FROM studio_member member JOIN studio_user user ON user.id = member.user_id
JOIN studio_team team ON team.id = member.team_id
WHERE member.user_id = ? AND member.is_active AND user.is_active ORDER BY member.id
"""


def fill(jobs: int) -> None:
    """So many finished jobs, each with a clip and a take, spread over the last days."""
    admin = prepare()
    team, project = admin.team, admin.team.projects.get()
    price = PriceVersion.objects.latest("pk")
    files = {
        kind: Asset.objects.create(
            team=team, kind=kind, path=f"1/{kind}", sha256=kind, size=1, content_type="video/mp4"
        )
        for kind in AssetKind.values
    }
    now = timezone.now()
    shared = {"team": team, "author": admin}
    order = {
        "provider": "animatic", "model": "animatic-1", "prompt": PROMPTS[0], "first_frame": None,
        "last_frame": None, "settings": {"duration": 5, "format": "mp4", "count": 1},
    }  # fmt: skip
    for start in range(1, jobs + 1, BATCH):
        keys = range(start, min(start + BATCH, jobs + 1))
        Clip.objects.bulk_create(
            Clip(pk=key, project=project, title=PROMPTS[key % 3], state=JobStatus.SUCCEEDED,
                 take_count=1 + key % 4, rev=key, review=REVIEWS[key % 4], stars=key % 6,
                 note_count=key % 3, **shared)
            for key in keys
        )  # fmt: skip
        Job.objects.bulk_create(
            Job(pk=key, clip_id=key, provider="animatic", model="animatic-1", stored_order=order,
                status=JobStatus.SUCCEEDED, price=price, quoted=0, started_at=now, ended_at=now,
                **shared)
            for key in keys
        )  # fmt: skip
        Event.objects.bulk_create(
            Event(pk=key, team=team, clip_id=key, job_id=key, status=JobStatus.SUCCEEDED)
            for key in keys
        )
        Take.objects.bulk_create(
            Take(pk=key, clip_id=key, job_id=key, number=1, index=0, width=1280, height=720, fps=24,
                 frames=120, seconds=5, video=files["video"], poster=files["poster"],
                 preview=files["preview"], last_frame=files["last_frame"], strip=files["filmstrip"])
            for key in keys
        )  # fmt: skip
    newest = Clip.objects.order_by("-pk").values_list("pk", flat=True)[:480:10]
    Favorite.objects.bulk_create(Favorite(member=admin, clip_id=pk) for pk in newest)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE studio_clip SET job_id = id, cover_id = id")
        hours = timedelta(hours=3)
        for step in range(16):
            moment = now - hours * step
            below = jobs - 10 * step
            cursor.execute("UPDATE studio_clip SET created_at = %s WHERE id <= %s", [moment, below])
        cursor.execute("ANALYZE")


class PageRequest:
    """The wall, asked for as a server does it."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(prepare().user)
        client.get("/")  # brings the CSRF cookie
        self.cookies = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
        self.session_key = client.cookies["sessionid"].value

    def __call__(self) -> bytes:
        environ = {
            "HTTP_HOST": "127.0.0.1", "HTTP_COOKIE": self.cookies, "PATH_INFO": "/",
            "REQUEST_METHOD": "GET", "SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": BytesIO(),
        }  # fmt: skip
        wsgiref.util.setup_testing_defaults(environ)
        statuses: list[str] = []
        answer = self.application(environ, lambda status, _headers: statuses.append(status))
        body = b"".join(answer)
        answer.close()  # type: ignore[attr-defined]
        assert statuses == ["200 OK"], statuses
        return body


TILE = re.compile(r'<article class="tile" id="clip-(\d+)".*?</article>', re.S)


class Floor:
    """The same page from five statements and f-strings, its cards drawn anew every time."""

    def __init__(self, page: bytes, session_key: str) -> None:
        text = page.decode()
        found = list(TILE.finditer(text))
        self.before, self.after = text[: found[0].start()], text[found[-1].end() :]
        self.session_key = session_key
        self.database = sqlite3.connect(settings.DATABASES["default"]["NAME"])

    def __call__(self) -> bytes:
        member = self._member()
        ask = self.database.execute
        project = ask(
            "SELECT id, name FROM studio_project WHERE team_id = ? ORDER BY id", [member[5]]
        )
        (project_id, name), *_ = project.fetchall()
        ask(
            "SELECT granted, available FROM studio_budget WHERE team_id = ?", [member[5]]
        ).fetchone()
        rows = ask(ROWS, [project_id]).fetchall()
        cards = [_card(row) for row in rows[:48]]
        liked = ask(LIKED, [member[0], rows[47][0], rows[0][0]]).fetchall()
        cards.append(f'<p data-liked="{" ".join(str(pk) for (pk,) in liked)}" hidden></p>')
        days = {row[5][:10] for row in rows[:48]}
        return f"{self.before}{''.join(cards)}{len(days)}{escape(name)}{self.after}".encode()

    def _member(self) -> tuple[object, ...]:
        query = "SELECT session_data, expire_date FROM django_session WHERE session_key = ?"
        stored, expires = self.database.execute(query, [self.session_key]).fetchone()
        assert datetime.fromisoformat(expires).replace(tzinfo=UTC) > datetime.now(UTC)
        session = signing.loads(stored, salt="django.contrib.sessions.SessionStore")
        found: tuple[object, ...] = self.database.execute(
            MEMBER, [session["_auth_user_id"]]
        ).fetchone()
        return found


def _card(row: tuple[object, ...]) -> str:
    (clip, _rev, _state, title, takes, _created, _job, _by, provider, quoted, _charged, take,
     seconds, poster, preview, strip, video, number, take_job, _user, name, author, review, stars,
     notes) = row  # fmt: skip
    said, several = escape(str(title)), int(str(takes)) > 1
    words, icon, kind = MARKS[str(review)]
    stack = (
        f'<span class="mark">{_icon("stack")}{takes}<span class="sr"> takes</span></span>'
        if several
        else ""
    )
    compare = (
        f'<a class="mark" href="/compare/?takes={take}" data-compare>{_icon("compare")}<span class="lbl">Compare</span><span class="sr"> takes of {said}</span></a>'
        if several
        else ""
    )
    rated = (
        f'<span class="n">{_icon("star")}{stars}<span class="sr"> stars</span></span>'
        if stars
        else ""
    )
    noted = (
        f'<span class="n">{_icon("reply")}{notes}<span class="sr"> notes</span></span>'
        if notes
        else ""
    )
    initials = "".join(word[0] for word in str(name).split()[:2]).upper()
    return (
        f'<article class="tile" id="clip-{clip}" data-state="done" data-tile data-author="{author}" aria-label="{said}, Done, {words}">'
        f'<div class="tile-media" data-hover data-preview="/media/{preview}/preview.mp4" data-strip="/media/{strip}/strip.webp">'
        f'<img src="/media/{poster}/poster.webp" alt="{said}" loading="lazy" decoding="async" width="640" height="360">'
        f'<span class="tile-hover"></span><a class="tile-link" href="/clips/{clip}/" aria-label="Open {said}"></a>'
        f'<span class="tl tile-rest"><span class="mark mark-{kind}">{_icon(icon)}{words}</span></span>'
        f'<span class="tr tile-rest"><span class="mark mark-icon tile-liked" role="img" aria-label="Favorite">{_icon("heart")}</span>{stack}</span>'
        f'<span class="tl tile-acts"><input class="tile-select" type="checkbox" form="bulk" name="clips" value="{clip}" aria-label="Select {said}">'
        f'<button class="mark mark-icon" type="submit" form="act" formaction="/clips/favorite/" name="clips" value="{clip}" data-favorite aria-pressed="false" aria-label="Favorite: {said}" title="Favorite (F)">{_icon("heart")}</button></span>'
        f'<span class="tr tile-acts"><a class="mark mark-icon" href="/media/{video}/clip-{clip}-take-{number}.mp4" download aria-label="Download {said}">{_icon("download")}</a>'
        f'<a class="mark mark-icon" href="/clips/{clip}/" data-more aria-haspopup="menu" aria-label="More for {said}" title="More">{_icon("more")}</a></span>'
        f'<span class="bl tile-rest"><span class="mark mono">{float(str(seconds)):.1f} s</span></span>'
        f'<span class="bl tile-acts"><a class="mark" href="/director/?from={take_job}" data-remix data-maker>{_icon("remix")}<span class="lbl">Remix</span><span class="sr"> {said}</span></a>'
        f'<a class="mark" href="/director/?take={take}" hx-get="/director/?take={take}" hx-target="#dock" hx-swap="outerHTML" data-maker>{_icon("extend")}<span class="lbl">Continue</span><span class="sr"> {said}</span></a>{compare}</span>'
        f'<svg class="tile-scrub" aria-hidden="true"><rect class="bg" width="100%" height="3"/><rect class="fg" width="0%" height="3"/></svg></div>'
        f'<div class="tile-cap"><p class="tile-title">{said}</p><p class="tile-meta"><span>{provider} · {quoted}</span><span class="push">{rated}{noted}<span class="av av-j av-18" role="img" aria-label="{escape(str(name))}">{initials}</span></span></p></div></article>'
    )


MARKS = {
    "review": ("Needs review", "eye", "info"),
    "approved": ("Approved", "check", "ok"),
    "changes": ("Needs changes", "undo", "warn"),
    "rejected": ("Rejected", "x", "bad"),
}
SPRITE = f"{static('img/icons.svg')}#i-"


def _icon(name: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="{SPRITE}{name}"/></svg>'


def turns(make: Callable[[], bytes], count: int) -> Iterator[float]:
    """Microseconds of CPU of each turn."""
    for _ in range(count):
        begun = time.process_time_ns()
        make()
        yield (time.process_time_ns() - begun) / 1000


def compare(page: Callable[[], bytes], floor: Callable[[], bytes], count: int) -> list[float]:
    """The lower quartile of both, measured in turns so that noise hits both alike."""
    list(turns(page, WARM)), list(turns(floor, WARM))
    gc.collect()
    gc.freeze()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(count // 10):
        for one, make in zip(taken, (page, floor), strict=True):
            one.extend(turns(make, 10))
    return [statistics.quantiles(one, n=4)[0] for one in taken]


def main() -> None:
    jobs, count = int(sys.argv[1]), int(sys.argv[2])
    fill(jobs)
    page = PageRequest()
    whole = page()
    floor = Floor(whole, page.session_key)
    assert len(TILE.findall(whole.decode())) == 48
    size = len(floor())
    assert abs(size - len(whole)) < len(whole) / 20, f"{size} bytes beside {len(whole)}"
    print(*compare(page, floor, count))


if __name__ == "__main__":
    main()
