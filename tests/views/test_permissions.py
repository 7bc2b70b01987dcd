"""Who gets in where: every address × method × kind of person, as one table.

Made from the URLconf: an address without a row fails, and so does a row without an address. A new
route is one line of TABLE, with its arguments in ARGS and the body of a POST in BODIES.

    door    302 to the sign-in page
    link    302 to the door of the client's link: no member is a client
    302     to any other page
    405     for GET and POST without a row

`stranger` is the admin of another team: what is named by ARGS or BODIES belongs to the first one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from studio.models import (
    Asset,
    AssetKind,
    Bill,
    BillLine,
    Board,
    Cap,
    CapRequest,
    Delivery,
    Endpoint,
    Invitation,
    Job,
    Member,
    Mention,
    Note,
    Notice,
    Preset,
    Project,
    Role,
    SavedView,
    Share,
    SignInLink,
    Stream,
    Take,
    Template,
    TemplateVersion,
    WordList,
)
from studio.pipeline import letters
from tests.factories import (
    PASSWORD,
    make_cap,
    make_done,
    make_endpoint,
    make_job,
    make_member,
    make_notice,
    make_request,
    make_share,
    make_team,
)

TABLE = """
route               method  anonymous  reviewer  author  admin  stranger
wall                GET     door       200       200     200    200
director            GET     door       403       200     200    200
director            POST    door       403       200     200    200
order               POST    door       403       422     422    422
quote               POST    door       403       200     200    200
remix               POST    door       403       200     200    404
remix-file          GET     door       403       200     200    200
remix-file          POST    door       403       422     422    422
preview             POST    door       403       200     200    200
draft               GET     door       403       200     200    200
draft               POST    door       403       204     204    204
job-cancel          POST    door       403       403     302    404
job-retry           POST    door       403       403     409    404
job-remind          POST    door       403       403     409    404
job-duplicate       POST    door       403       302     302    404
job-move            POST    door       403       403     302    404
job-edit            POST    door       403       422     422    404
job-shoot           POST    door       403       409     409    404
bake-off            POST    door       403       200     200    200
bake-off-send       POST    door       403       422     422    422
side-by-side        GET     door       200       200     200    404
compare             GET     door       200       200     200    200
compare-takes       GET     door       200       200     200    200
compare-win         POST    door       302       302     302    404
compare-undo        POST    door       404       404     404    404
stream-log          GET     door       200       200     200    404
rehearse            POST    door       403       422     422    422

undo                POST    door       409       409     409    409
favorite            POST    door       302       302     302    404
stars               POST    door       409       409     409    404
boards              GET     door       200       200     200    200
board-new           GET     door       403       200     200    200
board-new           POST    door       403       302     302    302
board-choose        POST    door       403       200     200    404
arrange             POST    door       403       302     302    404
board               GET     door       403       200     200    404
board               POST    door       403       403     302    404
board-remove        POST    door       403       403     302    404
tags                POST    door       403       200     200    404
tag-add             POST    door       403       302     302    404
tag-remove          POST    door       403       302     302    404
trash               POST    door       403       403     409    404
trash-restore       POST    door       403       403     409    404
trash-purge         POST    door       403       403     200    404

