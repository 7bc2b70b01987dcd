"""Generate, its price and the director, as a browser with and without scripts uses them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from studio import ledger
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Asset, Clip, Job, LedgerEntry
from tests.factories import make_job, make_member, make_order, make_price, make_project, make_team

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true", "HX-Target": "div#dock"}
TYPED = {
    "dock": "compose", "model": "animatic/animatic-1", "prompt": "A red door in the snow.",
    "duration": "5", "aspect": "16:9", "resolution": "720p", "count": "1", "format": "mp4",
    "quality": "60", "key": "k" * 32, "shown_price": "0",
}  # fmt: skip


def picture(width: int = 640, height: int = 360, name: str = "door.png") -> SimpleUploadedFile:
    stored = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stored, "PNG")
    return SimpleUploadedFile(name, stored.getvalue(), "image/png")


def text_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("door.png", b"not a picture", "image/png")


def cut_off() -> SimpleUploadedFile:
    whole = picture(640, 360).read()
    return SimpleUploadedFile("door.png", whole[: len(whole) // 2], "image/png")


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def signed_in(client, author):
    client.force_login(author.user)
    return client


# What is sent instead of TYPED → what the page must say about it.
BAD = [
    ({"model": "nobody/nothing"}, "Provider must be"),
    ({"model": "animatic/nothing"}, "Model must be"),
    ({"aspect": "2:1"}, "Ratio must be 16:9, 9:16 or 1:1"),
    ({"format": "avi"}, "Format must be mp4, mov or webm"),
    ({"duration": "0"}, "Duration must be 1 to 10 s"),
    ({"duration": "11"}, "Duration must be 1 to 10 s"),
    ({"camera_pan": "11"}, "pan must be from -10 to 10"),
    ({"camera_spin": "1"}, "no axis “spin”"),
    ({"count": "5"}, "Takes must be 1 to 4"),
    ({"prompt": ""}, "Prompt is needed"),
    ({"prompt": "a" * 2501}, "2,501 characters long"),
    ({"first_frame_file": text_file}, "First frame must be"),
    ({"first_frame_file": cut_off}, "First frame"),
    ({"first_frame_file": lambda: picture(1, 600)}, "First frame"),
    ({"last_frame_file": picture}, "A last frame needs a first frame"),
]  # fmt: skip


class TestBadInput:
    @pytest.mark.parametrize(("changes", "said"), BAD)
    @pytest.mark.parametrize("dock", ["compose", "director"])
    def test_says_so_keeps_what_was_typed_and_stores_nothing(self, signed_in, dock, changes, said):
        files = {name: make() for name, make in changes.items() if callable(make)}
        entries = LedgerEntry.objects.count()
        answer = signed_in.post("/orders/", {**TYPED, "dock": dock, **changes, **files})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert changes.get("prompt", TYPED["prompt"]) in page
        assert not Job.objects.exists()
        assert not Clip.objects.exists()
        assert LedgerEntry.objects.count() == entries

    def test_htmx_gets_the_form_alone(self, signed_in):
        answer = signed_in.post("/orders/", {**TYPED, "count": "5"}, headers=HX)
        assert answer.status_code == 422
        assert b'id="dock"' in answer.content
        assert b"<html" not in answer.content

    def test_good_picture_stays_beside_a_bad_value(self, signed_in, author):
        answer = signed_in.post("/orders/", {**TYPED, "count": "5", "first_frame_file": picture()})
        kept = Asset.objects.get(team=author.team)
        assert answer.status_code == 422
        assert f'name="first_frame" value="{kept.pk}"' in answer.content.decode()


class TestOrder:
    def test_without_scripts_leads_to_the_wall(self, signed_in, author):
        answer = signed_in.post("/orders/", {**TYPED, "camera_zoom": "-3"})
        assert (answer.status_code, answer.url) == (302, "/")
        job = Job.objects.get()
        assert job.status == JobStatus.QUEUED
        assert job.order.camera == {"zoom": -3}
        assert "Ordered" in signed_in.get("/").content.decode()

    def test_htmx_gets_the_tile_under_todays_heading_and_a_new_key(self, signed_in):
        answer = signed_in.post("/orders/", TYPED, headers=HX)
        page = answer.content.decode()
        assert 'hx-target="#today"' in page
        assert f'id="clip-{Clip.objects.get().pk}"' in page
        assert 'id="once"' in page
        assert TYPED["key"] not in page

    def test_pressed_twice_it_is_one_job(self, signed_in):
        for _ in range(2):
            signed_in.post("/orders/", TYPED, headers=HX)
        assert Job.objects.count() == 1

    def test_next_form_starts_with_the_same_settings(self, signed_in):
        signed_in.post("/orders/", {**TYPED, "duration": "3", "aspect": "1:1"})
        page = signed_in.get("/").content.decode()
        assert 'value="1:1" checked' in page
        assert 'name="duration" min="1" max="10" value="3"' in page

    def test_changed_price_is_shown_before_it_is_accepted(self, signed_in):
        make_price(credits_per_second=2)
        answer = signed_in.post("/orders/", TYPED)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "The price is now 10 credits, not 0" in page
        assert f'name="shown_price" value="{10 * MICRO}"' in page
        assert not Job.objects.exists()

    def test_over_budget_it_asks_and_then_waits(self, client):
        member = make_member(team=make_team(credits=5))
        make_project(member.team)
        make_price(credits_per_second=2)
        client.force_login(member.user)
        asks = client.post("/quote/", TYPED).content.decode()
        assert "an admin for" in asks
        assert "It costs 10 cr, and the budget has 5 cr left." in asks
        sent = {**TYPED, "shown_price": str(10 * MICRO)}
        assert client.post("/orders/", sent).status_code == 409
        assert client.post("/orders/", {**sent, "ask": "1"}).status_code == 302
        assert Job.objects.get().status == JobStatus.WAITING
        assert ledger.team_budget(member.team).held == 0

    def test_another_teams_job_or_take_is_not_there(self, signed_in):
        stranger = make_job()
        for name in ("edit", "from"):
            assert signed_in.post("/orders/", {**TYPED, name: stranger.pk}).status_code == 404
        assert signed_in.post("/orders/", {**TYPED, "take": 999}).status_code == 404


class TestQuote:
    def test_follows_every_control(self, signed_in):
        make_price(credits_per_second=7)
        for changes, price in [
            ({}, "35 cr"),
            ({"count": "2"}, "70 cr"),
            ({"duration": "1"}, "7 cr"),
        ]:
            assert price in signed_in.post("/quote/", {**TYPED, **changes}).content.decode()

    def test_free_is_said_as_such(self, signed_in):
        assert "Free" in signed_in.post("/quote/", TYPED).content.decode()

    def test_director_gets_the_bill(self, signed_in):
        make_price(credits_per_second=7)
        sent = {**TYPED, "dock": "director", "camera_zoom": "-6", "count": "2"}
        page = signed_in.post("/quote/", sent).content.decode()
        assert "5 s × 7 cr" in page
        assert "× 2 takes" in page
        assert "1,000 left, then 930" in page

    def test_costs_few_queries(self, signed_in, django_assert_max_num_queries):
        signed_in.post("/quote/", TYPED)
        with django_assert_max_num_queries(9):
            signed_in.post("/quote/", TYPED)


class TestDirector:
    def test_starts_from_all_values_of_a_job(self, signed_in, author):
        job = make_job(author=author, order=make_order(duration=7, camera={"roll": 3}))
        page = signed_in.get(f"/director/?from={job.pk}").content.decode()
        assert job.order.prompt in page
        assert 'name="duration" min="1" max="10" value="7"' in page
        assert 'name="camera_roll" min="-10" max="10" step="any" value="3"' in page
        assert f'name="from" value="{job.pk}"' in page

    def test_edit_replaces_a_waiting_job_in_its_clip(self, signed_in, author):
        job = make_job(author=author)
        page = signed_in.get(f"/director/?edit={job.pk}").content.decode()
        assert f'action="/jobs/{job.pk}/edit/"' in page
        signed_in.post(f"/jobs/{job.pk}/edit/", {**TYPED, "prompt": "A blue door."})
        job.refresh_from_db()
        assert job.status == JobStatus.CANCELLED
        assert list(job.clip.jobs.order_by("pk").values_list("status", flat=True)) == [
            JobStatus.CANCELLED, JobStatus.QUEUED,
        ]  # fmt: skip

    def test_after_an_edit_the_compose_bar_is_back(self, signed_in, author):
        job = make_job(author=author)
        sent = {**TYPED, "dock": "director"}
        page = signed_in.post(f"/jobs/{job.pk}/edit/", sent, headers=HX).content.decode()
        assert 'hx-target="#dock"' in page
        assert 'class="compose"' in page

    def test_failed_job_is_tried_again_in_its_own_clip(self, signed_in, author):
        job = make_job(JobStatus.FAILED, author=author)
        signed_in.post("/orders/", {**TYPED, "from": str(job.pk)})
        assert Job.objects.latest("pk").clip == job.clip

    def test_keeps_what_was_typed_in_the_compose_bar_and_back(self, signed_in):
        sent = {**TYPED, "camera_zoom": "-6"}
        opened = signed_in.post("/director/", sent, headers=HX).content.decode()
        assert 'class="director"' in opened
        assert TYPED["prompt"] in opened
        closed = signed_in.post("/director/", {**sent, "close": "1"}, headers=HX).content.decode()
        assert 'class="compose"' in closed
        assert 'name="camera_zoom" value="-6"' in closed

    def test_says_what_the_ratio_cuts_away(self, signed_in):
        sent = {**TYPED, "dock": "director", "first_frame_file": picture(600, 400)}
        page = signed_in.post("/director/", sent).content.decode()
        assert "The first frame is 3:2, so 16 % of its height is cut." in page

    def test_first_idea_fills_the_prompt_without_scripts(self, signed_in):
        page = signed_in.post("/director/", {**TYPED, "prompt": "", "start": "Low sun"})
        assert ">Low sun</textarea>" in page.content.decode()
