"""Views of the wall as buttons with counts, and searches that are kept as one."""

from html import unescape

import pytest

from studio.core.status import JobStatus
from studio.models import Clip, Favorite, Role, SavedView
from studio.reports import counts
from tests.factories import make_job, make_member, make_project

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true", "HX-Target": "div#views"}


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch):
    monkeypatch.setattr(counts, "_kept", {})


@pytest.fixture
def author(client):
    member = make_member(name="Ana Ruiz")
    make_project(member.team)
    client.force_login(member.user)
    return member


def buttons(client, **asked) -> str:
    return unescape(client.get("/views/", asked, headers=HX).content.decode())


def kept(author, name="Reds", query="red", **fields) -> SavedView:
    fields = {"sort": "newest", "is_private": False, "author": author, **fields}
    project = author.team.projects.get()
    return SavedView.objects.create(
        team=author.team, project=project, name=name, query=query, **fields
    )


def undo_in(page: str) -> str:
    return unescape(page).split('formaction="/views/undo/')[1].split('"')[0]


class TestButtons:
    def test_those_that_are_always_there_with_counts(self, client, author):
        for status in (JobStatus.FAILED, JobStatus.FAILED, JobStatus.QUEUED):
            make_job(status, author=author)
        page = buttons(client)
        assert 'aria-current="true">Everything</a>' in page
        assert 'Failed this week <span class="n">2</span>' in page
        assert 'In progress <span class="n">1</span>' in page
        assert 'Approved <span class="n">0</span>' in page

    def test_present_one_is_marked_wherever_it_came_from(self, client, author):
        kept(author)
        assert 'href="/?q=red" aria-current="true"' in buttons(client, q="RED".lower())
        assert 'aria-current="true">Approved' in buttons(client, q="STATUS:approve")
        assert "aria-current" not in buttons(client, q="red", sort="rated")
        assert "aria-current" not in buttons(client, q="seed:x")

    def test_ones_own_and_the_teams_and_no_others(self, client, author):
        mate, stranger = make_member(team=author.team), make_member()
        make_project(stranger.team)
        kept(author, "Mine", is_private=True)
        kept(mate, "Ours")
        kept(mate, "Theirs", is_private=True)
        kept(stranger, "Foreign")
        page = buttons(client)
        for name in ("Mine", "Ours"):
            assert f">{name} <span" in page or f"{name} <span" in page
        for name in ("Theirs", "Foreign"):
            assert name not in page

    def test_many_are_told_as_more(self, client, author, monkeypatch):
        monkeypatch.setattr(counts, "MOST_COUNTED", 3)
        monkeypatch.setattr("studio.reports.search.MOST_COUNTED", 3)
        for _ in range(5):
            make_job(JobStatus.FAILED, author=author)
        assert 'Failed this week <span class="n">2+</span>' in buttons(client)

    def test_the_wall_itself_counts_nothing(self, client, author):
        make_job(JobStatus.FAILED, author=author)
        page = client.get("/").content.decode()
        assert 'hx-get="/views/?" hx-trigger="load, stale"' in page
        assert 'class="n"' not in page

    def test_counted_again_only_when_something_happened(
        self, client, author, django_assert_num_queries
    ):
        job = make_job(JobStatus.QUEUED, author=author)
        buttons(client)
        with django_assert_num_queries(5):  # session, member, projects; views, newest event
            buttons(client)
        job.touch()  # progress is nothing
        with django_assert_num_queries(5):
            buttons(client)
        job.move(JobStatus.CANCELLED)
        assert 'In progress <span class="n">0</span>' in buttons(client)

    def test_counts_of_one_person_are_not_anothers(self, client, author):
        make_job(JobStatus.FAILED, author=author)
        kept(author, "My own", "is:mine")
        assert 'My own <span class="n">1</span>' in buttons(client)
        client.force_login(make_member(team=author.team).user)
        assert 'My own <span class="n">0</span>' in buttons(client)

    def test_favorites_are_those_of_now(self, client, author):
        clip = make_job(author=author).clip
        kept(author, "Liked", "is:favorite")
        assert 'Liked <span class="n">0</span>' in buttons(client)
        Favorite.objects.create(member=author, clip=clip)
        assert 'Liked <span class="n">1</span>' in buttons(client)

    def test_without_scripts_they_are_a_page(self, client, author):
        kept(author)
        page = client.get("/views/").content.decode()
        assert "<html" in page
        assert "Reds" in page


