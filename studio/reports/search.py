"""From what was typed into the search box to the clips of a project that it finds for a member."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Exists, FilteredRelation, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from studio.core.fulltext import Part, Phrase, Sought, tokens
from studio.core.money import MICRO
from studio.core.review import ReviewStatus
from studio.core.search import Query, Span, Term, days_of
from studio.core.status import JobStatus
from studio.models import Clip, Decision, Favorite, Member, Placement, Project, Take
from studio.models.clips import ClipQuerySet
from studio.reports import names
from studio.reports.names import Names

MOST_COUNTED = 1000
FEW = timedelta(days=31)


class Search:
    """`missing` has a sentence for each name in the query that nobody and nothing has."""

    def __init__(self, query: Query, *, member: Member, project: Project) -> None:
        self.query = query
        self.member = member
        self.project = project
        self.names = Names(member, project)
        self.missing: list[str] = []
        self.needed: list[list[Phrase]] = []
        self.banned: list[Phrase] = []
        self.listed: FilteredRelation | None = None
        self.conditions = [self._condition(term) for term in query.terms]

    @property
    def everything(self) -> ClipQuerySet:
        """What is on the project's wall, or else in its trash."""
        clips = Clip.objects.filter(project=self.project)
        is_in_trash = any((term.field, term.negated) == ("in", False) for term in self.query.terms)
        return clips.trashed() if is_in_trash else clips.shown()

    @cached_property
    def clips(self) -> ClipQuerySet:
        """In no order yet."""
        clips = self.everything
        if self.reads_texts:
            of_project = [Phrase.fact("project", self.project.pk)]
            sought = Sought(needed=[of_project, *self.needed], banned=self.banned)
            clips = clips.filter(search__found__match=sought)
        if self.listed:
            clips = clips.alias(listed=self.listed).filter(listed__isnull=False)
        for condition in self.conditions:
            clips = clips.filter(condition)
        return clips.none() if self.missing else clips

    @property
    def key(self) -> str:
        """By what the newest come first: the key of the table that knows best what is found.

        So a page is read off one end of its index, and no more than that.
        """
        if self.reads_texts:
            return "search"
        return "listed__clip_id" if self.listed else "pk"

    @property
    def reads_texts(self) -> bool:
        """Whether the texts of clips are searched, and not their rows alone."""
        return bool(self.needed or self.banned)

    def count(self) -> int:
        """How many there are; MOST_COUNTED stands for more."""
        return self.clips.order_by().values("pk")[:MOST_COUNTED].count()

    def _condition(self, term: Term) -> Q:
        """What a row must be; words are remembered for the one search of texts."""
        key = _key(term)
        if key in PHRASES:
            self._look_for(term, PHRASES[key](self, term))
            return Q()
        found = ROWS[key](self, term)
        return ~found if term.negated else found

    def _look_for(self, term: Term, phrases: list[Phrase]) -> None:
        if term.negated:
            self.banned += phrases
        elif phrases:
            self.needed.append(phrases)

    def called(self, term: Term, found: list[int], what: str) -> list[int]:
        """What has that name; that there is none is worth a sentence."""
        if not found and not term.negated:
            self.missing.append(f"{what} is called “{term.value}”.")
        return found


def _key(term: Term) -> str:
    """In one of the tables below: that of this value if it has one of its own, else of its field."""
    own = f"{term.field}:{term.value}"
    return own if own in PHRASES or own in ROWS else term.field


# ── What is found by texts ──


def _anywhere(search: Search, term: Term) -> list[Phrase]:
    return [_phrase(term, Part.WORDS, Part.NOTES), *search.names.phrases(term)]


def _phrase(term: Term, *parts: Part) -> Phrase:
    """Words may be the beginning of longer ones, unless they are in quotes or just one letter."""
    words = tokens(str(term.value))
    return Phrase(tokens=words, parts=parts, is_prefix=not term.exact and len(words[-1]) > 1)


def _tagged(search: Search, term: Term) -> list[Phrase]:
    found = search.names.tagged(str(term.value))
    return [Phrase.fact("tag", pk) for pk in search.called(term, found, "No tag of the team")]


PHRASES: Mapping[str, Callable[[Search, Term], list[Phrase]]] = {
    "": _anywhere,
    "note": lambda _, term: [_phrase(term, Part.NOTES)],
    "tag": _tagged,
    "provider": lambda _, term: names.providers(str(term.value)),
    "model": lambda _, term: names.models(str(term.value)),
    "has": lambda _, term: [Phrase.fact(str(term.value))],
    "is:rehearsal": lambda _, term: [Phrase.fact("rehearsal")],
}


