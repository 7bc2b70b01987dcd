"""The steps of the exports benchmark, each in a process of its own: fill, then one file or page."""

# ruff: noqa: E402  (Django is set up before the models are imported)

import sys
import time
from datetime import date, timedelta

import django

django.setup()

from django.db import connection, transaction

from studio import ledger
from studio.core.status import JobStatus
from studio.models import (
    Budget,
    Clip,
    EntryKind,
    Job,
    LedgerEntry,
    Member,
    PriceVersion,
    Project,
    User,
)
from studio.reports import entries
from studio.reports.entries import EntryFilter, Place
from studio.reports.exports.kinds import KINDS
from studio.reports.exports.lines import lines
from studio.services.setup import prepare
from tests.benchmarks.memory import MB, Rise

SEED = 10_000  # jobs
FIRST_KEY = 10_000
PROJECTS, PEOPLE = 20, 40
DAYS = 300
AMOUNT = 35_333_333
FIRST = date(2026, 1, 1)
PROVIDERS = ("aimlapi", "trinetra", "octopusx", "runware", "transend")
ENTRIES = (
    (EntryKind.HOLD, {"available": -AMOUNT, "held": AMOUNT}),
    (EntryKind.CHARGE, {"held": -AMOUNT + 1, "spent": AMOUNT - 1}),
    (EntryKind.RELEASE, {"available": 1, "held": -1}),
)
ORDER = {"provider": "runware", "model": "kling", "prompt": "A red door.", "settings": {"duration": 5, "count": 1}}  # fmt: skip


