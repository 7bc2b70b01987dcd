"""A sheet: what opens over the wall for a moment; without scripts a page of its own."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from studio.views import hx
from studio.views.links import came_from
from studio.views.shell import shell

SHEET = "sheet"


def sheet(
    request: hx.MemberRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template alone where the sheet is open, else on a page around it."""
    known = {"member": request.member, "next": _next(request), **context}
    if hx.target_of(request) == SHEET:
        response = render(request, template, known, status=status)
    else:
        whole = {**shell(request), "nav": "wall", "part": template, **known}
        response = render(request, "gallery/sheet.html", whole, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _next(request: hx.MemberRequest) -> str:
    """Where a page without scripts goes on: the page that it came from, not itself."""
    return request.POST.get("next", "") or came_from(request)
