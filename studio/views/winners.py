"""Picking the winner of a comparison, and thinking again."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from studio.core import comparing
from studio.core.comparing import FEWEST, LETTERS
from studio.models import Take
from studio.reports.comparison import comparison
from studio.services import winners
from studio.views import cards, hx, steps
from studio.views.access import signed_in, take_read, takes_read
from studio.views.compare import address_of
from studio.views.toasts import toast

SALT, UNDO_SECONDS = "studio.winner", 3600


@require_POST
@signed_in
def win(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """That take wins over the others of `?takes=`; what the page shows of them is drawn anew."""
    winner = take_read(request, pk)
    takes = takes_read(request, comparing.keys(request.GET.get("takes", ""))[0])
    won = winners.pick(request.member, winner, over=takes)
    said = f"Take {winner.number} won: you approve it, and it is on top of its clip now."
    token = signing.dumps([pk, _pairs(won.before), _pairs(won.now)], salt=SALT)
    query = urlencode(
        {"takes": address_of(takes), "was": token, "said": steps.write(request.member, won.steps)}
    )
    return _answer(request, takes, said, undo_url=f"{reverse('compare-undo', args=[pk])}?{query}")


@require_POST
@signed_in
def undo(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Stars and decision are as they were before that take won."""
    winner = take_read(request, pk)
    takes = takes_read(request, comparing.keys(request.GET.get("takes", ""))[0])
    try:
        token = signing.loads(request.GET.get("was", ""), salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise Http404("That can not be undone any more.") from error
    known, before, now = token
    if known != pk:
        raise Http404("That is about another take.")
    said = steps.read(request.member, request.GET.get("said", ""))
    won = winners.Won(before=dict(before), now=dict(now), steps=said)
    winners.take_back(request.member, winner, won)
    return _answer(request, takes, f"Take {winner.number} is what it was before.")


def _pairs(stars: winners.Stars) -> list[tuple[int, int]]:
    """As JSON keeps them: its keys are no numbers."""
    return list(stars.items())


def _answer(
    request: hx.MemberRequest, takes: Sequence[Take], said: str, **more: Any
) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect(f"{reverse('compare')}?takes={address_of(takes)}")
    fresh = takes_read(request, [take.pk for take in takes])
    crowns = [cards.partial(f"crown-{take.pk}", _crown(take)) for take in fresh]
    return HttpResponse(mark_safe("".join([*crowns, _table(fresh), toast(request, said, **more)])))  # noqa: S308


def _crown(take: Take) -> SafeString:
    return SafeString(render_to_string("compare/_crown.html", {"take": take}))


def _table(takes: Sequence[Take]) -> SafeString:
    if len(takes) < FEWEST:
        return SafeString("")
    sides = [{"letter": letter, "take": take} for letter, take in zip(LETTERS, takes, strict=False)]
    context = {"sides": sides, "found": comparison(takes)}
    html = render_to_string("compare/_differences.html", context)
    return cards.partial("differences", SafeString(html))
