"""Why a search finds nothing, and which of its terms keeps most away."""

from dataclasses import dataclass

from studio.core.search import Term
from studio.reports.counts import words
from studio.reports.search import Search

MOST_TRIED = 8


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """`missing` are sentences about names that nobody has. Without `narrowest` there are `count` clips."""

    missing: tuple[str, ...]
    narrowest: Term | None = None
    count: int = 0

    @property
    def words(self) -> str:
        return words(self.count)


def why_nothing(search: Search) -> Nothing:
    """Each term is left out in turn, and what is found then is counted."""
    query, missing = search.query, tuple(search.missing)
    if len(query.terms) < 2:
        return Nothing(missing=missing)
    tried = [
        (Search(query.without(term), member=search.member, project=search.project).count(), term)
        for term in query.terms[:MOST_TRIED]
    ]
    count, term = max(tried, key=lambda one: one[0])
    return (
        Nothing(missing=missing, narrowest=term, count=count) if count else Nothing(missing=missing)
    )
