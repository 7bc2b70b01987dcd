"""The wall as its readers get it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Clip, Role
from studio.views import found
from tests.factories import make_job, make_member, make_price, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    member = make_member(name="Ana Ruiz")
    make_project(member.team)
    client.force_login(member.user)
    return member


def page_of(client, address: str = "/", **headers) -> str:
    return client.get(address, headers=headers).content.decode()


# What each state shows: (style's name, words that stand on the tile).
STATES = {
    JobStatus.WAITING: ("waiting", ["Waits for budget", "Edit", "Cancel"]),
    JobStatus.QUEUED: ("queued", ["1st in line", "Edit", "Cancel"]),
    JobStatus.SENDING: ("sending", ["Handing over to Animatic"]),
    JobStatus.RUNNING: ("generating", ["62%", "Rendering frames", "Cancel"]),
    JobStatus.SAVING: ("saving", ["Copying to your storage"]),
    JobStatus.FAILED: ("failed", ["It burned down.", "Edit and retry", "Details"]),
    JobStatus.CANCELLED: ("cancelled", ["Nothing was charged", "Run again"]),
    JobStatus.UNCERTAIN: ("uncertain", ["Needs a decision", "It may still finish"]),
}


class TestTile:
    @pytest.mark.parametrize("status", STATES)
    def test_says_its_state_and_what_can_be_done(self, client, author, status):
        facts = {
            JobStatus.RUNNING: {"progress": 62, "phase": "Rendering frames"},
            JobStatus.FAILED: {"error": "It burned down."},
            JobStatus.UNCERTAIN: {"next_step_at": None},
        }
        make_job(status, author=author, **facts.get(status, {}))
        page = page_of(client)
        state, words = STATES[status]
        assert f'data-state="{state}"' in page
        for word in words:
            assert word in page

    def test_stuck_job_says_its_problem(self, client, author):
        make_job(JobStatus.SAVING, author=author, problem="The disk is full.", next_step_at=None)
        page = page_of(client)
        assert "The disk is full." in page
        assert "Try again" in page
        assert "Stopped" in page

    def test_a_problem_that_passes_by_itself_is_a_delay(self, client, author):
        make_job(JobStatus.RUNNING, author=author, problem="Paid is slow.")
        page = page_of(client)
        assert "Paid is slow." in page
        assert "Delayed" in page
        assert "Stopped" not in page

    def test_an_order_that_is_looked_for_needs_nobody(self, client, author):
        make_job(JobStatus.UNCERTAIN, author=author)
        page = page_of(client)
        assert "No answer yet" in page
        assert "Dailies goes on asking." in page
        assert "Needs a decision" not in page

    def test_place_in_line_moves_up_though_the_job_did_not_change(self, client, author):
        first, _ = make_job(author=author), make_job(author=author)
        assert "2nd in line" in page_of(client)
        first.move(JobStatus.CANCELLED)
        page = page_of(client)
        assert "1st in line" in page
        assert "2nd in line" not in page

    def test_title_is_text_and_never_markup(self, client, author):
        job = make_job(author=author)
        Clip.objects.filter(pk=job.clip_id).update(title="<b>bold</b>", rev=10_000_000)
        assert "<b>bold</b>" not in page_of(client)


class TestWall:
    def test_shows_only_the_project(self, client, author):
        make_job()
        assert "data-tile" not in page_of(client)

    def test_empty_wall_offers_first_ideas_to_makers_only(self, client, author):
        assert "Make your first shot" in page_of(client)
        reviewer = make_member(Role.REVIEWER, team=author.team)
        client.force_login(reviewer.user)
        page = page_of(client)
        assert "No clips yet" in page
        assert 'id="dock"' not in page

    @pytest.mark.parametrize(
        ("search", "shown"),
        [
            ("", {"queued", "failed"}),
            ("status:progress", {"queued"}),
            ("status:failed", {"failed"}),
        ],
    )
    def test_views(self, client, author, search, shown):
        for status in (JobStatus.QUEUED, JobStatus.FAILED):
            make_job(status, author=author)
        page = page_of(client, f"/?q={search}")
        assert {state for state in ("queued", "failed") if f'data-state="{state}"' in page} == shown

    def test_days_in_the_teams_time_zone(self, client, author):
        author.team.time_zone = "Pacific/Kiritimati"
        author.team.save()
        for days in (3, 1, 0):
            job = make_job(author=author)
            moment = timezone.now() - timedelta(days=days)
            Clip.objects.filter(pk=job.clip_id).update(created_at=moment)
        page = page_of(client)
        assert page.index("Today") < page.index("Yesterday")
        assert page.count('class="day"') == 3

    def test_older_ones_come_by_key_without_a_second_heading(self, client, author):
        clips = [make_job(author=author).clip_id for _ in range(found.PAGE + 2)]
        page = page_of(client)
        assert f'id="clip-{clips[2]}"' in page
        assert f'id="clip-{clips[1]}"' not in page
        link = page.split('<a class="btn" href="')[1].split('"')[0].replace("&amp;", "&")
        more = page_of(client, link, **{"HX-Request": "true", "HX-Target": "p#older"})
        assert "<html" not in more
        assert f'id="clip-{clips[1]}"' in more
        assert 'class="day"' not in more
        assert f'id="clip-{clips[0]}"' in page_of(client, link)

    def test_size_of_the_tiles_is_remembered(self, client, author):
        client.cookies["density"] = "l"
        assert 'value="l" checked' in page_of(client)

    def test_queries_do_not_grow_with_the_clips(
        self, client, author, django_assert_num_queries, django_assert_max_num_queries
    ):
        make_job(JobStatus.FAILED, author=author)
        page_of(client)
        with django_assert_num_queries(
            7
        ):  # session, member, projects, pulse, draft, clips, favorites
            page_of(client)
        for status in (JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.SAVING) * 5:
            make_job(status, author=author)
        with django_assert_max_num_queries(15):  # new cards and new figures around them
            page_of(client)
        with django_assert_num_queries(7):
            page_of(client)


class TestKeptPage:
    """Most of the page is kept from visit to visit; what differs is never another's or old."""

    def test_each_visit_has_its_own_token_key_and_stream(self, client, author):
        pages = [page_of(client) for _ in range(2)]
        for hook in ('name="csrfmiddlewaretoken" value="', 'name="key" value="'):
            first, second = (page.split(hook)[1].split('"')[0] for page in pages)
            assert len(first) >= 32
            assert first != second
        assert "%:" not in pages[0]
        assert "data-stream=" in pages[0]

    def test_figures_names_and_prices_are_those_of_now(self, client, author):
        assert "1,000</b> cr" in page_of(client)
        assert "Free" in page_of(client)
        a_moment_ago = timezone.now() - timedelta(milliseconds=1)  # SQLite's clock has no finer one
        make_price(credits_per_second=7, valid_from=a_moment_ago)
        assert "35 cr" in page_of(client)
        make_job(author=author)
        page = page_of(client)
        assert "993</b> cr" in page
        assert "<b>1</b> job" in page
        author.team.projects.update(name="Renamed")
        assert "Renamed" in page_of(client)

    def test_colleague_gets_a_page_of_their_own(self, client, author):
        page_of(client)
        mate = make_member(team=author.team, name="Jonas Weber")
        client.force_login(mate.user)
        page = page_of(client)
        assert f'data-member="{mate.pk}"' in page
        assert "Ana Ruiz" not in page

    def test_what_was_said_once_is_not_kept(self, client, author):
        client.post(f"/jobs/{make_job(author=author).pk}/cancel/")
        assert "Cancelled. Nothing was charged." in page_of(client)
        assert "Cancelled. Nothing was charged." not in page_of(client)
