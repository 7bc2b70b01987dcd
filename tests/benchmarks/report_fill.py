"""Fills a data folder with the daily totals of one big team over three years."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from studio import ledger
from studio.core import durations
from studio.core.money import MICRO
from studio.core.outcome import Outcome
from studio.models import DailyTime, DailyTotal, Member, Project, Tag, Team, User
from studio.providers.registry import all_providers
from studio.services.setup import prepare

DAYS = 3 * 365
BATCH = 20_000
PEOPLE, PROJECTS, TAGS = 30, 8, 12
# About three jobs of ten are of a combination that no other job of the day has, as a job leaves
# three entries: ten million of them are three million jobs, and this many rows on each day.
ROWS_A_DAY = 1_000
PRICE = 35 * MICRO
WORK = (1.2, 1.3, 1.25, 1.15, 0.9, 0.15, 0.1)


class Fill:
    """Rows for so many days until today, the same ones every time."""

    def __init__(self, days: int = DAYS) -> None:
        self.random = random.Random(7)
        admin = prepare()
        self.team: Team = admin.team
        self.today = ledger.today_of(self.team)
        self.people = [admin, *(self._person(number) for number in range(PEOPLE))]
        self.projects = [
            Project.objects.create(team=self.team, name=f"Production {n}") for n in range(PROJECTS)
        ]
        tags = [Tag.objects.create(team=self.team, name=f"tag {n}").pk for n in range(TAGS)]
        self.tags = [
            "",
            *map(str, tags),
            *(f"{a},{b}" for a, b in pairwise(tags)),
        ]
        self.models = [
            (slug, able.model)
            for slug, provider in all_providers().items()
            for able in provider.capabilities
        ]
        for ago in range(days, -1, -BATCH // ROWS_A_DAY):
            batch = range(ago, max(-1, ago - BATCH // ROWS_A_DAY), -1)
            rows = [row for one in batch for row in self._day(self.today - timedelta(days=one))]
            DailyTotal.objects.bulk_create(rows, batch_size=1_000)
        DailyTime.objects.bulk_create(self._times(days), batch_size=5_000)

    def _person(self, number: int) -> Member:
        user = User.objects.create_user(
            f"person{number}@example.org", None, name=f"Person {number}"
        )
        return Member.objects.create(team=self.team, user=user, role="author")

    def _day(self, day: date) -> Iterator[DailyTotal]:
        for _ in range(int(ROWS_A_DAY * WORK[day.weekday()])):
            provider, model = self.random.choice(self.models)
            outcome = self.random.choice(list(Outcome))
            count = self.random.randint(1, 5)
            free = provider == "animatic"
            ended_well = outcome not in {Outcome.FAILED, Outcome.CANCELLED, Outcome.OPEN}
            spent = count * PRICE if ended_well and not free else 0
            yield DailyTotal(
                team=self.team, day=day, project=self.random.choice(self.projects),
                author=self.random.choice(self.people), provider=provider, model=model,
                tags=self.random.choice(self.tags), outcome=outcome, held=0 if free else count * PRICE,
                charged=spent, spent=spent, jobs=count, succeeded=count * ended_well,
                failed=count * (outcome == Outcome.FAILED), takes=count * ended_well,
                milliseconds=5_000 * count * ended_well,
            )  # fmt: skip

    def _times(self, days: int) -> Iterator[DailyTime]:
        for ago in range(days, -1, -1):
            for slug in all_providers():
                for seconds in range(40, 200, 20):
                    yield DailyTime(
                        team=self.team, day=self.today - timedelta(days=ago), provider=slug,
                        bucket=durations.bucket(seconds), jobs=self.random.randint(1, 40),
                    )  # fmt: skip
