"""Webhooks against receivers on loopback: each answer has its consequence, and none is sent twice."""

import json
import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from studio.core import retries
from studio.core.notices import Kind
from studio.models import Delivery, Endpoint, Notice
from studio.models.deliveries import claim
from studio.pipeline import deliveries, hooks, lease
from studio.pipeline.deliveries import Errand, Way
from studio.providers import hooks as posting
from tests.factories import make_endpoint, make_member, make_notice
from tests.servers import Reply, Server

pytestmark = pytest.mark.django_db
Status = Delivery.Status


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.ALLOW_PRIVATE = ["127.0.0.1/32"]


@pytest.fixture
def mei():
    return make_member("admin", name="Mei Tanaka")


@pytest.fixture
def receiver():
    """Answers with `receiver.reply`."""
    with Server(lambda _: server.reply) as server:
        server.reply = Reply(body=b"Thank you.")
        yield server


def due(endpoint, **fields):
    notice = make_notice(endpoint.created_by, **fields)
    return Delivery.objects.create(notice=notice, endpoint=endpoint, next_at=timezone.now())


def make_due():
    Delivery.objects.update(next_at=timezone.now())
    Endpoint.objects.update(resting_until=None)


def after(delivery):
    delivery.refresh_from_db()
    return delivery


class TestMessage:
    def test_is_signed_so_that_the_library_of_the_standard_accepts_it(self, mei, receiver):
        endpoint = make_endpoint(mei, receiver.url)
        delivery = due(endpoint)
        hooks.tell(endpoint.pk)
        (asked,) = receiver.asked
        said = Webhook(endpoint.secrets()[0]).verify(asked.body.decode(), dict(asked.headers))
        assert said["type"] == "note.written"
        assert said["data"] == {
            "subject": "Red door", "who": "Ben", "text": "More snow.", "said": "Ben wrote a note",
        }  # fmt: skip
        assert asked.method == "POST"
        assert asked.headers["webhook-id"] == delivery.message_id
        assert asked.headers["content-type"] == "application/json"
        assert after(delivery).status == Status.SENT
        assert (delivery.code, delivery.answer) == (200, "Thank you.")

    def test_both_secrets_sign_until_the_former_one_has_run_out(self, mei, receiver):
        endpoint = make_endpoint(mei, receiver.url)
        former = endpoint.secret
        endpoint.former_secret, endpoint.former_until = former, timezone.now() + timedelta(hours=1)
        endpoint.lock_up(secret="whsec_" + "QUJD" * 10)
        endpoint.save()
        due(endpoint)
        hooks.tell(endpoint.pk)
        endpoint.former_until = timezone.now()
        endpoint.save()
        due(endpoint)
        hooks.tell(endpoint.pk)
        signed = [len(asked.headers["webhook-signature"].split()) for asked in receiver.asked]
        assert signed == [2, 1]

    def test_slack_gets_its_own_format_and_no_signature(self, mei, receiver):
        endpoint = make_endpoint(mei, receiver.url, format="slack")
        due(endpoint)
        hooks.tell(endpoint.pk)
        (asked,) = receiver.asked
        assert asked.json["text"] == "Red door: Ben wrote a note"
        assert "webhook-signature" not in asked.headers

    def test_is_small(self, mei, receiver):
        endpoint = make_endpoint(mei, receiver.url)
        due(endpoint, facts={"subject": "😀" * 120, "text": "😀" * 300, "who": "😀" * 80})
        hooks.tell(endpoint.pk)
        assert receiver.asked[0].size < 20_000
        json.loads(receiver.asked[0].body)

    def test_in_the_order_of_events(self, mei, receiver):
        endpoint = make_endpoint(mei, receiver.url)
        ids = [due(endpoint).message_id for _ in range(5)]
        hooks.tell(endpoint.pk)
        assert [asked.headers["webhook-id"] for asked in receiver.asked] == ids


