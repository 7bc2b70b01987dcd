"""Cards: rendered once per revision, for the first page, an action's answer and the live stream."""

from collections.abc import Callable, Iterable, Mapping

from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from studio.models import Clip

MOST_CARDS = 20_000  # of about 2 kB each
_rendered: dict[tuple[int, int], SafeString] = {}


def tiles(revisions: Iterable[tuple[int, int]]) -> dict[int, SafeString]:
    """The wall's tile of each (clip pk, rev), in the order given; only unknown ones are made."""
    wanted = list(revisions)
    missing = [pk for pk, rev in wanted if (pk, rev) not in _rendered]
    made = {clip.pk: _tile(clip) for clip in _load(missing)} if missing else {}
    known = {pk: made.get(pk) or _rendered.get((pk, rev)) for pk, rev in wanted}
    return {pk: card for pk, card in known.items() if card is not None}


def _load(pks: list[int]) -> Iterable[Clip]:
    return Clip.objects.filter(pk__in=pks).with_everything_a_tile_shows()


def _tile(clip: Clip) -> SafeString:
    context = {"clip": clip, "job": clip.job, "cover": clip.cover}
    card = mark_safe(get_template("gallery/_tile.html").render(context))  # noqa: S308  (a template's own)
    if len(_rendered) >= MOST_CARDS:
        _rendered.clear()
    _rendered[clip.pk, clip.rev] = card
    return card


def tile_partials(clip_pks: Iterable[int]) -> dict[int, SafeString]:
    """What the live stream sends for the wall: each changed tile, to be put in its place."""
    revisions = Clip.objects.filter(pk__in=list(clip_pks)).values_list("pk", "rev")
    return {pk: partial(f"clip-{pk}", card) for pk, card in tiles(revisions).items()}


def partial(element: str, html: SafeString) -> SafeString:
    """`html` takes the place of the element with that id, which keeps focus and scroll."""
    return format_html(
        '<hx-partial hx-target="#{}" hx-swap="outerMorph">{}</hx-partial>', element, html
    )


Render = Callable[[Iterable[int]], Mapping[int, SafeString]]

# What a live page of each kind gets for changed clips: clip pk → HTML to send.
VIEWS: dict[str, Render] = {"wall": tile_partials}
