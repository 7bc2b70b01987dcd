"""The page of orders that need a decision: what an admin reads there, and the ways out."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Attempt, Event
from studio.providers.base import Update, Verdict
from tests.factories import make_job, make_member, make_painting, make_project

S = JobStatus
WAYS = ("adopt", "resend", "fetch", "charge", "release")


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


def stuck(admin):
    job = lost(admin, S.SAVING, problem="The result is not there yet (HTTP 404).", tries=8)
    answer = Update(verdict=Verdict.SUCCEEDED, charge=7 * MICRO).to_json()
    Attempt.objects.filter(job=job).update(outcome="accepted", remote_id="t", answer=answer)
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
        assert "Every order has its answer and its files." in page(client)

    def test_a_job_that_does_not_end_can_only_be_given_up(self, client, admin):
        late = lost(admin, S.RUNNING, problem="Paid has not finished.")
        told = page(client)
        assert reverse("uncertain-release", args=[late.pk]) in told
        assert reverse("uncertain-adopt", args=[late.pk]) not in told

    def test_a_finished_one_whose_files_do_not_come_can_be_fetched_charged_and_given_up(
        self, client, admin
    ):
        job = stuck(admin)
        told = page(client)
        offered = {way for way in WAYS if reverse(f"uncertain-{way}", args=[job.pk]) in told}
        assert offered == {"fetch", "charge", "release"}
        assert "What the provider charged, in our credits" in told
        assert 'value="7"' in told, "what the provider has said"
        assert "The result is not there" in told

    def test_what_was_accepted_after_it_was_given_up_is_listed(self, client, admin):
        job = lost(admin, S.CANCELLED)
        assert "Given up, and accepted after all" not in page(client)
        job.record(Event.BILLABLE, note="Paid has dl-7 as <theirs>: it may be billed.")
        make_job(S.CANCELLED).record(Event.BILLABLE, note="another team")
        told = page(client)
        assert "Given up, and accepted after all" in told
        assert "Paid has dl-7 as &lt;theirs&gt;" in told
        assert "another team" not in told
        queue = client.get(reverse("queue")).content.decode()
        assert "1 may be billed" in queue
        history = client.get(reverse("clip", args=[job.clip_id])).content.decode()
        assert "Accepted after all" in history

    def test_jobs_of_other_teams_and_of_engines_here_are_not_there(self, client, admin):
        lost(make_member("admin"))
        make_job(S.RUNNING, author=admin, order=make_painting(), problem="The disk is full.")
        assert "Every order has its answer and its files." in page(client)

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
        assert "2 need a decision, 20 cr on hold" in queue
        author = make_member("author", team=admin.team)
        client.force_login(author.user)
        assert "a decision, " not in client.get(reverse("queue")).content.decode()

    def test_is_not_there_when_there_is_nothing_to_decide(self, client, admin):
        assert "a decision, " not in client.get(reverse("queue")).content.decode()


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

    def test_fetch(self, client, admin):
        job = stuck(admin)
        assert press(client, "fetch", job).status_code == 302
        job.refresh_from_db()
        assert (job.status, job.problem) == (S.SAVING, "")

    def test_charge(self, client, admin):
        job = stuck(admin)
        assert press(client, "charge", job, amount="2.5").status_code == 302
        job.refresh_from_db()
        assert (job.status, job.charged) == (S.FAILED, 2_500_000)

    @pytest.mark.parametrize(
        "amount", ["", "0", "-1", "much", "1e99", "0.0000001", "nan", "Infinity", "1,5"]
    )
    def test_an_amount_that_can_not_be_is_refused_and_kept(self, client, admin, amount):
        job = stuck(admin)
        answer = press(client, "charge", job, amount=amount)
        told = answer.content.decode()
        assert answer.status_code == 422
        assert "What the provider charged, in our credits: must be a number above 0" in told
        assert f'value="{amount}"' in told or not amount
        job.refresh_from_db()
        assert (job.status, job.charged) == (S.SAVING, 0)

    def test_an_amount_above_the_budget_is_refused_in_a_sentence(self, client, admin):
        answer = press(client, "charge", stuck(admin), amount="100000")
        assert answer.status_code == 422
        assert "is more than the budget has" in answer.content.decode()

    def test_of_another_team_are_404(self, client, admin):
        job = lost(make_member("admin"))
        for way in WAYS:
            assert press(client, way, job, remote_id="x", sure="on").status_code == 404


class TestRawAnswers:
    @pytest.mark.parametrize("status", [S.FAILED, S.CANCELLED, S.UNCERTAIN])
    def test_are_folded_on_the_clip_page_for_admins_as_text(self, client, admin, status):
        job = lost(admin, status, category="moderation")
        told = client.get(f"/clips/{job.clip_id}/").content.decode()
        assert "HTTP 502 &lt;html&gt;canary&lt;/html&gt;" in told
        assert "<html>canary" not in told
        assert "refused in content moderation" in told
        fold = told[: told.index("canary")].rpartition("<details")[2]
        assert fold.startswith(">"), "it is not open"

    def test_of_takes_that_were_not_all_made_are_there_and_of_good_ones_not(self, client, admin):
        job = lost(admin, S.SUCCEEDED)
        address = f"/clips/{job.clip_id}/"
        assert "canary" not in client.get(address).content.decode()
        partly = Update(verdict=Verdict.SUCCEEDED, reason="1 of 2 takes was not made.").to_json()
        Attempt.objects.update(answer=partly)
        assert "canary" in client.get(address).content.decode()

    @pytest.mark.parametrize("role", ["author", "reviewer"])
    def test_are_never_on_pages_of_others(self, client, admin, role):
        job = lost(admin)
        client.force_login(make_member(role, team=admin.team).user)
        for address in ("/", f"/clips/{job.clip_id}/", f"/queue/?job={job.pk}"):
            assert "canary" not in client.get(address).content.decode()
        assert client.get(reverse("uncertain")).status_code == 403