webhook             POST    200        200       200     200    200
healthz             GET     200        200       200     200    200
changes             GET     door       403       403     403    403
search-words        GET     door       200       200     200    200
search-among        GET     door       200       200     200    200
views               GET     door       200       200     200    200
views               POST    door       302       302     302    302
view-rename         POST    door       403       403     302    404
view-remove         POST    door       403       403     302    404
view-undo           POST    door       404       404     404    404
costs               GET     door       403       200     200    200
costs-mailed        GET     door       403       200     200    200
costs-mailed        POST    door       403       302     302    302
costs-mailed-remove POST    door       403       404     404    404
clip                GET     door       200       200     200    404
notes               POST    door       422       422     422    404
note-remove         POST    door       403       302     302    404
note-undo           POST    door       403       302     302    404
note-resolve        POST    door       302       302     302    404
note-reopen         POST    door       302       302     302    404
note-team           POST    door       403       302     302    404
note-everyone       POST    door       403       302     302    404
tasks               GET     door       200       200     200    200
task-count          GET     door       200       200     200    200
task-finish         POST    door       302       302     302    404
task-reopen         POST    door       302       302     302    404
chain               GET     door       200       200     200    404
chain-export        POST    door       404       404     404    404
review              GET     door       302       302     302    200
review-list         GET     door       200       200     200    200
review-count        GET     door       200       200     200    200
take-decide         POST    door       302       302     302    404
clips-decide        POST    door       302       302     302    404
decisions-undo      POST    door       409       409     409    409
queue               GET     door       200       200     200    200
lane-resume         POST    door       403       403     409    409
uncertain           GET     door       403       403     200    200
uncertain-adopt     POST    door       403       403     422    404
uncertain-resend    POST    door       403       403     422    404
uncertain-fetch     POST    door       403       403     422    404
uncertain-charge    POST    door       403       403     422    404
uncertain-release   POST    door       403       403     422    404
media               GET     404        404       404     404    404
decode-flow         GET     door       200       200     200    200
downloads           POST    door       422       422     422    404
timeline            POST    door       422       422     422    404
download-new        GET     door       200       200     200    200
download-new        POST    door       200       200     200    404
given               GET     404        404       404     404    404
frames              POST    door       403       422     422    422
pictures            POST    door       403       200     200    200
picture-clips       POST    door       403       200     200    200
picture-take        POST    door       403       404     404    404
take-times          GET     door       404       404     404    404
picture-fit         POST    door       403       404     404    404
presets             POST    door       403       302     302    302
preset-rename       POST    door       403       403     302    404
preset-remove       POST    door       403       403     302    404
word-lists          GET     door       200       200     200    200
word-lists          POST    door       403       302     302    302
word-list-names     GET     door       200       200     200    200
word-list           POST    door       403       302     302    404
word-list-remove    POST    door       403       200     200    404

costs-ledger        GET     door       403       200     200    200
costs-months        GET     door       403       200     200    200
month-close         POST    door       403       403     422    422
costs-csv           GET     door       403       200     200    200
costs-xlsx          GET     door       403       200     200    200
costs-focus         GET     door       403       200     200    200

notices             GET     door       200       200     200    200
notices-newest      GET     door       200       200     200    200
notices-unread      GET     door       200       200     200    200
notices-read        POST    door       302       302     302    302
notice              GET     door       404       404     302    404
unsubscribe         GET     200        200       200     200    200
unsubscribe         POST    200        200       200     200    200

prompts             GET     door       403       200     200    200
prompts-recent      GET     door       403       200     200    200
prompts-compare     POST    door       403       422     422    422
improve             POST    door       403       422     422    422
improve-take        POST    door       403       200     200    200
templates           GET     door       403       200     200    200
template-names      GET     door       403       200     200    200
template-new        POST    door       403       200     200    200
template-save       POST    door       403       422     422    422
template            GET     door       403       200     200    404
template-version    POST    door       403       403     422    404
template-change     POST    door       403       403     422    404
template-restore    POST    door       403       403     200    404
template-remove     POST    door       403       403     200    404
template-undo       POST    door       403       403     200    404
template-use        POST    door       403       200     200    404

sign-in             GET     200        302       302     302    302
sign-in             POST    422        422       422     422    422
forgotten           GET     200        200       200     200    200
sign-out            POST    door       door      door    door   door
door                GET     200        200       200     200    200
door                POST    302        302       302     302    302
invitation          GET     200        200       200     200    200
invitation          POST    302        200       200     200    302

welcome             GET     door       302       302     302    302
welcome             POST    door       302       302     302    302
welcome-team        GET     door       403       403     200    200
welcome-team        POST    door       403       403     302    302
welcome-project     GET     door       403       403     200    200
welcome-project     POST    door       403       403     302    302

projects            POST    door       403       302     302    302
switch-project      POST    door       302       302     302    404
project-rename      POST    door       403       403     302    404
project-rule        POST    door       403       403     302    404
switch-team         POST    door       302       302     302    404

