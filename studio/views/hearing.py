"""Settings → Notices: what one hears of by which way, and the link that ends mails."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from studio import permissions
from studio.core.notices import CHANNELS
from studio.forms.notices import EndpointForm, WishForm
from studio.models import Endpoint, Member, NoticeSettings
from studio.pipeline import letters
from studio.services import notices
from studio.services.notices import Wish
from studio.views import hx
from studio.views.access import signed_in
from studio.views.settings import Page

PAGE = Page(
    route="settings-notices",
    template="settings/notices.html",
    parts=frozenset({"hearing", "endpoints-own", "endpoints-team"}),
)


def context_of(member: Member, **more: Any) -> Mapping[str, Any]:
    """`forms` may hold what was refused, by the part that it belongs to."""
    row = NoticeSettings.of([member])[member.pk]
    own = Endpoint.objects.filter(team=member.team, member=member)
    context = {
        "form": WishForm(row=row),
        "channels": CHANNELS.values(),
        "mail_is_on": settings.MAIL_IS_ON,
        "own": own.order_by("pk"),
        "own_form": EndpointForm(for_team=False),
    }
    if permissions.is_admin(member):
        context |= {
            "team": Endpoint.objects.of_team(member.team).order_by("pk"),
            "team_form": EndpointForm(for_team=True),
        }
    return {**context, **more}


@require_http_methods(["GET", "POST"])
@signed_in
def hearing(request: hx.MemberRequest) -> HttpResponse:
    member = request.member
    if request.method == "GET":
        return PAGE.show(request, context_of(member))
    form = WishForm(request.POST, row=NoticeSettings.of([member])[member.pk])
    if form.done(lambda **_: notices.change(member, Wish(**form.wish()))):
        return PAGE.changed(request, "Saved. It counts from now on.", lambda: context_of(member))
    return PAGE.show(request, context_of(member, form=form), status=422)


@csrf_exempt  # mailboxes post here for their people; the token says for whom, and it only ends mails
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One press, or one click in a mailbox (RFC 8058): no mails any more, without signing in.

    Looking alone changes nothing, as programs follow links in mails, too. `?undo` takes it back.
    """
    member = letters.member_of(token)
    if member is None:
        raise Http404("This link is not from a mail of ours.")
    done = ""
    if request.method == "POST":
        is_undo = "undo" in request.GET
        (notices.resume_mails if is_undo else notices.stop_mails)(member)
        done = "resumed" if is_undo else "stopped"
    return render(request, "people/unsubscribe.html", {"of": member, "token": token, "done": done})
