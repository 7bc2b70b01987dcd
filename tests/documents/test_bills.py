"""What AI/ML API billed, fetched over both of its documented tables and laid beside the ledger."""

from datetime import date, timedelta

import pytest

from studio.core.errors import InvalidBill, KeyRejected, ProviderBusy
from studio.core.money import MICRO, PICO
from studio.models import Bill, BillLine
from studio.providers import registry, remote
from studio.services import bills
from tests.bills import charged_jobs, found_in, worked
from tests.documents.aimlapi import Aimlapi
from tests.factories import make_member

pytestmark = pytest.mark.django_db
AIML = PICO // 2_000_000
NOVEMBER = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}


@pytest.fixture
def member():
    return make_member("admin")


@pytest.fixture
def seller(settings):
    """The strict provider, reached as the studio's own account says."""
    settings.ALLOW_PRIVATE = ["127.0.0.0/8"]
    with Aimlapi() as server:
        account = {"key": server.key, "base_url": server.url, "slots": 1, "enabled": True}
        settings.PROVIDERS = {**settings.PROVIDERS, "aimlapi": account}
        registry.all_providers.cache_clear()
        yield server
        registry.all_providers.cache_clear()


@pytest.fixture
def billed(member, seller):
    """250 requests, newest first: three pages."""
    rows = charged_jobs(
        member, [700_000 * MICRO] * 250, provider="aimlapi", unit="AIML", unit_price=AIML
    )
    seller.billed = [(row.reference, row.remote_id, row.at, 700_000) for row in reversed(rows)]
    return rows


def fetched(member, table, **days):
    seller = registry.all_providers()["aimlapi"]
    (found,) = [one for one in seller.bills if one.name == table]
    bill = bills.fetch(member, bills.Asked(remote=seller, table=found, **{**NOVEMBER, **days}))
    worked(bill)
    return bill


@pytest.mark.parametrize(("table", "by"), [("logs", "reference"), ("transactions", "id")])
def test_both_tables_agree_with_a_clean_month(member, seller, billed, table, by):
    bill = fetched(member, table)
    assert found_in(bill) == []
    assert (bill.line_count, {line.matched_by for line in bill.lines.all()}) == (250, {by})
    assert bill.sums == [["AIML", 250 * 700_000 * MICRO, 250 * 700_000 * MICRO]]
    assert len(seller.asked) == 3
    assert seller.refusals == []
    assert "2026-11-01 to 2026-11-30" in bill.name


@pytest.mark.parametrize("table", ["logs", "transactions"])
def test_what_differs_is_found(member, seller, billed, table):
    reference, name, at, credits = seller.billed[0]
    dearer, strange = (reference, name, at, credits + 1), ("", "inf-9", at, 5)
    seller.billed = [strange, dearer, *seller.billed[1:-1]]
    bill = fetched(member, table)
    kinds = [kind for kind, *_ in found_in(bill)]
    assert kinds == ["amount", "extra", "missing"]
    assert bill.lines.get(difference="amount").job_id == billed[-1].job
    assert bill.lines.get(difference="missing").job_id == billed[0].job


def test_only_the_days_that_were_asked_for(member, seller, billed):
    bill = fetched(member, "logs", since=date(2026, 11, 2), until=date(2026, 11, 3))
    days = {line.at.date().day for line in bill.lines.exclude(row=None)}
    assert (days, found_in(bill)) == ({2, 3}, [])


def test_pages_that_move_tell_a_row_once(member, seller, billed):
    seller.billed = [*seller.billed[:100], seller.billed[99], *seller.billed[100:]]
    assert found_in(fetched(member, "logs")) == []


class TestRefusals:
    def test_nothing_was_billed(self, member, seller):
        with pytest.raises(InvalidBill, match="AI/ML API billed nothing on these days"):
            fetched(member, "logs")
        assert not Bill.objects.exists()

    def test_a_key_that_is_not_accepted(self, member, seller, billed):
        seller.key = "another"
        with pytest.raises(KeyRejected):
            fetched(member, "logs")
        assert not Bill.objects.exists()

    def test_longer_than_the_provider_gives(self, member, seller):
        with pytest.raises(InvalidBill, match="at most 92 days after From, not 93"):
            fetched(member, "logs", until=NOVEMBER["since"] + timedelta(days=92))
        assert seller.asked == []

    def test_more_pages_than_may_be_asked_for(self, member, seller, billed, monkeypatch):
        monkeypatch.setattr(remote, "MOST_PAGES", 2)
        with pytest.raises(ProviderBusy, match="too many rows for these days; choose fewer"):
            fetched(member, "transactions")
        assert not BillLine.objects.exists()

    def test_the_same_rows_again(self, member, seller, billed):
        fetched(member, "logs")
        with pytest.raises(InvalidBill, match="The same file is here already"):
            fetched(member, "logs")
        assert Bill.objects.count() == 1
