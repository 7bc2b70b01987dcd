"""Rehearse in the director, and what the wall, the clip page and the history say of it."""

import pytest

from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Clip, Job
from tests.factories import make_job, make_member, make_order, make_price, make_project, make_take
from tests.views.test_orders import HX

pytestmark = pytest.mark.django_db

TYPED = {
    "dock": "director", "model": "lab/lab-film", "drawn_for": "lab/lab-film",
    "prompt": "A red door in the snow.", "duration": "10", "aspect": "16:9", "cfg": "0.8",
    "mode": "std", "key": "k" * 32,
}  # fmt: skip


@pytest.fixture
def film(sellers, monkeypatch):
    """A model without a price that needs no frame."""
    from dataclasses import replace

    lab = sellers["lab"]
    free = replace(lab.capabilities[0], needs=())
    monkeypatch.setattr(lab, "capabilities", (free, lab.capabilities[1]))
    return free


@pytest.fixture
def author(film):
    member = make_member(name="Ana")
    make_project(member.team)
    return member


@pytest.fixture
def signed_in(client, author):
    client.force_login(author.user)
    return client


def rehearsed(signed_in, **changes):
    signed_in.post("/rehearsals/", {**TYPED, **changes})
    return Job.objects.latest("pk")


class TestRehearse:
    def test_without_scripts_it_is_a_free_job_and_says_what_is_different(self, signed_in):
        answer = signed_in.post("/rehearsals/", TYPED)
        assert (answer.status_code, answer.url) == (302, "/")
        job = Job.objects.get()
        assert (job.provider, job.quoted) == ("animatic", 0)
        assert job.intended["settings"]["cfg"] == 0.8
        page = signed_in.get("/").content.decode()
        assert "Animatic rehearses it. Leaves out stick to the prompt 0.8." in page

    def test_with_scripts_the_form_stays_and_names_the_rehearsal(self, signed_in):
        page = signed_in.post("/rehearsals/", TYPED, headers=HX).content.decode()
        job = Job.objects.get()
        assert f'name="rehearsed" value="{job.pk}"' in page
        assert 'value="lab/lab-film" checked' in page
        assert TYPED["key"] not in page
        assert f'id="clip-{job.clip_id}"' in page

    def test_the_same_shot_goes_on_in_its_clip_and_another_does_not(self, signed_in):
        first = rehearsed(signed_in)
        again = rehearsed(signed_in, rehearsed=first.pk, key="b" * 32, cfg="0.2")
        assert again.clip == first.clip
        other = rehearsed(signed_in, rehearsed=first.pk, key="c" * 32, prompt="A blue door.")
        assert other.clip != first.clip

    def test_generated_after_its_rehearsal_it_is_linked(self, signed_in):
        make_price(provider="lab", credits_per_second=7)
        first = rehearsed(signed_in)
        sent = {**TYPED, "rehearsed": first.pk, "key": "b" * 32, "shown_price": 70 * MICRO}
        signed_in.post("/orders/", sent)
        real = Job.objects.latest("pk")
        assert (real.clip, real.again, real.provider) == (first.clip, first, "lab")

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"prompt": ""}, "Prompt is needed"),
            ({"duration": "7"}, "Duration must be 5 or 10"),
            ({"model": "lab/lab-sim", "drawn_for": "lab/lab-sim", "duration": "20",
              "scene_link": "https://example.org/a.glb", "sensors": "rgb"},
             "Animatic draws no scenes"),
        ],
    )  # fmt: skip
    def test_what_its_model_refuses_is_said_in_the_form(self, signed_in, changes, sentence):
        answer = signed_in.post("/rehearsals/", {**TYPED, **changes})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Job.objects.exists()

    def test_another_teams_rehearsal_is_not_there(self, signed_in):
        sent = {**TYPED, "rehearsed": make_job().pk}
        assert signed_in.post("/rehearsals/", sent).status_code == 404


