"""A bake-off: what each model would make of the order, and one press for all that are ticked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio import ledger
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Clip, Job, Lane
from tests.factories import (
    make_job,
    make_member,
    make_order,
    make_picture,
    make_price,
    make_project,
    make_team,
)
from tests.views.test_orders import HX

pytestmark = pytest.mark.django_db

DIALOG = {"HX-Request": "true", "HX-Target": "div#bakeoff"}
BODY = {"HX-Request": "true", "HX-Target": "div#bakeoff-body"}
TYPED = {
    "dock": "director", "model": "animatic/animatic-1", "drawn_for": "animatic/animatic-1",
    "prompt": "A red door in the snow.", "duration": "8", "aspect": "16:9", "resolution": "720p",
    "count": "1", "format": "mp4", "quality": "95", "seed": "7", "key": "k" * 32,
}  # fmt: skip
BOTH = ["animatic/animatic-1", "lab/lab-film"]


@pytest.fixture
def lab(sellers, monkeypatch):
    """Film that needs no frame, at 2 credits a second; the simulation beside it needs a scene."""
    lab = sellers["lab"]
    film = replace(lab.capabilities[0], needs=())
    monkeypatch.setattr(lab, "capabilities", (film, lab.capabilities[1]))
    make_price(provider="lab", credits_per_second=2)
    make_price(provider="locked", credits_per_second=2)
    return lab


@pytest.fixture
def author(lab):
    member = make_member(name="Ana")
    make_project(member.team)
    return member


@pytest.fixture
def signed_in(client, author):
    client.force_login(author.user)
    return client


def row(page, key):
    """What stands in the row of that model."""
    start = page.index(f'name="bake" value="{key}"')
    return page[start : page.find('class="bake-row"', start)]


def sent(**changes):
    return {**TYPED, "baking": "1", "bake": BOTH, "bake_price": 20 * MICRO, **changes}


class TestDialog:
    def test_says_what_each_model_would_leave_out_and_change_and_what_it_costs(self, signed_in):
        page = signed_in.post("/bake-off/", TYPED, headers=DIALOG).content.decode()
        film = row(page, "lab/lab-film")
        assert "Duration: 10 s instead of 8 s." in film
        assert "20 cr" in film
        assert "Price since" in film
        assert "Takes all of it." in row(page, "animatic/animatic-1")

    def test_what_refuses_can_not_be_ticked_and_says_what_to_do(self, signed_in):
        ticked = [*BOTH, "lab/lab-sim", "locked/locked-1"]
        page = signed_in.post("/bake-off/", sent(bake=ticked), headers=BODY).content.decode()
        for key, why in [
            ("lab/lab-sim", "A scene is needed: add a file or give a link."),
            ("locked/locked-1", "an admin can set LOCKED_API_KEY"),
        ]:
            assert why in row(page, key)
            assert " disabled" in row(page, key)
            assert " checked" not in row(page, key)
        assert "Send to 2" in page

    def test_without_a_price_it_can_not_be_ticked(self, signed_in):
        page = signed_in.post("/bake-off/", TYPED, headers=DIALOG).content.decode()
        runware = row(page, "runware/klingai:6@1")
        assert " disabled" in runware

    def test_a_frame_that_is_laid_aside_goes_where_it_is_taken(self, signed_in, author, lab):
        picture = make_picture(author.team)
        typed = {**TYPED, "model": "lab/lab-sim", "drawn_for": "lab/lab-sim",
                 "first_frame": picture.pk, "duration": "20", "sensors": "rgb"}  # fmt: skip
        page = signed_in.post("/bake-off/", typed, headers=DIALOG).content.decode()
        assert "first frame" not in row(page, "lab/lab-film")
        assert "Leaves out first frame." not in row(page, "animatic/animatic-1")

    def test_tells_usual_time_and_how_many_came_out(self, signed_in, author):
        film = make_order(provider="lab", model="lab-film", duration=10)
        film = replace(film, settings={"duration": 10})
        for status in (JobStatus.SUCCEEDED, JobStatus.SUCCEEDED, JobStatus.FAILED):
            job = make_job(status, author=author, order=film)
            ended = job.created_at
            Job.objects.filter(pk=job.pk).update(
                started_at=ended - timedelta(seconds=65), ended_at=ended
            )
        page = signed_in.post("/bake-off/", TYPED, headers=DIALOG).content.decode()
        assert "Usually 1 min 5 s, 66 % of the last 3 came out." in row(page, "lab/lab-film")

    def test_a_paused_lane_is_told_but_can_be_ticked(self, signed_in):
        Lane.objects.create(provider="lab", slots=1, pause="admin", paused_for="The key is new.")
        film = row(signed_in.post("/bake-off/", TYPED, headers=DIALOG).content.decode(),
                   "lab/lab-film")  # fmt: skip
        assert "Its lane is paused: The key is new." in film
        assert " disabled" not in film

    def test_at_first_only_the_chosen_model_is_ticked(self, signed_in):
        page = signed_in.post("/bake-off/", TYPED, headers=DIALOG).content.decode()
        assert page.count(" checked") == 1
        assert "Tick one more" in page

    def test_without_scripts_it_is_a_page_that_keeps_what_was_typed(self, signed_in):
        page = signed_in.post("/bake-off/", sent()).content.decode()
        assert "<html" in page
        assert 'id="bakeoff-dialog" aria-labelledby="bakeoff-h" open' in page
        assert TYPED["prompt"] in page
        assert "Send to 2" in page

    def test_over_budget_the_button_says_what_to_ask_for_and_whom(self, client, lab):
        team = make_team(credits=5)
        author, _ = make_member(team=team), make_member("admin", team=team, name="Mei")
        make_project(team)
        client.force_login(author.user)
        page = client.post("/bake-off/", sent(), headers=BODY).content.decode()
        assert "Ask Mei for" in page
        assert "It costs 20 cr, and the budget has 5 cr left. It waits until Mei grants" in page
        client.post("/bake-off/send/", sent(bake_ask="1"))
        assert Job.objects.get(provider="lab").status == JobStatus.WAITING

    def test_number_of_queries_does_not_grow_with_jobs(self, signed_in, author):
        def asked():
            with CaptureQueriesContext(connection) as seen:
                signed_in.post("/bake-off/", TYPED, headers=DIALOG)
            return len(seen)

        asked()
        one = asked()
        for _ in range(5):
            make_job(JobStatus.SUCCEEDED, author=author)
        assert asked() <= one + 1  # accounts are read anew every two seconds


class TestSend:
    def test_all_that_are_ticked_become_takes_of_one_clip(self, signed_in, author):
        answer = signed_in.post("/bake-off/send/", sent())
        clip = Clip.objects.get()
        assert (answer.status_code, answer.url) == (302, f"/clips/{clip.pk}/side-by-side/")
        jobs = {job.provider: job for job in clip.jobs.all()}
        assert set(jobs) == {"animatic", "lab"}
        assert jobs["lab"].order.seconds == 10
        assert jobs["animatic"].order.seconds == 8
        assert ledger.team_budget(author.team).held == 20 * MICRO

    def test_with_scripts_the_tile_comes_and_the_toast_leads_to_both(self, signed_in):
        page = signed_in.post("/bake-off/send/", sent(), headers=HX).content.decode()
        clip = Clip.objects.get()
        assert f'id="clip-{clip.pk}"' in page
        assert f'href="/clips/{clip.pk}/side-by-side/"' in page
        assert "bakeoff-dialog" not in page

    def test_pressed_twice_it_counts_once(self, signed_in):
        for _ in range(2):
            signed_in.post("/bake-off/send/", sent())
        assert Job.objects.count() == 2

    @pytest.mark.parametrize("bake", [[], ["lab/lab-film"], ["lab/lab-film", "locked/locked-1"]])
    def test_fewer_than_two_are_no_bake_off(self, signed_in, bake):
        answer = signed_in.post("/bake-off/send/", sent(bake=bake), headers=HX)
        assert answer.status_code == 422
        assert answer["HX-Retarget"] == "#bakeoff-body"
        assert "Tick at least two models" in answer.content.decode()
        assert not Job.objects.exists()

    def test_at_another_price_it_shows_the_new_one_and_orders_nothing(self, signed_in):
        answer = signed_in.post("/bake-off/send/", sent(bake_price=10 * MICRO), headers=HX)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "The price is now 20 credits, not 10." in page
        assert f'name="bake_price" value="{20 * MICRO}"' in page
        assert " checked" in row(page, "lab/lab-film")
        assert not Job.objects.exists()

    def test_wildcards_are_several_orders_and_a_list_that_is_not_there_is_named(self, signed_in):
        for prompt, why in [("A {red|blue} door.", "A bake-off is of one order"),
                            ("A {{color}} door.", "color")]:  # fmt: skip
            answer = signed_in.post("/bake-off/send/", sent(prompt=prompt))
            assert answer.status_code == 422
            assert why in answer.content.decode()
        assert not Job.objects.exists()

    def test_a_prompt_that_nobody_takes_is_refused_by_all(self, signed_in):
        answer = signed_in.post("/bake-off/send/", sent(prompt=""))
        assert answer.status_code == 422
        assert "Prompt is needed" in answer.content.decode()
        assert not Job.objects.exists()
