"""The page of costs: its states, its links, its chart, and how little it asks the database."""

import re
from datetime import date
from html import unescape

import pytest

from studio import ledger
from studio.core.outcome import Outcome
from studio.core.status import JobStatus
from studio.models import Cap, Role, Tag, Template
from tests.factories import make_job, make_member, make_price, make_project
from tests.rollups import MICRO, failure, free, took, total

pytestmark = pytest.mark.django_db
FEBRUARY = "/costs/?from=2026-02-01"


@pytest.fixture
def ana(client):
    member = make_member(Role.ADMIN, name="Ana Ruiz")
    make_project(member.team)
    client.force_login(member.user)
    return member


@pytest.fixture
def february(ana):
    jonas = make_member(team=ana.team, name="Jonas Weber")
    total(ana, date(2026, 2, 3), spent=60, held=60, charged=60, seconds=10)
    total(jonas, date(2026, 2, 4), spent=30, provider="trinetra", outcome=Outcome.REJECTED)
    failure(jonas, date(2026, 2, 4), held=35, released=35)
    free(jonas, date(2026, 2, 5))
    took(ana, date(2026, 2, 3), "runware", 80)
    return jonas


@pytest.fixture
def page(client):
    def page(address="/costs/", **headers) -> str:
        response = client.get(address, **headers)
        assert response.status_code == 200
        return unescape(response.content.decode())

    return page


def text(page: str, part: str = "") -> str:
    """What is to be read there: of the element with that id, or all."""
    inside = page.partition(f'id="{part}"')[2] if part else page
    return " ".join(re.sub(r"<[^>]+>", " ", inside).split())


@pytest.mark.usefixtures("february")
class TestPage:
    def test_has_the_figures(self, page):
        shown = text(page(FEBRUARY), "cost-figures")
        assert "Spent 90 cr $0.90 · nothing spent 1 to 31 January 2026" in shown
        assert "Refunded 35 cr 1 failed or stopped job Per" in shown
        assert "Per approved second 9.0 cr 10 s approved, 1 take" in shown

    def test_has_the_rows_with_the_sum_of_all(self, page):
        shown = text(page(FEBRUARY), "cost-groups")
        assert "Ana Ruiz 1 100 % 10 60 0 10 s 6.0" in shown
        assert "Jonas Weber 3 67 % 10 30 35" in shown
        assert "Animatic 1 100 % 5 free" in shown
        assert "All 2 people 4 75 % 20 90 35 10 s 9.0" in shown

    def test_has_what_it_bought(self, page):
        shown = text(page(FEBRUARY), "costs-bought")
        assert "Per take 45.0 cr Per approved take 90.0 cr Jobs that succeeded 75 %" in shown
        assert "Wasted 30 cr 33 % Rejected 30 cr 33 %" in shown
        assert "Runware 50 s middle of 1 job" in shown

    def test_has_the_chart_as_a_table_too(self, page):
        shown = page(FEBRUARY)
        assert "<title>3 February, Runware: 60 cr</title>" in shown
        assert "90 credits in 28 days, most in 3 February with 60." in shown
        table = text(shown, "costs-as-table")
        assert "Day Trinetra Runware Sum" in table
        assert "3 February 0 60 60 4 February 30 0 30" in table
        assert "Sum 30 60 90" in table

    def test_the_chart_is_to_scale(self, page):
        """60 credits are three quarters of 80, the top of the scale, on 194 pixels."""
        assert re.search(r'y="56.5" width="2.43%" height="144.5"><title>3 February', page(FEBRUARY))

    def test_says_what_it_did_not_understand_and_shows_the_rest(self, page):
        shown = page(f"{FEBRUARY}&by=moon&project=99")
        assert (
            "by takes project, person, provider, model, template, tag or decision, not “moon”"
            in shown
        )
        assert "There is no project “99” in this team" in shown
        assert "Ana Ruiz" in shown

    @pytest.mark.parametrize(
        "query", ["by=%00", "from=%00&period=%FF", "from=" + "9" * 5000, "bars=🎬"]
    )
    def test_no_address_is_too_odd(self, page, query):
        assert 'class="callout callout-warn' in page(f"/costs/?{query}")

    def test_what_somebody_typed_is_no_markup(self, client):
        shown = client.get("/costs/?by=<script>alert(1)</script>").content.decode()
        assert "<script>alert" not in shown

    @pytest.mark.parametrize("by", ["project", "provider", "model", "template", "tag", "decision"])
    def test_by_everything_else(self, page, by):
        shown = page(f"{FEBRUARY}&by={by}&then=person")
        assert re.search(rf'id="by-{by}" [^>]*aria-current="true"', shown)
        assert f'<h2 id="by-h">By {by}</h2>' in shown

    def test_a_part_alone_for_who_asks_for_it(self, client):
        headers = {"HX-Request": "true", "HX-Target": "section#cost-figures"}
        shown = client.get(FEBRUARY, headers=headers).content.decode()
        assert shown.lstrip().startswith("<section")
        assert "<table" not in shown

    def test_a_swap_has_all_that_follows_the_view(self, client):
        headers = {"HX-Request": "true", "HX-Target": "div#costs"}
        shown = client.get(f"{FEBRUARY}&by=tag", headers=headers).content.decode()
        assert shown.lstrip().startswith('<div class="page" id="costs">')
        assert 'data-copy-address="/costs/?from=2026-02-01&amp;by=tag"' in shown


