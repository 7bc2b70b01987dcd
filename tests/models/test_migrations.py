"""Rows of before: what migrations make of the entries that a studio has already."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from studio import ledger
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Budget, Day, LedgerEntry
from studio.services import audit
from tests.factories import make_job, make_member, make_painting, make_price, make_team

BEFORE = "0012"


def studio_with_entries():
    """Two teams, one of them far in the east; entries of each between those of the other."""
    make_price(provider="painter", credits_per_second=5)
    people = [make_member(team=make_team(credits=50)) for _ in range(2)]
    people[1].team.time_zone = "Pacific/Auckland"
    people[1].team.save()
    for member in people * 2:
        make_job(JobStatus.QUEUED, author=member, order=make_painting())
    return snapshot()


def snapshot():
    """What an entry said before it had a number, a day and a digest."""
    names = ("pk", "team", "job", "kind", "granted", "available", "held", "spent", "created_at")
    return list(LedgerEntry.objects.order_by("pk").values_list(*names))


def migrate_to(name):
    executor = MigrationExecutor(connection)
    targets = [
        key for key in executor.loader.graph.nodes if key[0] == "studio" and key[1].startswith(name)
    ]
    executor.migrate(targets)


def there_and_back():
    migrate_to(BEFORE)
    latest = list(MigrationExecutor(connection).loader.graph.leaf_nodes("studio"))
    MigrationExecutor(connection).migrate(latest)


def what_became():
    rows = LedgerEntry.objects.order_by("team", "pk")
    budgets = Budget.objects.order_by("team").values_list("entries", flat=True)
    money = ("budgets", "entries", "holds", "charges", "chain", "months", "caps")
    found = [one for one in audit.findings(with_files=False) if one.check in money]
    days = {(row.team_id, row.day) for row in rows}
    marked = set(Day.objects.filter(stale=True).values_list("team", "date"))
    return [row.number for row in rows], list(budgets), days == marked, found


class TestChain:
    def test_entries_of_before_are_numbered_dated_and_chained(self, any_house):
        before = any_house.inside(studio_with_entries)
        any_house.inside(there_and_back)
        assert any_house.inside(snapshot) == before
        assert any_house.inside(what_became) == ([1, 2, 3, 1, 2, 3], [3, 3], True, [])

    def test_the_next_entry_follows_them(self, any_house):
        any_house.inside(studio_with_entries)
        any_house.inside(there_and_back)

        def grant():
            team = Budget.objects.order_by("team").first().team
            ledger.grant(team, MICRO, actor=None, cause="more")

        any_house.inside(grant)
        assert any_house.inside(what_became) == ([1, 2, 3, 4, 1, 2, 3], [4, 3], True, [])
