"""Each step of a job: what follows, in what state the job is, and where its money is."""

import errno
from datetime import timedelta

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.errors import (
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    StorageFailed,
    StorageFull,
)
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Attempt, Job, JobEvent, Lane, Take
from studio.pipeline import drive, lease, problems, save, send, sweep
from studio.providers.base import Update, Verdict
from tests.factories import make_job, make_lane, make_member, make_painting, make_team

S = JobStatus
STEP_OF = {S.QUEUED: Step.SEND, S.SENDING: Step.SEND, S.RUNNING: Step.TRACK, S.SAVING: Step.SAVE}


def job_for(provider, **changes):
    fields = {name: changes.pop(name) for name in ("author", "clip") if name in changes}
    return make_job(order=make_painting(provider, **changes), **fields)


def take(job, step=None):
    job.refresh_from_db()
    return drive.take(Decision(step=step or STEP_OF[job.status], job_id=job.pk))


def run(job, *, until=(), most=30):
    """Drive the job until it rests, or is in one of the states `until`."""
    decisions = take(job)
    for _ in range(most):
        job.refresh_from_db()
        if not decisions or job.status in until:
            return job
        decisions += drive.take(decisions.pop(0))
    raise AssertionError(f"{job} is {job.status} and has no end")


def to(state, job):
    """Bring a painter's job into a state by its real steps."""
    job = run(job, until={state})
    assert job.status == state
    return job


def books(job):
    budget = ledger.team_budget(job.team)
    return budget.available // MICRO, budget.held // MICRO, budget.spent // MICRO


def due_now(job):
    Job.objects.filter(pk=job.pk).update(next_step_at=timezone.now())
    job.refresh_from_db()
    return job


class TestTheWholeWay:
    def test_an_engine_here(self, painter):
        job = run(job_for("painter", count=2))
        assert job.status == S.SUCCEEDED
        assert [take.number for take in job.takes.order_by("index")] == [1, 2]
        assert books(job) == (980, 0, 20)
        assert job.clip.cover.number == 1
        assert not list(painter.folder.glob("two-at-once"))

    def test_a_remote_is_asked_again_when_its_row_says(self, paid):
        job = run(job_for("paid"))
        assert job.status == S.RUNNING
        assert job.next_step_at > timezone.now()
        assert run(due_now(job)).status == S.SUCCEEDED
        assert books(job) == (990, 0, 10)

    def test_a_second_job_of_a_clip_numbers_its_takes_on(self, painter):
        first = run(job_for("painter"))
        second = run(job_for("painter", author=first.author, clip=first.clip))
        assert second.takes.get().number == 2


class TestEveryStepTwice:
    @pytest.mark.parametrize("state", [S.QUEUED, S.RUNNING, S.SAVING])
    def test_a_doubled_message_changes_nothing(self, painter, state):
        job = job_for("painter")
        if state != S.QUEUED:
            to(state, job)
        step = STEP_OF[state]
        run(job)
        events = JobEvent.objects.count()
        assert take(job, step) == []
        assert JobEvent.objects.count() == events
        assert Take.objects.count() == 1
        assert books(job) == (990, 0, 10)

    def test_rendering_twice_makes_the_takes_once(self, painter):
        job = to(S.RUNNING, job_for("painter"))
        assert take(job, Step.RENDER) == take(job, Step.RENDER)
        assert run(job).takes.count() == 1

    def test_saving_is_left_to_the_worker_that_has_the_lease(self, painter):
        job = to(S.SAVING, job_for("painter"))
        Job.objects.get(pk=job.pk).take_lease("another", lease.until())
        assert save.save(job).step == Step.REST
        assert take(job, Step.SAVE) == []
        assert job.takes.count() == 0

    def test_sending_and_rendering_too(self, painter):
        for state, step in [(S.SENDING, send.again), (S.RUNNING, drive.render)]:
            job = make_job(state, order=make_painting())
            Job.objects.get(pk=job.pk).take_lease("another", lease.until())
            assert step(job).step == Step.REST

    def test_a_success_that_came_too_late_stores_nothing(self, painter):
        job = to(S.SAVING, job_for("painter"))
        Job.objects.get(pk=job.pk).move(S.FAILED)
        assert save.save(Job.objects.get(pk=job.pk)).step == Step.REST
        assert not drive.save.settle.succeed(job, charge=None, write=lambda: None)
        assert Take.objects.count() == 0


