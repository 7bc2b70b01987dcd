"""Who may do what by a client's link: kind and switches × situation × action, as one table.

A row of SITUATIONS says what each action answers there. Where it says `switch`, the link's own
kind and switches decide, as SWITCHED has it.

    door    302 to the link's own door, and nothing was done
    done    302, and it was
"""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Decision, Guest, Note, Share
from studio.services import shares
from tests.factories import make_job, make_member, make_share, make_take
from tests.storage import videos
from tests.views.links import Visitor, body, cookie_of, make_links_take, visitor

pytestmark = pytest.mark.django_db

KINDS = ("review", "approval")
SWITCHES = ("may_comment", "may_download", "may_see_prompts")
LINKS = [
    {"kind": kind, **dict(zip(SWITCHES, states, strict=True))}
    for kind in KINDS
    for states in itertools.product((False, True), repeat=3)
]

SITUATIONS = """
situation  look  clip  play  seek  poster  foreign  download  comment  rest    decide  finish  prompt
inside     200   200   200   206   200     404      switch    switch   switch  switch  done    switch
nobody     200   door  404   404   404     404      404       door     door    door  door   door
wrong      422   door  404   404   404     404      404       door     door    door  door   door
foreign    200   door  404   404   404     404      404       door     door    door  door   door
early      403   403   403   403   403     403      403       403      403     403   403    403
expired    410   410   410   410   410     410      410       410      410     410   410    410
used-up    410   door  404   404   404     404      404       door     door    door  door   door
revoked    404   404   404   404   404     404      404       404      404     404   404    404
"""

# What a switch makes of an action: on, off.
SWITCHED: dict[str, tuple[Callable[[dict], bool], str, str]] = {
    "download": (lambda link: link["may_download"], "200", "403"),
    "comment": (lambda link: link["may_comment"], "done", "403"),
    "decide": (lambda link: link["kind"] == "approval", "done", "403"),
    "rest": (lambda link: link["kind"] == "approval", "done", "403"),
    "prompt": (lambda link: link["may_see_prompts"], "told", "hidden"),
}

ACTIONS: dict[str, Callable[[Visitor], object]] = {
    "look": lambda who: who.get(),
    "clip": lambda who: who.get("clip", who.take.clip_id),
    "play": lambda who: who.get("media", who.take.video_id, "video"),
    "seek": lambda who: who.get("media", who.take.video_id, "v", headers={"Range": "bytes=9-20"}),
    "poster": lambda who: who.get("media", who.take.poster_id, "poster.webp"),
    "foreign": lambda who: who.get("media", who.other.video_id, "video"),
    "download": lambda who: who.get("media", who.take.video_id, "video", query="?download=1"),
    "comment": lambda who: who.post("notes", who.take.clip_id, text="Softer", frame="3"),
    "rest": lambda who: who.post("rest", take=who.take.pk),
    "decide": lambda who: who.post("decide", who.take.clip_id, verdict="changes"),
    "finish": lambda who: who.post("finish"),
    "prompt": lambda who: who.get("clip", who.take.clip_id),
}


def guess(who: Visitor) -> object:
    return who.post(name="Eve", email="eve@client.example", password="guess")


def _rows() -> dict[str, dict[str, str]]:
    head, *lines = (line.split() for line in SITUATIONS.splitlines() if line.strip())
    return {name: dict(zip(head[1:], cells, strict=True)) for name, *cells in lines}


TABLE = _rows()


def _inside(share: Share) -> Visitor:
    return visitor(share)


def _nobody(share: Share) -> Visitor:
    return visitor(share, known=False)


def _wrong(share: Share) -> Visitor:
    """Somebody who types another password."""
    _change(share, password=make_password("right"))
    return visitor(share, known=False)


def _foreign(share: Share) -> Visitor:
    """A guest of another link of the same clips."""
    other = make_share(*(row.take for row in share.chosen.all()), member=share.created_by)
    came = visitor(share, known=False)
    came.client.cookies["guest"] = cookie_of(visitor(other).guest, share)
    return came


def _after(**fields: object) -> Callable[[Share], Visitor]:
    """Somebody who came in while it was open; then this happened to the link."""

    def changed(share: Share) -> Visitor:
        came = visitor(share)
        _change(share, **fields)
        return came

    return changed


def _used_up(share: Share) -> Visitor:
    _change(share, most_views=3, views=3)
    return visitor(share, known=False)


def _revoked(share: Share) -> Visitor:
    came = visitor(share)
    shares.revoke(share.created_by, share)
    return came


def _change(share: Share, **fields: object) -> None:
    Share.objects.filter(pk=share.pk).update(**fields)


HOUR = timedelta(hours=1)
COMES: dict[str, Callable[[Share], Visitor]] = {
    "inside": _inside,
    "nobody": _nobody,
    "wrong": _wrong,
    "foreign": _foreign,
    "early": lambda share: _after(opens_at=timezone.now() + HOUR)(share),
    "expired": lambda share: _after(expires_at=timezone.now() - HOUR)(share),
    "used-up": _used_up,
    "revoked": _revoked,
}


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return videos.video(tmp_path_factory.mktemp("film") / "film.mp4", frames=12, fps=24)