shares              GET     door       403       200     200    200
share-new           GET     door       403       200     200    404
share-new           POST    door       403       422     422    404
share               GET     door       403       403     200    404
share               POST    door       403       403     422    404
share-revoke        POST    door       403       403     302    404
share-restore       POST    door       403       403     409    404
share-preview       GET     door       403       403     200    404
share-preview-clip  GET     door       403       403     404    404
share-preview-media  GET    door       403       403     404    404
guest               GET     200        200       200     200    200
guest               POST    422        422       422     422    422
guest-clip          GET     link       link      link    link   link
guest-decide        POST    link       link      link    link   link
guest-rest          POST    link       link      link    link   link
guest-finish        POST    link       link      link    link   link
guest-notes         POST    link       link      link    link   link
guest-note          POST    link       link      link    link   link
guest-note-remove   POST    link       link      link    link   link
guest-media         GET     404        404       404     404    404

settings            GET     door       302       302     302    302
settings-profile    GET     door       200       200     200    200
settings-profile    POST    door       302       302     302    302
password            GET     door       302       302     302    302
password            POST    door       302       302     302    302
settings-notices    GET     door       200       200     200    200
settings-notices    POST    door       302       302     302    302
endpoints-own       POST    door       422       422     422    422
endpoints-team      POST    door       403       403     422    422
endpoint            GET     door       403       403     200    404
endpoint            POST    door       403       403     302    404
endpoint-remove     POST    door       403       403     302    404
endpoint-secret     POST    door       403       403     200    404
endpoint-switch     POST    door       403       403     302    404
endpoint-test       POST    door       403       403     302    404
delivery-again      POST    door       403       403     302    404
settings-team       GET     door       200       200     200    200
settings-team       POST    door       403       403     302    302
invite              POST    door       403       403     200    200
invitation-revoke   POST    door       403       403     302    404
member-role         POST    door       403       403     302    404
member-let-go       POST    door       403       403     302    404
member-link         POST    door       403       403     200    404
settings-projects   GET     door       200       200     200    200
settings-downloads  GET     door       200       200     200    200
settings-downloads  POST    door       403       403     302    302
settings-providers  GET     door       200       200     200    200
settings-prices     GET     door       200       200     200    200
price-history       GET     door       200       200     200    200
price               POST    door       403       403     302    302
price-preview       POST    door       403       403     200    200
rate                POST    door       403       403     302    302
rate-preview        POST    door       403       403     200    200
account             POST    door       403       403     302    403
account-key         POST    door       403       403     302    403
test-accounts       POST    door       403       403     409    403
bills               GET     door       403       403     200    200
bill-upload         POST    door       403       403     422    403
bill-fetch          POST    door       403       403     422    403
bill                GET     door       403       403     200    404
bill-columns        GET     door       403       403     409    403
bill-columns        POST    door       403       403     409    403
bill-remove         POST    door       403       403     302    403
bill-book           POST    door       403       403     409    404
bill-settle         POST    door       403       403     302    404
bill-table          GET     door       403       403     200    404
bill-line-book      POST    door       403       403     400    404
bill-line-settle    POST    door       403       403     302    404
settings-budget     GET     door       403       200     200    200
grant               POST    door       403       403     302    302

