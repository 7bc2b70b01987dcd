"""What people do with jobs: nothing is stored on bad input, and money always knows where it is."""

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.errors import (
    BudgetExceeded,
    InvalidOrder,
    NoPrice,
    NotAllowed,
    PriceChanged,
    StudioError,
    TooLate,
)
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import (
    Attempt,
    Clip,
    Event,
    Job,
    LedgerEntry,
    PriceVersion,
    Role,
    Take,
)
from studio.pipeline import drive
from studio.services import budgets, jobs
from studio.services.batches import Origin
from tests.factories import (
    make_job,
    make_member,
    make_painting,
    make_price,
    make_project,
)

S = JobStatus
pytestmark = pytest.mark.usefixtures("providers")
STORED = (Clip, Job, Event, LedgerEntry, Attempt, Take)


def rows():
    return {model.__name__: model.objects.count() for model in STORED}


def books(team):
    budget = ledger.team_budget(team)
    return budget.available // MICRO, budget.held // MICRO, budget.spent // MICRO


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def project(author):
    return author.team.projects.get()


def order(member, wanted=None, **options):
    return jobs.order(member, member.team.projects.get(), wanted or make_painting(), **options)


class TestOrder:
    def test_is_in_line_with_its_hold(self, author):
        job = order(author)
        assert (job.status, job.quoted, books(author.team)) == (S.QUEUED, 10 * MICRO, (990, 10, 0))
        assert (job.clip.state, job.clip.title) == (S.QUEUED, "A red door in the snow")
        assert job in Job.objects.due()

    def test_wakes_the_lane_after_the_commit(
        self, author, django_capture_on_commit_callbacks, monkeypatch
    ):
        hinted = []
        monkeypatch.setattr(jobs.tasks, "hint", hinted.append)
        with django_capture_on_commit_callbacks(execute=True):
            job = order(author)
            assert hinted == []
        assert hinted == [job.pk]

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"prompt": " "}, ["prompt"]),
            ({"prompt": "x" * 201}, ["prompt"]),
            ({"prompt": "a\0"}, ["prompt"]),
            ({"duration": 11}, ["duration"]),
            ({"duration": True}, ["duration"]),
            ({"count": 5}, ["count"]),
            ({"speed": 1}, ["speed"]),
            ({"first_frame": 4711}, ["first_frame"]),
            ({"first_frame": 2**80}, ["first_frame"]),
            ({"first_frame": True}, ["first_frame"]),
            ({"last_frame": 4711}, ["last_frame", "last_frame"]),
            ({"provider": "nobody"}, ["provider"]),
        ],
    )
    def test_bad_input_stores_nothing(self, author, changes, fields):
        before = rows()
        with pytest.raises(InvalidOrder) as caught:
            order(author, make_painting(**changes))
        assert [problem.field for problem in caught.value.problems] == fields
        assert (rows(), books(author.team)) == (before, (1000, 0, 0))

    def test_without_a_price_there_is_no_job(self, author):
        PriceVersion.objects.all()._raw_delete("default")
        before = rows()
        with pytest.raises(NoPrice):
            order(author)
        assert rows() == before

    def test_another_price_than_was_shown_is_refused(self, author):
        before = rows()
        with pytest.raises(PriceChanged, match="now 10 credits, not 7"):
            order(author, shown_price=7 * MICRO)
        assert (rows(), books(author.team)) == (before, (1000, 0, 0))
        assert order(author, shown_price=10 * MICRO)

    def test_over_budget_is_refused_or_waits(self, author):
        before = rows()
        dear = make_painting(duration=10, count=4)
        order_twice = [order(author, dear) for _ in range(2)]
        assert len(order_twice) == 2
        with pytest.raises(BudgetExceeded, match="needs 400 credits, 200 are left"):
            order(author, dear)
        assert rows()["Job"] == before["Job"] + 2
        waiting = order(author, dear, may_wait=True)
        assert (waiting.status, books(author.team)) == (S.WAITING, (200, 800, 0))
        assert "needs 400 credits" in waiting.problem

    def test_reviewers_do_not_order(self, author):
        with pytest.raises(NotAllowed):
            order(make_member(Role.REVIEWER, team=author.team))

    def test_rows_of_another_team_are_refused(self, author, project):
        stranger = make_job(order=make_painting())
        before = rows()
        for where, origin in [
            (stranger.clip.project, Origin()), (project, Origin(clip=stranger.clip)),
            (project, Origin(job=stranger)),
        ]:  # fmt: skip
            with pytest.raises(NotAllowed, match="another team"):
                jobs.order(author, where, make_painting(), origin=origin)
        assert rows() == before


