"""A rehearsal costs nothing, knows what it stands for, and leads to it once."""

from dataclasses import replace

import pytest

from studio import ledger
from studio.core.errors import InvalidOrder, NotAllowed, PriceChanged, TooLate
from studio.core.money import MICRO
from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import Event, Job
from studio.services import jobs
from studio.services.rehearsals import as_animatic, rehearse, shoot
from tests.factories import (
    make_job,
    make_member,
    make_order,
    make_picture,
    make_price,
    make_project,
    make_take,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def project(author):
    return author.team.projects.get()


@pytest.fixture
def film(sellers):
    """What the lab takes and Animatic does not, without a price so far."""
    settings = {"duration": 10, "aspect": "16:9", "cfg": 0.8, "negative_prompt": "rain", "seed": 7}
    return Order(provider="lab", model="lab-film", prompt="A red door.", settings=settings)


@pytest.fixture
def picture(author):
    return make_picture(author.team).pk


def with_picture(order, picture):
    return replace(order, first_frame=picture)


class TestRehearse:
    def test_is_a_free_animatic_job_that_knows_what_it_stands_for(
        self, author, project, film, picture
    ):
        job = rehearse(author, project, with_picture(film, picture))
        assert (job.provider, job.quoted, job.status) == ("animatic", 0, JobStatus.QUEUED)
        assert job.order.seconds == 10
        assert job.order.first_frame == picture
        assert job.meant.provider == "lab"
        assert job.meant.settings["cfg"] == 0.8
        assert ledger.team_budget(author.team).held == 0

    def test_says_what_animatic_does_differently(self, film):
        assert list(map(str, as_animatic(film).changes)) == [
            "Leaves out stick to the prompt 0.8.", "Leaves out leave out rain.",
        ]  # fmt: skip

    def test_what_the_paid_model_refuses_is_refused_now(self, author, project, film):
        with pytest.raises(InvalidOrder, match="Lab Film needs a first frame"):
            rehearse(author, project, film)
        assert not Job.objects.exists()

    def test_a_simulation_is_refused_with_the_reason(self, author, project, sellers):
        link = {"scene_link": "https://example.org/a.glb"}
        order = Order(provider="lab", model="lab-sim", prompt="A hand.", settings=link)
        with pytest.raises(InvalidOrder, match="Animatic draws no scenes"):
            rehearse(author, project, order)
        assert not Job.objects.exists()

    def test_where_animatic_has_a_price_it_is_the_shown_one(self, author, project):
        make_price(credits_per_second=2)
        order = make_order(duration=5)
        with pytest.raises(PriceChanged):
            rehearse(author, project, order, shown_price=0)

    def test_a_reviewer_may_not(self, project, film):
        with pytest.raises(NotAllowed):
            rehearse(make_member("reviewer", team=project.team), project, film)

    def test_run_again_it_is_still_a_rehearsal(self, author, project, film, picture):
        job = rehearse(author, project, with_picture(film, picture))
        jobs.cancel(author, job)
        again = jobs.try_again(author, job)
        assert again.intended == job.intended
        assert again.clip == job.clip


@pytest.fixture
def rehearsal(author, project, film, picture):
    make_price(provider="lab", credits_per_second=7)
    return rehearse(author, project, with_picture(film, picture))


class TestShoot:
    def test_sends_what_was_meant_into_the_same_clip(self, author, rehearsal):
        job = shoot(author, rehearsal, times=0, shown_price=70 * MICRO)
        assert (job.provider, job.quoted) == ("lab", 70 * MICRO)
        assert (job.clip, job.again) == (rehearsal.clip, rehearsal)
        assert job.order == rehearsal.meant
        assert job.intended is None

    def test_pressed_twice_it_is_one_job_and_meant_twice_it_is_two(self, author, rehearsal):
        first = shoot(author, rehearsal, times=0)
        assert shoot(author, rehearsal, times=0) == first
        assert shoot(author, rehearsal, times=1) != first

    def test_somebody_elses_press_in_between_is_told(self, author, rehearsal):
        shoot(author, rehearsal, times=0)
        other = make_member(team=author.team)
        with pytest.raises(TooLate, match="being shot for real already"):
            shoot(other, rehearsal, times=0)

    def test_changed_price_is_refused_and_every_page_hears_of_it(self, author, rehearsal):
        with pytest.raises(PriceChanged, match="The price is now 70 credits, not 35"):
            shoot(author, rehearsal, times=0, shown_price=35 * MICRO)
        assert Event.objects.filter(job=rehearsal, status=Event.TOUCH).exists()
        assert Job.objects.count() == 1

    def test_over_budget_it_waits(self, author, rehearsal):
        ledger.grant(author.team, -990 * MICRO, actor=None, cause="test")
        assert shoot(author, rehearsal, times=0).status == JobStatus.WAITING

    def test_what_is_no_rehearsal_has_nothing_to_shoot(self, author):
        with pytest.raises(TooLate, match="rehearses nothing"):
            shoot(author, make_job(author=author), times=0)

    def test_not_for_another_team(self, rehearsal):
        with pytest.raises(NotAllowed):
            shoot(make_member(), rehearsal, times=0)


def test_the_tile_shows_the_real_take_once_there_is_one(author, rehearsal):
    rough = make_take(rehearsal)
    assert rough.clip.cover == rough
    real = make_take(shoot(author, rehearsal, times=0))
    assert real.clip.cover == real