class TestSlots:
    def test_lane_is_filled_first_in_line_first(self, providers):
        jobs = [job_for("painter") for _ in range(3)]
        send.fill("painter")
        states = [Job.objects.get(pk=job.pk).status for job in jobs]
        assert states == [S.RUNNING, S.RUNNING, S.QUEUED]

    def test_a_stuck_job_leaves_its_slot_to_others(self, painter):
        make_lane("painter", slots=1)
        stuck, other = to(S.RUNNING, job_for("painter")), job_for("painter")
        problems.keep_for_a_person(stuck, StorageFull("No room."))
        send.fill("painter")
        other.refresh_from_db()
        assert other.status == S.RUNNING

    def test_a_provider_without_a_lane_has_one_slot(self, painter):
        Lane.objects.all().delete()
        jobs = [job_for("painter") for _ in range(2)]
        assert len(send.fill("painter")) == 1
        assert Job.objects.get(pk=jobs[1].pk).status == S.QUEUED

    def test_who_was_cancelled_in_this_moment_is_passed_over(self, painter, monkeypatch):
        """The row changes between the look at the line and the move."""
        first, second = job_for("painter"), job_for("painter")
        honest = Job.move

        def move(job, to, **changes):
            if job.pk == first.pk and to == S.SENDING:
                Job.objects.filter(pk=first.pk).update(status=S.CANCELLED)
            return honest(job, to, **changes)

        monkeypatch.setattr(Job, "move", move)
        assert [decision.job_id for decision in send.fill("painter")] == [second.pk]


def raising(error):
    def method(*_arguments, **_named):
        raise error

    return method


ON_SUBMIT = [
    # error, state, (available, held, spent), outcome, waits for a person
    (ProviderUnavailable("Down."), S.QUEUED, (990, 10, 0), "unsent", False),
    (StorageFull("The disk is full."), S.QUEUED, (990, 10, 0), "unsent", True),
    (StorageFailed("No such folder."), S.QUEUED, (990, 10, 0), "unsent", True),
    (ProviderRejected("Not allowed."), S.FAILED, (1000, 0, 0), "refused", None),
    (ProviderError("x" * 999 + "\0"), S.FAILED, (1000, 0, 0), "refused", None),
    (ValueError("What?"), S.SENDING, (990, 10, 0), "", False),
    (MemoryError(), S.SENDING, (990, 10, 0), "", False),
]


