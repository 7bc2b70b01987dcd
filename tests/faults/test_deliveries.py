"""kill -9 anywhere while mails and webhooks are sent, and two workers at once, on both databases.

Mailbox and receiver stand in the test's own process, so they outlive every worker: what they got is
what counts. A letter comes at most once, a webhook at least once and as the same message.
DAILIES_DELIVERY_SEEDS=300 runs more.
"""

import os
import random
import smtplib
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.test.utils import override_settings
from django.utils import timezone

from studio.models import Delivery
from studio.pipeline import deliveries, hooks
from studio.providers import hooks as posting
from studio.tasks import ERRANDS
from tests.factories import make_endpoint, make_member, make_notice
from tests.faults.crashing import Killer
from tests.houses import empty, end
from tests.post_office import post_office
from tests.servers import Reply, Server

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork beside a thread

LAST_POINT = 160
SEEDS = int(os.environ.get("DAILIES_DELIVERY_SEEDS", "8"))
THINGS = 4
Status = Delivery.Status


def connected(port):
    """Mail by this post office, and receivers on loopback."""
    override_settings(
        ALLOW_PRIVATE=["127.0.0.0/8"], MAIL_IS_ON=True, PUBLIC_URL="https://studio.example",
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=False, EMAIL_USE_SSL=False,
        EMAIL_HOST_USER="", EMAIL_HOST_PASSWORD="", DEFAULT_FROM_EMAIL="dailies@studio.example",
    ).enable()  # fmt: skip
    hooks.HANG_SECONDS = 0


def found(url):
    """Somebody who is to hear of some things, by mail, webhook and Slack."""
    ana = make_member("admin")
    ways = [None, make_endpoint(ana, url), make_endpoint(ana, f"{url}/slack", format="slack")]
    past = timezone.now() - timedelta(minutes=1)
    for number in range(THINGS):
        notice = make_notice(ana, facts={"subject": f"Thing {number}.", "who": "Ben"})
        for way in ways:
            Delivery.objects.create(notice=notice, endpoint=way, next_at=past)
    return ana.pk


def live(_number, port, kill_at, *, only_outside=False, mutate=lambda: None):
    """Work until nothing is due, or until killed, with `only_outside` before or after a sending."""
    connected(port)
    mutate()
    if kill_at:
        killer = Killer(kill_at)
        smtplib.SMTP.data = killer.wrap(smtplib.SMTP.data)
        posting.post = killer.wrap(posting.post)
        if not only_outside:
            killer.arm()
    while errands := deliveries.errands():
        for errand in errands:
            ERRANDS[errand.way](errand.pk)


def states():
    rows = Delivery.objects.values_list("message_id", "endpoint__format", "status", "notice__facts")
    return [(key, way or "mail", status, facts["subject"]) for key, way, status, facts in rows]


def wrong(rows, office, receiver):
    """What must hold and does not, in sentences."""
    texts = [letter.get_body(("plain",)).get_content() for _, letter in office.letters]
    posts = Counter(
        one.headers.get("webhook-id") or one.json["text"].split(":")[0] for one in receiver.asked
    )
    for key, way, status, subject in rows:
        if status not in {Status.SENT, Status.UNSURE}:
            yield f"{subject} by {way} is {status}"
        mailed = sum(f"{subject}:" in text for text in texts)
        got = {"mail": mailed, "standard": posts[key], "slack": posts[subject]}[way]
        if way == "standard" and (status != Status.SENT or got < 1):
            yield f"{subject} came {got} times as a webhook and is {status}"
        if way != "standard" and (got > 1 or (status == Status.SENT and got < 1)):
            yield f"{subject} came {got} times by {way} and is {status}"


@pytest.fixture
def receiver():
    with Server(lambda _: Reply()) as server:
        yield server


@pytest.fixture
def office():
    with post_office() as opened:
        yield opened


class TestCrashes:
    def test_nothing_is_lost_and_nothing_said_twice(self, any_house, receiver, tmp_path):
        """Some lives with a kill each, one or two workers at a time, and then one to the end."""
        killed = 0
        for seed in range(SEEDS):
            dice = random.Random(f"deliveries {seed}")
            del receiver.asked[:]
            with post_office() as office:
                any_house.inside(empty)
                any_house.inside(found, receiver.url)
                for _ in range(dice.randint(1, 3)):
                    children = [
                        any_house.start(live, 0, office.port, dice.randint(1, LAST_POINT))
                        for _ in range(dice.choice([1, 1, 2]))
                    ]
                    killed += sum(end(*child) is None for child in children)
                any_house.inside(live, 0, office.port, 0)
                found_wrong = list(wrong(any_house.inside(states), office, receiver))
                assert found_wrong == [], f"seed {seed}"
        assert killed >= SEEDS // 2, "some have to die for this to prove something"


def mark_nothing():
    """A broken variant: what may have left is not written down before."""
    deliveries.about_to_send = lambda _taken: True


class TestMark:
    """Killed right after the letter was taken, where no answer was written down yet."""

    @pytest.mark.parametrize(("mutate", "letters"), [(lambda: None, 1), (mark_nothing, 2)])
    def test_is_what_keeps_a_letter_from_coming_twice(
        self, house, receiver, office, mutate, letters
    ):
        house.inside(found, receiver.url)
        after_the_letter = partial(live, only_outside=True, mutate=mutate)
        assert end(*house.start(after_the_letter, 0, office.port, 2)) is None
        assert len(office.letters) == 1
        house.inside(partial(live, mutate=mutate), 0, office.port, 0)
        assert len(office.letters) == letters


class TestTwoWorkersAtOnce:
    def test_make_one_letter_of_a_digest(self, any_house, receiver, office):
        for number in range(1, 9):
            any_house.inside(empty)
            any_house.inside(found, receiver.url)
            any_house.together(4, live, office.port, 0)
            assert len(office.letters) == number
        posts = Counter(one.headers.get("webhook-id") for one in receiver.asked)
        slack = posts.pop(None)
        assert set(posts.values()) == {1}
        assert (len(posts), slack) == (8 * THINGS, 8 * THINGS)
