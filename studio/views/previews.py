"""The preview: every order of one press, before it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio import ledger, permissions
from studio.core.errors import NoPrice
from studio.core.matrix import Variant
from studio.orders import complete, problems_of
from studio.views import drafting, hx
from studio.views.access import allowed
from studio.views.drafts import Draft
from studio.views.panels import panel


@dataclass(frozen=True, kw_only=True)
class Row:
    """`amount` is in micro-credits, None where there is no price; `problems` forbid sending it."""

    variant: Variant
    amount: int | None
    problems: tuple[str, ...]

    @property
    def told(self) -> str:
        """“Duration 5 s, Seed a new one”."""
        return ", ".join(f"{axis.label} {value.said}" for axis, value in self.variant.told)


@require_POST
@allowed(permissions.can_order, "order takes")
def preview(request: hx.MemberRequest) -> HttpResponse:
    """Each prompt as it will be sent, with its settings, its price and what is wrong with it."""
    draft = drafting.sent(request)
    rows = list(_rows(draft))
    refused = sum(bool(row.problems) for row in rows)
    context = {"draft": draft, "rows": rows, "refused": refused}
    return panel(request, "director/_preview.html", context)


def _rows(draft: Draft) -> Iterator[Row]:
    variants = draft.batch.variants
    quotes = ledger.quotes(draft.team, [variant.order for variant in variants])
    for variant, quote in zip(variants, quotes, strict=True):
        yield Row(
            variant=variant,
            amount=None if isinstance(quote, NoPrice) else quote.amount,
            problems=tuple(problem.message for problem in problems_of(complete(variant.order))),
        )