class TestErrorsOnSubmit:
    @pytest.mark.parametrize(("error", "state", "money", "outcome", "person"), ON_SUBMIT)
    def test_end_state_and_money(self, paid, monkeypatch, error, state, money, outcome, person):
        job = job_for("paid")
        monkeypatch.setattr(paid, "submit", raising(error))
        take(job)
        job.refresh_from_db()
        assert (job.status, books(job), job.attempts.get().outcome) == (state, money, outcome)
        if person is not None:
            assert (job.next_step_at is None) is person
        assert len(job.error) <= 300

    def test_unavailable_pauses_instead_of_hammering(self, paid, monkeypatch):
        job = job_for("paid")
        monkeypatch.setattr(paid, "submit", raising(ProviderUnavailable("Down.")))
        take(job)
        job.refresh_from_db()
        assert job.attempts.count() == 1
        assert job.next_step_at > timezone.now()
        assert take(job) == []
        assert job.attempts.count() == 1
        assert job.problem == "Down."

    def test_a_lost_answer_of_a_remote_is_uncertain_and_keeps_its_hold(self, paid, monkeypatch):
        job = job_for("paid")
        monkeypatch.setattr(paid, "submit", raising(ValueError("truncated")))
        take(job)
        take(due_now(job))
        job.refresh_from_db()
        assert (job.status, books(job)) == (S.UNCERTAIN, (990, 10, 0))
        assert "may have been sent" in job.problem

    def test_an_answer_that_comes_late_finds_the_job_again(self, paid):
        job = make_job(S.UNCERTAIN, order=make_painting("paid"))
        attempt = Attempt.objects.create(job=job, number=1, reference="r1")
        assert send.running(job, attempt, "remote").step == Step.TRACK
        assert job.status == S.RUNNING

    @pytest.mark.parametrize("ended", [S.FAILED, S.SUCCEEDED])
    def test_an_answer_after_the_end_changes_nothing(self, paid, ended):
        job = make_job(ended, order=make_painting("paid"))
        attempt = Attempt.objects.create(job=job, number=1, reference="r1")
        before = books(job)
        send.running(job, attempt, "remote")
        send.refuse(job, attempt, ProviderRejected("No."))
        assert (job.status, books(job)) == (ended, before)

    def test_a_frame_that_vanished_waits_in_line_for_a_person(self, painter):
        job = job_for("painter", first_frame=4711)
        take(job)
        job.refresh_from_db()
        assert (job.status, job.next_step_at) == (S.QUEUED, None)
        assert job.problem == "The first frame is gone; edit the order and add it again."
        assert books(job) == (990, 10, 0)

    def test_an_engine_here_is_told_again_after_a_crash(self, painter):
        job = make_job(S.SENDING, order=make_painting())
        Attempt.objects.create(job=job, number=1, reference="r1")
        assert run(job).status == S.SUCCEEDED
        assert job.attempts.count() == 1


ON_RENDER = [
    (ProviderRejected("Can not."), S.FAILED, (1000, 0, 0), ""),
    (ProviderError("Odd."), S.RUNNING, (990, 10, 0), "Odd."),
    (OSError(errno.ENOSPC, "full"), S.RUNNING, (990, 10, 0),
     "The disk is full. Free some space, then press Try again."),
    (StorageFailed("The stored file is gone."), S.RUNNING, (990, 10, 0),
     "The stored file is gone."),
]  # fmt: skip


class TestErrorsOnRender:
    @pytest.mark.parametrize(("error", "state", "money", "problem"), ON_RENDER)
    def test_end_state_and_money(self, painter, monkeypatch, error, state, money, problem):
        job = to(S.RUNNING, job_for("painter"))
        monkeypatch.setattr(painter, "render", raising(error))
        take(job, Step.RENDER)
        job.refresh_from_db()
        assert (job.status, books(job), job.problem) == (state, money, problem)
        assert job.next_step_at is None
        assert job.lease_owner == ""

    def test_what_nobody_expected_is_tried_a_few_times_and_then_shown(self, painter, monkeypatch):
        job = to(S.RUNNING, job_for("painter"))
        monkeypatch.setattr(painter, "render", raising(ValueError("bad frame")))
        pauses = []
        for _ in range(problems.MOST_TRIES):
            due_now(job)
            assert take(job, Step.RENDER) == []
            job.refresh_from_db()
            if job.next_step_at:
                pauses.append(job.next_step_at)
        assert job.problem == "Given up after 8 tries: ValueError: bad frame"
        assert job.next_step_at is None
        assert len(pauses) == problems.MOST_TRIES - 1
        assert books(job) == (990, 10, 0)

    def test_a_job_whose_worker_always_dies_is_not_driven_for_ever(self, painter):
        job = to(S.RUNNING, job_for("painter"))
        Job.objects.filter(pk=job.pk).update(tries=problems.MOST_TRIES)
        assert take(job) == []
        job.refresh_from_db()
        assert job.problem == "Given up after 8 tries without an end."

    def test_an_engine_that_ends_without_a_result_does_not_go_round(self, painter, monkeypatch):
        job = to(S.RUNNING, job_for("painter"))
        monkeypatch.setattr(painter, "render", lambda *_, **__: None)
        assert take(job, Step.RENDER) == []
        job.refresh_from_db()
        assert job.problem == "Painter ended without a result."

    def test_pauses_grow_up_to_five_minutes(self):
        seconds = [problems.pause_after(tries).total_seconds() for tries in (1, 2, 3, 7, 60)]
        assert seconds == [5, 10, 20, 300, 300]


