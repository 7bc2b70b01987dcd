"""The page of orders without an answer: what an admin reads there, and the three forms."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Attempt
from tests.factories import make_job, make_member, make_painting, make_project

S = JobStatus


@pytest.fixture
def admin(client, paid):
    member = make_member("admin", name="Mei")
    make_project(member.team)
    client.force_login(member.user)
    return member


def lost(admin, status=S.UNCERTAIN, **fields):
    order = make_painting("paid", prompt="A red <b>door</b>.")
    job = make_job(status, author=admin, order=order, **{"next_step_at": None, **fields})
    Attempt.objects.create(
        job=job, number=1, reference=f"dl-{job.pk}-abc", sent_at=timezone.now() - timedelta(hours=1),
        raw="HTTP 502 <html>canary</html>",
    )  # fmt: skip
    return job


def page(client):
    return client.get(reverse("uncertain")).content.decode()


def press(client, way, job, **body):
    return client.post(reverse(f"uncertain-{way}", args=[job.pk]), body)


class TestPage:
    def test_has_all_that_is_known(self, client, admin):
        job = lost(admin)
        told = page(client)
        for word in ("1 order, 10 cr on hold", f"dl-{job.pk}-abc", "Paid", "Mei",
                     "A red &lt;b&gt;door&lt;/b&gt;.", "HTTP 502 &lt;html&gt;canary"):  # fmt: skip
            assert word in told

    def test_says_so_when_there_is_nothing(self, client, admin):
        assert "Every order has its answer." in page(client)

    def test_a_job_that_does_not_end_can_only_be_given_up(self, client, admin):
        late = lost(admin, S.RUNNING, problem="Paid has not finished.")
        told = page(client)
        assert reverse("uncertain-release", args=[late.pk]) in told
        assert reverse("uncertain-adopt", args=[late.pk]) not in told

    def test_jobs_of_other_teams_and_of_engines_here_are_not_there(self, client, admin):
        lost(make_member("admin"))
        make_job(S.RUNNING, author=admin, order=make_painting(), problem="The disk is full.")
        assert "Every order has its answer." in page(client)

    def test_costs_the_same_queries_however_many_there_are(
        self, client, admin, django_assert_max_num_queries, django_assert_num_queries
    ):
        lost(admin)
        with django_assert_max_num_queries(9) as few:
            page(client)
        for _ in range(5):
            lost(admin)
        with django_assert_num_queries(len(few)):
            page(client)


class TestLink:
    def test_stands_on_the_queue_for_admins_with_count_and_value(self, client, admin):
        lost(admin)
        lost(admin)
        queue = client.get(reverse("queue")).content.decode()
        assert "2 without an answer, 20 cr on hold" in queue
        author = make_member("author", team=admin.team)
        client.force_login(author.user)
        assert "without an answer" not in client.get(reverse("queue")).content.decode()

    def test_is_not_there_when_there_is_nothing_to_decide(self, client, admin):
        assert "without an answer" not in client.get(reverse("queue")).content.decode()


class TestForms:
    def test_adopt(self, client, admin):
        job = lost(admin)
        answer = press(client, "adopt", job, remote_id="  theirs  ")
        assert (answer.status_code, answer.url) == (302, reverse("uncertain"))
        job.refresh_from_db()
        assert (job.status, job.attempts.get().remote_id) == (S.RUNNING, "theirs")

    @pytest.mark.parametrize("way", ["resend", "release"])
    def test_the_others_need_a_tick(self, client, admin, way):
        job = lost(admin)
        answer = press(client, way, job)
        assert answer.status_code == 422
        assert "Tick that" in answer.content.decode()
        assert press(client, way, job, sure="on").status_code == 302
        job.refresh_from_db()
        assert job.status == {"resend": S.QUEUED, "release": S.CANCELLED}[way]

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [("", "name is needed: copy it"), ("   ", "name is needed: copy it"),
         ("x" * 201, "at most 200 characters"), ("taken", "“taken” belongs to job")],
    )  # fmt: skip
    def test_a_name_that_can_not_be_is_refused_with_a_sentence(self, client, admin, name, sentence):
        other, job = lost(admin), lost(admin)
        Attempt.objects.filter(job=other).update(remote_id="taken", outcome="accepted")
        answer = press(client, "adopt", job, remote_id=name)
        told = answer.content.decode().replace("&#x27;", "'")
        assert answer.status_code == 422
        assert sentence in told
        assert f'id="undecided-{other.pk}"' in told, "the whole page is there"
        job.refresh_from_db()
        assert job.status == S.UNCERTAIN

    def test_too_late_says_so_though_the_row_is_gone(self, client, admin):
        job = lost(admin)
        job.move(S.RUNNING)
        answer = press(client, "release", job, sure="on")
        assert answer.status_code == 422
        assert "It needs no decision any more." in answer.content.decode()

    def test_of_another_team_are_404(self, client, admin):
        job = lost(make_member("admin"))
        for way in ("adopt", "resend", "release"):
            assert press(client, way, job, remote_id="x", sure="on").status_code == 404


class TestRawAnswers:
    @pytest.mark.parametrize("role", ["author", "reviewer"])
    def test_are_never_on_pages_of_others(self, client, admin, role):
        job = lost(admin)
        client.force_login(make_member(role, team=admin.team).user)
        for address in ("/", f"/clips/{job.clip_id}/", f"/queue/?job={job.pk}"):
            assert "canary" not in client.get(address).content.decode()
        assert client.get(reverse("uncertain")).status_code == 403
