"""What the entries of a month speak of by name, kept as it was called when the month was closed."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from studio.ledger.names import label_of
from studio.models import ClosedMonth, ClosedName, LedgerEntry, Named

AT_ONCE = 2000  # rows in memory


def person(path: str) -> Coalesce:
    """How the member at the end of that path is called, as User.__str__ says it."""
    named = NullIf(f"{path}__user__name", Value(""))
    return Coalesce(named, f"{path}__user__email", output_field=CharField())


# For each kind the paths from an entry to keys, and to the name of each.
PATHS = (
    (Named.CLIP, "job__clip_id", "job__clip__title"),
    (Named.PROJECT, "job__clip__project_id", "job__clip__project__name"),
    (Named.MEMBER, "job__author_id", person("job__author")),
    (Named.MEMBER, "actor_id", person("actor")),
    (Named.PROVIDER, "job__provider", "job__provider"),
)


def keep(month: ClosedMonth, entries: QuerySet[LedgerEntry]) -> None:
    """Write down every name that an export of these entries tells, in the caller's transaction."""
    rows = (
        ClosedName(month=month, kind=kind, key=key, name=name)
        for kind, key, name in _called(entries)
    )
    while some := list(islice(rows, AT_ONCE)):
        ClosedName.objects.bulk_create(some)


def _called(entries: QuerySet[LedgerEntry]) -> Iterator[tuple[str, str, str]]:
    """Each once: many entries speak of one clip, and a person may order and grant."""
    people: set[int] = set()
    for kind, key, name in PATHS:
        found = entries.exclude(**{key: None}).order_by(key).values_list(key, name).distinct()
        for pk, called in found.iterator(chunk_size=AT_ONCE):
            if kind == Named.MEMBER and pk in people:
                continue
            people |= {pk} if kind == Named.MEMBER else set()
            yield kind, str(pk), label_of(pk) if kind == Named.PROVIDER else called
