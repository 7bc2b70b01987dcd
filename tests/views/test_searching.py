"""The wall as a search finds it, what completes the box, and what is new for a searched wall."""

import re
from html import unescape

import pytest
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Board, Clip, Role, Tag, accounts
from studio.views import found
from tests.factories import make_job, make_member, make_order, make_project

pytestmark = pytest.mark.django_db
S = JobStatus


@pytest.fixture
def author(client):
    member = make_member(name="Ana Ruiz")
    make_project(member.team)
    client.force_login(member.user)
    return member


def shot(author, prompt="A red door.", status=S.FAILED, **fields) -> Clip:
    clip = make_job(status, author=author, order=make_order(prompt=prompt)).clip
    Clip.objects.filter(pk=clip.pk).update(**fields)
    return clip


def wall(client, search: str, *, status: int = 200, **more) -> str:
    response = client.get("/", {"q": search, **more})
    assert response.status_code == status
    return unescape(response.content.decode())


def shown(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="tile" id="clip-(\d+)"', page)]


class TestWall:
    def test_shows_what_matches_with_the_number_and_a_chip_for_each_term(self, client, author):
        red, _ = shot(author), shot(author, "Blue gate.")
        page = wall(client, "red -by:jonas")
        assert shown(page) == [red.pk]
        assert "1 clip<" in page
        assert 'aria-label="Remove  red"' in page
        assert "not by <b>jonas</b>" in page
        assert 'href="/?q=red" data-chip' in page
        assert 'href="/?q=-by%3Ajonas" data-chip' in page
        assert 'value="red -by:jonas"' in page

    @pytest.mark.parametrize(
        ("search", "sentence"),
        [
            ("seed:abc", "seed takes one whole number, such as seed:42, not “abc”."),
            ("cost:>x", "cost takes credits"),
            ("rating:9", "rating takes 0 to 5 stars"),
            ('"red', "A quote is not closed"),
            ("staus:review red", "Did you mean status:?"),
            ("x" * 501, "at most 500 characters"),
        ],
    )
    def test_what_can_not_be_read_finds_nothing_and_stays(self, client, author, search, sentence):
        shot(author)
        page = wall(client, search, status=422)
        assert sentence in page
        assert shown(page) == []
        assert f'value="{search}"' in page
        assert 'aria-describedby="search-problems"' in page
        assert "Make your first shot" not in page

    def test_parts_of_it_are_answered_alike(self, client, author):
        red, _ = shot(author), shot(author, "Blue gate.")
        part = {"HX-Request": "true", "HX-Target": "div#wall"}
        page = client.get("/?q=red", headers=part).content.decode()
        assert "<html" not in page
        assert shown(page) == [red.pk]
        assert client.get("/?q=seed:x", headers=part).content == b""

    def test_says_which_term_keeps_all_away(self, client, author):
        for _ in range(3):
            shot(author)
        page = wall(client, "red rating:5")
        assert "No clip matches" in page
        assert "Without <b>rating:5</b>: 3" in page
        assert 'href="/?q=red"' in page

    def test_says_that_a_name_is_nobodys(self, client, author):
        shot(author)
        page = wall(client, "red by:nobody tag:nothing")
        assert "Nobody of the team is called “nobody”." in page
        assert "No tag of the team is called “nothing”." in page

    def test_alone_without_a_match_there_is_nothing_to_leave_out(self, client, author):
        shot(author)
        page = wall(client, "zebra")
        assert "Without <b>" not in page
        assert "is like that" in page

    def test_tags_boards_and_people_of_another_team_match_nothing(self, client, author):
        red = shot(author)
        other = make_member(name="Jonas Weber")
        tag = Tag.objects.create(team=other.team, name="secret")
        tag.clips.add(red)  # could never be; and still
        red.touch()
        Board.objects.create(team=other.team, name="Theirs", created_by=other)
        shot(other)
        for search in ("tag:secret", "board:Theirs", "by:jonas", "secret", "jonas"):
            assert shown(wall(client, search)) == [], search
        values = client.get("/search/words/").content.decode()
        for word in ("secret", "Theirs", "Jonas"):
            assert word not in values

    def test_trash_is_where_it_is_asked_for(self, client, author):
        kept, gone = shot(author), shot(author, trashed_at=timezone.now(), trashed_by=author)
        assert shown(wall(client, "red")) == [kept.pk]
        assert shown(wall(client, "in:trash")) == [gone.pk]

    def test_word_of_a_person_is_theirs(self, client, author):
        shot(author)
        clip = shot(make_member(team=author.team, name="Jonas Weber"), "Gate.")
        assert shown(wall(client, "weber")) == [clip.pk]

    def test_older_ones_keep_search_and_sort(self, client, author):
        clips = [shot(author, stars=number % 3).pk for number in range(found.PAGE + 2)]
        for sort in ("newest", "rated", "cost", "noted"):
            page = wall(client, "red", sort=sort)
            (link,) = re.findall(r'<a class="btn" href="([^"]+)">Older', page)
            assert "q=red" in link
            rest = unescape(client.get(link).content.decode())
            assert sorted(shown(page) + shown(rest)) == clips, sort
            assert "50 clips" in page
            assert "50 clips" in rest

    def test_sorted_walls_say_by_what_in_the_place_of_days(self, client, author):
        shot(author)
        page = wall(client, "", sort="rated")
        assert '<h2 class="day">Best rated</h2>' in page
        assert 'id="today" hidden' in page
        assert "Best rated" in wall(client, "", sort="rated", before="nonsense")

    def test_own_new_clip_has_its_place_on_a_searched_wall(self, client, author):
        assert 'id="today"' in wall(client, "zebra")

    def test_unknown_sort_is_the_usual_one(self, client, author):
        assert "Newest first" in wall(client, "red", sort="upside-down")

    def test_word_in_the_address_of_another_page_is_not_the_walls(self, client, author):
        page = client.get("/prompts/?q=seed:abc")
        assert page.status_code == 200
        assert 'value="seed:abc" placeholder="Search clips' not in page.content.decode()

    def test_markup_that_was_typed_is_text(self, client, author):
        response = client.get("/", {"q": '<b>"bold"</b>'})
        assert "<b>bold" not in response.content.decode()
        assert response.status_code == 200

    def test_queries_do_not_grow_with_the_clips(
        self, client, author, django_assert_num_queries, monkeypatch
    ):
        monkeypatch.setattr(accounts, "FRESH_SECONDS", 10**9)  # a slow machine asks no more
        for _ in range(2):
            shot(author)
        wall(client, "red")
        with django_assert_num_queries(14):
            wall(client, "red")
        for _ in range(20):
            shot(author)
        wall(client, "red")
        with django_assert_num_queries(14):
            wall(client, "red")


class TestOffers:
    def test_fields_and_what_the_team_has(self, client, author):
        mate = make_member(team=author.team, name="Jonas Weber")
        twins = [make_member(team=author.team, name="Mei Tanaka") for _ in range(2)]
        Tag.objects.create(team=author.team, name='first "cut"')
        project = author.team.projects.get()
        Board.objects.create(team=author.team, project=project, name="Act I", created_by=author)
        fields = client.get("/search/words/").json()["fields"]
        values = {field["name"]: [one["text"] for one in field["values"]] for field in fields}
        assert values["by"] == ["me", str(mate), *(twin.user.email for twin in twins)]
        assert values["tag"] == ["first cut"]
        assert values["board"] == ["Act I"]
        assert "runware" in values["provider"]
        assert values["status"][0] == "review"
        assert all(field["hint"] for field in fields)

    def test_asks_little(self, client, author, django_assert_num_queries):
        client.get("/search/words/")
        with django_assert_num_queries(6):  # session, member, projects; people, tags, boards
            client.get("/search/words/")


class TestAmong:
    def ask(self, client, search, clips):
        address = {"q": search, "clips": ",".join(map(str, clips))}
        return client.get("/search/among/", address).json()["clips"]

    def test_only_what_the_search_finds_of_them(self, client, author):
        red, blue = shot(author), shot(author, "Blue gate.")
        stranger = shot(make_member())
        shot(author)
        assert self.ask(client, "red", [red.pk, blue.pk, stranger.pk]) == [red.pk]

    @pytest.mark.parametrize(
        ("search", "clips"),
        [("seed:x", [1]), ("red", []), ("red", ["x", "", "-1", "9" * 30, "²", "1' OR 1"])],
    )
    def test_nonsense_is_nothing(self, client, author, search, clips):
        assert self.ask(client, search, clips) == []

    def test_reviewers_may_ask(self, client, author):
        red = shot(author)
        client.force_login(make_member(Role.REVIEWER, team=author.team).user)
        assert self.ask(client, "red", [red.pk]) == [red.pk]
