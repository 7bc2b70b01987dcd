"""One press, many jobs: wildcards and several values, from the price on the button to the tiles."""

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from studio.core.status import JobStatus
from studio.forms import kept
from studio.forms.matrix import Matrix, typed_in
from studio.forms.orders import capability_named
from studio.models import Clip, Job, WordList
from tests.factories import make_job, make_member, make_order, make_project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paid")]

HX = {"HX-Request": "true", "HX-Target": "div#dock"}
TYPED = {
    "dock": "director", "model": "paid/paid-1", "drawn_for": "paid/paid-1", "prompt": "A door at {dawn|dusk}.",
    "duration": "5", "count": "1", "key": "k" * 32,
}  # fmt: skip


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def signed_in(client, author):
    client.force_login(author.user)
    return client


def lists(author, **words):
    for name, some in words.items():
        WordList.objects.create(team=author.team, name=name, words=some, author=author)


def prompts():
    return [job.order.prompt for job in Job.objects.order_by("position")]


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestQuote:
    def test_the_button_says_how_many_and_the_sum(self, signed_in):
        answer = signed_in.post(
            "/quote/", {**TYPED, "several": "duration", "many_duration": ["1", "2"]}
        )
        page = answer.content.decode()
        assert "Generate 4 jobs" in text_of(answer)
        assert 'name="shown_price" value="60000000"' in page  # (1 + 2) s × 2 prompts × 10 cr
        assert "Duration 2 1, 2" in text_of(answer)

    def test_the_compose_bar_says_so_too(self, signed_in):
        answer = signed_in.post("/quote/", {**TYPED, "dock": "compose"})
        assert "2 jobs: 2 × prompt" in text_of(answer)
        assert "Generate 2 jobs" in text_of(answer)

    def test_several_models_are_summed_at_their_own_prices(self, signed_in):
        models = ["paid/paid-1", "painter/painter-1", "animatic/animatic-1"]
        asked = {**TYPED, "prompt": "A door.", "several": "model", "many_model": models}
        assert (
            'name="shown_price" value="100000000"'
            in signed_in.post("/quote/", asked).content.decode()
        )

    def test_over_budget_it_asks_for_the_sum(self, signed_in):
        answer = signed_in.post("/quote/", {**TYPED, "several": "seed", "many_seed": "20 seeds"})
        assert "for 1,000 cr" in text_of(answer)  # 40 × 50 cr, 1,000 are there
        assert 'name="ask"' in answer.content.decode()

    def test_what_can_not_be_read_is_said_while_it_is_typed(self, signed_in):
        answer = signed_in.post("/quote/", {**TYPED, "prompt": "A {dawn|"})
        assert answer.status_code == 200
        assert "is not closed" in text_of(answer)

    def test_queries_do_not_grow_with_the_jobs(self, signed_in, django_assert_max_num_queries):
        asked = {**TYPED, "several": ["seed", "duration"], "many_duration": ["1", "2"]}
        with django_assert_max_num_queries(20):
            signed_in.post("/quote/", {**asked, "many_seed": "2 seeds"})
        with django_assert_max_num_queries(20):
            signed_in.post("/quote/", {**asked, "many_seed": "50 seeds"})