class TestSave:
    def test_saved_as_ones_own_or_for_the_team(self, client, author):
        body = {"q": "red", "sort": "rated", "name": "Reds"}
        page = client.post("/views/", body, headers=HX).content.decode()
        assert "“Reds” is saved." in page
        assert 'hx-target="#views"' in page
        client.post("/views/", {**body, "for_team": "on"}, headers=HX)
        rows = SavedView.objects.order_by("pk").values_list("query", "sort", "is_private")
        assert list(rows) == [("red", "rated", True), ("red", "rated", False)]

    def test_offered_only_for_what_is_no_view_yet(self, client, author):
        kept(author)
        assert "Save this view" in client.get("/?q=blue").content.decode()
        for search in ("", "status:approved", "red", "seed:x"):
            assert "Save this view" not in buttons(client, q=search)

    def test_reviewers_are_not_offered_the_team(self, client, author):
        client.force_login(make_member(Role.REVIEWER, team=author.team).user)
        assert "For the whole team" not in buttons(client, q="blue")

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            ({"name": ""}, "Name must have 1 to 40 characters, not 0."),
            ({"name": "Reds"}, "There is a saved search “Reds” already"),
            ({"name": "Wrong", "q": "seed:x"}, "seed takes one whole number"),
        ],
    )
    def test_refused_with_a_sentence_and_what_was_typed(self, client, author, body, sentence):
        kept(author, is_private=True)
        body = {"q": "blue", **body}
        for headers in (HX, {}):
            response = client.post("/views/", body, headers=headers)
            page = unescape(response.content.decode())
            assert response.status_code == 422
            assert sentence in page
            assert f'value="{body["name"]}"' in page or not body["name"]
        response = client.post("/views/", body, headers=HX)
        assert response["HX-Retarget"] == "#save-view"
        assert SavedView.objects.count() == 1

    def test_without_scripts_it_leads_back_to_the_wall(self, client, author):
        response = client.post("/views/", {"q": "red", "name": "Reds"})
        assert response.url == "/?q=red"
        assert "“Reds” is saved." in client.get("/?q=red").content.decode()


class TestChange:
    def test_renamed(self, client, author):
        row = kept(author)
        page = client.post(f"/views/{row.pk}/rename/", {"q": "red", "name": "Blues"}, headers=HX)
        assert "“Reds” is “Blues” now." in page.content.decode()

    def test_refused_in_its_own_place(self, client, author):
        row = kept(author)
        response = client.post(f"/views/{row.pk}/rename/", {"q": "red", "name": ""}, headers=HX)
        assert (response.status_code, response["HX-Retarget"]) == (422, "#change-view")

    def test_removed_with_undo(self, client, author):
        row = kept(author, sort="rated")
        page = client.post(f"/views/{row.pk}/remove/", {"q": "red"}, headers=HX).content.decode()
        assert "“Reds” is removed." in page
        assert not SavedView.objects.exists()
        back = client.post(f"/views/undo/{undo_in(page)}", headers=HX)
        assert "“Reds” is back." in back.content.decode()
        assert SavedView.objects.get().sort == "rated"
        assert client.post(f"/views/undo/{undo_in(page)}", headers=HX).status_code == 409

    def test_undo_is_of_who_removed_it(self, client, author):
        row = kept(author)
        page = client.post(f"/views/{row.pk}/remove/", headers=HX).content.decode()
        client.force_login(make_member(team=author.team).user)
        assert client.post(f"/views/undo/{undo_in(page)}", headers=HX).status_code == 404
        assert client.post("/views/undo/?kept=forged").status_code == 404

    def test_anothers_private_one_is_not_there(self, client, author):
        row = kept(make_member(team=author.team), is_private=True)
        assert client.post(f"/views/{row.pk}/rename/", {"name": "X"}).status_code == 404

    def test_offered_to_who_may(self, client, author):
        kept(author)
        assert "Rename or remove" in buttons(client, q="red")
        client.force_login(make_member(team=author.team).user)
        assert "Rename or remove" not in buttons(client, q="red")

    def test_the_clips_stay(self, client, author):
        make_job(author=author)
        client.post(f"/views/{kept(author).pk}/remove/")
        assert Clip.objects.count() == 1
