"""Prices, holds and charges: the books balance after every step, whatever the steps are."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DjangoCase
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)

from studio import ledger
from studio.core.errors import BudgetExceeded, NoPrice, StudioError
from studio.core.money import MICRO
from studio.core.status import TERMINAL, JobStatus
from studio.models import Budget, Job, LedgerEntry, Per, PriceVersion
from studio.pipeline import settle
from tests.factories import make_job, make_member, make_order, make_painting, make_price, make_team

S = JobStatus
PARTS = ("granted", "available", "held", "spent")


class Books(RuleBasedStateMachine):
    """Grants, orders, ends and prices in any sequence."""

    jobs = Bundle("jobs")

    def __init__(self):
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.author = make_member(team=make_team(credits=50))
        self.set_price(1_000_000, "credit", Per.SECOND)

    def teardown(self):
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @rule(amount=st.integers(-60 * MICRO, 60 * MICRO))
    def grant(self, amount):
        free = ledger.team_budget(self.author.team).available
        try:
            ledger.grant(self.author.team, amount, actor=None, cause="test")
        except StudioError:
            assert amount < -free
        else:
            assert amount >= -free

    @rule(
        amount=st.integers(0, 20 * MICRO),
        unit=st.sampled_from(["credit", "USD"]),
        per=st.sampled_from(Per.values),
    )
    def set_price(self, amount, unit, per):
        make_price(provider="painter", amount=amount, unit=unit, per=per)

    @rule(price=st.integers(1, 3 * MICRO))
    def set_credit_price(self, price):
        self.author.team.credit_price = price
        self.author.team.save()

    @rule(target=jobs, seconds=st.integers(1, 10), count=st.integers(1, 4))
    def order(self, seconds, count):
        try:
            with transaction.atomic():
                return make_job(
                    S.SAVING, author=self.author,
                    order=make_painting(duration=seconds, count=count),
                )  # fmt: skip
        except BudgetExceeded:
            return None

    @rule(job=consumes(jobs), charge=st.none() | st.integers(0, 30 * MICRO))
    def succeed(self, job, charge):
        if job is None:
            return
        try:
            settle.succeed(job, charge=charge, write=lambda: None)
        except BudgetExceeded:
            assert Job.objects.get(pk=job.pk).status == S.SAVING

    @rule(job=consumes(jobs))
    def fail(self, job):
        if job is not None:
            settle.fail(Job.objects.get(pk=job.pk), "No.")

    @precondition(lambda self: Job.objects.filter(status__in=TERMINAL, quoted__gt=0).exists())
    @rule()
    def end_again(self):
        ended = Job.objects.filter(status__in=TERMINAL, quoted__gt=0).first()
        with pytest.raises(AssertionError, match="was settled before"), transaction.atomic():
            ledger.settle(ended, charge=0, cause="twice")

    @invariant()
    def budget_balances_and_is_the_sum_of_its_entries(self):
        budget = Budget.objects.get(team=self.author.team)
        sums = LedgerEntry.objects.filter(team=self.author.team).aggregate(
            **{part: Sum(part) for part in PARTS}
        )
        for part in PARTS:
            assert getattr(budget, part) == sums[part] >= 0
        assert budget.available + budget.held + budget.spent == budget.granted

    @invariant()
    def only_living_jobs_hold_their_quote(self):
        living = Job.objects.exclude(status__in=TERMINAL).aggregate(all=Sum("quoted"))["all"]
        assert Budget.objects.get(team=self.author.team).held == (living or 0)

    @invariant()
    def each_hold_ends_once(self):
        for job in Job.objects.all():
            kinds = Counter(LedgerEntry.objects.filter(job=job).values_list("kind", flat=True))
            assert kinds.pop("hold") == 1
            assert set(kinds.values()) <= {1}
            assert bool(kinds) is (job.status in TERMINAL)
            charges = LedgerEntry.objects.filter(job=job, kind="charge").aggregate(all=Sum("spent"))
            assert job.charged == (charges["all"] or 0)


class TestSequences(Books.TestCase, DjangoCase):
    settings = settings(
        max_examples=40, stateful_step_count=25, deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip


def entry(job, kind):
    return LedgerEntry.objects.get(job=job, kind=kind)


@pytest.mark.django_db
class TestNativeAmounts:
    def test_dollars_are_kept_to_the_last_micro_and_credits_at_the_rate_of_the_day(self):
        make_price(provider="painter", amount=70_000, unit="USD")
        job = make_job(S.SAVING, order=make_painting(duration=5))
        assert job.quoted == 35 * MICRO
        hold = entry(job, "hold")
        assert (hold.native, hold.unit, hold.credit_price) == (350_000, "USD", 10_000)
        job.team.credit_price = 20_000
        job.team.save()
        settle.succeed(job, charge=123_457, write=lambda: None)
        charge, release = entry(job, "charge"), entry(job, "release")
        assert (charge.native, charge.unit, charge.credit_price) == (123_457, "USD", 20_000)
        assert charge.spent == job.charged == 6_172_850
        assert release.available == 35 * MICRO - charge.spent
        assert release.native == 350_000 - 123_457

    @pytest.mark.parametrize("credit_price", [1, 7_000, 3 * MICRO])
    def test_no_rate_loses_what_the_provider_said(self, credit_price):
        make_price(provider="painter", amount=1, unit="USD")
        author = make_member(team=make_team(credits=10**6))
        author.team.credit_price = credit_price
        author.team.save()
        job = make_job(S.SAVING, author=author, order=make_painting(duration=1))
        settle.succeed(job, charge=1, write=lambda: None)
        assert entry(job, "charge").native == 1

    def test_an_overrun_is_taken_from_what_is_free(self):
        make_price(provider="painter", credits_per_second=10)
        job = make_job(S.SAVING, order=make_painting())
        settle.succeed(job, charge=15 * MICRO, write=lambda: None)
        charge = entry(job, "charge")
        assert (charge.available, charge.held, charge.spent) == (
            -5 * MICRO, -10 * MICRO, 15 * MICRO,
        )  # fmt: skip
        assert not LedgerEntry.objects.filter(job=job, kind="release").exists()

    def test_a_free_hold_ends_as_well(self):
        job = make_job(S.SAVING, order=make_order())
        settle.succeed(job, charge=None, write=lambda: None)
        assert entry(job, "release").available == 0


@pytest.mark.django_db
class TestPrice:
    def test_the_narrowest_version_of_the_team_that_is_valid_now(self):
        team = make_team()
        soon = timezone.now() + timedelta(days=1)
        versions = [
            {}, {"model": "animatic-1"}, {"conditions": {"resolution": "720p"}},
            {"model": "animatic-1", "conditions": {"resolution": "720p"}}, {"team": team},
            {"team": team, "conditions": {"resolution": "720p"}},
        ]  # fmt: skip
        for amount, fields in enumerate(versions, start=1):
            make_price(credits_per_second=amount, **fields)
            make_price(credits_per_second=99, **{**fields, "valid_from": soon})
            make_price(credits_per_second=98, conditions={"resolution": "8k"})
        order = make_order()
        assert ledger.price_for(team, order).amount == 6 * MICRO
        assert ledger.price_for(make_team(), order).amount == 4 * MICRO

    def test_the_newest_of_its_kind(self):
        make_price(credits_per_second=1)
        make_price(credits_per_second=2)
        assert ledger.quote(make_team(), make_order()).amount == 2 * MICRO

    def test_per_take_and_per_second(self):
        order = make_order(duration=5, count=3)
        make_price(credits_per_second=2)
        assert ledger.quote(make_team(), order).amount == 30 * MICRO
        make_price(credits_per_second=2, per=Per.TAKE)
        assert ledger.quote(make_team(), order).amount == 6 * MICRO

    def test_animatic_is_free_at_first(self):
        assert ledger.quote(make_team(), make_order()).is_free

    def test_no_price_no_job(self):
        with pytest.raises(NoPrice, match="no price for nobody"):
            ledger.price_for(make_team(), make_order(provider="nobody"))

    def test_many_orders_are_quoted_with_one_look_at_the_list(self, django_assert_num_queries):
        team = make_team()
        make_price(credits_per_second=2)
        orders = [make_order(duration=3), make_order(provider="nobody"), make_order(count=4)]
        with django_assert_num_queries(1):
            three, nobody, four = ledger.quotes(team, orders)
        assert (three.amount, four.amount) == (6 * MICRO, 8 * MICRO)
        assert isinstance(nobody, NoPrice)


@pytest.mark.django_db
class TestGuards:
    def test_what_holds_nothing_cannot_be_settled(self):
        job = make_job(S.WAITING)
        with pytest.raises(AssertionError, match="holds nothing"):
            ledger.settle(job, charge=0, cause="test")

    def test_a_team_without_a_budget_has_nothing(self):
        make_price(provider="painter")
        member = make_member()
        Budget.objects.all().delete()
        assert ledger.team_budget(member.team).available == 0
        with pytest.raises(BudgetExceeded):
            make_job(author=member, order=make_painting())

    def test_the_database_itself_refuses_books_that_do_not_balance(self):
        budget = Budget.objects.get(team=make_team())
        for change in ({"spent": 1}, {"available": -1, "granted": -1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Budget.objects.filter(pk=budget.pk).update(**change)

    def test_a_credit_costs_something(self):
        team = make_team()
        team.credit_price = 0
        with pytest.raises(IntegrityError), transaction.atomic():
            team.save()

    @pytest.mark.parametrize("kind", [LedgerEntry, PriceVersion])
    def test_rows_of_money_are_never_changed(self, kind):
        make_price()
        make_team()
        row = kind.objects.first()
        for attempt in (row.save, row.delete, kind.objects.all().delete,
                        lambda: kind.objects.update(cause="x")):  # fmt: skip
            with pytest.raises(TypeError, match="append-only"):
                attempt()

    def test_nor_overwritten_under_their_key(self):
        price = make_price()
        twin = PriceVersion(**{
            field.attname: getattr(price, field.attname) for field in PriceVersion._meta.fields
        })  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()
