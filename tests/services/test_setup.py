from dataclasses import replace
from datetime import UTC, datetime

import pytest

from studio import ledger
from studio.core.orders import Order
from studio.models import Lane, PriceVersion, Rate, StoredAccount
from studio.providers.registry import all_providers
from studio.services import list_prices, setup
from tests.factories import make_team

pytestmark = pytest.mark.django_db


class TestLanes:
    def test_remote_ones_have_the_slots_of_their_document(self):
        setup._lay_lanes()
        slots = dict(Lane.objects.values_list("provider", "slots"))
        assert slots["runware"] == all_providers()["runware"].dialect.slots

    def test_the_account_says_how_many(self):
        StoredAccount(provider="runware", slots=9).save()
        setup._lay_lanes()
        assert Lane.objects.get(provider="runware").slots == 9

    def test_engines_have_those_of_this_machine(self, settings):
        settings.RENDERERS = 3
        setup._lay_lanes()
        assert Lane.objects.get(provider="animatic").slots == 3


def versions():
    rows = PriceVersion.objects.filter(team=None).exclude(provider="animatic")
    return sorted((row.provider, row.model, row.amount, row.unit) for row in rows)


class TestListPrices:
    def test_are_taken_over(self):
        list_prices.take_over()
        price = PriceVersion.objects.get(provider="runware")
        assert (price.per, price.amount, price.unit) == ("second", 70_000, "USD")
        assert price.valid_from == datetime(2026, 11, 20, tzinfo=UTC)
        assert "runware.ai" in price.source

    def test_an_order_can_be_quoted_by_them(self):
        list_prices.take_over()
        able = all_providers()["runware"].capabilities[0]
        order = Order(
            provider="runware", model=able.model, prompt="A door.",
            settings={**able.defaults(), "duration": 10},
        )  # fmt: skip
        assert ledger.quote(make_team(), order).amount == 70 * 10**6

    def test_are_there_once_however_often_the_studio_starts(self):
        list_prices.take_over()
        first = versions()
        list_prices.take_over()
        assert versions() == first

    def test_changed_list_is_followed_and_the_old_one_kept(self, monkeypatch):
        list_prices.take_over()
        provider = all_providers()["runware"]
        dearer = replace(provider.prices[0], amount=80_000, checked_on="2027-01-31")
        monkeypatch.setattr(provider, "prices", (dearer,))
        list_prices.take_over()
        amounts = PriceVersion.objects.filter(provider="runware").order_by("valid_from")
        assert [price.amount for price in amounts] == [70_000, 80_000]

    def test_conditions_tell_prices_apart(self, monkeypatch):
        provider = all_providers()["runware"]
        usual = provider.prices[0]
        large = replace(usual, conditions={"resolution": "1080p", "audio": True})
        monkeypatch.setattr(provider, "prices", (usual, large))
        list_prices.take_over()
        list_prices.take_over()
        assert PriceVersion.objects.filter(provider="runware").count() == 2


class TestRates:
    @pytest.fixture
    def _in_their_credits(self, monkeypatch):
        provider = all_providers()["runware"]
        monkeypatch.setattr(provider, "prices", (replace(provider.prices[0], unit="TRINETRA"),))

    @pytest.mark.usefixtures("_in_their_credits")
    def test_first_one_is_assumed_and_says_so(self):
        list_prices.take_over()
        list_prices.take_over()
        rate = Rate.objects.get()
        assert (rate.unit, rate.price) == ("TRINETRA", 10**10)
        assert rate.source == "Assumed until an admin sets it: one of their credits as one of ours"

    @pytest.mark.usefixtures("_in_their_credits")
    def test_what_an_admin_said_stays(self):
        said = {"valid_from": datetime(2026, 5, 1, tzinfo=UTC), "source": "an invoice"}
        Rate.objects.create(unit="TRINETRA", price=12 * 10**9, **said)
        list_prices.take_over()
        assert Rate.objects.count() == 1

    def test_none_for_units_whose_price_is_a_fact(self):
        list_prices.take_over()
        assert not Rate.objects.filter(unit="USD").exists()
