"""All links of a team in one table, page by page, and who came by one of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q

from studio.core.review import Verdict
from studio.models import Decision, Guest, Member, Placement, Share, ShareClip, Visit
from studio.models.shares import ShareQuerySet

PAGE = 50

# Which links a table shows: name in the address → what it is called, and which those are.
FILTERS: Mapping[str, tuple[str, Callable[[ShareQuerySet, Member], ShareQuerySet]]] = {
    "all": ("All", lambda links, _: links),
    "open": ("Open", lambda links, _: links.unended()),
    "ended": ("Ended", lambda links, _: links.ended()),
    "mine": ("Mine", lambda links, member: links.filter(created_by=member)),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A link with what became of it. `approved` and `changes` count clips that it shows."""

    share: Share
    clips: int
    guests: int
    finished: int
    last_view: datetime | None
    approved: int
    changes: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """Newest first; `before` is the key of the next page, None at the end."""

    lines: list[Line]
    before: int | None


def share_page(member: Member, *, chosen: str = "all", before: int | None = None) -> Page:
    """In five queries, however many links, clips and guests there are."""
    links = FILTERS[chosen][1](Share.objects.filter(team=member.team), member)
    if before is not None:
        links = links.filter(pk__lt=before)
    found = list(_with_people(links).order_by("-pk")[: PAGE + 1])
    more = len(found) > PAGE
    return Page(lines=lines(found[:PAGE]), before=found[PAGE - 1].pk if more else None)


def line_of(share: Share) -> Line:
    return lines(list(_with_people(Share.objects.filter(pk=share.pk))))[0]


def _with_people(links: ShareQuerySet) -> ShareQuerySet:
    return links.select_related("created_by__user", "revoked_by__user", "board")


def lines(shares: list[Share]) -> list[Line]:
    clips, people, answers = _clips(shares), _people(shares), _answers(shares)
    nobody = {"guests": 0, "finished": 0, "last_view": None}
    return [
        Line(
            share=share,
            clips=clips.get(share.pk, 0),
            approved=answers.get((share.pk, Verdict.APPROVE), 0),
            changes=answers.get((share.pk, Verdict.CHANGES), 0),
            **people.get(share.pk, nobody),
        )
        for share in shares
    ]


def _clips(shares: Iterable[Share]) -> Mapping[int, int]:
    """How many clips each shows: its own that are left, or those on its board now."""
    here = Q(chosen__clip__trashed_at=None, chosen__isnull=False)
    there = Q(board__placements__clip__trashed_at=None, board__placements__isnull=False)
    links = Share.objects.filter(pk__in=[share.pk for share in shares])
    own = links.filter(board=None).annotate(n=Count("chosen", filter=here))
    living = links.exclude(board=None).annotate(n=Count("board__placements", filter=there))
    return dict([*own.values_list("pk", "n"), *living.values_list("pk", "n")])


def _people(shares: Iterable[Share]) -> Mapping[int, dict[str, object]]:
    rows = Guest.objects.filter(share__in=[share.pk for share in shares]).values("share")
    counted = rows.annotate(
        guests=Count("pk"), finished=Count("finished_at"), last_view=Max("seen_at")
    )
    return {row.pop("share"): row for row in counted}


def _answers(shares: Iterable[Share]) -> Mapping[tuple[int, str], int]:
    """How many clips of each link somebody has approved, or wants changed: (link, verdict) → n."""
    chosen = ShareClip.objects.filter(share=OuterRef("guest__share"), clip=OuterRef("take__clip"))
    placed = Placement.objects.filter(
        board=OuterRef("guest__share__board"), clip=OuterRef("take__clip")
    )
    decisions = Decision.objects.filter(
        Exists(chosen) | Exists(placed),
        guest__share__in=[share.pk for share in shares],
        take__clip__trashed_at=None,
    )
    counted = decisions.values("guest__share", "verdict").annotate(
        n=Count("take__clip", distinct=True)
    )
    return {(row["guest__share"], row["verdict"]): row["n"] for row in counted}


@dataclass(frozen=True, kw_only=True)
class Visits:
    rows: list[Visit]
    before: int | None


def visits_of(share: Share, *, before: int | None = None) -> Visits:
    rows = share.visits.select_related("guest").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    more = len(found) > PAGE
    return Visits(rows=found[:PAGE], before=found[PAGE - 1].pk if more else None)
