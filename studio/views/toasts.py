"""What was done, said in passing: a toast that htmx puts among the others."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from studio.views import cards, hx


def toast(request: hx.Request, message: str, **more: Any) -> SafeString:
    """`more` is what `ui/_toast.html` can offer beside the sentence."""
    html = render_to_string("ui/_toast.html", {"message": message, **more}, request)
    return cards.partial("toasts", mark_safe(html), swap="beforeend")  # noqa: S308  (a template's own)