class TestStates:
    def test_nothing_spent_yet(self, page, ana):
        shown = page()
        assert "Nothing was spent" in shown
        assert "<figure" not in shown
        assert "cost-groups" not in shown
        assert "No budgets yet" in shown

    def test_nothing_of_what_it_is_narrowed_to(self, page, february):
        assert "Take a filter away" in page(f"{FEBRUARY}&decision=changes")

    def test_free_work_alone(self, page, ana):
        free(ana, date(2026, 2, 5))
        shown = page(FEBRUARY)
        assert "Spent 0 cr All of it was free" in text(shown)
        assert "Animatic 1 100 % 5 free" in text(shown, "cost-groups")
        assert "Wasted 0 cr Rejected 0 cr" in text(shown, "costs-bought")

    def test_only_holds(self, page, ana):
        make_price(credits_per_second=7)
        make_job(JobStatus.UNCERTAIN, author=ana)
        assert "On hold now 7 cr 1 job; 7 cr wait for a decision" in text(page())

    def test_tags_say_that_rows_overlap(self, page, ana):
        one, two = (Tag.objects.create(team=ana.team, name=name) for name in "ab")
        total(ana, date(2026, 2, 5), tags=f"{one.pk},{two.pk}")
        assert "A clip with two tags counts under both" in page(f"{FEBRUARY}&by=tag")
        assert "A clip with two tags" not in page(f"{FEBRUARY}&by=person")

    def test_the_rail_leads_here_whom_it_may(self, client, ana):
        assert 'href="/costs/"' in client.get("/").content.decode()
        client.force_login(make_member(Role.REVIEWER, team=ana.team).user)
        assert 'href="/costs/"' not in client.get("/").content.decode()

    def test_the_month_that_runs_has_its_pace_and_budget(self, page, ana, monkeypatch):
        monkeypatch.setattr(ledger, "today_of", lambda team: date(2026, 2, 10))
        total(ana, date(2026, 2, 1), spent=90)
        Cap.objects.create(team=ana.team, amount=3100 * MICRO)
        shown = page(FEBRUARY)
        assert "About 280 cr by 28 February" in text(shown, "costs-forecast")
        assert '<line class="pace"' in shown
        assert '<line class="limit"' in shown


class TestLinks:
    def test_of_a_row_lead_to_its_clips(self, page, ana, february):
        shown = page(FEBRUARY)
        search = f"by:{ana.user.email} after:2026-02-01 before:2026-03-01"
        assert f'href="/?q={quoted(search)}">See the clips</a>' in shown

    def test_of_clips_in_another_project_go_there_first(self, page, client, ana, february):
        other = make_project(ana.team)
        total(ana, date(2026, 2, 5), project=other)
        shown = page(f"{FEBRUARY}&by=project")
        assert f'name="project" value="{other.pk}">See the clips</button>' in shown
        wall = re.search(r'name="next" value="([^"]+)"', shown)[1]
        response = client.post("/projects/switch/", {"project": other.pk, "next": wall})
        assert response.url == wall == "/?q=after%3A2026-02-01+before%3A2026-03-01"
        assert client.session["project"] == other.pk

    def test_switching_goes_nowhere_else(self, client, ana):
        project = ana.team.projects.get()
        response = client.post(
            "/projects/switch/", {"project": project.pk, "next": "https://evil.example/"}
        )
        assert response.url == "/"

    def test_of_a_template_can_not_lead_to_a_search(self, page, ana):
        template = Template.objects.create(team=ana.team, author=ana, name="Door")
        total(ana, date(2026, 2, 5), template=template)
        shown = page(f"{FEBRUARY}&by=template&then=none")
        assert "Door" in shown
        assert "See the clips" not in shown
        assert "Only this template" in shown

    def test_narrow_the_report_and_widen_it_again(self, page, ana, february):
        address = f"/costs/?from=2026-02-01&by=provider&person={ana.pk}"
        assert f'href="{address}">Only this person</a>' in page(FEBRUARY)
        shown = page(address)
        assert "Person: Ana Ruiz" in shown
        assert (
            '<a href="/costs/?from=2026-02-01&by=provider" aria-label="Remove Person: Ana Ruiz">'
            in shown
        )
        assert "Spent 60 cr" in text(shown)

    def test_every_search_is_one_that_the_wall_can_read(self, page, client, ana, february):
        tag = Tag.objects.create(team=ana.team, name='say "cheese"')
        total(ana, date(2026, 2, 5), tags=f"{tag.pk}", model="klingai/v2.5-turbo/pro")
        for by in ("person", "provider", "model", "tag", "decision"):
            for wall in set(re.findall(r'href="(/\?q=[^"]+)"', page(f"{FEBRUARY}&by={by}"))):
                assert client.get(wall).status_code == 200, wall

    def test_to_the_ledger_and_to_files(self, page, ana, february):
        shown = page(FEBRUARY)
        span = "since=2026-02-01&until=2026-02-28"
        assert f'href="/costs/ledger/?{span}&member={ana.pk}">See the ledger</a>' in shown
        for name in ("entries.csv", "entries.xlsx", "focus.csv"):
            assert f'href="/costs/{name}?{span}"' in shown


def quoted(search: str) -> str:
    return search.replace(":", "%3A").replace("@", "%40").replace(" ", "+")


class TestQueries:
    def test_do_not_grow_with_rows(self, client, ana, february, django_assert_num_queries):
        client.get(FEBRUARY)
        with django_assert_num_queries(COUNT):
            client.get(FEBRUARY)
        for place in range(30):
            member = make_member(team=ana.team)
            total(member, date(2026, 2, 6), model=f"m{place}", provider=f"p{place}")
        with django_assert_num_queries(COUNT):
            client.get(FEBRUARY)


COUNT = 18
