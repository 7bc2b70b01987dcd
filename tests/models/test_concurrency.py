"""What must hold when several threads and processes want the same row at once."""

from datetime import timedelta

from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Event, Job, SignInLink, User
from tests.factories import make_job, make_member, make_painting, make_price
from tests.houses import in_threads


def one_job(status=JobStatus.QUEUED, **fields):
    make_price(provider="painter")
    return make_job(status, order=make_painting(), **fields).pk


def cancel(_number, pk):
    return Job.objects.get(pk=pk).move(JobStatus.CANCELLED)


def send(_number, pk):
    return Job.objects.get(pk=pk).move(JobStatus.SENDING)


class TestMove:
    def test_only_one_thread_moves_a_job(self, any_house):
        def race():
            pk = one_job()
            won = in_threads(8, cancel, pk) + in_threads(2, send, pk)
            return won.count(True), Event.objects.filter(job=pk, status="cancelled").count()

        assert any_house.inside(race) == (1, 1)

    def test_only_one_process_moves_a_job(self, any_house):
        pk = any_house.inside(one_job)
        assert any_house.together(6, cancel, pk).count(True) == 1


class TestFollowJobs:
    def test_two_jobs_of_a_clip_that_end_at_once(self, any_house):
        """Neither may leave a tile behind that still waits for the other one."""

        def race():
            author = make_member()
            for _ in range(15):
                first = make_job(JobStatus.SAVING, author=author, order=make_painting())
                second = make_job(
                    JobStatus.SAVING, author=author, order=make_painting(), clip=first.clip
                )
                jobs = [Job.objects.get(pk=job.pk) for job in (first, second)]
                in_threads(2, lambda number, jobs=jobs: jobs[number].move(JobStatus.FAILED))
                clip = Job.objects.get(pk=first.pk).clip
                assert clip.state == JobStatus.FAILED
                assert clip.job_id == second.pk
                assert clip.rev == Event.objects.filter(clip=clip).latest("pk").pk
            return True

        any_house.inside(lambda: make_price(provider="painter").pk)
        assert any_house.inside(race)


class TestLease:
    def test_only_one_worker_gets_it(self, any_house):
        def race():
            pk = one_job(JobStatus.RUNNING)
            until = timezone.now() + timedelta(seconds=60)
            return in_threads(
                8, lambda number: Job.objects.get(pk=pk).take_lease(f"worker{number}", until)
            )

        assert any_house.inside(race).count(True) == 1


class TestLink:
    def test_works_once(self, any_house):
        def race():
            user = User.objects.create_user("a@example.org")
            _, token = SignInLink.issue(lifetime=timedelta(hours=1), user=user)
            link = SignInLink.find(token)
            return in_threads(8, lambda _number: SignInLink.objects.get(pk=link.pk).use())

        assert any_house.inside(race).count(True) == 1
