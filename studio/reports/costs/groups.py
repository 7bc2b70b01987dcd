"""The table of the report: costs by one thing, and each of its rows by another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from studio.models import Member, Team
from studio.reports.costs.names import FIELDS, Names
from studio.reports.costs.sums import NOTHING, Sums, summed, totals
from studio.reports.costs.view import View

MOST_ROWS = 50
MOST_PARTS = 10
OUTCOME = "outcome"
Gathered = dict[str, list[Sums]]

DEAR = 1.5  # an approved second for so many times what it costs over all is marked


@dataclass(frozen=True, kw_only=True)
class Row:
    """`key` is "" for what has no such thing. `member` is who it is, of a person."""

    key: str
    label: str
    sums: Sums
    member: Member | None = None
    parts: "Rows | None" = None
    is_dear: bool = False


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The dearest rows; `rest` are the sums of `more` that are not shown."""

    shown: Sequence[Row]
    more: int = 0
    rest: Sums = NOTHING

    @property
    def count(self) -> int:
        """Without the row for what has no such thing."""
        return len([row for row in self.shown if row.key]) + self.more


@dataclass(frozen=True, kw_only=True)
class Groups:
    """`whole` is the exact sum. With tags it may be less than all rows: a clip can have several."""

    rows: Rows
    whole: Sums
    by_outcome: Mapping[str, Sums]

    @property
    def overlaps(self) -> bool:
        """Whether anything counts in more than one row."""
        parts = [row.sums for row in self.rows.shown] + [self.rows.rest]
        return Sums.of(parts) != self.whole


def groups(team: Team, view: View, names: Names) -> Groups:
    """One query, and one for the names of each level."""
    fields = [view.field, view.split] if view.split else [view.field]
    columns = list(dict.fromkeys([*(field.column for field in fields), OUTCOME]))
    own: Gathered = defaultdict(list)
    parts: dict[str, Gathered] = defaultdict(lambda: defaultdict(list))
    outcomes: Gathered = defaultdict(list)
    for values, sums in summed(totals(team, view, view.past), *columns):
        outcomes[values[columns.index(OUTCOME)]].append(sums)
        for key in view.field.keys(values[0]):
            own[key].append(sums)
            for part in view.split.keys(values[1]) if view.split else []:
                parts[key][part].append(sums)
    by_outcome = {outcome: Sums.of(sums) for outcome, sums in outcomes.items()}
    whole = Sums.of(by_outcome.values())
    rows = _rows(view.by, own, names, MOST_ROWS)
    shown = [_split(row, view.then, parts[row.key], names, whole) for row in rows.shown]
    return Groups(rows=replace(rows, shown=shown), whole=whole, by_outcome=by_outcome)


def _rows(name: str, gathered: Gathered, names: Names, most: int) -> Rows:
    """The dearest ones; of equally dear ones, first those with more jobs."""
    sums = {key: Sums.of(parts) for key, parts in gathered.items()}
    called = {key: FIELDS[name].called(names, key) for key in sums}
    order = sorted(sums, key=lambda key: (-sums[key].spent, -sums[key].jobs, called[key], key))
    shown = [_row(name, key, called[key], sums[key], names) for key in order[:most]]
    hidden = order[most:]
    return Rows(shown=shown, more=len(hidden), rest=Sums.of(sums[key] for key in hidden))


def _row(name: str, key: str, label: str, sums: Sums, names: Names) -> Row:
    member = names.people.get(key) if name == "person" else None
    return Row(key=key, label=label, sums=sums, member=member)


def _split(row: Row, then: str, parts: Gathered, names: Names, whole: Sums) -> Row:
    rows = _rows(then, parts, names, MOST_PARTS) if then else None
    return replace(row, parts=rows, is_dear=_is_dear(row.sums, whole))


def _is_dear(sums: Sums, whole: Sums) -> bool:
    cost, usual = sums.per_approved_second, whole.per_approved_second
    return cost is not None and usual is not None and cost > DEAR * usual
