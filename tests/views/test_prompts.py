"""The history panel: search, pages, comparison, and the way back into the box."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.models import Prompt
from studio.services.prompts import PAGE, digest_of
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}
OLDER = {"HX-Request": "true", "HX-Target": "li#older-prompts"}


@pytest.fixture
def author(client):
    author = make_member(name="Ana")
    make_project(author.team)
    client.force_login(author.user)
    return author


def add(member, *texts, times=1):
    """Ordered one minute after the other."""
    project = member.team.projects.first()
    now = timezone.now()
    return [
        Prompt.objects.create(
            team=member.team, project=project, author=member, text=text, times=times,
            digest=digest_of(text), used_at=now + timedelta(minutes=number),
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip


def shown(page):
    return re.findall(r"data-prompt-pick>(.*?)</a>", page, re.S)


def get(client, address="/prompts/", headers=PANEL, status=200):
    answer = client.get(address, headers=headers)
    assert answer.status_code == status
    return answer.content.decode()


class TestHistory:
    def test_newest_first_with_who_when_and_how_often(self, client, author):
        add(author, "One.", "Two <b>.", times=3)
        page = get(client)
        assert shown(page) == ["Two &lt;b&gt;.", "One."]
        assert "Ana" in page
        assert "3 times" in page
        assert "<html" not in page

    def test_without_scripts_it_is_a_page_with_links_into_the_director(self, client, author):
        (row,) = add(author, "A red door.")
        page = get(client, headers=None)
        assert "<html" in page
        assert f'href="/director/?prompt={row.pk}"' in page
        director = get(client, f"/director/?prompt={row.pk}", headers=None)
        assert ">A red door.</textarea>" in director

    def test_search_finds_every_word_in_any_case(self, client, author):
        add(author, "A red DOOR in snow.", "A blue door.", "100% red_door")
        assert shown(get(client, "/prompts/?q=door+Snow")) == ["A red DOOR in snow."]
        assert shown(get(client, "/prompts/?q=%25")) == ["100% red_door"]
        assert "has “gate” in it" in get(client, "/prompts/?q=gate")

    def test_pages_go_on_where_the_last_one_ended(self, client, author):
        add(author, *(f"Door {number}." for number in range(2 * PAGE + 3)))
        Prompt.objects.update(used_at=timezone.now())  # the same moment for all
        found, address = [], "/prompts/?q=door"
        while address:
            page = get(client, address, headers=OLDER if found else PANEL)
            found += shown(page)
            next_one = re.search(r'hx-get="(/prompts/\?q=door&amp;before=[^"]+)"', page)
            address = next_one[1].replace("&amp;", "&") if next_one else ""
        assert found == [f"Door {number}." for number in reversed(range(2 * PAGE + 3))]

    @pytest.mark.parametrize("before", ["x", "2026-01-01_1", "_", "2026-99-01T00:00:00Z_1", "%00"])
    def test_an_address_that_nobody_wrote_is_the_first_page(self, client, author, before):
        add(author, "One.")
        assert shown(get(client, f"/prompts/?before={before}")) == ["One."]

    def test_other_projects_and_teams_stay_out(self, client, author):
        stranger = make_member()
        make_project(stranger.team)
        (theirs,) = add(stranger, "Theirs.")
        assert shown(get(client)) == []
        get(client, f"/director/?prompt={theirs.pk}", headers=None, status=404)

    def test_queries_do_not_grow_with_rows(self, client, author, django_assert_num_queries):
        add(author, "One.")
        with django_assert_num_queries(4):  # session, member, project, prompts
            get(client)
        add(author, *(f"Door {number}." for number in range(20)))
        with django_assert_num_queries(4):
            get(client)


def test_recent_ones_for_the_arrow(client, author):
    add(author, "One.", "Two.")
    other = make_member(team=author.team)
    add(other, "Theirs.")
    assert client.get("/prompts/recent/").json() == {"prompts": ["Two.", "One."]}


class TestCompare:
    def test_tells_what_is_new_and_gone_by_more_than_color(self, client, author):
        older, newer = add(author, "A red door.", "A <b> door.")
        answer = client.post("/prompts/compare/", {"pick": [newer.pk, older.pk]}, headers=PANEL)
        page = answer.content.decode()
        assert '<del><span class="sr"> removed: </span>red<' in page
        assert '<ins><span class="sr"> added: </span>&lt;b&gt;<' in page

    def test_with_the_box(self, client, author):
        (row,) = add(author, "A red door.")
        answer = client.post("/prompts/compare/", {"pick": row.pk, "prompt": "A red gate."})
        assert "what is in the box" in answer.content.decode()

    def test_too_few_keeps_what_was_ticked(self, client, author):
        (row,) = add(author, "A red door.")
        answer = client.post("/prompts/compare/", {"pick": row.pk}, headers=PANEL)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Tick two prompts" in page
        assert re.search(rf'value="{row.pk}"[^>]* checked', page)