class TestAnswers:
    @pytest.mark.parametrize("status", [200, 201, 202, 204])
    def test_every_2xx_is_success(self, mei, receiver, status):
        receiver.reply = Reply(status=status)
        delivery = due(make_endpoint(mei, receiver.url))
        hooks.tell(delivery.endpoint_id)
        assert after(delivery).status == Status.SENT

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_no_redirect_is_followed(self, mei, receiver, status):
        with Server(lambda _: Reply()) as elsewhere:
            receiver.reply = Reply(status=status, headers={"location": elsewhere.url})
            delivery = due(make_endpoint(mei, receiver.url))
            hooks.tell(delivery.endpoint_id)
            assert elsewhere.connections == 0
        assert (after(delivery).status, delivery.code) == (Status.WAITING, status)

    @pytest.mark.parametrize("status", [400, 401, 404, 500, 502, 504])
    def test_same_message_again_by_the_schedule(self, mei, receiver, status):
        receiver.reply = Reply(status=status, body=b"Not now.")
        delivery = due(make_endpoint(mei, receiver.url))
        hooks.tell(delivery.endpoint_id)
        wait = after(delivery).next_at - timezone.now()
        assert timedelta(seconds=3.5) <= wait <= timedelta(seconds=5.5)
        assert (delivery.status, delivery.tries, delivery.code) == (Status.WAITING, 1, status)
        assert delivery.answer == "Not now."
        make_due()
        receiver.reply = Reply()
        hooks.tell(delivery.endpoint_id)
        first, second = receiver.asked
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.body == second.body
        assert after(delivery).status == Status.SENT

    @pytest.mark.parametrize("status", [429, 503])
    def test_pause_that_was_asked_for_is_kept_for_the_whole_endpoint(self, mei, receiver, status):
        receiver.reply = Reply(status=status, headers={"retry-after": "120"})
        endpoint = make_endpoint(mei, receiver.url)
        delivery, other = due(endpoint), due(endpoint)
        hooks.tell(endpoint.pk)
        hooks.tell(endpoint.pk)
        assert len(receiver.asked) == 1
        assert after(delivery).next_at - timezone.now() > timedelta(seconds=115)
        assert after(other).status == Status.WAITING
        assert deliveries.errands() == []
        make_due()
        assert deliveries.errands() == [Errand(Way.POST, endpoint.pk)]

    def test_gone_turns_it_off_and_tells_its_owner(self, mei, receiver):
        receiver.reply = Reply(status=410)
        endpoint = make_endpoint(mei, receiver.url, for_team=False)
        first, second = due(endpoint), due(endpoint)
        hooks.tell(endpoint.pk)
        endpoint.refresh_from_db()
        assert not endpoint.is_on
        assert (after(first).status, after(second).status) == (Status.FAILED, Status.FAILED)
        told = Notice.objects.get(kind=Kind.ENDPOINT_OFF)
        assert told.member == mei
        assert "410" in told.text
        hooks.tell(endpoint.pk)
        assert len(receiver.asked) == 1

    def test_after_the_last_try_it_is_kept_for_a_person(self, mei, receiver):
        receiver.reply = Reply(status=500)
        delivery = due(make_endpoint(mei, receiver.url))
        for _ in range(retries.MOST_TRIES + 2):
            make_due()
            hooks.tell(delivery.endpoint_id)
        assert (after(delivery).status, delivery.tries) == (Status.FAILED, retries.MOST_TRIES)
        assert len(receiver.asked) == retries.MOST_TRIES
        assert not delivery.endpoint.is_on
        assert Notice.objects.filter(kind=Kind.ENDPOINT_OFF).count() == 1

    def test_one_that_took_others_meanwhile_stays_on(self, mei, receiver):
        endpoint = make_endpoint(mei, receiver.url)
        delivery = due(endpoint)
        Delivery.objects.update(tries=retries.MOST_TRIES - 1)
        Endpoint.objects.update(worked_at=timezone.now())
        receiver.reply = Reply(status=500)
        hooks.tell(endpoint.pk)
        endpoint.refresh_from_db()
        assert (after(delivery).status, endpoint.is_on) == (Status.FAILED, True)

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(until=threading.Event()),
            Reply(raw=b"HTTP/1.1 200 OK\r\nx-long: " + b"y" * 9999, pause=0.05),
            Reply(cut=0),
        ],
        ids=["hang", "drip", "close"],
    )
    def test_one_that_never_answers_holds_up_nobody_for_long(
        self, mei, receiver, monkeypatch, reply
    ):
        monkeypatch.setattr(posting, "SECONDS", 0.5)
        receiver.reply = reply
        endpoint = make_endpoint(mei, receiver.url)
        delivery, _ = due(endpoint), due(endpoint)
        hooks.tell(endpoint.pk)
        assert len(receiver.asked) == 1, "the second waits until it may be asked again"
        assert (after(delivery).status, delivery.code) == (Status.WAITING, None)
        endpoint.refresh_from_db()
        assert endpoint.resting_until > timezone.now() + timedelta(seconds=50)

    def test_status_counts_though_the_rest_drips(self, mei, receiver, monkeypatch):
        monkeypatch.setattr(posting, "SECONDS", 0.5)
        receiver.reply = Reply(body=b"x" * 9999, pause=0.05)
        delivery = due(make_endpoint(mei, receiver.url))
        hooks.tell(delivery.endpoint_id)
        assert after(delivery).status == Status.SENT

    def test_answer_is_kept_in_part_and_as_text(self, mei, receiver):
        receiver.reply = Reply(status=500, body=b"\0\xff<b>" + b"x" * 100_000)
        delivery = due(make_endpoint(mei, receiver.url))
        hooks.tell(delivery.endpoint_id)
        assert after(delivery).answer.startswith("�<b>xxx")
        assert len(delivery.answer) == 300

    def test_nobody_there(self, mei, receiver):
        delivery = due(make_endpoint(mei, "http://127.0.0.1:1/"))
        hooks.tell(delivery.endpoint_id)
        assert (after(delivery).status, delivery.code) == (Status.WAITING, None)
        assert "No connection" in delivery.answer