class TestOrder:
    def test_each_prompt_is_a_clip_in_order_with_its_own_text(self, signed_in, author):
        lists(author, weather=["rain", "snow"])
        written = "A door at {dawn|dusk} in {{weather}}."
        signed_in.post("/orders/", {**TYPED, "prompt": written})
        assert prompts() == [
            "A door at dawn in rain.", "A door at dawn in snow.",
            "A door at dusk in rain.", "A door at dusk in snow.",
        ]  # fmt: skip
        assert {job.written for job in Job.objects.all()} == {written}
        assert Clip.objects.count() == 4

    def test_a_prompt_without_wildcards_is_only_itself(self, signed_in):
        signed_in.post("/orders/", {**TYPED, "prompt": "A door | a wall."})
        job = Job.objects.get()
        assert (job.order.prompt, job.written) == ("A door | a wall.", "")

    def test_matrix_and_wildcards_multiply(self, signed_in):
        signed_in.post(
            "/orders/",
            {
                **TYPED,
                "several": ["duration", "seed"],
                "many_duration": ["1", "2"],
                "many_seed": "7, 8",
            },
        )
        found = [job.order.settings for job in Job.objects.order_by("position")]
        assert [(s["duration"], s["seed"]) for s in found] == [(1, 7), (1, 8), (2, 7), (2, 8)] * 2

    def test_new_seeds_are_different_ones(self, signed_in):
        signed_in.post(
            "/orders/", {**TYPED, "prompt": "x", "several": "seed", "many_seed": "5 seeds"}
        )
        assert Job.objects.count() == 5
        assert all(job.order.settings["seed"] is not None for job in Job.objects.all())

    def test_a_switch_that_is_off_changes_nothing(self, signed_in):
        signed_in.post("/orders/", {**TYPED, "prompt": "x", "many_duration": ["1", "2"]})
        assert Job.objects.get().order.seconds == 5

    def test_some_at_random_are_the_same_for_the_same_draw(self, signed_in):
        asked = {**TYPED, "prompt": "{a|b|c|d}{1|2|3}", "pick": "3", "pick_seed": "5"}
        signed_in.post("/orders/", asked)
        first = prompts()
        signed_in.post("/orders/", {**asked, "key": "l" * 32})
        assert len(set(first)) == 3
        assert prompts() == first * 2

    def test_a_huge_number_is_no_obstacle_to_a_draw(self, signed_in):
        signed_in.post("/orders/", {**TYPED, "prompt": "{a|b}" * 20, "pick": "4"})
        assert Job.objects.count() == 4

    def test_htmx_gets_every_tile_at_once_the_newest_first(self, signed_in):
        answer = signed_in.post("/orders/", TYPED, headers=HX)
        newest, first = Clip.objects.order_by("-pk").values_list("pk", flat=True)
        page = answer.content.decode()
        assert 0 < page.index(f'id="clip-{newest}"') < page.index(f'id="clip-{first}"')

    def test_without_scripts_says_how_many(self, signed_in):
        signed_in.post("/orders/", TYPED)
        assert "2 jobs are ordered." in signed_in.get("/").content.decode()

    def test_a_form_that_is_sent_twice_counts_once(self, signed_in):
        signed_in.post("/orders/", TYPED)
        signed_in.post("/orders/", TYPED)
        assert Job.objects.count() == 2

    def test_another_sum_is_refused(self, signed_in):
        answer = signed_in.post("/orders/", {**TYPED, "shown_price": "50000000"})
        assert answer.status_code == 409
        assert "The price is now 100 credits, not 50" in text_of(answer)
        assert not Job.objects.exists()

    def test_over_budget_all_are_refused_or_what_has_no_room_waits(self, signed_in):
        asked = {**TYPED, "several": "seed", "many_seed": "20 seeds"}
        assert signed_in.post("/orders/", asked).status_code == 409
        assert not Job.objects.exists()
        signed_in.post("/orders/", {**asked, "ask": "1"})
        states = [job.status for job in Job.objects.all()]
        assert states.count(JobStatus.QUEUED) == states.count(JobStatus.WAITING) == 20

    def test_editing_shows_braces_as_they_must_be_typed(self, signed_in, author):
        signed_in.post("/orders/", {**TYPED, "prompt": r"A \{door\}."})
        job = Job.objects.get()
        assert (job.order.prompt, job.written) == ("A {door}.", r"A \{door\}.")
        assert r"A \{door\}." in signed_in.get(f"/director/?edit={job.pk}").content.decode()