class TestWaiting:
    def test_a_grant_lets_it_go_on_at_once(self, author, django_capture_on_commit_callbacks):
        admin = make_member(Role.ADMIN, team=author.team)
        ledger.grant(author.team, -995 * MICRO, actor=None, cause="test")
        job = order(author, may_wait=True)
        with django_capture_on_commit_callbacks(execute=True):
            budgets.grant(admin, 10 * MICRO, cause="more")
        job.refresh_from_db()
        assert (job.status, job.problem, books(author.team)) == (S.QUEUED, "", (5, 10, 0))

    def test_only_admins_grant(self, author):
        with pytest.raises(NotAllowed):
            budgets.grant(author, MICRO, cause="me")

    def test_try_again_says_what_is_still_missing(self, author):
        ledger.grant(author.team, -995 * MICRO, actor=None, cause="test")
        job = order(author, may_wait=True)
        with pytest.raises(BudgetExceeded, match="5 are left"):
            jobs.try_again(author, job)
        job.refresh_from_db()
        assert job.problem
        ledger.grant(author.team, 5 * MICRO, actor=None, cause="test")
        assert jobs.try_again(author, job).status == S.QUEUED


CANCEL = [
    ("painter", S.WAITING, None),
    ("painter", S.QUEUED, None),
    ("painter", S.RUNNING, None),
    ("painter", S.SENDING, "being sent right now"),
    ("painter", S.SAVING, "being saved"),
    ("painter", S.SUCCEEDED, "has ended"),
    ("painter", S.FAILED, "has ended"),
    ("painter", S.CANCELLED, "has ended"),
    ("paid", S.QUEUED, None),
    ("paid", S.RUNNING, "the provider is working on it"),
    ("paid", S.UNCERTAIN, "may have been sent"),
]


class TestCancel:
    @pytest.mark.parametrize(("provider", "state", "sentence"), CANCEL)
    def test_in_each_state(self, author, provider, state, sentence):
        job = make_job(state, author=author, order=make_painting(provider))
        before = books(author.team)
        if sentence:
            with pytest.raises(TooLate, match=sentence):
                jobs.cancel(author, job)
            assert (job.status, books(author.team)) == (state, before)
        else:
            assert jobs.cancel(author, job).status == S.CANCELLED
            assert books(author.team) == (1000, 0, 0)

    def test_a_page_that_is_old_releases_the_hold_all_the_same(self, author):
        """The page saw it waiting; since then it was given its hold."""
        ledger.grant(author.team, -1000 * MICRO, actor=None, cause="test")
        seen = order(author, may_wait=True)
        ledger.grant(author.team, 10 * MICRO, actor=None, cause="test")
        drive.sweep.budgets()
        assert jobs.cancel(author, seen).status == S.CANCELLED
        assert books(author.team) == (10, 0, 0)

    def test_somebody_else_of_the_team_may_not(self, author):
        job = order(author)
        for member in (make_member(team=author.team), make_member(Role.ADMIN)):
            with pytest.raises(NotAllowed):
                jobs.cancel(member, job)
        assert jobs.cancel(make_member(Role.ADMIN, team=author.team), job).status == S.CANCELLED

    def test_the_next_in_line_is_woken(
        self, author, django_capture_on_commit_callbacks, monkeypatch
    ):
        first, second = order(author), order(author)
        hinted = []
        monkeypatch.setattr(jobs.tasks, "hint", hinted.append)
        with django_capture_on_commit_callbacks(execute=True):
            jobs.cancel(author, first)
        assert hinted == [second.pk]


class TestTryAgain:
    @pytest.mark.parametrize("state", [S.FAILED, S.CANCELLED])
    def test_an_ended_job_is_ordered_again_in_its_clip(self, author, state):
        job = make_job(state, author=author, order=make_painting())
        again = jobs.try_again(author, job)
        assert (again.clip_id, again.again, again.status) == (job.clip_id, job, S.QUEUED)
        assert again.order == job.order
        assert books(author.team) == (990, 10, 0)

    @pytest.mark.parametrize("state", [S.QUEUED, S.SENDING, S.RUNNING, S.SAVING])
    def test_a_stuck_job_goes_on(self, author, state):
        job = make_job(state, author=author, order=make_painting(), problem="Full.", tries=8,
                       next_step_at=None)  # fmt: skip
        jobs.try_again(author, job)
        assert (job.status, job.problem, job.tries) == (state, "", 0)
        assert job.next_step_at <= timezone.now()

    @pytest.mark.parametrize(
        ("state", "problem"),
        [(S.QUEUED, ""), (S.RUNNING, ""), (S.SUCCEEDED, ""), (S.UNCERTAIN, "Nobody knows.")],
    )
    def test_what_goes_well_or_is_uncertain_does_not(self, author, state, problem):
        job = make_job(state, author=author, order=make_painting(), problem=problem)
        with pytest.raises(TooLate):
            jobs.try_again(author, job)
        job.refresh_from_db()
        assert job.problem == problem

    def test_a_page_that_is_old_wakes_nothing(self, author):
        seen = make_job(S.RUNNING, author=author, order=make_painting(), problem="Full.")
        Job.objects.get(pk=seen.pk).move(S.SAVING)
        events = Event.objects.count()
        jobs.try_again(author, seen)
        assert Event.objects.count() == events