class TestStopping:
    def test_a_job_cancelled_while_it_renders_stops(self, painter, monkeypatch):
        job = to(S.RUNNING, job_for("painter"))
        monkeypatch.setattr("studio.pipeline.render.HEARTBEAT_SECONDS", 0)
        forgotten = []
        monkeypatch.setattr(painter, "forget", forgotten.append)

        def tell_and_cancel(report):
            def wrapped(*arguments):
                Job.objects.get(pk=job.pk).move(S.CANCELLED)
                return report(*arguments)

            return wrapped

        honest = painter.render
        monkeypatch.setattr(
            painter, "render",
            lambda brief, name, *, report: honest(brief, name, report=tell_and_cancel(report)),
        )  # fmt: skip
        assert take(job, Step.RENDER) == []
        job.refresh_from_db()
        assert job.status == S.CANCELLED
        assert painter.poll(job.attempts.get().remote_id).verdict == Verdict.RUNNING
        assert forgotten == [job.attempts.get().remote_id]

    def test_what_ended_jobs_left_behind_is_tidied_up_at_a_start(self, painter, monkeypatch):
        ended, running = to(S.RUNNING, job_for("painter")), to(S.RUNNING, job_for("painter"))
        names = [job.attempts.get().remote_id for job in (ended, running)]
        ended.move(S.FAILED)
        forgotten = []
        monkeypatch.setattr(painter, "kept", lambda: names)
        monkeypatch.setattr(painter, "forget", forgotten.append)
        assert sweep.leftovers() == 1
        assert forgotten == names[:1]

    def test_a_worker_that_is_to_end_leaves_the_job_due(self, painter):
        job = to(S.RUNNING, job_for("painter"))
        drive.take(Decision(step=Step.RENDER, job_id=job.pk), should_stop=lambda: True)
        job.refresh_from_db()
        assert (job.status, job.lease_owner, job.tries) == (S.RUNNING, "", 0)
        assert job in Job.objects.due()
        assert run(job).status == S.SUCCEEDED

    def test_progress_is_told_and_keeps_one_event(self, painter, monkeypatch):
        monkeypatch.setattr("studio.pipeline.render.HEARTBEAT_SECONDS", 0)
        job = to(S.RUNNING, job_for("painter"))
        take(job, Step.RENDER)
        job.refresh_from_db()
        assert (job.progress, job.phase) == (100, "Painting")
        assert JobEvent.objects.filter(job=job, status=JobEvent.TOUCH).count() == 1

    def test_a_heartbeat_within_the_pause_writes_nothing(self, painter):
        job = to(S.RUNNING, job_for("painter"))
        beat = drive.render.__globals__["Heartbeat"](job, lambda: False)
        assert beat(1, 9, "x") is False, "nobody holds the lease"
        assert beat(2, 9, "x") is True, "too early to look again"


class TestTracking:
    def test_unavailable_is_no_verdict(self, paid, monkeypatch):
        job = run(job_for("paid"))
        monkeypatch.setattr(paid, "poll", raising(ProviderUnavailable("Down.")))
        take(due_now(job))
        job.refresh_from_db()
        assert (job.status, job.problem, books(job)) == (S.RUNNING, "", (990, 10, 0))
        assert job.next_step_at > timezone.now()

    @pytest.mark.parametrize("reason", ["Too dark.", ""])
    def test_a_failed_verdict_gives_everything_back(self, paid, monkeypatch, reason):
        job = run(job_for("paid"))
        update = Update(verdict=Verdict.FAILED, reason=reason)
        monkeypatch.setattr(paid, "poll", lambda _: update)
        take(due_now(job))
        job.refresh_from_db()
        assert (job.status, books(job)) == (S.FAILED, (1000, 0, 0))
        assert job.error == (reason or "The provider could not make this, and gave no reason.")


