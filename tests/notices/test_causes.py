"""What happens in the studio, and who is told of it."""

import pytest
from django.utils import timezone

from studio import notices
from studio.core.money import MICRO
from studio.core.notices import Kind
from studio.core.status import JobStatus
from studio.models import Decision, Mention, Notice
from studio.models.lanes import Lane
from studio.services import jobs
from tests.factories import (
    make_client,
    make_endpoint,
    make_job,
    make_lane,
    make_member,
    make_note,
    make_painting,
    make_project,
    make_request,
    make_take,
    make_team,
)

pytestmark = pytest.mark.django_db


def told():
    """(who, kind) of everything that was told to people, in order."""
    rows = Notice.objects.exclude(member=None).order_by("pk")
    return [(notice.member, notice.kind) for notice in rows]


@pytest.fixture
def ana():
    return make_member(name="Ana Ruiz")


@pytest.fixture
def ben(ana):
    return make_member("reviewer", team=ana.team, name="Ben Ode")


@pytest.fixture
def take(ana):
    return make_take(make_job(JobStatus.SUCCEEDED, author=ana))


class TestJobs:
    @pytest.mark.parametrize(
        ("status", "kind"),
        [(JobStatus.SUCCEEDED, Kind.JOB_DONE), (JobStatus.FAILED, Kind.JOB_FAILED)],
    )
    def test_its_author_hears_once_how_it_ended(self, ana, status, kind):
        job = make_job(status, author=ana, error="No room.")
        notices.job_ended(job)
        notices.job_ended(job)
        assert told() == [(ana, kind)]
        assert Notice.objects.get().text == "No room."

    def test_cancelled_is_told_to_nobody(self, ana):
        notices.job_ended(make_job(JobStatus.CANCELLED, author=ana))
        assert told() == []

    def test_who_ended_it_knows(self, ana):
        notices.job_ended(make_job(JobStatus.FAILED, author=ana), actor=ana)
        assert told() == []

    def test_one_that_stops_is_told_to_its_author_and_admins_each_time(self, ana):
        mei = make_member("admin", team=ana.team)
        job = make_job(JobStatus.SAVING, author=ana, problem="The disk is full.")
        notices.job_stopped(job)
        notices.job_stopped(job)
        assert told() == [(ana, Kind.JOB_STOPPED), (mei, Kind.JOB_STOPPED)]
        job.touch()
        notices.job_stopped(job)
        assert len(told()) == 4

    def test_late_is_told_once(self, ana):
        job = make_job(JobStatus.RUNNING, author=ana)
        notices.job_stopped(job, late=True)
        job.touch()
        notices.job_stopped(job, late=True)
        assert told() == [(ana, Kind.JOB_STOPPED)]


class TestCredits:
    def test_admins_hear_once_of_each_press(self, ana):
        mei = make_member("admin", team=ana.team)
        waiting = [make_job(JobStatus.WAITING, author=ana) for _ in range(3)]
        for job in waiting:
            job.quoted = MICRO
        request = make_request(ana)
        for _ in range(2):
            notices.credits_asked(request, whose="The team", jobs=waiting)
        assert told() == [(mei, Kind.CREDITS)]
        assert Notice.objects.get().text == "3 jobs wait for 3 cr."

    def test_an_admin_who_lets_it_wait_knows(self, ana):
        mei = make_member("admin", team=ana.team)
        waiting = [make_job(JobStatus.WAITING, author=mei)]
        notices.credits_asked(make_request(mei), whose="The team", jobs=waiting)
        assert told() == []

    def test_ordering_over_budget_asks(self, painter):
        ana = make_member(team=make_team(credits=0))
        mei = make_member("admin", team=ana.team)
        project = make_project(ana.team)
        job = jobs.order(ana, project, make_painting("painter"), may_wait=True)
        assert job.status == JobStatus.WAITING
        assert told() == [(mei, Kind.CREDITS)]


