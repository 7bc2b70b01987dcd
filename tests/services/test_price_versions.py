"""Which price is valid when: versions follow each other, end, take each other's place, never overlap."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio import ledger
from studio.core.errors import InvalidPrice, NoPrice, NoRate, PriceChanged, PricesOverlap
from studio.core.money import MICRO, PICO
from studio.core.orders import Order
from studio.core.prices import Price
from studio.models import Job, LedgerEntry, PriceVersion, Rate
from studio.providers.animatic import CAPABILITY
from studio.providers.registry import all_providers
from studio.reports.pulse import pulse
from studio.services import jobs, list_prices, price_previews, prices, rates
from tests.factories import (
    make_job,
    make_lane,
    make_member,
    make_order,
    make_painting,
    make_price,
    make_project,
    make_team,
)
from tests.houses import in_threads

TODAY = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


def day(number: int) -> datetime:
    """Midnight, so many days from today."""
    return TODAY + timedelta(days=number)


@pytest.fixture
def admin(db):
    return make_member("admin")


@pytest.fixture
def at(monkeypatch):
    """Set the clock of everything that asks what time it is."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return turn


def put(member, amount, starts=None, ends=None, **more):
    """A price of so many credits a take."""
    price = Price(
        able=CAPABILITY, per="take", amount=amount * MICRO, valid_from=starts, valid_until=ends, **more
    )  # fmt: skip
    return prices.set_price(member, price)


def cost(member) -> int:
    return ledger.quote(member.team, make_order()).amount // MICRO


class TestValidity:
    def test_each_version_ends_when_the_next_begins(self, admin, at):
        put(admin, 2)
        put(admin, 3, day(2))
        put(admin, 4, day(5))
        costs = []
        for number in (0, 1, 2, 4, 5, 9):
            at(day(number) + timedelta(hours=23, minutes=59))
            costs.append(cost(admin))
        assert costs == [2, 2, 3, 3, 4, 4]

    def test_the_end_is_no_part_of_it(self, admin, at):
        put(admin, 2, ends=day(3))
        at(day(3) - timedelta(microseconds=1))
        assert cost(admin) == 2
        at(day(3))
        assert cost(admin) == 0  # the studio's own price of Animatic

    def test_what_was_before_a_price_that_is_over_does_not_come_back(self, admin, at):
        PriceVersion._base_manager.all()._raw_delete("default")
        put(admin, 2)
        put(admin, 1, day(2), day(4))
        at(day(4))
        with pytest.raises(NoPrice, match="no price for animatic"):
            cost(admin)

    def test_a_narrower_one_that_is_over_leaves_the_wider_one(self, admin, at):
        put(admin, 2)
        put(admin, 9, ends=day(3), conditions={"resolution": "720p"})
        assert cost(admin) == 9
        at(day(3))
        assert cost(admin) == 2

    def test_the_same_conditions_in_another_order_are_the_same_kind(self, admin):
        first = {"resolution": "720p", "aspect": "16:9"}
        put(admin, 2, day(1), conditions=first)
        with pytest.raises(PricesOverlap):
            put(admin, 3, day(1), conditions=dict(reversed(first.items())))

    def test_open_pages_hear_of_a_price_that_begins_or_ends(self, admin):
        before = pulse(admin.team).prices
        make_price(team=admin.team, valid_from=day(1), valid_until=day(2))
        assert pulse(admin.team).prices == before
        make_price(team=admin.team, valid_from=day(-3), valid_until=day(2))
        assert pulse(admin.team).prices == before + 1
        make_price(team=admin.team, valid_from=day(-4), valid_until=day(-3))
        assert pulse(admin.team).prices == before + 3
        Rate.objects.create(team=admin.team, unit="EUR", price=1, valid_from=day(-1), source="test")
        assert pulse(admin.team).prices == before + 4


