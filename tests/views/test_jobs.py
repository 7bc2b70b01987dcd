"""Buttons of a job: what they do, what they answer, and to whom."""

import pytest

from studio.core.status import JobStatus
from studio.models import Job
from tests.factories import make_job, make_member

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


@pytest.fixture
def author(client):
    member = make_member()
    client.force_login(member.user)
    return member


def press(client, job: Job, what: str, **body):
    return client.post(f"/jobs/{job.pk}/{what}/?view=wall", body, headers=HX)


class TestCancel:
    def test_answers_with_the_tile_and_an_undo(self, client, author):
        job = make_job(author=author)
        page = press(client, job, "cancel").content.decode()
        assert f'hx-target="#clip-{job.clip_id}"' in page
        assert 'data-state="cancelled"' in page
        assert "Undo" in page

    def test_undo_puts_it_in_line_again(self, client, author):
        job = make_job(author=author)
        press(client, job, "cancel")
        assert 'data-state="queued"' in press(client, job, "retry").content.decode()
        assert job.clip.jobs.latest("pk").status == JobStatus.QUEUED

    @pytest.mark.parametrize("status", [JobStatus.SENDING, JobStatus.SAVING, JobStatus.SUCCEEDED])
    def test_too_late_says_so(self, client, author, status):
        answer = press(client, make_job(status, author=author), "cancel")
        assert answer.status_code == 409
        assert "Too late" in answer.content.decode()

    def test_of_a_colleague_is_refused(self, client, author):
        job = make_job(author=make_member(team=author.team))
        assert press(client, job, "cancel").status_code == 403
        job.refresh_from_db()
        assert job.status == JobStatus.QUEUED

    def test_without_scripts_goes_back_to_the_page(self, client, author):
        job = make_job(author=author)
        referer = {"Referer": "http://testserver/?view=progress"}
        answer = client.post(f"/jobs/{job.pk}/cancel/", headers=referer)
        assert (answer.status_code, answer.url) == (302, referer["Referer"])
        elsewhere = {"Referer": "https://evil.example/"}
        job = make_job(author=author)
        assert client.post(f"/jobs/{job.pk}/cancel/", headers=elsewhere).url == "/"


class TestDuplicate:
    def test_of_a_colleague_is_my_own_new_clip(self, client, author):
        job = make_job(author=make_member(team=author.team))
        press(client, job, "duplicate")
        copy = Job.objects.latest("pk")
        assert (copy.author, copy.again) == (author, job)
        assert copy.clip != job.clip


class TestMove:
    @pytest.mark.parametrize(
        ("who", "to", "order"),
        [(2, "front", "2013"), (0, "last", "1230"), (1, "up", "1023"), (1, "down", "0213"),
         (0, "up", "0123"), (3, "down", "0123")],
    )  # fmt: skip
    def test_changes_the_line(self, client, author, who, to, order):
        jobs = [make_job(author=author) for _ in range(4)]
        press(client, jobs[who], "move", to=to)
        line = list(Job.objects.queued("animatic"))
        assert "".join(str(jobs.index(job)) for job in line) == order

    def test_before_another_one(self, client, author):
        first, second = (make_job(author=author) for _ in range(2))
        press(client, second, "move", before=str(first.pk))
        assert Job.objects.queued("animatic").first() == second

    def test_elsewhere_is_refused_with_the_places_there_are(self, client, author):
        answer = press(client, make_job(author=author), "move", to="sideways")
        assert answer.status_code == 400
        assert "front, up, down, last" in answer.content.decode()
