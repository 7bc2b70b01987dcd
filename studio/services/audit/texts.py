"""Texts: every clip is found by what is said about it now."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from studio.models import Clip, SearchText
from studio.models.search import texts_of

BATCH = 500
PARTS = ("words", "notes", "facts")


def wrong_texts() -> Iterator[str]:
    """What the search knows of a clip that is not so, or not of a clip at all."""
    clips, done = Clip.objects.order_by("pk"), 0
    while pks := list(clips.filter(pk__gt=done).values_list("pk", flat=True)[:BATCH]):
        yield from _wrong_of(pks)
        done = pks[-1]
    of_none = SearchText.objects.exclude(Exists(Clip.objects.filter(pk=OuterRef("pk"))))
    for pk in of_none.order_by("pk").values_list("pk", flat=True):
        yield f"Clip {pk} can be found, but there is none."


def _wrong_of(pks: list[int]) -> Iterator[str]:
    kept = {row.pk: row for row in SearchText.objects.filter(pk__in=pks).defer("found")}
    for pk, text in texts_of(pks).items():
        if pk not in kept:
            yield f"Clip {pk} can not be found by its texts."
            continue
        for part in PARTS:
            if getattr(kept[pk], part) != getattr(text, part):
                yield f"Clip {pk}: the {part} by which it is found are not those that it has."
