"""What rows promise by themselves: moves and their events, tiles, links, names."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.status import MOVES, TERMINAL, JobStatus
from studio.models import (
    Attempt,
    Budget,
    Event,
    Invitation,
    Job,
    Lane,
    LedgerEntry,
    PriceVersion,
    Role,
    SignInLink,
    User,
)
from studio.models.events import changed
from tests.factories import make_job, make_member, make_project, make_team

S = JobStatus
pytestmark = pytest.mark.django_db


class TestMove:
    @pytest.mark.parametrize("target", list(S))
    @pytest.mark.parametrize("source", list(S))
    def test_only_what_the_table_allows(self, source, target):
        job = make_job(source, problem="x", tries=3, lease_owner="me")
        events = job.events.count()
        allowed = target in MOVES[source]
        assert job.move(target, note="why") is allowed
        assert job.status == (target if allowed else source)
        assert job.events.count() == events + allowed
        if allowed:
            assert (job.problem, job.tries, job.lease_owner) == ("", 0, "")
            assert job.clip.rev == job.events.latest("pk").pk
            assert (job.ended_at is not None) is (target in TERMINAL)
            assert (job.next_step_at is None) is (target in TERMINAL)

    def test_what_was_read_before_somebody_elses_move_moves_nothing(self):
        job = make_job(S.QUEUED)
        stale = Job.objects.get(pk=job.pk)
        job.move(S.SENDING)
        job.move(S.QUEUED)
        job.move(S.SENDING)
        assert not stale.move(S.CANCELLED)
        assert stale.status == S.SENDING

    def test_long_words_of_a_provider_are_cut(self):
        job = make_job(S.QUEUED)
        job.move(S.FAILED, error="é" * 400 + "\0", note="\0" + "x" * 400)
        assert (job.error, job.events.latest("pk").note) == ("é" * 300, "x" * 300)

    def test_open_pages_hear_of_it_after_the_commit(self, django_capture_on_commit_callbacks):
        job, heard = make_job(S.QUEUED), []
        listener = lambda **_: heard.append(1)  # noqa: E731
        changed.connect(listener)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                job.move(S.SENDING)
                assert heard == []
            assert heard == [1]
        finally:
            changed.disconnect(listener)


class TestTouch:
    def test_keeps_one_event_and_renews_the_tile(self):
        job = make_job(S.RUNNING)
        revs = []
        for _ in range(3):
            job.touch()
            revs.append(job.clip.rev)
        assert revs == sorted(set(revs))
        assert job.events.filter(status=Event.TOUCH).count() == 1


class TestTile:
    @pytest.mark.parametrize(
        ("states", "shown", "state"),
        [
            ([S.FAILED], 0, S.FAILED),
            ([S.RUNNING, S.FAILED], 0, S.RUNNING),
            ([S.FAILED, S.QUEUED], 1, S.QUEUED),
            ([S.QUEUED, S.RUNNING], 1, S.RUNNING),
            ([S.CANCELLED, S.FAILED], 1, S.FAILED),
        ],
    )
    def test_speaks_of_the_latest_active_job_or_else_of_the_latest(self, states, shown, state):
        author = make_member()
        first = make_job(states[0], author=author)
        jobs = [first, *(make_job(each, author=author, clip=first.clip) for each in states[1:])]
        clip = jobs[-1].clip
        clip.refresh_from_db()
        assert (clip.job_id, clip.state) == (jobs[shown].pk, state)

    def test_without_jobs_there_is_nothing_left_to_do(self):
        clip = make_job().clip
        clip.jobs.all().update(clip=make_job().clip)
        clip.follow_jobs(rev=1)
        assert (clip.state, clip.job) == (S.SUCCEEDED, None)


class TestLink:
    def test_works_once_and_not_for_ever(self):
        user = make_member().user
        link, token = SignInLink.issue(lifetime=timedelta(hours=1), user=user)
        assert SignInLink.find(token) == link
        assert link.use()
        assert not link.use()
        assert SignInLink.find(token) is None

    def test_an_old_one_cannot_be_used(self):
        link, token = SignInLink.issue(lifetime=timedelta(seconds=-1), user=make_member().user)
        assert SignInLink.find(token) is None
        assert not link.use()

    @pytest.mark.parametrize("token", ["", "x", "\ud800", "0" * 9999])
    def test_a_wrong_one_opens_nothing(self, token):
        assert SignInLink.find(token) is None

    def test_the_database_does_not_know_the_token(self):
        admin = make_member(Role.ADMIN)
        link, token = Invitation.issue(
            lifetime=timedelta(days=1), team=admin.team, invited_by=admin
        )
        assert token not in str(vars(link))


class TestPeople:
    def test_email_is_one_however_it_is_written(self):
        assert User.objects.create_user("Ada@Example.ORG").email == "ada@example.org"
        assert User.objects.create_superuser("root@example.org").is_superuser

    @pytest.mark.parametrize(
        ("name", "email", "initials"),
        [("Ada Lovelace", "", "AL"), ("", "grace.hopper@x.org", "GH"), ("", "", "?")],
    )
    def test_initials(self, name, email, initials):
        assert User(name=name, email=email).initials == initials

    def test_who_left_is_not_active(self):
        member = make_member()
        assert member in type(member).objects.active()
        type(member).objects.update(is_active=False)
        assert not type(member).objects.active().exists()


class TestNames:
    def test_rows_say_what_they_are(self):
        job = make_job()
        now = timezone.now()
        said = {
            str(job): f"Job {job.pk}",
            str(job.clip): "A red door in the snow",
            str(job.team): job.team.name,
            str(make_project(job.team)).split()[0]: "Project",
            str(job.author): str(job.author.user),
            str(Attempt(reference="r")): "r",
            str(Event(job_id=3, status="queued")): "3 queued",
            str(Lane(provider="p")): "p",
            str(Budget(team=make_team(name="Us"))): "Budget of Us",
            str(LedgerEntry(kind="hold", pk=4)): "hold 4",
            str(PriceVersion(provider="p", valid_from=now)): f"p from {now:%Y-%m-%d}",
            str(SignInLink(pk=5)): "SignInLink 5",
        }
        assert list(said) == list(said.values())
