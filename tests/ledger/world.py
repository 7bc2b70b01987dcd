"""Two teams whose money moves in any sequence, and a memory of what everybody was told."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest import mock

from django.db import transaction

from studio import ledger
from studio.core.errors import StudioError
from studio.core.money import CREDIT, MICRO, USD
from studio.core.status import JobStatus
from studio.ledger import books, months
from studio.models import (
    Budget,
    Cap,
    CapHold,
    CapPeriod,
    Clip,
    ClosedMonth,
    Day,
    Job,
    LedgerEntry,
    Team,
)
from tests.factories import make_member, make_painting, make_price, make_project, make_team

S = JobStatus
LIVING = (S.QUEUED, S.RUNNING, S.SAVING, S.UNCERTAIN)
ENTRY = [field.attname for field in LedgerEntry._meta.concrete_fields]
MONTH = [field.attname for field in ClosedMonth._meta.concrete_fields]
JOB = ["pk", "status", "quoted", "charged", "price__unit", "clip__charged"]
PERIOD = ["pk", "used", "limit", "cap__stops"]
START = datetime(2026, 1, 20, 12, tzinfo=UTC)
ZONES = ("UTC", "Pacific/Auckland", "Pacific/Honolulu")
UNITS = (CREDIT, USD, "AIML")
PRICES = {CREDIT: MICRO, USD: 70_000, "AIML": 140_000 * MICRO}  # of a second
SCOPES = ("studio", "team", "project", "member", "provider", "member in project")


class Clock:
    """Moments that only ever grow, each a little later than the one before."""

    def __init__(self):
        self.now = START

    def __call__(self):
        self.now += timedelta(microseconds=7)
        return self.now

    def pass_days(self, days):
        self.now += timedelta(days=days)


class World:
    """What can happen to money. Each method does one thing, or learns that it can not be done.

    `bills` are what the provider charged for a job, in its unit; `applied` the jobs that were told
    to hold; `differences` what a call changed that was to change nothing.
    """

    def __init__(self):
        self.clock = Clock()
        self.patch = mock.patch("django.utils.timezone.now", self.clock)
        self.patch.start()
        self.people = [make_member(team=make_team(credits=60)) for _ in range(2)]
        for member in self.people:
            make_project(member.team)
        self.prices = {
            unit: make_price(provider="painter", amount=PRICES[unit], unit=unit) for unit in UNITS
        }
        self.jobs, self.waiting = [], []
        self.bills, self.applied = {}, set()
        self.entries, self.months = {}, {}
        self.differences = {"duplicate": [], "refused": []}

    def end(self):
        self.patch.stop()

    def grant(self, who, amount):
        with self.maybe():
            ledger.grant(self.people[who].team, amount, actor=None, cause="test")

    def order(self, who, seconds, unit, status):
        """Order a job, which goes on to that state unless it has to wait."""
        member = self.people[who]
        clip = Clip.objects.create(
            team=member.team, project=member.team.projects.get(), author=member, title="Door",
            state=S.WAITING,
        )  # fmt: skip
        order, unit_price = make_painting(duration=seconds), ledger.price_of_unit(member.team, unit)
        job = Job.objects.create(
            team=member.team, clip=clip, author=member, provider="painter", model="painter-1",
            stored_order=order.to_json(), price=self.prices[unit], unit_price=unit_price, status=S.WAITING,
            quoted=ledger.to_credits(member.team, PRICES[unit] * seconds, unit_price=unit_price),
        )  # fmt: skip
        self._enter(job, status)

    def order_again(self, pick):
        """What had to wait asks once more: it goes in now, or is refused as before."""
        if self.waiting:
            pk = self.waiting.pop(pick % len(self.waiting))
            self._enter(self._fresh(pk), S.QUEUED)

    def _enter(self, job, status):
        with self.maybe() as answer, transaction.atomic():
            ledger.hold(job)
            Job.objects.filter(pk=job.pk).update(status=status)
            self.applied.add(job.pk)
        (self.waiting if answer.refused else self.jobs).append(job.pk)

    def end_job(self, pick, status, charge, unit):
        """`charge` in micro-credits' worth of the unit; None: as quoted."""
        job = self._living(pick)
        if job is None:
            return
        charge = 0 if status == S.CANCELLED else charge
        unit = job.price.unit if charge is None else unit
        native = None if charge is None else charge * PRICES[unit] // MICRO
        with self.maybe() as answer, transaction.atomic():
            Job.objects.filter(pk=job.pk).update(status=status)
            ledger.settle(job, charge=native, unit=unit, cause="test")
        if not answer.refused:
            quoted = job.order.seconds * PRICES[unit]
            self.bills[job.pk] = (quoted if native is None else native, unit)

    def end_again(self, pick):
        """A message came twice: nothing moves the second time."""
        if job := self._ended(pick):
            with self._unchanged("duplicate", AssertionError):
                ledger.settle(job, charge=job.quoted, cause="twice")

    def hold_again(self, pick):
        """So it is with an order."""
        if job := self._living(pick) or self._ended(pick):
            with self._unchanged("duplicate", Exception):
                ledger.hold(job)

    def refund(self, pick, percent):
        if job := self._ended(pick):
            amount = job.charged * percent // 100
            native = self.bills[job.pk][0] * percent // 100
            with self.maybe():
                ledger.refund(job, amount, native=native, cause="test", actor=None)

    def correct(self, pick, amount):
        if job := self._ended(pick):
            with self.maybe():
                ledger.correct(job, amount, native=amount, cause="test", actor=None)

    def close(self, who):
        team = Team.objects.get(pk=self.people[who].team_id)
        month = months.next_to_close(team, books.team_budget(team))
        with self.maybe():
            ledger.close(team, month or self.clock.now.date().replace(day=1), actor=None)

    def close_again(self, pick):
        if closed := ClosedMonth.objects.filter(team=self.people[pick % 2].team_id).last():
            with self._unchanged("duplicate", StudioError):
                ledger.close(closed.team, closed.month, actor=None)

    def travel(self, who, zone):
        team = self.people[who].team
        team.time_zone = zone
        team.save(update_fields=["time_zone"])

    def price_credits(self, who, price):
        team = self.people[who].team
        team.credit_price = price
        team.save(update_fields=["credit_price"])

    def limit(self, who, scope, amount, every):
        """A limit of that scope, if there is none yet, that counts what is ordered from now on."""
        fields = scope_of(scope, self.people[who])
        if not Cap.objects.filter(every=every, **fields).exists():
            Cap.objects.create(every=every, amount=amount, **fields)

    def remove_limit(self, pick):
        caps = list(Cap.objects.standing())
        if caps:
            cap = caps[pick % len(caps)]
            cap.removed_at = self.clock()
            cap.save(update_fields=["removed_at"])

    def _living(self, pick):
        return self._pick(pick, [pk for pk in self.jobs if pk not in self.bills])

    def _ended(self, pick):
        return self._pick(pick, list(self.bills))

    def _pick(self, pick, keys):
        return self._fresh(keys[pick % len(keys)]) if keys else None

    def _fresh(self, pk):
        """As somebody else reads it, with a team that may have changed since."""
        return Job.objects.select_related("team", "price", "clip").get(pk=pk)

    @contextmanager
    def maybe(self):
        """What may be refused; then it must not have changed anything."""
        answer, before = SimpleNamespace(refused=False), self.state()
        try:
            with transaction.atomic():
                yield answer
        except StudioError:
            answer.refused = True
            self._compare("refused", before)

    @contextmanager
    def _unchanged(self, name, error):
        before = self.state()
        try:
            with transaction.atomic():
                yield
        except error:
            pass
        self._compare(name, before)

    def _compare(self, name, before):
        if (after := self.state()) != before:
            self.differences[name].append(f"{before} became {after}")

    def state(self):
        """What money is where, as few rows say it."""
        budgets = Budget.objects.order_by("pk").values_list(*books.PARTS, "entries", "closed_until")
        used = CapPeriod.objects.order_by("pk").exclude(used=0).values_list("pk", "used")
        return [*budgets], [*used], ClosedMonth.objects.count()


