"""Webhooks and Slack: added within limits, changed by their owners, sent again as the same message."""

import pytest

from studio.core.errors import InvalidEndpoint, NotAllowed, TooLate, UnsafeAddress
from studio.core.notices import Kind
from studio.models import Delivery, Endpoint
from studio.services import endpoints
from tests.factories import make_endpoint, make_member, make_notice

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:8000/services/T0001/secret1234"


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.ALLOW_PRIVATE = ["127.0.0.1/32"]


@pytest.fixture
def mei():
    return make_member("admin")


def add(member, **changes):
    values = {"for_team": True, "name": "Hook", "format": "standard", "url": URL, **changes}
    return endpoints.add(member, **values)


class TestAdd:
    def test_secret_and_address_are_kept_encrypted(self, mei):
        made, secret = add(mei, events=[Kind.NOTE])
        row = Endpoint.objects.values().get()
        assert secret.startswith("whsec_")
        assert made.secrets() == [secret]
        assert made.address() == URL
        assert all(secret not in str(value) and URL not in str(value) for value in row.values())

    def test_slack_has_no_secret(self, mei):
        made, secret = add(mei, format="slack")
        assert (secret, made.secrets()) == ("", [])

    def test_team_s_are_for_admins(self, mei):
        author = make_member(team=mei.team)
        with pytest.raises(NotAllowed):
            add(author)
        made, _ = add(author, for_team=False)
        assert made.member == author

    @pytest.mark.parametrize(("for_team", "most"), [(True, 20), (False, 10)])
    def test_a_hundred_are_too_many(self, mei, for_team, most):
        for _ in range(most):
            add(mei, for_team=for_team)
        for _ in range(100 - most):
            with pytest.raises(InvalidEndpoint, match=f"can have {most} webhooks; remove one"):
                add(mei, for_team=for_team)
        add(mei, for_team=not for_team)

    def test_long_and_unsafe_addresses(self, mei, settings):
        with pytest.raises(InvalidEndpoint, match="at most 500"):
            add(mei, url=URL + "x" * 500)
        settings.ALLOW_PRIVATE = []
        with pytest.raises(UnsafeAddress, match="this machine"):
            add(mei)
        assert not Endpoint.objects.exists()


class TestChange:
    def test_empty_address_keeps_the_one_there_is(self, mei):
        made, _ = add(mei)
        endpoints.change(mei, made, name="Other", events=[Kind.REPLY])
        made.refresh_from_db()
        assert (made.name, made.events, made.address()) == ("Other", [Kind.REPLY], URL)
        endpoints.change(mei, made, name="Other", url=f"{URL}/2")
        made.refresh_from_db()
        assert made.address() == f"{URL}/2"

    def test_by_nobody_else(self, mei):
        own = make_endpoint(make_member(team=mei.team), for_team=False)
        with pytest.raises(NotAllowed):
            endpoints.change(mei, own, name="Mine")
        with pytest.raises(NotAllowed):
            endpoints.remove(make_member("admin"), own)

    def test_replaced_secret_leaves_the_former_one_signing_for_a_day(self, mei):
        made, former = add(mei)
        secret = endpoints.rotate(mei, made)
        made.refresh_from_db()
        assert made.secrets() == [secret, former]
        assert endpoints.rotate(mei, made) not in {secret, former}
        assert made.secrets()[1] == secret

    def test_slack_has_none_to_replace(self, mei):
        made, _ = add(mei, format="slack")
        with pytest.raises(InvalidEndpoint, match="Slack has no secret"):
            endpoints.rotate(mei, made)

    def test_turned_on_again_forgets_why_it_was_off(self, mei):
        made = make_endpoint(mei, is_on=False, off_because="Gone.")
        endpoints.switch(mei, made, on=True)
        made.refresh_from_db()
        assert (made.is_on, made.off_because) == (True, "")


class TestSend:
    def test_a_test_goes_to_this_one_alone_and_to_no_list(self, mei):
        make_endpoint(mei)
        made = make_endpoint(mei, for_team=False)
        endpoints.test(mei, made)
        (delivery,) = Delivery.objects.all()
        assert delivery.endpoint == made
        assert delivery.notice.said == "This is a test from Dailies"
        assert not delivery.notice.on_page

    def test_again_by_hand_keeps_the_id_and_begins_the_schedule_anew(self, mei):
        made = make_endpoint(mei)
        old = Delivery.objects.create(
            notice=make_notice(mei), endpoint=made, status="failed", tries=10, code=500,
            next_at="2026-01-01T00:00Z",
        )  # fmt: skip
        endpoints.repeat(mei, old)
        again = Delivery.objects.get()
        assert (again.message_id, again.status, again.tries) == (old.message_id, "waiting", 0)
        assert again in Delivery.objects.due()
        with pytest.raises(TooLate, match="being sent"):
            endpoints.repeat(mei, old)

    def test_nothing_goes_to_one_that_is_off(self, mei):
        made = make_endpoint(mei, is_on=False)
        old = Delivery.objects.create(
            notice=make_notice(mei), endpoint=made, status="failed", next_at="2026-01-01T00:00Z"
        )
        for act in (lambda: endpoints.test(mei, made), lambda: endpoints.repeat(mei, old)):
            with pytest.raises(TooLate, match="is off"):
                act()
