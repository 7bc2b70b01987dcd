"""Tables of the settings pages: capabilities, prices with their time, the ledger by pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.money import MICRO
from studio.models import StoredAccount
from studio.reports.accounts import cards
from studio.reports.ledger import PAGE, ledger_page
from studio.reports.prices import history, price_groups
from studio.reports.providers import matrix, models_on_offer
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


def card_of(team, slug):
    return next(card for card in cards(team) if card.provider.slug == slug)


@pytest.mark.django_db
class TestCards:
    def test_counts_the_teams_own_waiting_jobs(self):
        make_lane(slots=2)
        author = make_member()
        make_job(author=author)
        make_job()
        make_job("running")
        card = card_of(author.team, "animatic")
        assert (card.lane.slots, card.busy, card.waiting) == (2, 1, 1)

    def test_health_is_of_the_teams_own_ended_jobs(self):
        author, now = make_member(), timezone.now()
        long_ago = now - timedelta(days=40)
        for seconds in (10, 20, 60):
            begun = now - timedelta(seconds=seconds)
            make_job("succeeded", author=author, started_at=begun, ended_at=now)
        make_job("failed", author=author, ended_at=now, error="It was too dark.")
        make_job("failed", author=author, ended_at=long_ago)
        make_job("failed", ended_at=now)
        health = card_of(author.team, "animatic").health
        assert (health.ended, health.rate, health.median_seconds) == (4, 75, 20)
        assert health.error == "It was too dark."

    def test_says_what_was_quoted_beside_what_was_charged(self):
        make_price(credits_per_second=2)
        author = make_member()
        job = make_job("saving", author=author)
        ledger.settle(job, charge=3 * MICRO, cause="test")
        job.move("succeeded")
        health = card_of(author.team, "animatic").health
        assert (health.quoted, health.charged, health.difference) == (2 * MICRO, 3 * MICRO, MICRO)

    def test_a_provider_without_a_key_says_so(self):
        card = card_of(make_team(), "runware")
        assert (card.key, card.word) == ("", "Needs a key")

    def test_a_key_from_outside_shows_its_end_and_cannot_be_changed_here(self, settings):
        told = {"key": "sk-canary-4f2a", "base_url": "", "slots": None, "enabled": None}
        settings.PROVIDERS = {**settings.PROVIDERS, "runware": told}
        card = card_of(make_team(), "runware")
        assert (card.key, card.key_end, card.fixed) == ("environment", "4f2a", {"key"})

    @pytest.mark.parametrize(("passed", "word"), [(True, "Works"), (False, "Not accepted")])
    def test_the_badge_follows_the_last_test(self, passed, word):
        row = StoredAccount(provider="runware", test_passed=passed)
        row.lock_up("sk-canary-4f2a")
        row.save()
        assert card_of(make_team(), "runware").word == word

    def test_queries_do_not_grow_with_jobs(self, django_assert_max_num_queries):
        author = make_member()
        for _ in range(4):
            make_job("succeeded", author=author)
        with django_assert_max_num_queries(9):
            cards(author.team)


@pytest.mark.django_db
class TestPriceLines:
    def test_a_version_ends_when_the_next_of_its_kind_begins(self):
        team, now = make_team(), timezone.now()
        old = make_price(team=team, valid_from=now - timedelta(days=2))
        new = make_price(team=team, valid_from=now - timedelta(days=1))
        until = {line.price.pk: line.until for line in history(team, "animatic", "").lines}
        assert (until[old.pk], until[new.pk]) == (new.valid_from, None)

    def test_prices_of_other_teams_are_not_shown(self):
        make_price(team=make_team())
        assert all(
            line.price.team_id is None
            for group in price_groups(make_team())
            for line in group.lines
        )


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
