"""A team's own price: what orders cost from now on, and what is left as it was."""

import pytest

from studio import ledger
from studio.core.errors import NotAllowed
from studio.core.money import MICRO
from studio.models import PriceVersion
from studio.providers.animatic import CAPABILITY
from studio.services import prices
from tests.factories import make_job, make_member, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_member("admin")


class TestSetPrice:
    @pytest.mark.parametrize(("per", "cost"), [("second", 12 * MICRO), ("take", 4 * MICRO)])
    def test_next_order_costs_it(self, admin, per, cost):
        prices.set_price(admin, able=CAPABILITY, per=per, amount=2 * MICRO)
        assert ledger.quote(admin.team, make_order(duration=3, count=2)).amount == cost

    def test_newer_version_follows_and_the_older_stays(self, admin):
        first = prices.set_price(admin, able=CAPABILITY, per="second", amount=2 * MICRO)
        second = prices.set_price(admin, able=CAPABILITY, per="second", amount=0)
        assert ledger.price_for(admin.team, make_order()) == second
        assert PriceVersion.objects.filter(pk=first.pk).exists()

    def test_job_keeps_the_price_it_was_ordered_for(self, admin):
        prices.set_price(admin, able=CAPABILITY, per="second", amount=2 * MICRO)
        job = make_job(author=admin)
        prices.set_price(admin, able=CAPABILITY, per="second", amount=9 * MICRO)
        job.refresh_from_db()
        assert (job.price.amount, job.quoted) == (2 * MICRO, 2 * MICRO)

    def test_other_teams_do_not_feel_it(self, admin):
        prices.set_price(admin, able=CAPABILITY, per="second", amount=2 * MICRO)
        assert ledger.quote(make_member().team, make_order()).amount == 0

    def test_author_may_not(self):
        with pytest.raises(NotAllowed):
            prices.set_price(make_member("author"), able=CAPABILITY, per="take", amount=1)


class TestPreview:
    def test_says_what_five_seconds_cost_now_and_then(self, admin):
        prices.set_price(admin, able=CAPABILITY, per="take", amount=3 * MICRO)
        seen = prices.preview(admin.team, able=CAPABILITY, per="second", amount=2 * MICRO)
        assert (seen.now, seen.then, seen.label) == (3 * MICRO, 10 * MICRO, "Animatic")

    def test_agrees_with_the_quote_of_such_an_order(self, admin):
        seen = prices.preview(admin.team, able=CAPABILITY, per="second", amount=7_500)
        prices.set_price(admin, able=CAPABILITY, per="second", amount=7_500)
        assert seen.then == ledger.quote(admin.team, make_order(duration=5)).amount
