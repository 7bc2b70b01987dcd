"""The entries of a ledger that somebody asks for: by day, kind, project, person, provider, job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from studio import ledger
from studio.core.words import listed, short
from studio.models import EntryKind, Job, LedgerEntry, Member, Project, Team
from studio.providers.registry import all_providers
from studio.reports.ledger import PAGE, SHOWN

MOST_DIGITS = 18
NEAR = 100_000  # entries that are looked at one by one
PARTS = ("granted", "available", "held", "spent")


@dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """What is asked for of a team's ledger; what is not set does not matter.

    `since` and `until` are days of the books, both included; a `member` is who ordered a job or,
    where an entry has none, who did it. `remarks` say what was asked for and could not be read.
    """

    since: date | None = None
    until: date | None = None
    kind: str = ""
    project: int | None = None
    member: int | None = None
    provider: str = ""
    job: int | None = None
    remarks: tuple[str, ...] = ()

    @classmethod
    def read(cls, team: Team, asked: Mapping[str, str]) -> Self:
        """From the names and values of an address; what is unknown is left out, with a remark."""
        found, remarks = cls(), []
        for name, (reader, allowed) in READERS.items():
            text = asked.get(name, "").strip()
            try:
                value = reader(team, text) if text else None
            except ValueError:
                remarks.append(f"{name.capitalize()} must be {allowed}, not “{short(text)}”.")
                continue
            found = replace(found, **{name: value}) if value is not None else found
        if found.since and found.until and found.until < found.since:
            remarks.append("Until is before since: no day is in between.")
        return replace(found, remarks=tuple(remarks))

    @property
    def query(self) -> str:
        """The same as an address has it, without what could not be read."""
        found = {name: getattr(self, name) for name in READERS}
        return urlencode({name: str(value) for name, value in found.items() if value})

    @property
    def is_all(self) -> bool:
        return self == EntryFilter(remarks=self.remarks)

    def of(self, team: Team, *, as_they_come: bool = False) -> QuerySet[LedgerEntry]:
        """Without an order. What few entries are like is best found by its jobs, what many are like
        `as_they_come`, each looked at in the order of an index.

        Those of a project or person of the team are the team's: to say it again of each entry would
        have SQLite go through the whole ledger.
        """
        by_job = {name: value for name in BY_JOB if (value := getattr(self, name))}
        is_owned = not as_they_come and bool(by_job.keys() & OWNERS.keys())
        entries = self._own(LedgerEntry.objects.all()) if is_owned else self.in_order(team)
        like = _one if as_they_come else _among
        for name, value in by_job.items():
            entries = entries.filter(like(team, name, value))
        return entries

    def in_order(self, team: Team) -> QuerySet[LedgerEntry]:
        """What is asked for, as far as one index says it in order of day and key."""
        return self._own(LedgerEntry.objects.filter(team=team))

    def _own(self, entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        asked = {lookup: getattr(self, name) for name, lookup in OWN.items()}
        return entries.filter(**{lookup: value for lookup, value in asked.items() if value})

    @property
    def is_by_job(self) -> bool:
        return any(getattr(self, name) for name in BY_JOB)


def _day(_team: Team, text: str) -> date:
    return date.fromisoformat(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise ValueError(text)
    return int(text)


def _row_of(model: type[Project | Member | Job]) -> Callable[[Team, str], int]:
    """Reads the key of a row of the team; another team's is as if there were none."""

    def read(team: Team, text: str) -> int:
        key = _number(text)
        if not model._default_manager.filter(team=team, pk=key).exists():
            raise ValueError(text)
        return key

    return read


def _kind(_team: Team, text: str) -> str:
    return EntryKind(text).value


def _provider(team: Team, text: str) -> str:
    """Also one that is gone, as long as a job was its."""
    if text in all_providers() or Job.objects.of_team(team).filter(provider=text).exists():
        return text
    raise ValueError(text)


A_DAY = "a day, like 2026-11-30"
# How each value is read, and what is allowed.
READERS: dict[str, tuple[Callable[[Team, str], Any], str]] = {
    "since": (_day, A_DAY),
    "until": (_day, A_DAY),
    "kind": (_kind, listed(EntryKind.values, "or")),
    "project": (_row_of(Project), "the number of a project of the team"),
    "member": (_row_of(Member), "the number of a member of the team"),
    "provider": (_provider, "a provider of the list"),
    "job": (_row_of(Job), "the number of a job of the team"),
}


# What the entry says itself, and what its job does, by the paths to them.
OWN = {"since": "day__gte", "until": "day__lte", "kind": "kind", "job": "job"}
BY_JOB = {"project": "clip__project", "member": "author", "provider": "provider"}


OWNERS: dict[str, type[Project | Member]] = {"project": Project, "member": Member}