class TestLanes:
    def test_admins_of_every_team_hear_and_each_person_once(self, ana):
        mei = make_member("admin", team=ana.team)
        other = make_member("admin")
        both = make_team()
        both.members.create(user=mei.user, role="admin")
        make_lane("animatic")
        Lane.objects.update(paused_for="No money.", paused_at=timezone.now())
        for _ in range(2):
            notices.lane_paused(Lane.objects.get(provider="animatic"))
        assert told() == [(mei, Kind.LANE_PAUSED), (other, Kind.LANE_PAUSED)]
        assert Notice.objects.first().subject == "Animatic"


class TestNotes:
    def test_note_is_told_to_the_author_of_the_clip(self, ana, ben, take):
        note = make_note(take, ben, frame=12)
        notices.note_written(note)
        notices.note_written(note)
        assert told() == [(ana, Kind.NOTE)]
        notice = Notice.objects.get()
        assert (notice.facts["take"], notice.facts["frame"], notice.text) == (1, 12, "More snow.")

    def test_own_note_on_own_clip(self, ana, take):
        notices.note_written(make_note(take, ana))
        assert told() == []

    def test_reply_is_told_to_everybody_in_the_thread_once(self, ana, ben, take):
        mei = make_member(team=ana.team)
        first = make_note(take, ben)
        make_note(take, mei, parent=first)
        make_note(take, mei, parent=first)
        notices.note_written(make_note(take, mei, parent=first))
        assert told() == [(ben, Kind.REPLY), (ana, Kind.NOTE)]
        Notice.objects.all().delete()
        notices.note_written(make_note(take, ana, parent=first))
        assert told() == [(ben, Kind.REPLY), (mei, Kind.REPLY)]

    def test_who_is_mentioned_hears_of_that_alone(self, ana, ben, take):
        note = make_note(take, ben, "@ana look")
        Mention.objects.create(note=note, member=ana)
        notices.note_written(note)
        notices.note_written(note)
        assert told() == [(ana, Kind.MENTION)]

    def test_mentioned_later_in_a_changed_note(self, ana, ben, take):
        note = make_note(take, ben)
        notices.note_written(note)
        notices.mentioned(Mention.objects.create(note=note, member=ana))
        assert told() == [(ana, Kind.NOTE), (ana, Kind.MENTION)]

    def test_note_of_a_client_is_told_to_both_and_to_one_who_is_both_once(self, ana, ben, take):
        notices.note_written(make_note(take, make_client(ben, "Cleo")))
        assert told() == [(ana, Kind.NOTE), (ben, Kind.GUEST_NOTE)]
        Notice.objects.all().delete()
        notices.note_written(make_note(take, make_client(ana, "Cleo")))
        assert len(told()) == 1

    def test_task_that_is_done_is_told_to_who_asked(self, ana, ben, take):
        mention = Mention.objects.create(note=make_note(take, ben), member=ana)
        mention.done_at, mention.done_by = timezone.now(), ana
        notices.task_done(mention)
        notices.task_done(mention)
        assert told() == [(ben, Kind.TASK_DONE)]
        assert Notice.objects.get().said == "Ana Ruiz did what was asked"

    def test_task_that_a_client_wrote_is_told_to_nobody(self, ana, ben, take):
        note = make_note(take, make_client(ben))
        notices.task_done(Mention.objects.create(note=note, member=ana, done_by=ana))
        assert told() == []

    def test_taken_back_is_told_nowhere_any_more(self, ana, ben, take):
        note = make_note(take, ben)
        make_endpoint(ana)
        notices.note_written(note)
        notices.note_removed(note)
        assert not Notice.objects.exists()

    def test_drawing_without_words(self, ana, ben, take):
        notices.note_written(make_note(take, ben, "", drawing=[{"kind": "pen"}]))
        assert Notice.objects.get().text == "(a drawing)"


