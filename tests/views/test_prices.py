"""The page of prices and rates: what it refuses, with which sentence, and what it shows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.core.money import MICRO, PICO
from studio.models import PriceVersion, Rate
from studio.services import list_prices
from tests.factories import make_member, make_price, make_project

pytestmark = pytest.mark.django_db

PRICE = {"able": "animatic/animatic-1", "per": "second", "amount": "2", "unit": "credit"}
RATE = {"unit": "EUR", "price": "1.08"}
AMOUNT = "Amount must be a number from 0 to 100,000 with at most 6 decimals, like 2 or 0.07."
COSTS = "Costs must be a number of dollars from 0.000001 to 100,000 with at most 12 decimals"
DAY = "must be a day from today"

# Field, what was typed, and the sentence that names the field and what it may be.
BAD_PRICES = [
    *(("amount", value, AMOUNT) for value in
      ("", "-1", "-0.01", "1000000000000", "100000.01", "NaN", "Infinity", "1e999", "two", "0x1",
       "0.07" + "0" * 17 + "1", "1" * 400)),
    ("unit", "shells", "In must be our credits, those of a provider, or the code of a currency"),
    ("unit", "eur", "In must be our credits"),
    ("unit", "XXX", "In must be our credits"),
    ("per", "minute", "For each must be second or take, not “minute”."),
    ("per", "", "For each is needed: second or take."),
    ("able", "nobody/none", "Model must be one of the list, not “nobody/none”."),
    ("able", "", "Model is needed"),
    ("only_for", "resolution=4K", "Only for must be empty or "),
    ("only_for", "fps=24", "Only for must be empty or "),
    ("only_for", "resolution", "Only for must be empty or "),
    ("only_for", "x" * 101, "Only for may have at most 100 characters."),
    *(("starts", value, f"From {DAY}") for value in
      ("2020-01-01", "0001-01-01", "9999-12-31", "2999-01-01", "tomorrow", "31.12.2026", "2026-02-30")),
    *(("ends", value, f"Until {DAY}") for value in ("2020-01-01", "9999-12-31", "soon")),
    ("ends", str(timezone.now().date()), "Until must be a day after From and after today, or empty."),
]  # fmt: skip
BAD_RATES = [
    *(("price", value, COSTS) for value in
      ("", "0", "-1", "0.0000001", "1000000000000", "NaN", "Infinity", "x", "1." + "0" * 20 + "1")),
    ("unit", "USD", "One of must be the credits of a provider, or the code of a currency like EUR"),
    ("unit", "AIML", "One of must be the credits of a provider"),
    ("unit", "credit", "One of must be the credits of a provider"),
    ("unit", "shells", "One of must be the credits of a provider"),
    ("unit", "", "One of is needed"),
    *(("starts", value, f"From {DAY}") for value in ("2020-01-01", "9999-12-31", "later")),
]  # fmt: skip


def day(number: int) -> str:
    return str(timezone.localdate() + timedelta(days=number))


@pytest.fixture
def admin(client):
    member = make_member("admin")
    make_project(member.team)
    client.force_login(member.user)
    return member


def _part(name: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": f"div#{name}"}


class TestBadInput:
    @pytest.mark.parametrize("route", ["price", "price-preview"])
    @pytest.mark.parametrize(("field", "value", "sentence"), BAD_PRICES)
    def test_of_a_price(self, client, admin, route, field, value, sentence):
        response = client.post(reverse(route), {**PRICE, field: value})
        text = response.content.decode()
        assert response.status_code == 422
        assert sentence in text
        assert value in text
        assert not PriceVersion.objects.filter(team=admin.team).exists()

    @pytest.mark.parametrize("route", ["rate", "rate-preview"])
    @pytest.mark.parametrize(("field", "value", "sentence"), BAD_RATES)
    def test_of_a_rate(self, client, admin, route, field, value, sentence):
        response = client.post(reverse(route), {**RATE, field: value})
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not Rate.objects.filter(team=admin.team).exists()

    def test_a_model_without_choices_takes_no_conditions(self, client, admin):
        body = {**PRICE, "able": "runware/klingai:6@1", "only_for": "mode=pro"}
        response = client.post(reverse("price"), body)
        assert "Only for must be empty or" in response.content.decode()
        assert response.status_code == 422

    @pytest.mark.parametrize("key", ["x", "0", "-3", "9" * 40])
    def test_nonsense_to_replace_replaces_nothing(self, client, admin, key):
        assert client.post(reverse("price"), {**PRICE, "replaces": key}).status_code == 422

    @pytest.mark.parametrize("key", ["", "x", "9" * 40, "²"])
    def test_nonsense_of_a_page_is_its_beginning(self, client, admin, key):
        assert client.get(reverse("settings-prices"), {"before": key}).status_code == 200

    @pytest.mark.parametrize(
        "query", [{}, {"provider": "x"}, {"provider": "animatic", "before": "9"}]
    )
    def test_no_such_history(self, client, admin, query):
        assert client.get(reverse("price-history"), query).status_code == 404


class TestSetting:
    def test_free_is_a_price(self, client, admin):
        client.post(reverse("price"), {**PRICE, "amount": "0"})
        assert PriceVersion.objects.get(team=admin.team).amount == 0

    def test_days_begin_in_the_teams_time_zone(self, client, admin):
        admin.team.time_zone = "America/Los_Angeles"
        admin.team.save()
        client.post(reverse("price"), {**PRICE, "starts": day(3), "ends": day(5), "unit": "EUR"})
        row = PriceVersion.objects.get(team=admin.team)
        assert row.valid_from.hour in {7, 8}
        assert (row.valid_until - row.valid_from).days == 2
        assert row.unit == "EUR"

    def test_in_the_way_offers_to_take_its_place(self, client, admin):
        body = {**PRICE, "starts": day(3)}
        client.post(reverse("price"), body)
        first = PriceVersion.objects.get(team=admin.team)
        response = client.post(reverse("price"), {**body, "amount": "3"}, headers=_part("prices"))
        text = response.content.decode()
        assert response.status_code == 422
        assert "From must be another day: 2 credit per second begins on" in text
        assert f'name="replaces" value="{first.pk}"' in text
        client.post(reverse("price"), {**body, "amount": "3", "replaces": first.pk})
        assert PriceVersion.objects.get(replaces=first).amount == 3 * MICRO

    def test_another_teams_version_is_never_replaced(self, client, admin):
        theirs = make_price(team=make_member("admin").team)
        client.post(reverse("price"), {**PRICE, "replaces": theirs.pk})
        assert PriceVersion.objects.get(team=admin.team).replaces is None

    def test_a_rate_from_a_day_on(self, client, admin):
        response = client.post(reverse("rate"), {**RATE, "starts": day(3)}, headers=_part("prices"))
        assert "The rate is valid from its day on." in response.content.decode()
        rate = Rate.objects.get(team=admin.team)
        assert (rate.price, rate.unit, rate.created_by) == (PICO * 108 // 100, "EUR", admin)
        again = client.post(reverse("rate"), {**RATE, "starts": day(3)})
        assert again.status_code == 422
        assert "a rate of 1.08 USD begins on" in again.content.decode()


class TestPreview:
    def test_says_when_it_begins_and_what_comes_after(self, client, admin):
        body = {**PRICE, "starts": day(3), "ends": day(5)}
        response = client.post(reverse("price-preview"), body, headers=_part("price-preview"))
        text = " ".join(response.content.decode().split())
        assert "would cost <b>10 cr</b> from" in text
        assert "now 0 cr. From" in text
        assert "on it would cost 0 cr." in text

    def test_a_price_in_euros_without_a_rate_is_said_at_its_field(self, client, admin):
        response = client.post(reverse("price-preview"), {**PRICE, "unit": "EUR"})
        assert response.status_code == 422
        assert "Nobody said what one EUR costs" in response.content.decode()

    def test_of_a_rate(self, client, admin):
        make_price(team=admin.team, unit="EUR")
        response = client.post(reverse("rate-preview"), RATE, headers=_part("rate-preview"))
        text = response.content.decode()
        assert "1 EUR is <b>108 cr</b>" in text
        assert "there is no rate now" in text
        assert not Rate.objects.filter(team=admin.team).exists()


class TestPage:
    def test_shows_what_is_valid_planned_and_hidden_and_who_set_it(self, client, admin):
        list_prices.take_over()
        client.post(reverse("price"), {**PRICE, "able": "runware/klingai:6@1", "unit": "USD"})
        client.post(reverse("price"), {**PRICE, "starts": day(3), "ends": day(9)})
        text = client.get(reverse("settings-prices")).content.decode()
        for word in (
            "Planned",
            "Valid",
            "Not used",
            f"Set by {admin}",
            "runware.ai/docs/models",
            ">runware.ai</a>",
        ):
            assert word in text, word
        assert text.count("No price now: can not be ordered") >= 3

    def test_history_has_every_version_page_by_page(self, client, admin):
        now = timezone.now()
        for number in range(60):
            make_price(
                team=admin.team, model="animatic-1", valid_from=now - timedelta(days=number + 1),
                source=f"version {number:02d}",
            )  # fmt: skip
        query = {"provider": "animatic", "model": "animatic-1"}
        first = client.get(reverse("price-history"), query)
        assert first.content.decode().count("version ") == 50
        before = first.context["history"].before
        rest = client.get(reverse("price-history"), {**query, "before": before}).content.decode()
        assert rest.count("version ") == 10
        assert "version 59" in rest

    def test_other_teams_versions_are_not_shown(self, client, admin):
        make_price(team=make_member().team, model="animatic-1", source="their own secret")
        assert "their own secret" not in client.get(reverse("settings-prices")).content.decode()
        query = {"provider": "animatic", "model": "animatic-1"}
        assert client.get(reverse("price-history"), query).status_code == 404

    def test_rates_page_by_page_with_their_ends(self, client, admin):
        now = timezone.now()
        for number in range(60):
            Rate.objects.create(
                team=admin.team, unit="EUR", price=number + 1, source=f"rate {number:02d}",
                valid_from=now - timedelta(days=number),
            )  # fmt: skip
        first = client.get(reverse("settings-prices"))
        lines = first.context["rates"].lines
        assert [line.is_over for line in lines] == [False] + [True] * 49
        assert lines[1].until == lines[0].rate.valid_from
        before = first.context["rates"].before
        rest = client.get(reverse("settings-prices"), {"before": before}).content.decode()
        assert "rate 59" in rest
        assert "rate 00" not in rest

    def test_number_of_queries_does_not_grow(self, client, admin, django_assert_max_num_queries):
        def more() -> None:
            make_price(team=admin.team, created_by=make_member("admin", team=admin.team))
            make_price(team=admin.team, model="animatic-1")
            Rate.objects.create(
                team=admin.team, unit="EUR", price=1, valid_from=timezone.now(), source="test",
                created_by=admin,
            )  # fmt: skip

        query = {"provider": "animatic", "model": "animatic-1"}
        for route, asked in (("settings-prices", {}), ("price-history", query)):
            more()
            with django_assert_max_num_queries(20) as first:
                client.get(reverse(route), asked)
            for _ in range(5):
                more()
            with django_assert_max_num_queries(len(first)):
                client.get(reverse(route), asked)
