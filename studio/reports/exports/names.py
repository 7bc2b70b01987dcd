"""What things are called in a file: as they are now, in a closed month as they were then."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from studio.ledger.names import label_of
from studio.models import ClosedMonth, ClosedName, Named, Team

if TYPE_CHECKING:
    from studio.reports.exports.lines import Line

# The value that each kind of name stands in, and the value of its key.
PLACES = (
    ("title", Named.CLIP, "clip"),
    ("project_name", Named.PROJECT, "project"),
    ("author_name", Named.MEMBER, "author"),
    ("actor_name", Named.MEMBER, "actor"),
    ("provider_label", Named.PROVIDER, "provider"),
)
FEW = (Named.PROJECT, Named.MEMBER, Named.PROVIDER)  # read once for a month; clips as they come


class Names:
    def __init__(self, team: Team) -> None:
        self.team = team
        self.closed = {row.month: row for row in ClosedMonth.objects.filter(team=team)}
        self.few: dict[date, dict[tuple[str, str], str]] = {}

    def told(self, lines: Sequence["Line"]) -> Iterator["Line"]:
        """The same lines, with names."""
        clips = self._clips(lines)
        for line in lines:
            month = self._month(line)
            yield self._then(line, month, clips) if month else self._now(line)

    def _month(self, line: "Line") -> ClosedMonth | None:
        return self.closed.get(line.day.replace(day=1)) if self.closed else None

    def _now(self, line: "Line") -> "Line":
        return line._replace(
            provider_label=label_of(line.provider) if line.provider else "",
            team_name=self.team.name, time_zone=self.team.time_zone,
        )  # fmt: skip

    def _then(self, line: "Line", month: ClosedMonth, clips: dict[tuple[date, str], str]) -> "Line":
        few = self._few(month)
        found: dict[str, Any] = {"team_name": month.team_name, "time_zone": month.time_zone}
        for place, kind, key in PLACES:
            value = str(getattr(line, key))
            known = (
                clips.get((month.month, value)) if kind == Named.CLIP else few.get((kind, value))
            )
            found[place] = known or getattr(line, place)
        return line._replace(**found)

    def _few(self, month: ClosedMonth) -> dict[tuple[str, str], str]:
        """Of the month that is read: they come in order, so one is enough to remember."""
        if month.month not in self.few:
            rows = ClosedName.objects.filter(month=month, kind__in=FEW)
            self.few = {month.month: {(row.kind, row.key): row.name for row in rows.iterator()}}
        return self.few[month.month]

    def _clips(self, lines: Iterable["Line"]) -> dict[tuple[date, str], str]:
        wanted: dict[ClosedMonth, set[str]] = defaultdict(set)
        for line in lines:
            if line.clip and (month := self._month(line)):
                wanted[month].add(str(line.clip))
        return {
            (month.month, key): name
            for month, keys in wanted.items()
            for key, name in ClosedName.objects.filter(
                month=month, kind=Named.CLIP, key__in=keys
            ).values_list("key", "name")
        }
