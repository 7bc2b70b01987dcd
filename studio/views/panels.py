"""A panel: what opens over the wall while a prompt is written; without scripts a page of its own."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe

from studio.views import cards, hx
from studio.views.drafts import Draft
from studio.views.gallery import studio_page
from studio.views.shell import shell

PANEL = "panel"


def panel(
    request: hx.MemberRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template alone where the panel is open, else on a page around it."""
    known = {"zone": request.member.team.time_zone, **context}
    if hx.target_of(request) == PANEL:
        response = render(request, template, known, status=status)
    else:
        whole = {**shell(request), "nav": "wall", "part": template, **known}
        response = render(request, "prompts/page.html", whole, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def taken(request: hx.MemberRequest, draft: Draft) -> HttpResponse:
    """The draft with what the panel has put into it; the panel is done with."""
    if hx.target_of(request) != PANEL:
        return studio_page(request, draft)
    html = render_to_string(draft.template, {"draft": draft}, request)
    dock = cards.partial("dock", SafeString(html), swap="outerMorph")
    return HttpResponse(mark_safe(f"<p data-taken></p>{dock}"))  # noqa: S308  (templates' own)
