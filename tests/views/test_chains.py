"""The page of a chain, and the film that it offers."""

import re

import pytest

from studio import tasks
from studio.models import Chain
from studio.pipeline import chains
from tests.chains import make_take
from tests.factories import make_member, make_project
from tests.storage import videos

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true", "HX-Target": "div#export"}


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def client(client, author, monkeypatch):
    monkeypatch.setattr(tasks, "hint_join", lambda pk: None)
    client.force_login(author.user)
    return client


@pytest.fixture
def two(author, tmp_path):
    one = make_take(author, videos.video(tmp_path / "one.mp4", frames=10, fps=24))
    path = videos.video(tmp_path / "two.mp4", frames=14, fps=24)
    return one, make_take(author, path, after=one, cut=5, first_frame=one.last_frame_id)


def links(page):
    """First and end of each link of the page."""
    return re.findall(r'data-first="(\d+)" data-end="(\d+)"', page.text)


class TestPage:
    def test_plays_from_the_first_take_to_this_one(self, client, two):
        page = client.get(f"/clips/{two[1].clip_id}/chain/")
        assert links(page) == [("0", "6"), ("1", "14")]
        assert f'src="/media/{two[0].video_id}/' in page.text
        assert "Ends after frame 5 of 10" in page.text
        assert "2 takes joined, 0.8 s" in page.text
        assert "Export as one file" in page.text

    def test_is_offered_only_where_there_is_a_chain(self, client, two):
        address = f'href="/clips/{two[1].clip_id}/chain/?take=1"'
        assert address in client.get(f"/clips/{two[1].clip_id}/").text
        assert "Play joined" not in client.get(f"/clips/{two[0].clip_id}/").text

    def test_a_take_that_was_given_another_frame_begins_with_its_first(self, client, two):
        order = {**two[1].job.stored_order, "first_frame": None}
        type(two[1].job).objects.filter(pk=two[1].job_id).update(stored_order=order)
        assert links(client.get(f"/clips/{two[1].clip_id}/chain/"))[1] == ("0", "14")

    def test_a_clip_alone_says_so(self, client, two):
        page = client.get(f"/clips/{two[0].clip_id}/chain/")
        assert page.status_code == 200
        assert "there is nothing to join" in page.text

    def test_no_such_take_is_404(self, client, two):
        for number in ("2", "x", "9" * 20):
            assert client.get(f"/clips/{two[1].clip_id}/chain/?take={number}").status_code == 404

    def test_other_teams_get_404(self, client, two):
        stranger = make_member("admin")
        make_project(stranger.team)
        client.force_login(stranger.user)
        assert client.get(f"/clips/{two[1].clip_id}/chain/").status_code == 404
        assert client.post(f"/clips/{two[1].clip_id}/chain/file/").status_code == 404


class TestExport:
    def ask(self, client, two, **headers):
        address = f"/clips/{two[1].clip_id}/chain/file/"
        return client.post(address, {"take": "1"}, headers=headers)

    def part(self, client, two):
        return client.get(f"/clips/{two[1].clip_id}/chain/?take=1", headers=HX).text

    def test_is_made_and_can_be_kept(self, client, two):
        assert 'id="joining"' in self.ask(client, two, **HX).text
        chain = Chain.objects.get()
        assert 'hx-trigger="load delay:1s"' in self.part(client, two)
        chains.make(chain.pk)
        chain.refresh_from_db()
        part = self.part(client, two)
        assert "The film is ready: 320 × 180" in part
        assert "hx-trigger" not in part
        address = re.search(r'href="([^"]+)\?download=1"', part)[1]
        kept = client.get(f"{address}?download=1")
        assert 'filename="Shot two, joined.mp4"' in kept["Content-Disposition"]
        kept.close()
        clean = client.get(f"{address}?clean=1")
        assert b"dailies" not in clean.getvalue()

    def test_works_without_scripts(self, client, two):
        answer = self.ask(client, two)
        assert answer.url == f"/clips/{two[1].clip_id}/chain/?take=1"
        assert "The film is being made." in client.get(answer.url).text

    def test_a_problem_is_told_with_a_way_to_try_again(self, client, two):
        self.ask(client, two)
        Chain.objects.update(problem="The disk is full.")
        part = self.part(client, two)
        assert "The disk is full." in part
        assert "Try again" in part
        self.ask(client, two)
        assert Chain.objects.get().problem == ""

    def test_reviewers_see_the_film_but_order_none(self, client, two, author):
        client.force_login(make_member("reviewer", team=author.team).user)
        assert "An author of the team can export" in self.part(client, two)
        assert self.ask(client, two).status_code == 403

    def test_a_single_take_is_told(self, client, two):
        answer = client.post(f"/clips/{two[0].clip_id}/chain/file/", {"take": "1"})
        assert answer.status_code == 409
        assert "nothing to join" in answer.text