budgets             GET     door       403       200     200    200
budget-add          POST    door       403       403     302    302
budget-edit         GET     door       403       403     200    404
budget-edit         POST    door       403       403     302    404
budget-remove       POST    door       403       403     200    404
budget-restore      POST    door       403       403     302    404
budget-ask          POST    door       403       302     302    302
request-approve     POST    door       403       403     302    404
request-refuse      POST    door       403       403     302    404
request-withdraw    POST    door       403       302     403    404
request-remind      POST    door       403       429     403    404
"""


@dataclass(kw_only=True)
class Cast:
    """The rows that the table is about, and who comes to see them."""

    people: dict[str, Member | None]
    other: Member
    project: Project
    job: Job
    take: Take
    stream: Stream
    asset: Asset
    board: Board
    preset: Preset
    template: Template
    word_list: WordList
    view: SavedView
    invitation: Invitation
    note: Note
    task: Mention
    notice: Notice
    endpoint: Endpoint
    delivery: Delivery
    share: Share
    cap: Cap
    request: CapRequest
    bill_line: BillLine
    tokens: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def cast(db) -> Cast:
    team = make_team()
    people = {role: make_member(role, team=team) for role in Role.values}
    admin = people["admin"]
    stranger = make_member("admin")
    Project.objects.create(team=stranger.team, name="Theirs", created_by=stranger)
    other = make_member("author", team=team)
    project = Project.objects.create(team=team, name="Ours", created_by=admin)
    job = make_job(author=admin)
    asset = Asset.objects.create(
        team=team, kind=AssetKind.VIDEO, path="gone.mp4", sha256="0" * 64, size=1,
        content_type="video/mp4",
    )  # fmt: skip
    take = make_done(other)
    stream = Stream.objects.create(take=take, name="log", file=asset)
    board = Board.objects.create(team=team, project=project, name="Act I", created_by=admin)
    words = WordList.objects.create(team=team, name="weather", words=["rain"], author=admin)
    preset = Preset.objects.create(
        team=team, kind="camera", name="Slow push", value={"zoom": -3}, author=admin
    )
    template = Template.objects.create(team=team, author=admin, name="Door")
    TemplateVersion.objects.create(template=template, number=1, text="A door.", author=admin)
    note = Note.objects.create(clip=take.clip, take=take, member=people["author"], text="Too dark.")
    task = Mention.objects.create(note=note, member=people["reviewer"])
    view = SavedView.objects.create(
        team=team, project=project, author=admin, name="Reds", query="red", sort="newest",
        is_private=False,
    )  # fmt: skip
    week = timedelta(days=7)
    invitation, join = Invitation.issue(lifetime=week, team=team, invited_by=admin)
    share = make_share(member=admin)
    _, door = SignInLink.issue(lifetime=week, user=other.user)
    notice, endpoint = make_notice(admin), make_endpoint(admin)
    delivery = Delivery.objects.create(
        notice=notice, endpoint=endpoint, status="failed", next_at=notice.created_at
    )
    bill = Bill.objects.create(
        team=team, provider="runware", name="November", digest="0" * 64, source="uploaded",
        starts_on=job.created_at.date(), ends_on=job.created_at.date(), read_at=job.created_at,
    )  # fmt: skip
    line = BillLine.objects.create(bill=bill, row=2, native=1, unit="USD", difference="extra")
    return Cast(
        people={"anonymous": None, "stranger": stranger, **people},
        other=other, project=project, job=job, take=take, stream=stream, asset=asset, board=board,
        preset=preset, template=template, word_list=words, invitation=invitation, note=note,
        task=task, view=view, notice=notice, endpoint=endpoint, delivery=delivery,
        share=share, cap=make_cap(admin), request=make_request(people["author"]),
        bill_line=line,
        tokens={
            "join": join, "door": door, "stop": letters.token_of(other),
            "link": share.address_token,
        },
    )  # fmt: skip


ARGS: dict[str, Callable[[Cast], list[Any]]] = {
    **dict.fromkeys(
        ("clip", "chain", "chain-export", "side-by-side", "stars"), lambda cast: [cast.job.clip_id]
    ),
    "notes": lambda cast: [cast.note.take_id],
    **dict.fromkeys(
        ("note-remove", "note-undo", "note-resolve", "note-reopen", "note-team", "note-everyone"),
        lambda cast: [cast.note.pk],
    ),
    **dict.fromkeys(("task-finish", "task-reopen"), lambda cast: [cast.task.pk]),
    "compare-win": lambda cast: [cast.take.pk],
    "compare-undo": lambda cast: [cast.take.pk],
    "stream-log": lambda cast: [cast.stream.pk],
    **dict.fromkeys(("board", "board-remove"), lambda cast: [cast.board.pk]),
    "media": lambda cast: [cast.asset.pk, "video.mp4"],
    "lane-resume": lambda _: ["animatic"],
    "webhook": lambda _: ["animatic", "no-secret-of-ours"],
    "given": lambda cast: ["no-token-of-ours", "video.mp4"],
    **dict.fromkeys(
        (
            "job-cancel",
            "job-retry",
            "job-duplicate",
            "job-remind",
            "job-move",
            "job-edit",
            "job-shoot",
            "remix",
            "uncertain-adopt",
            "uncertain-resend",
            "uncertain-fetch",
            "uncertain-charge",
            "uncertain-release",
        ),
        lambda cast: [cast.job.pk],
    ),
    **dict.fromkeys(
        ("share", "share-revoke", "share-restore", "share-preview"), lambda cast: [cast.share.pk]
    ),
    "share-preview-clip": lambda cast: [cast.share.pk, cast.job.clip_id],
    "share-preview-media": lambda cast: [cast.share.pk, cast.asset.pk, "video.mp4"],
    **dict.fromkeys(("guest", "guest-rest", "guest-finish"), lambda cast: [cast.tokens["link"]]),
    **dict.fromkeys(
        ("guest-clip", "guest-decide", "guest-notes", "guest-note", "guest-note-remove"),
        lambda cast: [cast.tokens["link"], cast.job.clip_id],
    ),
    "guest-media": lambda cast: [cast.tokens["link"], cast.asset.pk, "video.mp4"],
    "door": lambda cast: [cast.tokens["door"]],
    "invitation": lambda cast: [cast.tokens["join"]],
    **dict.fromkeys(("project-rename", "project-rule"), lambda cast: [cast.project.pk]),
    "take-decide": lambda cast: [cast.take.pk],
    "picture-take": lambda _: [0],
    "costs-mailed-remove": lambda _: [0],
    "take-times": lambda _: [0],
    "picture-fit": lambda cast: [cast.asset.pk],
    "presets": lambda _: ["camera"],
    **dict.fromkeys(
        (
            "template",
            "template-version",
            "template-change",
            "template-remove",
            "template-undo",
            "template-use",
        ),
        lambda cast: [cast.template.pk],
    ),
    "template-restore": lambda cast: [cast.template.pk, 1],
    "preset-rename": lambda cast: [cast.preset.pk],
    "preset-remove": lambda cast: [cast.preset.pk],
    "view-rename": lambda cast: [cast.view.pk],
    "view-remove": lambda cast: [cast.view.pk],
    "word-list": lambda cast: [cast.word_list.pk],
    "word-list-remove": lambda cast: [cast.word_list.pk],
    "notice": lambda cast: [cast.notice.pk],
    "unsubscribe": lambda cast: [cast.tokens["stop"]],
    **dict.fromkeys(
        ("endpoint", "endpoint-remove", "endpoint-secret", "endpoint-switch", "endpoint-test"),
        lambda cast: [cast.endpoint.pk],
    ),
    "delivery-again": lambda cast: [cast.delivery.pk],
    **dict.fromkeys(("budget-edit", "budget-remove", "budget-restore"), lambda cast: [cast.cap.pk]),
    **dict.fromkeys(
        ("request-approve", "request-refuse", "request-withdraw", "request-remind"),
        lambda cast: [cast.request.pk],
    ),
    "account": lambda _: ["runware"],
    "account-key": lambda _: ["runware"],
    **dict.fromkeys(
        ("bill", "bill-columns", "bill-remove", "bill-book", "bill-settle", "bill-table"),
        lambda cast: [cast.bill_line.bill_id],
    ),
    **dict.fromkeys(("bill-line-book", "bill-line-settle"), lambda cast: [cast.bill_line.pk]),
    "invitation-revoke": lambda cast: [cast.invitation.pk],
    "member-role": lambda cast: [cast.other.pk],
    "member-let-go": lambda cast: [cast.other.pk],
    "member-link": lambda cast: [cast.other.pk],
}
QUERIES: dict[str, Callable[[Cast], str]] = {
    "share-new": lambda cast: f"?clips={cast.job.clip_id}",
    "price-history": lambda _: "?provider=animatic&model=",
}
NEW = "a long and quite new password"
PRICE = {"able": "animatic/animatic-1", "per": "second", "amount": "2"}
BODIES: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "job-move": lambda _: {"to": "front"},
    **dict.fromkeys(
        ("favorite", "board-choose", "tags", "trash", "trash-restore", "trash-purge"),
        lambda cast: {"clips": cast.job.clip_id},
    ),
    "stars": lambda _: {"stars": "3"},
    "arrange": lambda cast: {"clips": cast.job.clip_id, "off": cast.board.pk},
    "board-new": lambda _: {"name": "Act II", "of": "project"},
    "board": lambda _: {"name": "Act III"},
    **dict.fromkeys(
        ("tag-add", "tag-remove"), lambda cast: {"clips": cast.job.clip_id, "name": "night"}
    ),
    "sign-in": lambda _: {"email": "nobody@example.org", "password": "wrong"},
    "invitation": lambda _: {"name": "New", "email": "new@example.org", "password": NEW},
    "welcome-team": lambda _: {"name": "A name"},
    "welcome-project": lambda _: {"name": "A name"},
    "projects": lambda _: {"name": "A name"},
    "project-rename": lambda _: {"name": "A name"},
    **dict.fromkeys(
        ("downloads", "timeline", "download-new"), lambda cast: {"clips": cast.job.clip_id}
    ),
    "settings-downloads": lambda _: {"file_names": "{clip}"},
    "project-rule": lambda _: {"voters": "anybody", "needed": "1"},
    "take-decide": lambda _: {"verdict": "approve"},
    "clips-decide": lambda cast: {"verdict": "reject", "clips": str(cast.take.clip_id)},
    "costs-mailed": lambda _: {"name": "Mondays", "rhythm": "weekly"},
    "views": lambda _: {"name": "Blues", "q": "blue"},
    "view-rename": lambda _: {"name": "Blues"},
    "word-lists": lambda _: {"name": "light", "words": "dawn\ndusk"},
    "word-list": lambda _: {"name": "sky", "words": "dawn\ndusk"},
    "presets": lambda _: {"preset_camera": "Push", "camera_zoom": "-6"},
    "preset-rename": lambda cast: {f"preset_{cast.preset.pk}": "Push"},
    "switch-project": lambda cast: {"project": cast.project.pk},
    "switch-team": lambda cast: {"team": cast.project.team_id},
    "settings-profile": lambda _: {"name": "A name"},
    "password": lambda _: {"current": PASSWORD, "new": NEW},
    "settings-team": lambda _: {"name": "A name", "time_zone": "UTC", "credit_price": "0.01"},
    "settings-notices": lambda _: {"digest": "now", "digest_hour": "8"},
    "endpoint": lambda _: {"name": "A name"},
    "invite": lambda _: {"role": "author"},
    "member-role": lambda _: {"role": "reviewer"},
    "price": lambda _: PRICE,
    "price-preview": lambda _: PRICE,
    "rate-preview": lambda _: {"unit": "EUR", "price": "1.08"},
    "rate": lambda _: {"unit": "TRINETRA", "price": "0.012"},
    "account": lambda _: {"key": "secret-1234", "slots": "2", "enabled": "on"},
    "grant": lambda _: {"amount": "5", "reason": "more"},
    "budget-add": lambda _: {"every": "week", "amount": "500", "warn_at": "80", "stops": "on"},
    "budget-edit": lambda _: {"amount": "500", "warn_at": "80", "stops": "on"},
    "budget-ask": lambda _: {"amount": "5", "reason": "more"},
    "request-approve": lambda _: {"amount": "5"},
    "bill-book": lambda _: {"sum": "0"},
    **dict.fromkeys(
        ("bill-settle", "bill-line-settle"), lambda _: {"note": "Asked them", "kind": "extra"}
    ),
}


def _rows() -> list[tuple[str, str, str, str]]:
    """(route, method, who, expected) for every cell of TABLE."""
    head, *lines = (line.split() for line in TABLE.splitlines() if line.strip())
    return [
        (route, method, who, expected)
        for route, method, *cells in lines
        for who, expected in zip(head[2:], cells, strict=True)
    ]


ROWS = _rows()
METHODS = {(route, method) for route, method, *_ in ROWS}


def _routes() -> set[str]:
    """Every named address of the URLconf, apart from Django's own admin site (below)."""
    found = get_resolver().url_patterns
    assert all(pattern.name for pattern in found if isinstance(pattern, URLPattern))
    return {pattern.name for pattern in found if isinstance(pattern, URLPattern)}