class TestDuplicate:
    def test_anybody_who_may_order_gets_a_clip_of_their_own(self, author):
        job = order(author)
        other = make_member(team=author.team)
        copy = jobs.duplicate(other, job)
        assert (copy.author, copy.order, copy.again) == (other, job.order, job)
        assert copy.clip_id != job.clip_id

    def test_not_by_another_team(self, author):
        with pytest.raises(NotAllowed):
            jobs.duplicate(make_member(Role.ADMIN), order(author))


class TestEdit:
    def test_keeps_place_clip_and_author_and_releases_the_old_hold(self, author):
        job, behind = order(author), order(author)
        admin = make_member(Role.ADMIN, team=author.team)
        edited = jobs.edit(admin, job, make_painting(prompt="A blue door.", duration=2))
        assert list(Job.objects.queued("painter")) == [edited, behind]
        assert (edited.clip_id, edited.author, edited.clip.title) == (
            job.clip_id, author, "A blue door",
        )  # fmt: skip
        assert job.status == S.CANCELLED
        assert books(author.team) == (970, 30, 0)

    @pytest.mark.parametrize("bad", [{"duration": 0}, {"provider": "nobody"}])
    def test_bad_input_leaves_it_as_it_was(self, author, bad):
        job = order(author)
        before = rows()
        with pytest.raises(InvalidOrder):
            jobs.edit(author, job, make_painting(**bad))
        assert (job.status, rows(), books(author.team)) == (S.QUEUED, before, (990, 10, 0))

    def test_another_price_than_was_shown_leaves_it_as_it_was(self, author):
        job = order(author)
        before = rows()
        with pytest.raises(PriceChanged):
            jobs.edit(author, job, make_painting(duration=2), shown_price=MICRO)
        assert (job.status, rows(), books(author.team)) == (S.QUEUED, before, (990, 10, 0))

    @pytest.mark.parametrize("state", [S.SENDING, S.RUNNING, S.SAVING, S.FAILED, S.UNCERTAIN])
    def test_what_was_sent_cannot_be_edited(self, author, state):
        job = make_job(state, author=author, order=make_painting())
        with pytest.raises(TooLate, match="it has been sent"):
            jobs.edit(author, job, make_painting())

    def test_a_dearer_order_may_have_to_wait(self, author):
        ledger.grant(author.team, -985 * MICRO, actor=None, cause="test")
        job = order(author)
        edited = jobs.edit(author, job, make_painting(duration=2))
        assert (edited.status, books(author.team)) == (S.WAITING, (15, 0, 0))


def line():
    return list(Job.objects.queued("painter").values_list("pk", flat=True))


class TestReorder:
    def test_authors_change_their_own_places_only(self, author):
        other = make_member(team=author.team)
        mine = [make_job(author=author, order=make_painting()) for _ in range(2)]
        theirs = make_job(author=other, order=make_painting())
        last = make_job(author=author, order=make_painting())
        jobs.reorder(author, last, before=mine[0])
        assert line() == [last.pk, mine[0].pk, theirs.pk, mine[1].pk]

    def test_admins_change_the_whole_line_of_the_team(self, author):
        admin = make_member(Role.ADMIN, team=author.team)
        first = make_job(author=author, order=make_painting())
        stranger = make_job(order=make_painting())
        second = make_job(author=admin, order=make_painting())
        jobs.reorder(admin, first, before=None)
        assert line() == [second.pk, stranger.pk, first.pk]

    def test_before_itself_or_in_place_moves_nothing(self, author):
        first, second = (make_job(author=author, order=make_painting()) for _ in range(2))
        events = Event.objects.count()
        jobs.reorder(author, first, before=second)
        jobs.reorder(author, second, before=second)
        assert line() == [first.pk, second.pk]
        assert Event.objects.count() == events

    def test_who_left_the_line_is_not_moved(self, author):
        gone = make_job(S.RUNNING, author=author, order=make_painting())
        here = make_job(author=author, order=make_painting())
        stranger = make_job(order=make_painting())
        for job, before in [(gone, here), (here, gone), (here, stranger)]:
            with pytest.raises(TooLate, match="left the line"):
                jobs.reorder(author, job, before=before)

    def test_not_the_jobs_of_others(self, author):
        job = order(author)
        with pytest.raises(NotAllowed):
            jobs.reorder(make_member(team=author.team), job, before=None)


class TestEveryError:
    def test_is_one_sentence_for_a_person(self, author):
        job = make_job(S.SAVING, author=author, order=make_painting())
        with pytest.raises(StudioError) as caught:
            jobs.cancel(author, job)
        assert caught.value.message.endswith(".")


class TestPrice:
    def test_a_team_has_its_own(self, author):
        make_price(provider="painter", team=author.team, credits_per_second=3)
        assert order(author).quoted == 3 * MICRO