def _among(team: Team, name: str, value: Any) -> Q:
    return Q(job__in=_jobs(team, name, value).values("pk")) | _by(team, name, value)


def _one(team: Team, name: str, value: Any) -> Q:
    return Q(Exists(_jobs(team, name, value).filter(pk=OuterRef("job")))) | _by(team, name, value)


def _by(team: Team, name: str, value: Any) -> Q:
    """What a member did, where an entry has no job."""
    if name != "member":
        return Q()
    return Q(job=None, actor__in=Member.objects.filter(team=team, pk=value))


def _jobs(team: Team, name: str, value: Any) -> QuerySet[Job]:
    """Those of a provider may be of any team, others never of another one."""
    if owner := OWNERS.get(name):
        rows = owner._default_manager.filter(team=team, pk=value)
        return Job.objects.filter(**{f"{BY_JOB[name]}__in": rows})
    return Job.objects.filter(**{BY_JOB[name]: value})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page ends: the day and the key of its last entry."""

    day: date
    key: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From an address; None for what no page has ended at."""
        day, _, key = text.partition(".")
        try:
            return cls(day=date.fromisoformat(day), key=_number(key))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.key}"

    @property
    def is_after(self) -> Q:
        """What stands on later pages; the first condition is the one that an index is entered by."""
        return Q(day__lte=self.day) & (Q(day__lt=self.day) | Q(pk__lt=self.key))

    @property
    def is_before(self) -> Q:
        """What stands on the pages up to this one."""
        return Q(day__gte=self.day) & (Q(day__gt=self.day) | Q(pk__gte=self.key))


@dataclass(frozen=True, kw_only=True)
class EntriesPage:
    """Entries, newest first; `before` is where the next page goes on, None at the end."""

    entries: list[LedgerEntry]
    before: Place | None


def page(team: Team, wanted: EntryFilter, *, before: Place | None = None) -> EntriesPage:
    """By day and key, newest first, as entries are written: at any depth some steps in an index.

    Where jobs say what is asked for, the entries near the place are looked at first: if many are
    like that, the page is full by then. Otherwise they are few, and found by their jobs.
    """
    after = before.is_after if before else Q()
    found: list[LedgerEntry] = []
    if wanted.is_by_job:
        near = wanted.of(team, as_they_come=True).filter(after & _near(team, wanted, after))
        found = _first(near)
    if len(found) <= PAGE:
        found = _first(wanted.of(team).filter(after))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return EntriesPage(
        entries=found[:PAGE], before=Place(day=last.day, key=last.pk) if last else None
    )


def _first(entries: QuerySet[LedgerEntry]) -> list[LedgerEntry]:
    """A page, and one more if there is. Keys first: what is shown of a job is asked for these alone,
    not for all that have to be sorted.
    """
    keys = entries.order_by("-day", "-pk").values_list("pk", flat=True)[: PAGE + 1]
    rows = LedgerEntry.objects.filter(pk__in=list(keys)).select_related(*SHOWN)
    return list(rows.order_by("-day", "-pk"))


def _near(team: Team, wanted: EntryFilter, after: Q) -> Q:
    """So many entries from there on."""
    rows = wanted.in_order(team).filter(after).order_by("-day", "-pk").values_list("day", "pk")
    edge = rows[NEAR : NEAR + 1].first()
    return Place(day=edge[0], key=edge[1]).is_before if edge else Q()


@dataclass(frozen=True, kw_only=True)
class Sums:
    """How many entries there are, and what they add up to in micro-credits."""

    count: int
    granted: int
    available: int
    held: int
    spent: int


def sums(team: Team, wanted: EntryFilter) -> Sums:
    """Of all that is asked for; the budget knows those of the whole ledger."""
    if wanted.is_all:
        budget = ledger.team_budget(team)
        return Sums(count=budget.entries, **{part: getattr(budget, part) for part in PARTS})
    added = {part: Sum(part, default=0) for part in PARTS}
    return Sums(**wanted.of(team).aggregate(count=Count("pk"), **added))


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What there is to filter by, as (value, label)."""

    kinds: list[tuple[str, str]]
    projects: list[tuple[str, str]]
    members: list[tuple[str, str]]
    providers: list[tuple[str, str]]


def choices(team: Team) -> Choices:
    """Two queries; also people who left, as their entries are there."""
    people = Member.objects.filter(team=team).select_related("user")
    return Choices(
        kinds=[(kind.value, str(kind.label)) for kind in EntryKind],
        projects=[(str(one.pk), one.name) for one in Project.of_team(team.pk)],
        members=sorted(((str(one.pk), str(one)) for one in people), key=lambda row: row[1].lower()),
        providers=[(slug, one.label) for slug, one in all_providers().items()],
    )
