"""One press, many jobs: all of them or none, each once, and the sum is what was shown."""

import pytest

from studio import ledger
from studio.core.errors import BudgetExceeded, InvalidOrder, NotAllowed, PriceChanged
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Clip, Event, Job, LedgerEntry
from studio.services import batches
from studio.services.batches import MOST_AT_ONCE, Origin, Wanted, order_all
from tests.factories import make_job, make_member, make_painting, make_project

pytestmark = pytest.mark.usefixtures("providers")
STORED = (Clip, Job, Event, LedgerEntry)


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


def press(member, count=3, *, shots=None, key="", **options):
    wanted = [
        Wanted(
            order=make_painting(), origin=Origin(key=key), shot=shots[number] if shots else number
        )
        for number in range(count)
    ]
    return order_all(member, member.team.projects.get(), wanted, **options)


def rows():
    return {model.__name__: model.objects.count() for model in STORED}


def books(team):
    budget = ledger.team_budget(team)
    return budget.available // MICRO, budget.held // MICRO, budget.spent // MICRO


class TestOrderAll:
    def test_each_shot_is_a_clip(self, author):
        made = press(author)
        assert [job.status for job in made] == [JobStatus.QUEUED] * 3
        assert len({job.clip_id for job in made}) == 3
        assert books(author.team) == (970, 30, 0)

    def test_one_shot_is_one_clip_of_many_jobs(self, author):
        made = press(author, shots=[1, 1, 2])
        assert made[0].clip_id == made[1].clip_id != made[2].clip_id

    def test_adds_to_the_clip_of_its_origin(self, author):
        clip = make_job(author=author).clip
        one = Wanted(order=make_painting(), origin=Origin(clip=clip))
        (job,) = order_all(author, author.team.projects.get(), [one])
        assert job.clip_id == clip.pk

    def test_keeps_the_order_of_the_batch_in_line(self, author):
        places = [job.position for job in press(author, 5)]
        assert places == sorted(set(places))

    def test_wakes_each_job_after_the_commit(
        self, author, django_capture_on_commit_callbacks, monkeypatch
    ):
        hinted = []
        monkeypatch.setattr(batches.tasks, "hint", hinted.append)
        with django_capture_on_commit_callbacks(execute=True):
            made = press(author)
        assert hinted == [job.pk for job in made]


class TestSum:
    def test_is_what_was_shown(self, author):
        assert len(press(author, shown_price=30 * MICRO)) == 3

    def test_other_than_shown_orders_nothing(self, author):
        before = rows()
        with pytest.raises(PriceChanged, match="now 30 credits, not 29"):
            press(author, shown_price=29 * MICRO)
        assert rows() == before

    def test_over_budget_orders_nothing_though_some_would_fit(self, author):
        ledger.grant(author.team, -975 * MICRO, actor=None, cause="less")
        before = rows()
        with pytest.raises(BudgetExceeded, match="needs 30 credits, 25 are left"):
            press(author)
        assert (rows(), books(author.team)) == (before, (25, 0, 0))

    def test_over_budget_waits_if_it_may(self, author):
        ledger.grant(author.team, -975 * MICRO, actor=None, cause="less")
        made = press(author, may_wait=True)
        assert [job.status for job in made] == ["queued", "queued", "waiting"]
        assert books(author.team) == (5, 20, 0)


class TestRefused:
    @pytest.mark.parametrize("count", [0, MOST_AT_ONCE + 1])
    def test_too_many_or_none(self, author, count):
        before = rows()
        with pytest.raises(InvalidOrder, match=f"1 to {MOST_AT_ONCE} jobs, not {count}"):
            press(author, count)
        assert rows() == before

    def test_one_bad_order_stops_all(self, author):
        before = rows()
        orders = [make_painting(), make_painting(prompt="")]
        wanted = [Wanted(order=order, shot=n) for n, order in enumerate(orders)]
        with pytest.raises(InvalidOrder):
            order_all(author, author.team.projects.get(), wanted)
        assert rows() == before

    def test_a_clip_of_another_team(self, author):
        theirs = make_job(author=make_member()).clip
        wanted = [
            Wanted(order=make_painting()),
            Wanted(order=make_painting(), origin=Origin(clip=theirs), shot=1),
        ]
        with pytest.raises(NotAllowed):
            order_all(author, author.team.projects.get(), wanted)


class TestSentTwice:
    def test_gives_the_same_jobs(self, author):
        first = press(author, key="abc")
        assert press(author, key="abc") == first
        assert Job.objects.count() == 3

    def test_each_job_has_a_key_of_its_own(self, author):
        keys = [job.key for job in press(author, key="abc")]
        assert keys[0] == "abc"
        assert len(set(keys)) == 3
