"""Where a row of the report leads: a narrower report, the wall that finds its clips, the ledger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from studio.core.outcome import Outcome
from studio.core.periods import DAY, Days
from studio.core.search import Query, Term, named
from studio.models import Project
from studio.reports.costs.groups import Row
from studio.reports.costs.names import FIELDS, Names
from studio.reports.costs.view import View, usual_split

# The files that a period can be taken home as.
EXPORTS = {"CSV": "costs-csv", "Excel": "costs-xlsx", "FOCUS": "costs-focus"}

# The search for what became of a take. What nobody has decided yet waits for a review.
OUTCOMES: Mapping[str, Term] = {
    Outcome.APPROVED: Term(field="status", value="approved"),
    Outcome.CHANGES: Term(field="status", value="changes"),
    Outcome.REJECTED: Term(field="status", value="rejected"),
    Outcome.UNDECIDED: Term(field="status", value="review"),
    Outcome.UNSEEN: Term(field="status", value="review"),
    Outcome.REHEARSAL: Term(field="is", value="rehearsal"),
    Outcome.FAILED: Term(field="status", value="failed"),
    Outcome.CANCELLED: Term(field="status", value="cancelled"),
    Outcome.OPEN: Term(field="status", value="progress"),
}

# How the search asks for what a row has. It knows no templates; a project is where it looks.
TERMS: Mapping[str, Callable[[Names, str], Term]] = {
    "person": lambda names, key: Term(field="by", value=names.people[key].user.email),
    "provider": lambda _, key: named("provider", key),
    "model": lambda _, key: named("model", key),
    "tag": lambda names, key: named("tag", names.tags[key]),
    "decision": lambda _, key: OUTCOMES[key],
}

# What the ledger calls what it can be asked for.
OF_LEDGER = {"project": "project", "person": "member", "provider": "provider"}


@dataclass(frozen=True, kw_only=True)
class Links:
    """Addresses, "" for one that there is none of; `project` is where the wall has to look."""

    only: str = ""
    wall: str = ""
    ledger: str = ""
    project: str = ""


@dataclass(frozen=True)
class Linker:
    """Makes the links of rows of one view."""

    view: View
    names: Names
    current: Project

    def links(self, row: Row) -> Links:
        wanted = self._wanted(row)
        return Links(
            only=self._only(wanted), ledger=ledger(wanted, self.view.past),
            wall=wall(wanted, self.view.past, self.names), project=self._project(wanted),
        )  # fmt: skip

    def part(self, row: Row, part: Row) -> Links:
        """Of a part of a row, which shows no other link."""
        return Links(only=self._only({**self._wanted(row), self.view.then: part.key}))

    def _wanted(self, row: Row) -> dict[str, str]:
        return {**self.view.wanted, self.view.by: row.key}

    def _only(self, wanted: Mapping[str, str]) -> str:
        """The report of this alone, told by what the rows are split by now."""
        free = [name for name in FIELDS if name not in wanted]
        if not all(wanted.values()) or not free:
            return ""
        by = self.view.then if self.view.then in free else free[0]
        rest = [name for name in (usual_split(by), *free) if name in free and name != by]
        return self.view.but(wanted=dict(wanted), by=by, then=rest[0] if rest else "")

    def _project(self, wanted: Mapping[str, str]) -> str:
        return wanted.get("project", "") or str(self.current.pk)


def wall(wanted: Mapping[str, str], days: Days, names: Names) -> str:
    """The wall that finds these clips; "" where the search has no word for it."""
    asked = {name: key for name, key in wanted.items() if name != "project"}
    if not all(wanted.values()) or set(asked) - set(TERMS):
        return ""
    terms = [TERMS[name](names, key) for name, key in asked.items() if key]
    query = Query((*terms, _term("after", days.first), _term("before", days.last + DAY)))
    return f"{reverse('wall')}?{urlencode({'q': str(query)})}"


def _term(field: str, day: date) -> Term:
    return Term(field=field, value=day.isoformat())


def ledger(wanted: Mapping[str, str], days: Days) -> str:
    """The entries of these days; "" where the ledger can not be asked for just these."""
    if set(wanted) - set(OF_LEDGER) or not all(wanted.values()):
        return ""
    asked = {OF_LEDGER[name]: key for name, key in wanted.items()}
    return f"{reverse('costs-ledger')}?{urlencode({**_span(days), **asked})}"


def _span(days: Days) -> dict[str, str]:
    return {"since": days.first.isoformat(), "until": days.last.isoformat()}


def exports(days: Days) -> list[tuple[str, str]]:
    """Label and address of each file that the period can be taken home as."""
    return [
        (label, f"{reverse(route)}?{urlencode(_span(days))}") for label, route in EXPORTS.items()
    ]
