"""From lines of a bill to rows: the job that each is about, and what differs."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from studio.core.bills.lines import Line, Survey
from studio.core.bills.matching import Found, Kind, Ours, Rates, compare, duplicate, extra
from studio.core.bills.seen import SeenJobs
from studio.models import Attempt, Bill, BillLine, Difference, EntryKind, LedgerEntry, MatchedBy

# Names in one question: SQLite takes 32,766 of them at most, whatever else is asked.
CHUNK = 1000
KINDS = (EntryKind.CHARGE, EntryKind.RELEASE, EntryKind.CORRECTION, EntryKind.REFUND)


@dataclass(frozen=True, slots=True)
class Match:
    job: int
    team: int
    by: MatchedBy


class Matcher:
    """Reads lines in the order of the bill; the first line of a job is laid beside its charge.

    `seen` are the jobs that have a line, with whether that gives something back.
    """

    def __init__(self, bill: Bill, found: Survey, rates: Rates) -> None:
        self.bill, self.rates = bill, rates
        self.credits = found.credits
        self.seen = SeenJobs()

    def rows(self, lines: Iterable[Line]) -> Iterator[BillLine]:
        rest = iter(lines)
        while chunk := list(islice(rest, CHUNK)):
            yield from self._rows(chunk)

    def _rows(self, chunk: list[Line]) -> Iterator[BillLine]:
        """Four queries."""
        matches = [self._match(line, *names) for names in [self._names(chunk)] for line in chunk]
        jobs = {one.job for one in matches if one and one.team == self.bill.team_id}
        ours = books_of(jobs)
        for job, is_credit in billed_before(self.bill, jobs):
            self.seen.add(job, credit=is_credit)
        for line, match in zip(chunk, matches, strict=True):
            if match is None:
                yield self._row(line, extra(line, self.rates))
            elif match.team != self.bill.team_id:
                self.seen.add(match.job, credit=line.is_credit)
                yield self._elsewhere(line)
            else:
                yield self._beside(line, match, ours.get(match.job, Ours(unit=line.unit)))

    def _names(self, chunk: list[Line]) -> tuple[dict[str, Match], dict[str, Match]]:
        references = {line.reference for line in chunk if line.reference}
        ids = {line.remote_id for line in chunk if line.remote_id}
        return (
            self._attempts("reference", references, MatchedBy.REFERENCE),
            self._attempts("remote_id", ids, MatchedBy.REMOTE_ID),
        )

    def _attempts(self, name: str, wanted: Collection[str], by: MatchedBy) -> dict[str, Match]:
        """Of any team: the account is the studio's.

        The provider is looked at here: asked for it, SQLite goes through all of its jobs each time.
        """
        tries = Attempt.objects.filter(**{f"{name}__in": wanted}).order_by("pk")
        rows = tries.values_list(name, "job", "job__team", "job__provider")
        provider = self.bill.provider
        return {found: Match(job, team, by) for found, job, team, its in rows if its == provider}

    @staticmethod
    def _match(
        line: Line, references: dict[str, Match], ids: dict[str, Match]
    ) -> Match | None:  # fmt: skip
        return references.get(line.reference) or ids.get(line.remote_id)

    def _beside(self, line: Line, match: Match, ours: Ours) -> BillLine:
        again = self.seen.has(match.job, credit=line.is_credit)
        self.seen.add(match.job, credit=line.is_credit)
        found = duplicate(line, self.rates) if again else self.compared(line, ours)
        row = self._row(line, found)
        row.job_id, row.matched_by = match.job, match.by
        return row

    def compared(self, line: Line, ours: Ours) -> Found:
        credited = any(name in self.credits for name in line.names)
        return compare(line, ours, self.rates, credited=credited)

    def _elsewhere(self, line: Line) -> BillLine:
        """Counted and no more: which jobs another team has is not for this one to read."""
        return hide(self._row(line, Found(kind=Kind.NONE)))

    def _row(self, line: Line, found: Found) -> BillLine:
        return BillLine(
            bill=self.bill, row=line.row, reference=line.reference, remote_id=line.remote_id,
            at=line.at, native=line.native, unit=line.unit, difference=found.kind,
            expected=found.expected, expected_unit=found.expected_unit, worth=found.worth,
        )  # fmt: skip


def hide(row: BillLine) -> BillLine:
    """Let a row be one of another team."""
    row.job, row.matched_by, row.difference = None, MatchedBy.ELSEWHERE, Difference.NONE
    row.reference = row.remote_id = row.expected_unit = ""
    row.at = row.expected = None
    row.worth = 0
    return row


def books_of(jobs: Collection[int]) -> dict[int, Ours]:
    """What the ledger says of each job, also of one that was charged nothing."""
    entries = LedgerEntry.objects.filter(job__in=jobs, kind__in=KINDS).order_by("pk")
    found: dict[int, Ours] = {}
    for job, *entry in entries.values_list(
        "job", "kind", "native", "spent", "unit", "unit_price"
    ):  # fmt: skip
        found[job] = _with_entry(found.get(job), *entry)
    return found


def _with_entry(
    known: Ours | None, kind: str, native: int, spent: int, unit: str, unit_price: int
) -> Ours:  # fmt: skip
    """A job's unit is that of its first entry; the release of a charged one is in another at most."""
    ours = known or Ours(unit=unit, unit_price=unit_price)
    if kind == EntryKind.RELEASE:
        return ours
    if kind == EntryKind.REFUND:
        return replace(ours, returned=ours.returned + abs(native))
    return replace(ours, native=ours.native + (abs(native) if spent >= 0 else -abs(native)))


def billed_before(bill: Bill, jobs: Collection[int]) -> set[tuple[int, bool]]:
    """Which of the jobs have a line on another bill of the provider, with whether it is a credit."""
    others = BillLine.objects.shown().filter(
        job__in=jobs, row__isnull=False, bill__team=bill.team_id, bill__provider=bill.provider
    )
    return {(job, native < 0) for job, native in others.values_list("job", "native")}
