"""Tables of the settings pages: capabilities, prices with their time, the ledger by pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.money import MICRO
from studio.reports.ledger import PAGE, ledger_page
from studio.reports.prices import price_lines
from studio.reports.providers import lanes, matrix, models_on_offer
from tests.factories import make_job, make_lane, make_member, make_price, make_team


class TestMatrix:
    def test_has_every_parameter_of_every_model(self):
        table = matrix()
        labels = {row.label for row in table.rows}
        for able in models_on_offer():
            assert {param.label for param in able.params} <= labels
        assert all(len(row.cells) == len(table.columns) for row in table.rows)

    def test_says_the_limits_that_orders_are_checked_by(self):
        rows = {row.label: row.cells[0] for row in matrix().rows}
        assert rows["Duration"].words == "1 to 10 s"
        assert rows["Camera"].words == "−10 to 10"
        assert rows["Last frame"].offered


@pytest.mark.django_db
class TestLanes:
    def test_counts_the_teams_own_waiting_jobs(self):
        make_lane(slots=2)
        author = make_member()
        make_job(author=author)
        make_job()
        make_job("running")
        (lane,) = lanes(author.team)
        assert (lane.label, lane.slots, lane.busy, lane.waiting) == ("Animatic", 2, 1, 1)


@pytest.mark.django_db
class TestPriceLines:
    def test_a_version_ends_when_the_next_of_its_kind_begins(self):
        team, now = make_team(), timezone.now()
        old = make_price(team=team, valid_from=now - timedelta(days=2))
        new = make_price(team=team, valid_from=now - timedelta(days=1))
        until = {line.price.pk: line.until for line in price_lines(team)}
        assert (until[old.pk], until[new.pk]) == (new.valid_from, None)

    def test_prices_of_other_teams_are_not_shown(self):
        make_price(team=make_team())
        assert all(line.price.team_id is None for line in price_lines(make_team()))


@pytest.mark.django_db
class TestLedgerPage:
    def test_pages_follow_each_other_without_gap_or_overlap(self):
        team = make_team(credits=0)
        for _ in range(PAGE + 3):
            ledger.grant(team, MICRO, actor=None, cause="test")
        first = ledger_page(team)
        second = ledger_page(team, before=first.before)
        keys = [entry.pk for page in (first, second) for entry in page.entries]
        assert len(keys) == PAGE + 3
        assert keys == sorted(set(keys), reverse=True)
        assert second.before is None

    def test_number_of_queries_does_not_grow(self, django_assert_num_queries):
        author = make_member()
        for _ in range(3):
            make_job(author=author)
        with django_assert_num_queries(1):
            for entry in ledger_page(author.team).entries:
                str(entry.actor), entry.job and entry.job.clip.title
