"""What the search box asks for while somebody types, and while clips change under a searched wall."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from studio.core.search import FIELDS, plain
from studio.providers.registry import all_providers
from studio.reports.names import Names
from studio.reports.search import Search
from studio.views import hx
from studio.views.access import signed_in
from studio.views.asked import asked_by

MOST_OFFERED = 500  # of one kind
MOST_ASKED = 200

Offer = dict[str, str]


@require_GET
@never_cache
@signed_in
def offers(request: hx.MemberRequest) -> HttpResponse:
    """The fields, and the values that each can have here: {text, hint}."""
    names = Names(request.member, request.project)
    found = [
        {"name": name, "hint": field.means, "values": _values(name, names)}
        for name, field in FIELDS.items()
    ]
    return JsonResponse({"fields": found})


def _values(name: str, names: Names) -> list[Offer]:
    field = FIELDS[name]
    lists = OFFERS[field.values](names) if field.values else []
    rows = [*[(word, "") for word in field.offers], *lists][:MOST_OFFERED]
    return [{"text": plain(text), "hint": hint} for text, hint in rows]


def _people(names: Names) -> Iterable[tuple[str, str]]:
    """By their address where two have the same name."""
    called = [name for _, name, _ in names.people]
    others = [
        (name, mail) if name and called.count(name) == 1 else (mail, name)
        for pk, name, mail in names.people
        if pk != names.member.pk
    ]
    return [("me", str(names.member)), *others]


def _models() -> Iterable[tuple[str, str]]:
    return {
        able.model: able.label
        for provider in all_providers().values()
        for able in provider.capabilities
    }.items()


OFFERS: Mapping[str, Callable[[Names], Iterable[Any]]] = {
    "people": _people,
    "providers": lambda _: [(slug, one.label) for slug, one in all_providers().items()],
    "models": lambda _: _models(),
    "tags": lambda names: [(name, "") for _, name in names.tags],
    "boards": lambda names: [(name, "") for _, name in names.boards],
}


@require_GET
@never_cache
@signed_in
def among(request: hx.MemberRequest) -> HttpResponse:
    """Which of these `clips` the search in `q` finds: those that are new for the wall it is on."""
    asked = asked_by(request.GET)
    said = request.GET.get("clips", "").split(",")[:MOST_ASKED]
    pks = [int(pk) for pk in said if pk.isascii() and pk.isdecimal() and len(pk) < 18]
    if asked.problems:
        return JsonResponse({"clips": []})
    found = Search(asked.query, member=request.member, project=request.project).clips
    return JsonResponse({"clips": list(found.filter(pk__in=pks).values_list("pk", flat=True))})