@pytest.fixture
def take(film):
    return make_links_take(film)


@pytest.fixture
def other(take):
    """Of the same team, but not in the link."""
    return make_take(make_job("succeeded", author=take.clip.author))


def _name(link: dict) -> str:
    return "-".join([link["kind"], *(name[4:] for name in SWITCHES if link[name])])


def _rows_now() -> tuple[object, ...]:
    """All that a client can leave behind."""
    finished = Guest.objects.exclude(finished_at=None).count()
    return Note.objects.count(), list(Decision.objects.values_list("verdict", flat=True)), finished


def _said(came: Visitor, action: str, act: Callable[[Visitor], object]) -> str:
    before = _rows_now()
    response = act(came)
    if response.status_code == 302:
        done = _rows_now() != before
        assert done or response.url == came.address()
        return "done" if done else "door"
    assert _rows_now() == before
    if action == "prompt" and response.status_code == 200:
        return "told" if b"Vermilion dusk" in body(response) else "hidden"
    response.close()
    return str(response.status_code)


def _expected(link: dict, action: str, cell: str) -> str:
    if cell != "switch":
        return cell
    is_on, on, off = SWITCHED[action]
    return on if is_on(link) else off


@pytest.mark.parametrize("situation", TABLE)
@pytest.mark.parametrize("link", LINKS, ids=_name)
def test_row(link, situation, take, other):
    share = make_share(take, **link)
    came = COMES[situation](share)
    came.take, came.other = take, other
    acts = {**ACTIONS, "look": guess} if situation == "wrong" else ACTIONS
    told = {action: _said(came, action, act) for action, act in acts.items()}
    wanted = {action: _expected(link, action, cell) for action, cell in TABLE[situation].items()}
    assert told == wanted


class TestPreview:
    """Who made the link looks at it: all that clients see, and nothing that they may do."""

    @pytest.fixture(params=LINKS, ids=_name)
    def link(self, request, take):
        return make_share(take, **request.param)

    def test_everything_is_seen_and_nothing_counted(self, client, link, take, other):
        client.force_login(link.created_by.user)
        Share.objects.filter(pk=link.pk).update(opens_at=timezone.now() + HOUR)
        pages = {
            reverse("share-preview", args=[link.pk]): 200,
            reverse("share-preview-clip", args=[link.pk, take.clip_id]): 200,
            reverse("share-preview-clip", args=[link.pk, other.clip_id]): 404,
            reverse("share-preview-media", args=[link.pk, take.video_id, "v"]): 200,
            reverse("share-preview-media", args=[link.pk, other.video_id, "v"]): 404,
        }
        for address, status in pages.items():
            response = client.get(address)
            assert response.status_code == status, address
            assert client.post(address).status_code == 405
            response.close()
        link.refresh_from_db()
        assert (link.views, link.visits.count(), link.guests.count()) == (0, 0, 0)

    def test_it_is_marked_and_every_form_is_off(self, client, link, take):
        client.force_login(link.created_by.user)
        for args in (["share-preview", link.pk], ["share-preview-clip", link.pk, take.clip_id]):
            page = client.get(reverse(args[0], args=args[1:])).content.decode()
            assert "Preview." in page
            assert link.address_token not in page
            assert page.count("<fieldset") == page.count(" disabled>")
            for form in page.split("<form")[1:]:
                assert 'action=""' in form.partition(">")[0]

    def test_it_needs_who_made_the_link_or_an_admin(self, client, link):
        address = reverse("share-preview", args=[link.pk])
        for role, status in (("author", 403), ("reviewer", 403), ("admin", 200)):
            client.force_login(make_member(role, team=link.team).user)
            assert client.get(address).status_code == status

    def test_a_revoked_one_shows_nothing(self, client, link):
        client.force_login(link.created_by.user)
        shares.revoke(link.created_by, link)
        assert client.get(reverse("share-preview", args=[link.pk])).status_code == 404


class TestTwoKinds:
    """A client's cookie is no member's session, nor the other way round."""

    def test_a_guest_is_nobody_on_members_pages(self, take):
        came = visitor(make_share(take))
        for name in ("wall", "shares", "settings-team", "queue"):
            response = came.client.get(reverse(name))
            assert response.status_code == 302
            assert response.url.startswith(reverse("sign-in"))
        inside = reverse("media", args=[take.video_id, "v"])
        assert came.client.get(inside).status_code == 404
        assert came.client.get(reverse("clip", args=[take.clip_id])).status_code == 302

    def test_a_member_is_nobody_behind_a_link(self, take):
        share = make_share(take)
        client = Client()
        client.force_login(share.created_by.user)
        came = Visitor(share, client)
        assert b"Open the review" in came.get().content
        assert came.get("media", take.video_id, "v").status_code == 404
        assert came.post("decide", take.clip_id, verdict="approve").url == came.address()
        assert not take.decisions.exists()
