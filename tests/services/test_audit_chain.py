"""The chain is read alike on either database: days and moments are told as they were written."""

from datetime import UTC, datetime, timedelta
from unittest import mock

from django.db import connection

from studio import ledger
from studio.core import chain
from studio.core.money import MICRO
from studio.models import LedgerEntry
from studio.services.audit.chain import TOLD, broken_chains
from tests.factories import make_team

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)
AFTER_NOON = [timedelta(), timedelta(microseconds=70), timedelta(hours=13, microseconds=500_000)]


def granted():
    """A studio that grants on the full second, a little later, and on another day in the east."""
    team = make_team(credits=0)
    team.time_zone = "Pacific/Auckland"
    for after in AFTER_NOON:
        with mock.patch("django.utils.timezone.now", return_value=NOON + after):
            ledger.grant(team, MICRO, actor=None, cause="“it's” \\ déjà")


def told():
    """What the audit reads, on a server that writes its dates in another way."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET DateStyle = 'German'; SET TIME ZONE 'Asia/Tokyo'")
    rows = LedgerEntry.objects.order_by("number")
    return list(rows.values_list(*TOLD.values())), list(broken_chains())


def written():
    rows = LedgerEntry.objects.order_by("number").values_list(*TOLD)
    return [tuple(map(chain.plain, row)) for row in rows]


class TestTold:
    def test_as_they_were_written(self, any_house):
        any_house.inside(granted)
        days = ["2026-01-21", "2026-01-21", "2026-01-21"]
        moments = [
            "2026-01-20 12:00:00",
            "2026-01-20 12:00:00.000070",
            "2026-01-21 01:00:00.500000",
        ]
        wanted = list(zip(days, moments, strict=True))
        assert any_house.inside(written) == wanted
        assert any_house.inside(told) == (wanted, [])
