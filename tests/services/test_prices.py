"""A team's own price: what orders cost from now on, and what is left as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.errors import NoRate, NotAllowed
from studio.core.money import MICRO
from studio.core.orders import Order
from studio.core.prices import Price
from studio.core.status import JobStatus
from studio.models import Job, LedgerEntry, PriceVersion
from studio.providers.animatic import CAPABILITY
from studio.services import jobs, price_previews, prices, rates
from tests.factories import make_job, make_member, make_order, make_price, make_project

pytestmark = pytest.mark.django_db

SCENE = {"duration": 5, "scene_link": "https://a.example/x.glb"}


@pytest.fixture
def admin():
    return make_member("admin")


class TestSetPrice:
    @pytest.mark.parametrize(("per", "cost"), [("second", 12 * MICRO), ("take", 4 * MICRO)])
    def test_next_order_costs_it(self, admin, per, cost):
        prices.set_price(admin, Price(able=CAPABILITY, per=per, amount=2 * MICRO))
        assert ledger.quote(admin.team, make_order(duration=3, count=2)).amount == cost

    def test_newer_version_follows_and_the_older_stays(self, admin):
        first = prices.set_price(admin, Price(able=CAPABILITY, per="second", amount=2 * MICRO))
        second = prices.set_price(admin, Price(able=CAPABILITY, per="second", amount=0))
        assert ledger.price_for(admin.team, make_order()) == second
        assert PriceVersion.objects.filter(pk=first.pk).exists()

    def test_job_keeps_the_price_it_was_ordered_for(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="second", amount=2 * MICRO))
        job = make_job(author=admin)
        prices.set_price(admin, Price(able=CAPABILITY, per="second", amount=9 * MICRO))
        job.refresh_from_db()
        assert (job.price.amount, job.quoted) == (2 * MICRO, 2 * MICRO)

    def test_other_teams_do_not_feel_it(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="second", amount=2 * MICRO))
        assert ledger.quote(make_member().team, make_order()).amount == 0

    def test_author_may_not(self):
        with pytest.raises(NotAllowed):
            prices.set_price(make_member("author"), Price(able=CAPABILITY, per="take", amount=1))


class TestUnits:
    def test_dollars_become_credits_at_the_teams_own_price(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="second", amount=70_000, unit="USD"))
        quote = ledger.quote(admin.team, make_order(duration=5))
        assert (quote.amount, quote.unit_price) == (35 * MICRO, 10**12)

    def test_a_unit_without_a_rate_gives_no_quote(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=MICRO, unit="SHELLS"))
        with pytest.raises(NoRate, match="SHELLS"):
            ledger.quote(admin.team, make_order())

    def test_a_unit_that_only_the_charge_is_in_needs_its_rate_before_any_hold(
        self, admin, sellers, monkeypatch
    ):
        """Priced in dollars, charged in shells: without a rate it could never be booked."""
        lab = sellers["lab"]
        told = tuple(replace(able, tells_cost=True) for able in lab.capabilities)
        monkeypatch.setattr(lab, "capabilities", told)
        monkeypatch.setattr(lab, "unit", "SHELLS", raising=False)
        make_price(provider="lab", unit="USD")
        order = Order(provider="lab", model="lab-sim", prompt="A door.", settings=SCENE)
        project = make_project(admin.team)
        with pytest.raises(NoRate, match="one SHELLS costs; an admin can set it in Settings"):
            jobs.order(admin, project, order)
        assert not Job.objects.exists()
        assert not LedgerEntry.objects.filter(kind="hold").exists()
        rates.set_rate(admin, unit="SHELLS", price=10**10)
        assert jobs.order(admin, project, order).status == JobStatus.QUEUED

    def test_who_does_not_tell_its_charge_needs_no_rate_for_it(self, admin, sellers, monkeypatch):
        monkeypatch.setattr(sellers["lab"], "unit", "SHELLS", raising=False)
        make_price(provider="lab", unit="USD")
        order = Order(provider="lab", model="lab-sim", prompt="A door.", settings=SCENE)
        assert ledger.quote(admin.team, order).amount > 0

    def test_the_teams_rate_comes_before_the_studios(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=MICRO, unit="SHELLS"))
        rates.set_rate(admin, unit="SHELLS", price=2 * 10**10)
        rates.set_studio_rate(unit="SHELLS", price=10**10, source="test")
        assert ledger.quote(admin.team, make_order()).amount == 2 * MICRO

    def test_a_charge_is_counted_at_the_rate_of_the_quote(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=MICRO, unit="SHELLS"))
        rates.set_rate(admin, unit="SHELLS", price=10**10)
        job = make_job(JobStatus.SAVING, author=admin)
        rates.set_rate(admin, unit="SHELLS", price=9 * 10**10)
        ledger.settle(job, charge=MICRO, cause="test")
        assert job.charged == job.quoted == MICRO

    def test_a_charge_in_another_unit_than_the_price_is_counted_in_its_own(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=70_000, unit="USD"))
        job = make_job(JobStatus.SAVING, author=admin)
        ledger.settle(job, charge=100_000 * MICRO, unit="AIML", cause="test")
        charge, release = job.entries.exclude(kind="hold").order_by("kind")
        assert (job.quoted, job.charged) == (7 * MICRO, 5 * MICRO)
        assert (charge.native, charge.unit, charge.spent) == (100_000 * MICRO, "AIML", 5 * MICRO)
        assert (release.native, release.unit, release.available) == (20_000, "USD", 2 * MICRO)

    def test_a_charge_in_dollars_is_never_taken_for_credits(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=40 * MICRO))
        job = make_job(JobStatus.SAVING, author=admin)
        ledger.settle(job, charge=350_000, unit="USD", cause="test")
        assert job.charged == 35 * MICRO

    def test_a_charge_in_a_unit_without_a_rate_keeps_the_hold(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=MICRO))
        job = make_job(JobStatus.SAVING, author=admin)
        with pytest.raises(NoRate, match="SHELLS"):
            ledger.settle(job, charge=MICRO, unit="SHELLS", cause="test")
        assert not job.entries.exclude(kind="hold").exists()

    def test_a_price_for_some_settings_comes_before_that_for_all(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=MICRO))
        large = {"resolution": "1080p"}
        prices.set_price(
            admin, Price(able=CAPABILITY, per="take", amount=3 * MICRO, conditions=large)
        )
        assert ledger.quote(admin.team, make_order()).amount == MICRO
        assert ledger.quote(admin.team, make_order(resolution="1080p")).amount == 3 * MICRO

    def test_a_planned_price_waits_for_its_day(self, admin):
        later = timezone.now() + timedelta(days=1)
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=MICRO, valid_from=later))
        assert ledger.quote(admin.team, make_order()).amount == 0


class TestPreview:
    def test_says_what_five_seconds_cost_now_and_then(self, admin):
        prices.set_price(admin, Price(able=CAPABILITY, per="take", amount=3 * MICRO))
        seen = price_previews.preview(
            admin.team, Price(able=CAPABILITY, per="second", amount=2 * MICRO)
        )
        assert (seen.now, seen.then, seen.label) == (3 * MICRO, 10 * MICRO, "Animatic")

    def test_agrees_with_the_quote_of_such_an_order(self, admin):
        seen = price_previews.preview(
            admin.team, Price(able=CAPABILITY, per="second", amount=7_500)
        )
        prices.set_price(admin, Price(able=CAPABILITY, per="second", amount=7_500))
        assert seen.then == ledger.quote(admin.team, make_order(duration=5)).amount