class TestSlack:
    """It can not tell that it has a message already, so what it maybe has is not sent again."""

    @pytest.mark.parametrize("reply", [Reply(status=500), Reply(status=502), Reply(cut=0)])
    def test_maybe_said(self, mei, receiver, reply):
        receiver.reply = reply
        delivery = due(make_endpoint(mei, receiver.url, format="slack"))
        hooks.tell(delivery.endpoint_id)
        make_due()
        hooks.tell(delivery.endpoint_id)
        assert after(delivery).status == Status.UNSURE
        assert len(receiver.asked) == 1

    @pytest.mark.parametrize("status", [429, 503, 404])
    def test_surely_not_said(self, mei, receiver, status):
        receiver.reply = Reply(status=status)
        delivery = due(make_endpoint(mei, receiver.url, format="slack"))
        hooks.tell(delivery.endpoint_id)
        assert after(delivery).status == Status.WAITING


class TestWorkersThatAreGone:
    def held(self, endpoint, *, sent):
        delivery = due(endpoint)
        owner = lease.owner().rsplit(":", 3)[0] + ":999999999:1:1"
        claim(Delivery.objects.filter(pk=delivery.pk), owner=owner, until=lease.until(), batch="b")
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=timezone.now() if sent else None)
        return delivery

    @pytest.mark.parametrize("format", ["standard", "slack"])
    def test_what_surely_did_not_leave_goes_again(self, mei, format):
        delivery = self.held(make_endpoint(mei, format=format), sent=False)
        assert deliveries.errands() == [Errand(Way.POST, delivery.endpoint_id)]

    def test_what_maybe_left_goes_again_to_who_can_tell(self, mei, receiver):
        delivery = self.held(make_endpoint(mei, receiver.url), sent=True)
        assert deliveries.errands() == [Errand(Way.POST, delivery.endpoint_id)]
        hooks.tell(delivery.endpoint_id)
        assert receiver.asked[0].headers["webhook-id"] == delivery.message_id

    def test_what_maybe_left_goes_to_nobody_else_again(self, mei):
        delivery = self.held(make_endpoint(mei, format="slack"), sent=True)
        assert deliveries.errands() == []
        assert after(delivery).status == Status.UNSURE

    def test_of_another_machine_only_when_the_lease_is_over(self, mei):
        delivery = self.held(make_endpoint(mei), sent=False)
        Delivery.objects.update(lease_owner="elsewhere:1:1:1")
        assert deliveries.errands() == []
        Delivery.objects.update(lease_until=timezone.now())
        assert deliveries.errands() == [Errand(Way.POST, delivery.endpoint_id)]

    def test_a_living_worker_keeps_what_it_has(self, mei):
        delivery = due(make_endpoint(mei))
        held = Delivery.objects.filter(pk=delivery.pk)
        claim(held, owner=lease.owner(), until=lease.until(), batch="b")
        assert deliveries.errands() == []
        assert after(delivery).status == Status.SENDING


class TestReach:
    def test_own_endpoints_need_encryption_those_of_admins_do_not(self, mei):
        assert not hooks.reach_of(make_endpoint(mei, for_team=False)).plain
        assert hooks.reach_of(make_endpoint(mei)).plain

    def test_an_address_that_leads_elsewhere_later_is_not_asked(self, mei, receiver, settings):
        settings.ALLOW_PRIVATE = []
        delivery = due(make_endpoint(mei, receiver.url))
        hooks.tell(delivery.endpoint_id)
        assert receiver.connections == 0
        assert "this machine" in after(delivery).answer

    def test_secret_that_can_not_be_read_any_more(self, mei, receiver, settings):
        delivery = due(make_endpoint(mei, receiver.url))
        settings.SECRET_KEY = "another one"
        hooks.tell(delivery.endpoint_id)
        assert "DAILIES_SECRET_KEY" in after(delivery).answer
        assert receiver.connections == 0