class TestSaving:
    def test_disk_full_keeps_the_hold_and_goes_on_later(self, painter, monkeypatch):
        job = to(S.SAVING, job_for("painter"))
        with monkeypatch.context() as patch:
            patch.setattr(save.media, "store", raising(StorageFull("The disk is full.")))
            take(job)
        job.refresh_from_db()
        assert (job.status, job.problem) == (S.SAVING, "The disk is full.")
        assert (job.next_step_at, books(job)) == (None, (990, 10, 0))
        assert drive.catch_up() == []
        Job.objects.filter(pk=job.pk).update(problem="", tries=0)
        assert run(due_now(job)).status == S.SUCCEEDED

    def test_rendered_files_that_are_gone_fail_the_job(self, painter):
        job = to(S.SAVING, job_for("painter"))
        painter.forget = None
        (painter.folder / job.attempts.get().remote_id / "count").unlink()
        take(job)
        job.refresh_from_db()
        assert (job.status, books(job)) == (S.FAILED, (1000, 0, 0))
        assert job.error.startswith("The rendered files are gone.")

    def test_a_remote_success_without_a_file_waits_for_a_person(self, paid, monkeypatch):
        job = run(job_for("paid"))
        Job.objects.get(pk=job.pk).move(S.SAVING, next_step_at=timezone.now())
        monkeypatch.setattr(paid, "poll", lambda _: Update(verdict=Verdict.SUCCEEDED))
        take(job)
        job.refresh_from_db()
        assert (job.status, books(job)) == (S.SAVING, (990, 10, 0))
        assert job.problem == "Paid says that it is done, but has no files."

    @pytest.mark.parametrize(
        ("charge", "money"),
        [(4, (996, 0, 4)), (10, (990, 0, 10)), (25, (975, 0, 25)), (0, (1000, 0, 0))],
    )
    def test_what_the_provider_charged_is_spent(self, paid, charge, money):
        paid.charge = charge * MICRO
        job = run(job_for("paid"))
        job = run(due_now(job))
        assert (job.status, books(job), job.charged) == (S.SUCCEEDED, money, charge * MICRO)

    def test_a_charge_that_nobody_can_pay_waits_for_a_person_with_its_hold(self, paid):
        paid.charge = 5_000 * MICRO
        job = run(job_for("paid"))
        job = run(due_now(job))
        assert (job.status, books(job)) == (S.SAVING, (990, 10, 0))
        assert job.problem.startswith("The charge of 5,000 credits is more than the budget has")
        assert (Take.objects.count(), job.next_step_at) == (0, None)
        ledger.grant(job.team, 9_000 * MICRO, actor=None, cause="more")
        Job.objects.filter(pk=job.pk).update(problem="", tries=0)
        assert run(due_now(job)).status == S.SUCCEEDED