def scope_of(scope, member):
    """The fields of a limit by its scope's name."""
    project = member.team.projects.get()
    whose = {
        "studio": {},
        "team": {"team": member.team},
        "project": {"team": member.team, "project": project},
        "member": {"team": member.team, "member": member},
        "provider": {"team": member.team, "provider": "painter"},
        "member in project": {"team": member.team, "project": project, "member": member},
    }
    return {"team": None, "project": None, "member": None, "provider": "", **whose[scope]}


class Seen:
    """All rows of money at one moment, and what the world remembers of them."""

    def __init__(self, world):
        self.world = world
        self.entries = list(LedgerEntry.objects.order_by("pk").values_list(*ENTRY, named=True))
        self.by_key = {row.id: row for row in self.entries}
        self.budgets = list(Budget.objects.order_by("pk"))
        self.jobs = {row.pk: row for row in Job.objects.values_list(*JOB, named=True)}
        self.periods = list(CapPeriod.objects.order_by("pk").values_list(*PERIOD, named=True))
        self.uses = list(CapHold.objects.values_list("period", "job", "amount", named=True))
        self.months = list(ClosedMonth.objects.order_by("pk").values_list(*MONTH, named=True))
        self.days = set(Day.objects.filter(stale=True).values_list("team", "date"))

    def of_team(self, team_id):
        return [row for row in self.entries if row.team_id == team_id]

    def of_job(self, job_id):
        return [row for row in self.entries if row.job_id == job_id]

    def remember(self):
        """Keep what is there now: it must be the same whenever somebody looks again."""
        self.world.entries = self.by_key
        self.world.months = {row.id: row for row in self.months}
