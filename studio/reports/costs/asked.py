"""Reads a view from an address; what it does not know becomes the usual, and is told."""

from collections.abc import Iterable, Mapping
from datetime import date

from studio.core import periods
from studio.core.periods import FIRST, LAST, Days, Period, spelled
from studio.core.words import listed, short
from studio.models import DailyTotal
from studio.reports.costs.names import FIELDS, Names
from studio.reports.costs.view import NONE, View, bars_that_fit, usual_bars, usual_split

Parameters = Mapping[str, str]

MOST_DAYS = 3660  # ten years
TYPED = ("provider", "model")  # fields whose keys are words: one that is gone is still in old rows


class Reader:
    """One reading of an address; `told` grows by a sentence for each thing that is wrong."""

    def __init__(self, asked: Parameters, names: Names, today: date) -> None:
        self.asked, self.names, self.today = asked, names, today
        self.told: list[str] = []

    def read(self) -> View:
        period = Period(self.one_of("period", list(Period), Period.MONTH))
        days = self.days(period)
        by = self.one_of("by", list(FIELDS), "person")
        return View(
            period=period, days=days, today=self.today, by=by, then=self.then(by),
            bars=self.bars(days), wanted=self.wanted(), anchored=self.is_anchored(days),
            told=tuple(self.told),
        )  # fmt: skip

    def is_anchored(self, days: Days) -> bool:
        return bool(self.asked.get("from")) or self.today not in days

    def one_of(self, name: str, known: Iterable[str], usual: str) -> str:
        text = self.asked.get(name, "").strip()
        if not text or text in known:
            return text or usual
        self.tell(
            f"{name} takes {listed(list(known), 'or')}, not “{short(text)}”; this is {usual}."
        )
        return usual

    def tell(self, sentence: str) -> None:
        self.told.append(sentence)

    def days(self, period: Period) -> Days:
        first = self.day("from")
        if period != Period.DATES:
            return periods.around(period, first or self.today)
        return self.chosen(first, self.day("until"))

    def chosen(self, first: date | None, last: date | None) -> Days:
        """Dates as they were chosen; the month so far where one is missing or they make no sense."""
        first = first or (last or self.today).replace(day=1)
        last = last or max(first, self.today)
        if last < first:
            self.tell(f"until must not be before from, which is {spelled(first)}; this is one day.")
            return Days(first, first)
        days = Days(first, last)
        if len(days) > MOST_DAYS:
            self.tell("from and until may be ten years apart; this is the last year of them.")
            return Days(last - periods.DAY * 364, last)
        return days

    def day(self, name: str) -> date | None:
        text = self.asked.get(name, "").strip()
        if not text:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = date.min
        if FIRST <= found <= LAST:
            return found
        self.tell(f"{name} takes a day from 2000 to 2100, such as 2026-11-30, not “{short(text)}”.")
        return None

    def then(self, by: str) -> str:
        usual = usual_split(by)
        text = self.one_of("then", [*FIELDS, NONE], usual)
        if text == by:
            self.tell(f"then takes something else than by, which is {by}; this is {usual}.")
            return usual
        return "" if text == NONE else text

    def bars(self, days: Days) -> str:
        """A bar per day is for a few months: more of them than pixels say nothing."""
        usual = usual_bars(days)
        text = self.one_of("bars", ("day", "week", "month"), usual)
        if text in bars_that_fit(days):
            return text
        self.tell(f"Bars per {text} are too many for {len(days):,} days; these are per {usual}.")
        return usual

    def wanted(self) -> dict[str, str]:
        found = {name: self.asked.get(name, "").strip() for name in FIELDS}
        return {name: key for name, key in found.items() if key and self.exists(name, key)}

    def exists(self, name: str, key: str) -> bool:
        """Whether the team has it; of another team's it is told as of one that never was."""
        if key in FIELDS[name].names(self.names) or self._was_there(name, key):
            return True
        self.tell(f"There is no {name} “{short(key)}” in this team; this is about all of them.")
        return False

    def _was_there(self, name: str, key: str) -> bool:
        of_team = DailyTotal.objects.filter(team=self.names.team)
        return name in TYPED and "\0" not in key and of_team.filter(**{name: key}).exists()


def read(asked: Parameters, names: Names, today: date) -> View:
    return Reader(asked, names, today).read()