def fill(count):
    """A hold, a charge and a release for each job, over three hundred days: some are made, then copied."""
    admin = prepare()
    if Budget.objects.get(team=admin.team).entries >= count:
        return
    copies = max(1, count // (3 * SEED))
    rest = Budget.objects.get(team=admin.team).entries
    make_seed(admin.team, days=DAYS // copies)
    with transaction.atomic(), connection.cursor() as cursor:
        for copy in range(1, copies):
            for model in (Clip, Job, LedgerEntry):
                cursor.execute(*copied(model, copy, days=DAYS // copies))
    granted = copies * SEED * AMOUNT
    number = rest + 3 * copies * SEED + 1
    LedgerEntry.objects.create(
        team=admin.team, pk=10**9, number=number, kind=EntryKind.GRANT, granted=granted,
        available=granted, credit_price=10_000, cause="all", digest=b"0" * 32,
        day=FIRST + timedelta(days=DAYS),
    )  # fmt: skip
    Budget.objects.filter(team=admin.team).update(entries=number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_seed(team, *, days):
    projects = [Project.objects.create(team=team, name=f"Project {n}") for n in range(PROJECTS)]
    users = [
        User.objects.create(email=f"p{n}@x.example", name=f"Person {n}") for n in range(PEOPLE)
    ]
    people = [Member.objects.create(team=team, user=user) for user in users]
    price = PriceVersion.objects.latest("pk")
    keys = range(SEED)
    clips = Clip.objects.bulk_create(
        Clip(pk=FIRST_KEY + key, team=team, project=projects[key % PROJECTS],
             author=people[key % PEOPLE], title=f"Red door {key}", state=JobStatus.SUCCEEDED)
        for key in keys
    )  # fmt: skip
    jobs = Job.objects.bulk_create(
        Job(pk=FIRST_KEY + key, team=team, clip=clip, author=people[key % PEOPLE],
            provider=PROVIDERS[key % 5], model="kling", stored_order=ORDER, price=price,
            quoted=AMOUNT, status=JobStatus.SUCCEEDED, charged=AMOUNT)
        for key, clip in zip(keys, clips, strict=True)
    )  # fmt: skip
    LedgerEntry.objects.bulk_create(
        LedgerEntry(pk=FIRST_KEY + 3 * key + step, team=team, number=2 + 3 * key + step, job=job,
                    kind=kind, native=AMOUNT, unit="USD", unit_price=10**12, credit_price=10_000,
                    cause="ordered", day=FIRST + timedelta(days=key * days // SEED),
                    digest=key.to_bytes(32, "big"), **parts)
        for key, job in zip(keys, jobs, strict=True)
        for step, (kind, parts) in enumerate(ENTRIES)
    )  # fmt: skip


def copied(model, copy, *, days):
    """SQL that writes the seed once more, with keys, numbers and days of its own."""
    step = copy * SEED * (3 if model is LedgerEntry else 1)
    day = "date(day, %s)" if connection.vendor == "sqlite" else "day + %s"
    changed = {
        "id": f"id + {step}", "number": f"number + {step}", "day": day,
        "clip_id": f"clip_id + {copy * SEED}",
        "job_id": f"job_id + {copy * SEED}",
    }  # fmt: skip
    columns = [field.column for field in model._meta.concrete_fields]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    size = SEED * (3 if model is LedgerEntry else 1)
    shift = f"+{copy * days} days" if connection.vendor == "sqlite" else copy * days
    return (
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {model._meta.db_table} "
        f"WHERE id >= {FIRST_KEY} AND id < {FIRST_KEY + size}",
        [shift] if model is LedgerEntry else [],
    )


def team():
    return Member.objects.select_related("team").order_by("pk").first().team


def floor(_count):
    with Rise() as rise, connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.*, c.title, p.name, u.name FROM studio_ledgerentry e LEFT JOIN studio_job j ON j.id = e.job_id LEFT JOIN studio_clip c ON c.id = j.clip_id LEFT JOIN studio_project p ON p.id = c.project_id LEFT JOIN studio_member m ON m.id = j.author_id LEFT JOIN studio_user u ON u.id = m.user_id WHERE e.team_id = %s ORDER BY e.day, e.id",
            [team().pk],
        )
        while cursor.fetchmany(2000):
            pass
    print(f"floor, SQL alone       {rise}", flush=True)


def export(kind):
    def make(count):
        for _ in zip(
            range(3), KINDS[kind].pieces(lines(team(), EntryFilter(until=FIRST))), strict=False
        ):
            pass
        with Rise() as rise:
            total = sum(map(len, KINDS[kind].pieces(lines(team(), EntryFilter()))))
        print(f"{kind:6} {total / MB:7.1f} MB     {rise}", flush=True)

    return make


def page(_count):
    middle = FIRST + timedelta(days=DAYS // 2)
    some = Project.objects.filter(team=team()).order_by("-pk").first()
    person = Member.objects.filter(team=team()).order_by("-pk").first()
    job = Job.objects.order_by("pk")[1000:].first()
    for name, wanted in {
        "everything": EntryFilter(),
        "a month": EntryFilter(since=middle, until=middle + timedelta(days=30)),
        "charges": EntryFilter(kind="charge"),
        "refunds (none)": EntryFilter(kind="refund"),
        "a project": EntryFilter(project=some.pk),
        "a person": EntryFilter(member=person.pk),
        "a provider": EntryFilter(provider="runware"),
        "a project's refunds": EntryFilter(project=some.pk, kind="refund"),
        "a person's month": EntryFilter(
            member=person.pk, since=middle, until=middle + timedelta(days=30)
        ),
        "a job": EntryFilter(job=job.pk),
    }.items():
        first = clocked(lambda wanted=wanted: entries.page(team(), wanted))
        deep = clocked(
            lambda wanted=wanted: entries.page(team(), wanted, before=Place(day=middle, key=10**15))
        )
        sums = clocked(lambda wanted=wanted: entries.sums(team(), wanted))
        print(
            f"{name:22} page {first:7.1f} ms, halfway {deep:7.1f} ms, sums {sums:7.1f} ms",
            flush=True,
        )


def clocked(act):
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return 1000 * min(times)


def close(_count):
    month = FIRST
    with Rise() as rise:
        ledger.close(team(), month, actor=None)
    print(f"close a month          {rise}", flush=True)


STEPS = {
    "fill": fill, "floor": floor, "page": page, "close": close,
    **{kind: export(kind) for kind in KINDS},
}  # fmt: skip

if __name__ == "__main__":
    STEPS[sys.argv[1]](int(sys.argv[2]))
