"""Saving: what is stored, what it costs, and what waits for a person."""

from contextlib import contextmanager

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.errors import ProviderRejected, ProviderUnavailable, StorageFailed, StorageFull
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Attempt, Job, Take
from studio.pipeline import drive, problems, save
from studio.providers.base import Result, Update, Verdict
from tests.engines import make_files
from tests.pipeline.driving import (
    answering,
    books,
    due_now,
    job_for,
    raising,
    run,
    send_off,
    take,
    to,
)

S = JobStatus


class TestSaving:
    def test_disk_full_keeps_the_hold_and_goes_on_later(self, painter, monkeypatch):
        job = to(S.SAVING, job_for("painter"))
        with monkeypatch.context() as patch:
            patch.setattr(save.assets.media, "store", raising(StorageFull("The disk is full.")))
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


class Linked:
    """What a remote with links does: `made` are its results, `broken` the links that do not work."""

    def __init__(self, paid, monkeypatch, tmp_path):
        self.folder = tmp_path / "links"
        self.polls = 0
        self.broken = set()
        self.update = Update(verdict=Verdict.SUCCEEDED, results=(self.result(0),))
        monkeypatch.setattr(paid, "poll", self.poll)
        monkeypatch.setattr(paid, "collected", self.collected)

    def result(self, index, name="a"):
        return Result(index=index, links={"video": f"https://files.example/{name}{index}.mp4"})

    def poll(self, _remote_id):
        self.polls += 1
        return self.update

    @contextmanager
    def collected(self, result):
        if result.links["video"] in self.broken:
            raise ProviderUnavailable("The file is not there yet (404).")
        yield Result(index=result.index, files=make_files(self.folder / str(result.index)))


@pytest.fixture
def linked(paid, monkeypatch, tmp_path):
    return Linked(paid, monkeypatch, tmp_path)


def saving(**order):
    """A job whose success was just told."""
    job = send_and_run(job_for("paid", **order))
    for decision in drive.take(Decision(step=Step.POLL, lane="paid")):
        assert decision.step == Step.SAVE
    job.refresh_from_db()
    return job


def send_and_run(job):
    send_off(job)
    return due_now(job)


class TestLinks:
    def test_are_fetched_without_asking_again(self, linked):
        job = saving()
        assert run(job).status == S.SUCCEEDED
        assert linked.polls == 1
        assert job.takes.get().index == 0

    def test_that_do_not_work_yet_are_tried_again_with_fresh_ones(self, linked):
        job = saving()
        linked.broken = {"https://files.example/a0.mp4"}
        take(job)
        job.refresh_from_db()
        assert (job.status, job.problem, books(job)) == (S.SAVING, "", (990, 10, 0))
        assert job.next_step_at > timezone.now()
        linked.update = Update(verdict=Verdict.SUCCEEDED, results=(linked.result(0, "b"),))
        assert run(due_now(job)).status == S.SUCCEEDED
        assert job.attempts.get().answer["results"][0]["links"]["video"].endswith("b0.mp4")

    def test_that_never_work_are_shown_to_a_person_with_the_hold_kept(self, linked):
        job = saving()
        linked.broken = {"https://files.example/a0.mp4"}
        for _ in range(problems.MOST_TRIES):
            take(due_now(job))
        job.refresh_from_db()
        assert (job.status, job.next_step_at, books(job)) == (S.SAVING, None, (990, 10, 0))
        assert job.problem == "Given up after 8 tries: The file is not there yet (404)."
        linked.broken = set()
        Job.objects.filter(pk=job.pk).update(problem="", tries=0)
        assert run(due_now(job)).status == S.SUCCEEDED

    @pytest.mark.parametrize(
        "later",
        [ProviderUnavailable("Down."), ProviderRejected("No such job."),
         Update(verdict=Verdict.RUNNING), Update(verdict=Verdict.FAILED, reason="Changed."),
         Update(verdict=Verdict.SUCCEEDED)],
        ids=["down", "forgotten", "running again", "failed after all", "without files"],
    )  # fmt: skip
    def test_of_the_first_answer_count_whatever_is_said_later(
        self, paid, linked, monkeypatch, later
    ):
        job = saving()
        linked.broken = {"https://files.example/a0.mp4"}
        take(job)
        linked.broken = set()
        monkeypatch.setattr(paid, "poll", answering(later))
        assert run(due_now(job)).status == S.SUCCEEDED

    def test_that_nobody_stored_are_asked_for_again_and_again(self, paid, linked, monkeypatch):
        job = saving()
        Attempt.objects.update(answer=None)
        with monkeypatch.context() as patch:
            patch.setattr(paid, "poll", raising(ProviderUnavailable("Down.")))
            take(job)
        job.refresh_from_db()
        assert (job.status, job.problem, books(job)) == (S.SAVING, "", (990, 10, 0))
        assert run(due_now(job)).status == S.SUCCEEDED

    def test_what_is_no_video_waits_for_a_person(self, paid, linked, monkeypatch):
        job = saving()
        monkeypatch.setattr(paid, "collected", raising(StorageFailed("That is no video.")))
        take(job)
        job.refresh_from_db()
        assert (job.status, job.problem, books(job)) == (
            S.SAVING, "That is no video.", (990, 10, 0)
        )  # fmt: skip


class TestSomeOfTheTakes:
    def some(self, linked, **fields):
        linked.update = Update(
            verdict=Verdict.SUCCEEDED, results=(linked.result(0), linked.result(2)),
            reason="One of 4 was refused, one failed.", **fields,
        )  # fmt: skip
        return run(saving(count=4))

    def test_are_kept_with_the_reason(self, linked):
        job = self.some(linked)
        assert [take.index for take in job.takes.order_by("number")] == [0, 2]
        assert job.told.last().note == "One of 4 was refused, one failed."

    def test_cost_their_part_of_the_quote_where_the_provider_says_nothing(self, linked):
        job = self.some(linked)
        assert (job.quoted, job.charged, books(job)) == (40 * MICRO, 20 * MICRO, (980, 0, 20))

    def test_cost_what_the_provider_says(self, linked):
        job = self.some(linked, charge=33 * MICRO)
        assert (job.charged, books(job)) == (33 * MICRO, (967, 0, 33))