class TestOverlap:
    def test_same_moment_is_refused_with_the_other_ones_day_and_amount(self, admin):
        put(admin, 2, datetime(2031, 3, 1, tzinfo=UTC))
        with pytest.raises(PricesOverlap) as caught:
            put(admin, 3, datetime(2031, 3, 1, tzinfo=UTC))
        assert caught.value.message == (
            "From must be another day: 2 credit per take begins on 1 Mar 2031 already."
        )
        assert caught.value.field == "starts"
        assert PriceVersion.objects.filter(team=admin.team).count() == 1

    def test_within_the_range_of_another_is_refused(self, admin):
        first = put(admin, 2, datetime(2031, 3, 1, tzinfo=UTC), datetime(2031, 4, 1, tzinfo=UTC))
        with pytest.raises(PricesOverlap) as caught:
            put(admin, 3, datetime(2031, 3, 9, tzinfo=UTC))
        assert caught.value.message == (
            "From must be 1 Apr 2031 or later: 2 credit per take is valid from 1 Mar 2031 "
            "until then already."
        )
        assert caught.value.other == first.pk

    def test_around_the_beginning_of_another_is_refused(self, admin):
        put(admin, 2, datetime(2031, 3, 9, tzinfo=UTC))
        with pytest.raises(PricesOverlap) as caught:
            put(admin, 3, datetime(2031, 3, 1, tzinfo=UTC), datetime(2031, 4, 1, tzinfo=UTC))
        assert caught.value.message == (
            "Until must be 9 Mar 2031 or earlier: 2 credit per take begins then already."
        )
        assert (caught.value.field, caught.value.other) == ("ends", None)

    @pytest.mark.parametrize(
        ("first", "second"),
        [((1, 3), (3, 5)), ((3, 5), (1, 3)), ((1, None), (3, 5)), ((1, None), (3, None))],
    )
    def test_one_after_the_other_is_fine(self, admin, first, second):
        for number, (starts, ends) in enumerate((first, second)):
            put(admin, 2 + number, day(starts), day(ends) if ends else None)
        assert PriceVersion.objects.filter(team=admin.team).count() == 2

    @pytest.mark.parametrize(
        "other", [{"conditions": {"resolution": "720p"}}, {"conditions": {"resolution": "1080p"}}]
    )
    def test_other_conditions_are_another_kind(self, admin, other):
        put(admin, 2, day(1), day(9))
        assert put(admin, 3, day(1), **other)

    def test_the_studios_and_another_teams_prices_are_others(self, admin):
        put(admin, 2, day(1))
        put(make_member("admin"), 2, day(1))
        price = Price(able=CAPABILITY, per="take", amount=MICRO, valid_from=day(1))
        assert prices.set_studio_price(price, source="test").team is None

    def test_the_database_refuses_what_no_service_would(self, admin):
        make_price(team=admin.team, valid_from=day(1))
        for wrong in ({"valid_from": day(1)}, {"valid_from": day(2), "valid_until": day(2)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                make_price(team=admin.team, **wrong)


class TestReplacing:
    def test_takes_the_place_of_one_that_has_an_end(self, admin, at):
        first = put(admin, 2, day(1), day(9))
        second = put(admin, 3, day(4), replaces=first.pk)
        assert second.replaces == first
        at(day(4))
        assert cost(admin) == 3
        at(day(10))
        assert cost(admin) == 3

    def test_takes_the_place_of_one_that_never_began(self, admin, at):
        first = put(admin, 2, day(1))
        second = put(admin, 3, day(1), replaces=first.pk)
        third = put(admin, 4, day(1), replaces=second.pk)
        at(day(1))
        assert ledger.price_for(admin.team, make_order()) == third

    def test_only_of_the_one_that_was_meant(self, admin):
        first = put(admin, 2, day(1))
        second = put(admin, 3, day(1), replaces=first.pk)
        with pytest.raises(PricesOverlap) as caught:
            put(admin, 4, day(1), replaces=first.pk)
        assert caught.value.other == second.pk

    def test_what_is_not_in_the_way_is_not_replaced(self, admin):
        first = put(admin, 2)
        assert put(admin, 3, day(1), replaces=first.pk).replaces is None


class TestBackdating:
    @pytest.mark.parametrize(
        "ago", [timedelta(microseconds=1), timedelta(days=1), timedelta(days=400)]
    )
    def test_no_price_and_no_rate_begins_before_now(self, admin, ago):
        with pytest.raises(InvalidPrice, match="From must be today or later"):
            put(admin, 2, timezone.now() - ago)
        with pytest.raises(InvalidPrice, match="From must be today or later"):
            rates.set_rate(admin, unit="EUR", price=1, valid_from=timezone.now() - ago)

    def test_none_begins_in_a_closed_month(self, admin, at):
        now = timezone.now()
        month = ledger.today_of(admin.team).replace(day=1)
        at(now + timedelta(days=40))
        ledger.close(admin.team, month, actor=admin)
        with pytest.raises(InvalidPrice):
            put(admin, 2, now)
        assert not PriceVersion.objects.filter(team=admin.team).exists()

    @pytest.mark.parametrize("ends", [-1, 0, 1])
    def test_none_ends_before_it_begins(self, admin, ends):
        with pytest.raises(InvalidPrice, match="Until must be after From"):
            put(admin, 2, day(1), day(ends))


class TestBetweenQuoteAndSubmit:
    """What the person saw on the button is what is held, or nothing is."""

    @pytest.fixture
    def order(self, admin):
        project = make_project(admin.team)

        def press(shown: int) -> Job:
            return jobs.order(admin, project, make_order(), shown_price=shown * MICRO)

        return press

    def nothing_happened(self) -> bool:
        held = LedgerEntry.objects.filter(kind="hold")
        return not Job.objects.exists() and not held.exists()

    def test_a_new_version(self, admin, order):
        put(admin, 2)
        put(admin, 3)
        with pytest.raises(PriceChanged, match="now 3 credits, not 2"):
            order(2)
        assert self.nothing_happened()
        assert order(3).quoted == 3 * MICRO

    def test_a_planned_version_whose_day_comes(self, admin, order, at):
        put(admin, 2)
        put(admin, 3, day(1))
        at(day(1))
        with pytest.raises(PriceChanged):
            order(2)

    def test_another_rate(self, admin, order):
        put(admin, 2, unit="EUR")
        rates.set_rate(admin, unit="EUR", price=PICO)
        rates.set_rate(admin, unit="EUR", price=2 * PICO)
        with pytest.raises(PriceChanged, match="now 400 credits, not 200"):
            order(200)
        assert self.nothing_happened()

    def test_its_end_with_another_price_behind_it(self, admin, order, at):
        put(admin, 2, ends=day(1))
        at(day(1))
        with pytest.raises(PriceChanged, match="now 0 credits, not 2"):
            order(2)
        assert self.nothing_happened()

    def test_its_end_with_nothing_behind_it(self, admin, providers, at):
        PriceVersion._base_manager.filter(provider="paid")._raw_delete("default")
        make_price(provider="paid", credits_per_second=7, valid_until=day(1))
        project = make_project(admin.team)
        at(day(1))
        with pytest.raises(NoPrice, match="no price for paid"):
            jobs.order(admin, project, make_painting("paid"), shown_price=7 * MICRO)
        assert self.nothing_happened()


class TestCurrencies:
    def test_a_price_in_euros_needs_a_rate(self, admin):
        put(admin, 2, unit="EUR")
        with pytest.raises(NoRate) as caught:
            cost(admin)
        assert caught.value.message == (
            "Nobody said what one EUR costs; an admin can set it in Settings, Prices, Rates."
        )

    def test_the_rate_of_the_day(self, admin, at):
        put(admin, 2, unit="EUR")
        rates.set_rate(admin, unit="EUR", price=PICO)
        rates.set_rate(admin, unit="EUR", price=PICO * 11 // 10, valid_from=day(1))
        assert cost(admin) == 200
        at(day(1))
        assert cost(admin) == 220

    def test_a_job_keeps_the_rate_of_its_quote(self, admin):
        put(admin, 2, unit="EUR")
        rates.set_rate(admin, unit="EUR", price=PICO)
        job = make_job(author=admin)
        rates.set_rate(admin, unit="EUR", price=3 * PICO)
        job.refresh_from_db()
        assert (job.unit_price, job.quoted) == (PICO, 200 * MICRO)
        (entry,) = job.entries.all()
        assert (entry.native, entry.unit, entry.unit_price) == (2 * MICRO, "EUR", PICO)

    def test_two_rates_of_one_moment_are_refused(self, admin):
        moment = datetime(2031, 3, 1, tzinfo=UTC)
        rates.set_rate(admin, unit="EUR", price=PICO, valid_from=moment)
        with pytest.raises(PricesOverlap) as caught:
            rates.set_rate(admin, unit="EUR", price=2 * PICO, valid_from=moment)
        assert caught.value.message == (
            "From must be another day: a rate of 1 USD begins on 1 Mar 2031 already."
        )
        rates.set_studio_rate(unit="EUR", price=PICO, source="test", valid_from=moment)

    def test_more_than_a_row_can_hold_is_no_price(self, admin):
        put(admin, 100_000, unit="EUR")
        rates.set_rate(admin, unit="EUR", price=100_000 * PICO)
        admin.team.credit_price = 1
        with pytest.raises(NoPrice, match="more than can be counted"):
            ledger.quote(admin.team, make_order(count=4))


class TestPreview:
    def price(self, amount, **more):
        return Price(able=CAPABILITY, per="take", amount=amount * MICRO, **more)

    def test_says_from_when_on_and_what_comes_after(self, admin):
        put(admin, 3)
        planned = self.price(2, valid_from=day(2), valid_until=day(4))
        seen = price_previews.preview(admin.team, planned)
        assert (seen.now, seen.then, seen.after) == (3 * MICRO, 2 * MICRO, 0)
        assert (seen.begins, seen.ends) == (day(2), day(4))

    def test_says_that_nothing_comes_after(self, admin):
        PriceVersion._base_manager.all()._raw_delete("default")
        seen = price_previews.preview(admin.team, self.price(2, valid_until=day(4)))
        assert (seen.now, seen.then, seen.after) == (None, 2 * MICRO, None)

    def test_what_follows_at_its_end_comes_after(self, admin):
        put(admin, 9, day(4))
        seen = price_previews.preview(admin.team, self.price(2, valid_until=day(4)))
        assert seen.after == 9 * MICRO

    def test_a_narrower_price_that_stays_is_told(self, admin):
        put(admin, 7, conditions={"resolution": "720p"})
        seen = price_previews.preview(admin.team, self.price(2))
        assert (seen.now, seen.then) == (7 * MICRO, 7 * MICRO)

    def test_uses_the_rate_of_the_day_when_it_begins(self, admin):
        rates.set_rate(admin, unit="EUR", price=PICO, valid_from=day(1))
        with pytest.raises(NoRate):
            price_previews.preview(admin.team, self.price(2, unit="EUR"))
        seen = price_previews.preview(admin.team, self.price(2, unit="EUR", valid_from=day(1)))
        assert seen.then == 200 * MICRO

    def test_of_a_rate_says_what_takes_cost_now_and_then(self, admin):
        put(admin, 2, unit="EUR")
        seen = price_previews.preview_rate(admin.team, unit="EUR", price=PICO)
        (line,) = seen.lines
        assert (line.label, line.now, line.then) == ("Animatic animatic-1", None, 200 * MICRO)
        rates.set_rate(admin, unit="EUR", price=PICO)
        (line,) = price_previews.preview_rate(admin.team, unit="EUR", price=2 * PICO).lines
        assert (line.now, line.then) == (200 * MICRO, 400 * MICRO)
        assert seen.one == 100 * MICRO

    def test_of_a_rate_that_no_price_is_in(self, admin):
        seen = price_previews.preview_rate(admin.team, unit="GBP", price=PICO)
        assert (seen.lines, seen.more) == ([], 0)


# What the five documents say, as they say it: model, price, its unit, per, conditions.
LISTS = {
    "aimlapi": set(),
    "octopusx": set(),
    "transend": set(),
    "runware": {("klingai:6@1", 70_000, "USD", "second", ())},
    "trinetra": {
        ("kling-v2.5", 10 * MICRO, "TRINETRA", "second", (("resolution", "720p"),)),
        ("kling-v2.5", 15 * MICRO, "TRINETRA", "second", (("resolution", "1080p"),)),
    },
}


@pytest.mark.django_db
class TestLists:
    @pytest.mark.parametrize(("slug", "expected"), LISTS.items())
    def test_every_price_of_the_documents_is_shipped_with_source_and_date(self, slug, expected):
        list_prices.take_over()
        rows = list(PriceVersion.objects.filter(provider=slug, team=None))
        found = {(row.model, row.amount, row.unit, row.per, row.kind[3]) for row in rows}
        assert found == expected
        assert all(
            row.source and row.checked_on and row.valid_from <= timezone.now() for row in rows
        )

    @pytest.mark.parametrize("slug", [slug for slug, found in LISTS.items() if not found])
    def test_where_no_document_has_a_price_there_is_no_job(self, slug):
        list_prices.take_over()
        for able in all_providers()[slug].capabilities:
            order = Order(provider=slug, model=able.model, prompt="A", settings=able.defaults())
            with pytest.raises(NoPrice):
                ledger.quote(make_team(), order)

    def test_once(self):
        list_prices.take_over()
        count = PriceVersion.objects.count(), Rate.objects.count()
        list_prices.take_over()
        assert (PriceVersion.objects.count(), Rate.objects.count()) == count

    @pytest.fixture
    def newer(self, monkeypatch):
        """Runware's list as a later release may have it."""
        list_prices.take_over()
        runware = all_providers()["runware"]
        (known,) = runware.prices
        raised = (replace(known, amount=80_000, checked_on="2026-11-25"),)
        monkeypatch.setattr(type(runware), "prices", raised, raising=False)
        monkeypatch.setattr(runware, "prices", raised, raising=False)
        return "runware"

    def test_a_newer_list_follows(self, newer):
        list_prices.take_over()
        assert PriceVersion.objects.filter(provider=newer).count() == 2

    def test_a_newer_list_never_begins_before_what_was_ordered(self, newer):
        make_job(
            order=Order(provider=newer, model="klingai:6@1", prompt="A", settings={"duration": 5})
        )
        before = timezone.now()
        list_prices.take_over()
        assert PriceVersion.objects.filter(provider=newer).latest("pk").valid_from >= before

    def test_who_runs_the_server_and_looked_later_knows_better(self, newer):
        make_price(provider=newer, model="klingai:6@1", unit="USD", amount=60_000)
        list_prices.take_over()
        assert not PriceVersion.objects.filter(provider=newer, amount=80_000).exists()


def set_same_day(number):
    price = Price(able=CAPABILITY, per="take", amount=number, valid_from=day(3))
    return _tried(price)


def set_ranges(number):
    """Ranges of which each overlaps with every other, and no two begin together."""
    price = Price(
        able=CAPABILITY, per="take", amount=number, valid_from=day(3 + number), valid_until=day(30)
    )  # fmt: skip
    return _tried(price)


def _tried(price):
    try:
        prices.set_studio_price(price, source="test")
    except PricesOverlap:
        return False
    return True


class TestAtOnce:
    @pytest.mark.parametrize("setting", [set_same_day, set_ranges])
    def test_of_prices_that_overlap_there_is_one(self, any_house, setting):
        def race():
            make_lane("animatic")
            won = in_threads(8, setting)
            return won.count(True), PriceVersion.objects.filter(valid_from__gte=day(3)).count()

        assert any_house.inside(race) == (1, 1)

    def test_rates_of_one_moment(self, any_house):
        def race():
            def try_it(number):
                try:
                    rates.set_studio_rate(
                        unit="EUR", price=1 + number, source="t", valid_from=day(3)
                    )
                except PricesOverlap:
                    return False
                return True

            return in_threads(8, try_it).count(True), Rate.objects.filter(unit="EUR").count()

        assert any_house.inside(race) == (1, 1)
