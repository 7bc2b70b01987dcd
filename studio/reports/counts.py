"""How many clips each of several searches finds, counted again only when something happened."""

from collections.abc import Hashable, Sequence

from django.db.models import Q
from django.utils import timezone

from studio.core.search import Query
from studio.models import Event, Member, Project
from studio.reports.search import MOST_COUNTED, Search

MOST_KEPT = 2_000
UNTOLD = {"is:favorite", "board", "tag"}  # what is put there or taken away makes no event

_kept: dict[Hashable, tuple[int, int]] = {}


def counts(member: Member, project: Project, queries: Sequence[Query]) -> list[int]:
    """In their order; MOST_COUNTED stands for more."""
    event = _newest_event(member)
    return [_count(member, project, query, event) for query in queries]


def _newest_event(member: Member) -> int:
    """A job's progress changes no search, and comes every second."""
    progress = Q(job__isnull=False, status=Event.TOUCH)
    told = Event.objects.filter(team=member.team_id).exclude(progress).order_by("-pk")
    return told.values_list("pk", flat=True).first() or 0


def _count(member: Member, project: Project, query: Query, event: int) -> int:
    if any({term.field, f"{term.field}:{term.value}"} & UNTOLD for term in query.terms):
        return Search(query, member=member, project=project).count()
    today = timezone.now().date()
    key = (project.pk, str(query), member.pk if query.is_personal else 0, today)
    known = _kept.get(key)
    if known is None or known[0] != event:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        known = _kept[key] = event, Search(query, member=member, project=project).count()
    return known[1]


def words(count: int) -> str:
    """As a button shows it."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