class TestButton:
    def test_is_beside_generate_with_its_price_and_what_will_differ(self, signed_in):
        page = signed_in.post("/director/", TYPED).content.decode()
        assert 'formaction="/rehearsals/"' in page
        assert "Leaves out stick to the prompt 0.8." in page

    def test_animatic_itself_has_none(self, signed_in):
        assert 'formaction="/rehearsals/"' not in signed_in.get("/director/").content.decode()

    def test_follows_the_settings(self, signed_in):
        page = signed_in.post("/quote/", {**TYPED, "cfg": "0.5"}).content.decode()
        assert "Leaves out stick" not in page
        assert 'hx-target="#rehearsal-note"' in page

    def test_of_a_simulation_says_why_not(self, signed_in):
        sent = {**TYPED, "model": "lab/lab-sim", "drawn_for": "lab/lab-sim"}
        page = signed_in.post("/quote/", sent).content.decode()
        assert "A simulation can not be rehearsed" in page


@pytest.fixture
def done(author):
    """A rehearsal with its take."""
    make_price(provider="lab", credits_per_second=7)
    meant = make_order(provider="lab", model="lab-film", duration=10, cfg=0.8, quality=None)
    meant = type(meant)(**{**meant.to_json(), "settings": {"duration": 10, "cfg": 0.8}})
    job = make_job(JobStatus.SUCCEEDED, author=author, intended=meant.to_json())
    make_take(job)
    return job


class TestShoot:
    def test_tile_and_clip_page_offer_it_with_the_price_of_today(self, signed_in, done):
        for address in ("/", f"/clips/{done.clip_id}/"):
            page = signed_in.get(address).content.decode()
            assert f"/jobs/{done.pk}/shoot/" in page
            assert f"price={70 * MICRO}" in page
            assert "70 cr" in page

    def test_pressed_on_the_wall_the_tile_comes_back_without_it(self, signed_in, done):
        address = f"/jobs/{done.pk}/shoot/?view=wall&times=0&price={70 * MICRO}"
        page = signed_in.post(address, headers={"HX-Request": "true"}).content.decode()
        assert Job.objects.latest("pk").provider == "lab"
        assert f'id="clip-{done.clip_id}"' in page
        assert "/shoot/" not in page

    def test_at_another_price_nothing_is_ordered_and_the_tile_is_drawn_anew(self, signed_in, done):
        signed_in.get("/")
        make_price(provider="lab", credits_per_second=9)
        address = f"/jobs/{done.pk}/shoot/?view=wall&times=0&price={70 * MICRO}"
        answer = signed_in.post(address, headers={"HX-Request": "true"})
        assert answer.status_code == 409
        assert "The price is now 90 credits, not 70" in answer.content.decode()
        assert Job.objects.count() == 1
        assert f"price={90 * MICRO}" in signed_in.get("/").content.decode()

    def test_without_a_price_the_tile_says_why_not(self, signed_in, done):
        meant = {**done.intended, "provider": "locked", "model": "locked-1"}
        Job.objects.filter(pk=done.pk).update(intended=meant)
        done.touch()
        page = signed_in.get("/").content.decode()
        assert "Locked has no key" in page
        assert "/shoot/" not in page

    def test_history_names_the_rehearsal_and_the_other_way_round(self, signed_in, done):
        signed_in.post(f"/jobs/{done.pk}/shoot/?times=0")
        page = signed_in.get(f"/clips/{done.clip_id}/").content.decode()
        assert f"Rehearsed by job {done.pk}" in page
        assert "shot for real once" in page

    def test_remix_of_a_rehearsal_starts_from_what_is_meant(self, signed_in, done):
        page = signed_in.get(f"/director/?from={done.pk}").content.decode()
        assert 'value="lab/lab-film" checked' in page

    def test_many_rehearsals_cost_no_more_queries_than_one(
        self, signed_in, author, done, django_assert_num_queries, monkeypatch
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from studio.views import cards

        def asked():
            monkeypatch.setattr(cards, "_rendered", {})
            with CaptureQueriesContext(
                connection,
            ) as seen:
                cards.tile_partials(Clip.objects.values_list("pk", flat=True))
            return len(seen)

        one = asked()
        for _ in range(4):
            make_take(make_job(JobStatus.SUCCEEDED, author=author, intended=done.intended))
        assert asked() == one