class TestDecisions:
    def decide(self, take, verdict="approve", **who):
        row = Decision(take=take, verdict=verdict, decided_at=timezone.now(), **who)
        row.save()
        notices.decided(row)
        return row

    def test_whose_take_it_is_hears_each_word_once(self, ana, ben, take):
        row = self.decide(take, member=ben)
        notices.decided(row)
        assert told() == [(ana, Kind.DECISION)]
        row.verdict, row.decided_at = "changes", timezone.now()
        notices.decided(row)
        assert [one.said for one in ana.notices.order_by("pk")] == [
            "Ben Ode said: approve", "Ben Ode said: needs changes",
        ]  # fmt: skip

    def test_own_decision(self, ana, take):
        self.decide(take, member=ana)
        assert told() == []

    def test_of_a_client_is_told_to_who_made_the_link_and_to_the_author(self, ana, ben, take):
        self.decide(take, guest=make_client(ben))
        assert told() == [(ben, Kind.GUEST_DECIDED), (ana, Kind.DECISION)]
        Notice.objects.all().delete()
        self.decide(take, guest=make_client(ana))
        assert told() == [(ana, Kind.GUEST_DECIDED)]

    def test_taken_back(self, ana, ben, take):
        notices.decision_withdrawn(self.decide(take, member=ben))
        assert told() == []

    @pytest.mark.parametrize(
        ("after", "kind"),
        [("approved", Kind.APPROVED), ("changes", Kind.CHANGES), ("rejected", Kind.REJECTED)],
    )
    def test_what_the_rule_makes_of_it(self, ana, ben, take, after, kind):
        take.reviewed_at = timezone.now()
        for _ in range(2):
            notices.take_reviewed(take, "review", after, actor=ben)
        assert told() == [(ana, kind)]

    def test_own_press_of_the_button(self, ana, take):
        notices.take_reviewed(take, "review", "approved", actor=ana)
        assert told() == []

    def test_nothing_changed(self, take):
        notices.take_reviewed(take, "approved", "approved")
        notices.take_reviewed(take, "review", "review")
        assert told() == []

    def test_undone_within_moments_is_as_if_nothing_had_been(self, settings, ben, take):
        settings.MAIL_IS_ON = True
        notices.take_reviewed(take, "review", "approved", actor=ben)
        notices.take_reviewed(take, "approved", "review", actor=ben)
        assert not Notice.objects.exists()

    def test_what_was_read_or_sent_stays(self, ana, ben, take):
        notices.take_reviewed(take, "review", "approved", actor=ben)
        ana.notices.update(read_at=timezone.now())
        notices.take_reviewed(take, "approved", "changes", actor=ben)
        assert told() == [(ana, Kind.APPROVED), (ana, Kind.CHANGES)]

    def test_of_a_clip_by_two_people_both_hear(self, ana, ben, take):
        mei = make_member(team=ana.team)
        other = make_take(make_job(JobStatus.SUCCEEDED, author=mei, clip=take.clip))
        notices.take_reviewed(other, "review", "approved", actor=ben)
        assert {who for who, _ in told()} == {ana, mei}


class TestLinks:
    def test_first_opening_is_told_to_who_made_it(self, ana):
        guest = make_client(ana, "Cleo")
        notices.share_opened(guest)
        notices.share_opened(make_client(ana, "Dan", share=guest.share))
        assert told() == [(ana, Kind.LINK_OPENED)]
        assert Notice.objects.get().said == "Cleo opened the link"

    def test_finished_is_told_again_when_it_is_said_again(self, ana):
        guest = make_client(ana, finished_at=timezone.now())
        notices.guest_finished(guest)
        notices.guest_finished(guest)
        assert told() == [(ana, Kind.GUEST_FINISHED)]
        guest.finished_at = timezone.now()
        notices.guest_finished(guest)
        assert len(told()) == 2


class TestEndpoints:
    def test_owner_or_admins_hear_that_it_was_turned_off(self, ana):
        mei = make_member("admin", team=ana.team)
        notices.endpoint_off(make_endpoint(ana, for_team=False, off_because="Gone."))
        notices.endpoint_off(make_endpoint(ana, off_because="Gone."))
        assert told() == [(ana, Kind.ENDPOINT_OFF), (mei, Kind.ENDPOINT_OFF)]