def _ask(client, cast: Cast, route: str, method: str, who: str):
    if member := cast.people[who]:
        client.force_login(member.user)
    url = reverse(route, args=ARGS[route](cast) if route in ARGS else [])
    url += QUERIES[route](cast) if route in QUERIES else ""
    body = BODIES[route](cast) if method == "POST" and route in BODIES else {}
    return client.generic(method, url) if method == "GET" else client.post(url, body)


def test_every_route_has_a_row_and_every_row_a_route():
    assert {route for route, _ in METHODS} == _routes()


@pytest.mark.parametrize(("route", "method", "who", "expected"), ROWS)
def test_cell(client, cast, route, method, who, expected):
    response = _ask(client, cast, route, method, who)
    doors = {reverse("sign-in"): "door", reverse("guest", args=[cast.tokens["link"]]): "link"}
    to = response.url.partition("?")[0] if response.status_code == 302 else ""
    assert doors.get(to, str(response.status_code)) == expected


@pytest.mark.parametrize(
    ("route", "method"),
    sorted({(r, m) for r, _ in METHODS for m in ("GET", "POST")} - METHODS),
)
def test_method_without_a_row_is_not_allowed(client, cast, route, method):
    assert _ask(client, cast, route, method, "admin").status_code == 405


class TestAdminSite:
    """Django's own site: for a superuser who is admin of a team, and for nobody else."""

    @staticmethod
    def _addresses() -> list[str]:
        (site,) = (one for one in get_resolver().url_patterns if isinstance(one, URLResolver))
        names = [one.name for one in _flat(site) if one.name]
        return [url for name in names if (url := _address(name))]

    def test_everybody_else_stays_out_of_every_page(self, client, cast):
        urls = self._addresses()
        assert len(urls) > 60
        for who in ("anonymous", "reviewer", "author", "admin"):
            if member := cast.people[who]:
                client.force_login(member.user)
            for url in urls:
                last = client.get(url, follow=True)
                at_door = last.redirect_chain and "/sign-in/" in last.redirect_chain[-1][0]
                assert last.status_code == 403 if member else at_door, (who, url)

    def test_superuser_looks_at_rows_and_changes_none(self, client, cast):
        member = cast.people["admin"]
        member.user.is_superuser = member.user.is_staff = True
        member.user.save()
        client.force_login(member.user)
        job = member.jobs.get()
        assert client.get(reverse("admin:index")).status_code == 200
        for name in ("job", "event", "ledgerentry", "priceversion", "user", "invitation"):
            assert client.get(reverse(f"admin:studio_{name}_changelist")).status_code == 200, name
            assert client.get(reverse(f"admin:studio_{name}_add")).status_code == 403, name
        page = reverse("admin:studio_job_change", args=[job.pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {"status": "succeeded"}).status_code == 403
        assert client.post(reverse("admin:studio_job_delete", args=[job.pk])).status_code == 403

    def test_no_page_shows_a_digest_or_a_password(self, client, cast):
        member = cast.people["admin"]
        member.user.is_superuser = True
        member.user.save()
        client.force_login(member.user)
        invited = client.get(reverse("admin:studio_invitation_change", args=[cast.invitation.pk]))
        person = client.get(reverse("admin:studio_user_change", args=[member.user.pk]))
        assert cast.invitation.digest not in invited.content.decode()
        assert member.user.password not in person.content.decode()


def _flat(resolver: URLResolver) -> list[URLPattern]:
    return [
        pattern
        for one in resolver.url_patterns
        for pattern in (_flat(one) if isinstance(one, URLResolver) else [one])
    ]


def _address(name: str) -> str | None:
    for args in ([], ["1"], ["1", "1"], ["studio"]):
        try:
            return reverse(f"admin:{name}", args=args)
        except NoReverseMatch:
            continue
    return None