# ── What is found by rows ──

REVIEWED: Mapping[str, ReviewStatus] = {status.value: status for status in ReviewStatus}
STATES: Mapping[str, JobStatus] = {
    **{status.value: status for status in JobStatus},
    "done": JobStatus.SUCCEEDED,
    "generating": JobStatus.RUNNING,
}


def _status(_: Search, term: Term) -> Q:
    word = str(term.value)
    return Q(review=REVIEWED[word]) if word in REVIEWED else Q(state=STATES[word])


def _in_progress(search: Search, _: Term) -> Q:
    """These are few, and no index has several states in one order: so they are looked up first."""
    return Q(pk__in=list(search.everything.in_progress().values_list("pk", flat=True)))


def _by(search: Search, term: Term) -> Q:
    found = search.names.authors(str(term.value))
    found = search.called(term, found, "Nobody of the team")
    return Q(author=found[0]) if len(found) == 1 else Q(author__in=found)


def _needs(search: Search, _: Term) -> Q:
    mine = Decision.objects.filter(take=OuterRef("cover"), member=search.member)
    return Q(~Exists(mine), review=ReviewStatus.REVIEW)


def _liked(search: Search, term: Term) -> Q:
    liked = Q(favorites__member=search.member)
    return _listed(search, term, "favorites", liked, Favorite.objects.filter(member=search.member))


def _board(search: Search, term: Term) -> Q:
    found = search.called(term, search.names.placed(str(term.value)), "No board of this project")
    on_it = Placement.objects.filter(board__in=found)
    if len(found) != 1:
        return Q(pk__in=on_it.values("clip"))
    return _listed(search, term, "placements", Q(placements__board=found[0]), on_it)


def _listed(
    search: Search,
    term: Term,
    relation: str,
    condition: Q,
    rows: QuerySet[Placement] | QuerySet[Favorite],
) -> Q:
    """What stands in a list, which may be most clips or a few: the first one asked for is joined."""
    if search.listed or term.negated:
        return Q(pk__in=rows.values("clip"))
    search.listed = FilteredRelation(relation, condition=condition)
    return Q()


def _within(column: str, value: object, *, scale: int = 1, measured: bool = False) -> Q:
    """Where the column lies in a span; of what is `measured`, the number as it is shown."""
    assert isinstance(value, Span), "its field reads spans"
    span = value.around() if measured else value
    found = Q()
    if span.low is not None:
        found &= Q(**{f"{column}__{'gt' if span.above else 'gte'}": span.low * scale})
    if span.high is not None:
        found &= Q(**{f"{column}__{'lt' if span.below else 'lte'}": span.high * scale})
    return found


def _made(search: Search, term: Term) -> Q:
    zone = ZoneInfo(search.member.team.time_zone)
    now = timezone.now().astimezone(zone)
    first, after = (_midnight(day, zone) for day in days_of(str(term.value), now.date()))
    if term.field == "before":
        return Q(created_at__lt=first)
    if term.field == "on":
        return _few(search, Q(created_at__gte=first, created_at__lt=after), after - first)
    return _few(search, Q(created_at__gte=first), now - first)


def _few(search: Search, made: Q, length: timedelta) -> Q:
    """Clips of a short time lie close together: the wall's order is followed from end to end of them."""
    if length > FEW:
        return made
    ends = search.everything.filter(made).aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return Q(pk__in=[])
    return Q(made, pk__gte=ends["first"], pk__lte=ends["last"])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


ROWS: Mapping[str, Callable[[Search, Term], Q]] = {
    "status": _status,
    "status:progress": _in_progress,
    "by": _by,
    "needs": _needs,
    "is:favorite": _liked,
    "is:mine": lambda search, _: Q(author=search.member),
    "has:note": lambda _search, _term: Q(noted_at__isnull=False),
    "rating": lambda _, term: _within("stars", term.value),
    "takes": lambda _, term: _within("take_count", term.value),
    "cost": lambda _, term: _within("charged", term.value, scale=MICRO, measured=True),
    "length": lambda _, term: _within("cover__seconds", term.value, measured=True),
    "seed": lambda _, term: Q(pk__in=Take.objects.filter(seed=int(str(term.value))).values("clip")),
    "board": _board,
    "in": lambda _, term: Q(),
    "on": _made,
    "after": _made,
    "before": _made,
}