# What is sent beside TYPED → the sentence, and the field that it stands at.
BAD = [
    ({"prompt": "{a|b|c|d|e|f|g|h|i|j}" * 4}, "would make 10,000 jobs; one press makes at most 200"),
    ({"prompt": "{a|b}" * 3000}, "more than a trillion jobs"),
    ({"prompt": "in {{fog}}"}, "there is no list “fog” (at character 4); the team has bare, weather."),
    ({"prompt": "in {{bare}}"}, "the list “bare” (at character 4) has no words yet"),
    ({"prompt": "in {dawn|dusk"}, "the { at character 4 is not closed"),
    ({"prompt": "{a|" + "b" * 201 + "}"}, "Of the prompts, 2 of 2: Prompt is 201 characters long"),
    ({"several": "duration"}, "Duration: tick at least one value, or switch Several off."),
    ({"several": "duration", "many_duration": ["5", "11"]}, "Duration must be 1 to 10, not “11”."),
    ({"several": "seed", "many_seed": "7 to 300"}, "at most 200 values, not 294"),
    ({"several": "seed", "many_seed": "seven"}, "Seed can not be read from “seven”"),
    ({"several": "seed", "many_seed": "99, 100"}, "Seed must be"),
    ({"several": "model", "many_model": ["nobody/x"]}, "Provider must be"),
    ({"several": "seed", "many_seed": "101 seeds"}, "would make 202 jobs"),
    ({"count": "4", "several": "seed", "many_seed": "30 seeds"}, "would make 240 takes"),
    ({"pick": "0"}, "At random must be a whole number from 1 to 200, not “0”."),
    ({"pick": "1", "pick_seed": "x"}, "Seed of the draw must be"),
]  # fmt: skip


class TestBadInput:
    @pytest.mark.parametrize(("changes", "said"), BAD)
    @pytest.mark.parametrize("dock", ["director", "compose"])
    def test_one_sentence_and_nothing_typed_is_lost(self, signed_in, author, dock, changes, said):
        lists(author, weather=["rain", "snow"], bare=[])
        answer = signed_in.post("/orders/", {**TYPED, "dock": dock, **changes}, headers=HX)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert text_of(answer).count(said) >= 1
        assert not Clip.objects.exists()
        for name in {*changes} - {"many_model", "many_duration"}:  # those are ticked, not typed
            assert changes[name] in page, name

    def test_a_model_that_refuses_is_named_with_the_reason(self, signed_in):
        models = {"several": "model", "many_model": ["paid/paid-1", "animatic/animatic-1"]}
        answer = signed_in.post("/orders/", {**TYPED, **models, "prompt": "a" * 201})
        assert answer.status_code == 422
        assert "Prompt is 201 characters long" in text_of(answer)

    def test_an_edited_job_stays_one(self, signed_in, author):
        job = make_job(author=author, order=make_order())
        answer = signed_in.post(f"/jobs/{job.pk}/edit/", TYPED)
        assert answer.status_code == 422
        assert "A job that is edited stays one job" in text_of(answer)
        assert Job.objects.count() == 1

    def test_a_rehearsal_is_of_one_shot(self, signed_in):
        answer = signed_in.post(reverse("rehearse"), TYPED)
        assert answer.status_code == 422
        assert "A rehearsal is of one shot" in text_of(answer)


class TestForm:
    def test_values_stay_with_the_form_in_every_dock(self, signed_in):
        several = {
            "several": ["duration", "seed"],
            "many_duration": ["1", "3"],
            "many_seed": "7, 8",
        }
        for close in ({}, {"close": "1"}):
            page = signed_in.post("/director/", {**TYPED, **several, **close}).content.decode()
            for name, value in [("several", "duration"), ("many_duration", "3")]:
                assert re.search(rf'name="{name}" value="{value}"( checked)?>', page)
            assert '"7, 8"' in page

    def test_what_another_model_can_not_vary_is_kept_for_the_first(self, signed_in):
        several = {"several": ["seed", "cfg"], "many_cfg": "0.3, 0.5", "many_seed": "3 seeds"}
        page = signed_in.post("/director/", {**TYPED, **several}).content.decode()
        assert '<input type="hidden" name="many_cfg" value="0.3, 0.5">' in page
        assert '<input type="hidden" name="several" value="cfg">' in page

    def test_ticked_values_that_another_model_has_not_come_back_with_the_first(self, author):
        data = QueryDict(mutable=True)
        data.update({"several": "duration", "duration": "5"})
        data.setlist("many_duration", ["5", "7"])
        short, long = map(capability_named, ["octopusx/Kling-2.5", "trinetra/kling-v2.5"])
        there = kept.moved(data, short, team_id=author.team_id)
        assert there.getlist("many_duration") == ["5"]
        hidden = dict(Matrix(short, author.team_id, typed_in(there)).hidden(shown=True))
        assert hidden == {"aside_duration": "7"}
        back = kept.moved(there, long, team_id=author.team_id)
        assert back.getlist("many_duration") == ["5", "7"]
