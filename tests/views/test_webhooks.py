"""The address that providers call: open, small, and silent about what it knows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.views.webhooks import MOST_BYTES
from tests.factories import make_job, make_painting


@pytest.fixture
def attempt(paid):
    later = timezone.now() + timedelta(minutes=5)
    job = make_job(JobStatus.RUNNING, order=make_painting("paid"), next_step_at=later)
    return Attempt.objects.create(
        job=job, number=1, reference="r", remote_id="theirs", outcome="accepted"
    )


def call(attempt, body=b"{}", *, secret="", content_type="application/json"):
    """Without a session, and with the checks that browsers are put to."""
    address = reverse("webhook", args=["paid", secret or attempt.secret])
    return Client(enforce_csrf_checks=True).post(address, body, content_type=content_type)


class TestWebhook:
    def test_needs_neither_a_session_nor_a_token(self, attempt):
        assert call(attempt, b'{"status": "succeeded"}').status_code == 200
        assert Job.objects.get().next_step_at <= timezone.now()

    def test_is_answered_the_same_whatever_is_known(self, attempt):
        known, unknown = call(attempt), call(attempt, secret="x" * 43)
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        assert known.status_code == 200

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"\xff\xfe", b"null", b"[" * 50_000, b'"\\ud800"', b"a=b&c=d"]
    )
    def test_a_body_that_is_no_json_still_says_that_there_is_news(self, attempt, body):
        assert call(attempt, body).status_code == 200
        attempt.refresh_from_db()
        assert attempt.calls == 1

    def test_a_form_is_taken_as_well(self, attempt):
        form = "application/x-www-form-urlencoded"
        assert call(attempt, b"a=b", content_type=form).status_code == 200

    def test_more_than_64_kb_are_refused_and_not_counted(self, attempt):
        assert call(attempt, b"x" * (MOST_BYTES + 1)).status_code == 413
        assert call(attempt, b" " * MOST_BYTES).status_code == 200
        attempt.refresh_from_db()
        assert attempt.calls == 1

    def test_an_unknown_secret_is_not_written_anywhere(self, attempt, caplog):
        caplog.set_level(0)
        call(attempt, b'{"secret": "canary"}', secret="canary-secret")
        assert "canary" not in caplog.text

    @pytest.mark.parametrize("method", ["get", "put", "delete"])
    def test_can_only_be_posted_to(self, attempt, method):
        address = reverse("webhook", args=["paid", attempt.secret])
        assert getattr(Client(), method)(address).status_code == 405

    def test_is_the_address_that_the_provider_was_told(self, attempt, settings):
        settings.PUBLIC_URL = "https://studio.example"
        told = f"/in/paid/{attempt.secret}/"
        assert reverse("webhook", args=["paid", attempt.secret]) == told