class TestSweep:
    def test_finds_everything_that_is_due(self, painter, paid):
        sending = make_job(S.SENDING, order=make_painting())
        running = make_job(S.RUNNING, order=make_painting())
        saving = make_job(S.SAVING, order=make_painting())
        later = timezone.now() + timedelta(minutes=1)
        for state, fields in [
            (S.RUNNING, {"next_step_at": later}), (S.RUNNING, {"next_step_at": None}),
            (S.SAVING, {"lease_until": later, "lease_owner": "x"}), (S.UNCERTAIN, {}),
            (S.FAILED, {}), (S.SUCCEEDED, {}), (S.WAITING, {}),
        ]:  # fmt: skip
            make_job(state, order=make_painting(), **fields)
        found = {(decision.job_id, decision.step) for decision in sweep.overdue()}
        assert found == {
            (sending.pk, Step.SEND), (running.pk, Step.TRACK), (saving.pk, Step.SAVE)
        }  # fmt: skip

    def test_lanes_are_those_where_somebody_is_ready(self, painter, paid):
        job_for("painter")
        make_job(order=make_painting("paid"), next_step_at=None)
        assert sweep.lanes() == ["painter"]

    def test_a_provider_that_is_no_more_stops_nobody_else(self, painter, providers):
        lost = [job_for("paid"), make_job(S.RUNNING, order=make_painting("paid"))]
        good = job_for("painter")
        del providers["paid"]
        for decision in drive.catch_up():
            drive.take(decision)
        for job in lost:
            job.refresh_from_db()
            assert job.problem == "Provider must be painter, not “paid”."
            assert job.next_step_at is None
        good.refresh_from_db()
        assert good.status == S.RUNNING

    def test_one_broken_job_does_not_stop_the_others(self, painter):
        broken, good = job_for("painter"), job_for("painter")
        Job.objects.filter(pk=broken.pk).update(stored_order={"nonsense": 1})
        drive.catch_up()
        good.refresh_from_db()
        assert good.status == S.RUNNING

    def test_waiting_jobs_get_their_hold_oldest_first(self, painter):
        author = make_member(team=make_team(credits=25))
        waiting = [
            make_job(S.WAITING, author=author, order=make_painting(), problem="Too little.")
            for _ in range(3)
        ]
        assert [job.pk for job in sweep.budgets(author.team)] == [job.pk for job in waiting[:2]]
        states = [Job.objects.get(pk=job.pk) for job in waiting]
        assert [(job.status, job.problem) for job in states] == [
            (S.QUEUED, ""), (S.QUEUED, ""), (S.WAITING, "Too little.")
        ]  # fmt: skip
        assert books(waiting[0]) == (5, 20, 0)

    def test_a_budget_that_somebody_else_took_leaves_the_job_waiting(self, painter, monkeypatch):
        job = make_job(S.WAITING, author=make_member(team=make_team(credits=0)),
                       order=make_painting())  # fmt: skip
        rich = ledger.Budget(available=99 * MICRO)
        monkeypatch.setattr(sweep.ledger, "team_budget", lambda _: rich)
        assert not sweep.promote(job)
        job.refresh_from_db()
        assert (job.status, JobEvent.objects.filter(job=job, status=S.QUEUED).count()) == (
            S.WAITING, 0
        )  # fmt: skip


class TestLease:
    def test_dead_processes_of_this_machine_lose_theirs(self, painter):
        host = lease.owner().split(":")[0]
        owners = {
            lease.owner(): True, f"{host}:999999:1:1": False, f"{host}:1:77:1": False,
            "elsewhere:999999:1:1": True,
        }  # fmt: skip
        jobs = {
            owner: make_job(
                S.RUNNING, order=make_painting(), lease_owner=owner, lease_until=lease.until()
            )
            for owner in owners
        }
        assert lease.free_the_dead() == 2
        for owner, kept in owners.items():
            jobs[owner].refresh_from_db()
            assert bool(jobs[owner].lease_owner) is kept

    def test_an_error_ends_it_and_counts_the_try(self, painter):
        job = make_job(S.RUNNING, order=make_painting())

        def fail_inside():
            with lease.leased(job) as ours:
                assert ours
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_inside()
        job.refresh_from_db()
        assert (job.lease_owner, job.tries) == ("", 1)

    def test_an_expired_one_is_taken_over(self, painter):
        past = timezone.now() - timedelta(seconds=1)
        job = make_job(S.RUNNING, order=make_painting(), lease_owner="x", lease_until=past)
        with lease.leased(job) as ours:
            assert ours
            assert not job.keep_lease("x", lease.until())
