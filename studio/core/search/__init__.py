"""The typed language of the search box: what it has words for, and how it is read and written."""

from studio.core.search.fields import FIELDS, Field
from studio.core.search.language import LONGEST, NOTHING, Query, Term, named, plain, read
from studio.core.search.values import Span, days_of

__all__ = [
    "FIELDS",
    "LONGEST",
    "NOTHING",
    "Field",
    "Query",
    "Span",
    "Term",
    "days_of",
    "named",
    "plain",
    "read",
]
