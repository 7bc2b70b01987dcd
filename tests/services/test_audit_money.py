"""The audit of money: each way to break a budget, an entry or what a job holds is found and named."""

import pytest

from tests.services.auditing import House, named

BREAKS = {
    "money from nowhere": (
        "UPDATE studio_budget SET available = available + 5, granted = granted + 5",
        "budgets", "team {author.team_id}: granted",
    ),
    "parts that make no whole": (
        "UPDATE studio_budget SET held = held + 1", "budgets", "do not make up granted",
    ),
    "budget gone": ("DELETE FROM studio_budget", "budgets", "team {author.team_id}: available is 0"),
    "entry gone": (
        "DELETE FROM studio_ledgerentry WHERE kind = 'grant'", "budgets", "team {author.team_id}",
    ),
    "entry that does not balance": (
        "UPDATE studio_ledgerentry SET held = held + 1 WHERE job_id = {running.pk}",
        "entries", "does not balance",
    ),
    "hold of another amount": (
        "UPDATE studio_ledgerentry SET held = 1, available = -1 WHERE job_id = {running.pk}",
        "entries", "is not what a hold looks like",
    ),
    "grant that spends": (
        "UPDATE studio_ledgerentry SET spent = 5, available = available - 5 WHERE kind = 'grant'",
        "entries", "is not what a grant looks like",
    ),
    "entry of a kind that nobody knows": (
        "UPDATE studio_ledgerentry SET kind = 'gift' WHERE kind = 'grant'",
        "entries", "is of no known kind: “gift”",
    ),
    "entry of another team": (
        "INSERT INTO studio_team (id, name, credit_price, time_zone, file_names, created_at)"
        " VALUES (999, 'Other', 1, 'UTC', 'x', '2026-01-01');"
        "UPDATE studio_ledgerentry SET team_id = 999 WHERE job_id = {running.pk}",
        "entries", "is of another team than its job {running.pk}",
    ),
    "living job that holds nothing": (
        "DELETE FROM studio_ledgerentry WHERE job_id = {running.pk}",
        "holds", "Job {running.pk} is running and holds 0 instead of 3",
    ),
    "quote that is not what is held": (
        "UPDATE studio_job SET quoted = quoted + 1 WHERE id = {running.pk}",
        "holds", "Job {running.pk} is running and holds 3",
    ),
    "ended job that still holds": (
        "DELETE FROM studio_ledgerentry WHERE job_id = {failed.pk} AND kind = 'release'",
        "holds", "Job {failed.pk} is failed and holds 3 instead of 0",
    ),
    "free job that was never settled": (
        "DELETE FROM studio_ledgerentry WHERE job_id = {free.pk} AND kind = 'release'",
        "holds", "Job {free.pk} is succeeded, and its hold was never ended",
    ),
    "free job without a hold": (
        "DELETE FROM studio_ledgerentry WHERE job_id = {free.pk}",
        "holds", "Job {free.pk} is succeeded and has no hold entry",
    ),
    "waiting job that holds": (
        "UPDATE studio_job SET status = 'waiting' WHERE id = {running.pk}",
        "holds", "Job {running.pk} is waiting and holds 3 instead of 0",
    ),
    "charge on the job only": (
        "UPDATE studio_job SET charged = charged + 1000000 WHERE id = {done.pk}",
        "charges", "Job {done.pk} says 7 charged, its entries 6",
    ),
    "charge of a living job": (
        "UPDATE studio_ledgerentry SET kind = 'charge', spent = held, available = 0,"
        " held = -held, granted = 0 WHERE job_id = {running.pk}",
        "charges", "Job {running.pk} is running and charged already",
    ),
    "two charges": (
        "DROP INDEX entry_once_per_job_and_kind;"
        "INSERT INTO studio_ledgerentry (team_id, number, job_id, kind, granted, available, held,"
        " spent, native, unit, credit_price, unit_price, cause, day, created_at, digest)"
        " SELECT team_id, number + 1000, job_id, kind, granted, available, held, spent, native,"
        " unit, credit_price, unit_price, cause, day, created_at, digest"
        " FROM studio_ledgerentry WHERE job_id = {done.pk} AND kind = 'charge'",
        "once", "Job {done.pk} has 2 entries of kind charge",
    ),
    "uncertain job that holds nothing": (
        "DELETE FROM studio_ledgerentry WHERE job_id = {lost.pk}",
        "holds", "Job {lost.pk} is uncertain and holds 0 instead of 3",
    ),
}  # fmt: skip


@pytest.fixture
def house(db, tmp_path):
    return House(tmp_path)


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_found_and_named(house, name):
    wanted, found = named(house, *BREAKS[name])
    assert wanted, found
