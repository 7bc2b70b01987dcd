"""Providers: what they can do, how they are reached and do."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.core.errors import StudioError
from studio.forms.accounts import AccountForm
from studio.models import Member
from studio.providers.registry import all_providers
from studio.providers.remote import Remote
from studio.reports.accounts import Card, cards
from studio.reports.providers import matrix
from studio.services import accounts
from studio.services.accounts import Change
from studio.views.access import allowed, signed_in
from studio.views.hx import MemberRequest
from studio.views.settings import Page

PAGE = Page(
    route="settings-providers",
    template="settings/providers.html",
    parts=frozenset({"accounts"}),
)
# What the environment says is not stored as if the page had said it.
UNSAID: Mapping[str, Any] = {"key": "", "base_url": "", "slots": None, "enabled": None}
RUN_STUDIO = (permissions.can_run_studio, "change how providers are reached")


def _context(member: Member, *, form: AccountForm | None = None, **more: Any) -> Mapping[str, Any]:
    team = member.team
    context = {
        "team": team,
        "matrix": matrix(),
        "cards": _with_forms(member, form),
        "may_run_studio": permissions.can_run_studio(member),
    }
    return {**context, **more}


def _with_forms(member: Member, form: AccountForm | None) -> list[tuple[Card, AccountForm | None]]:
    """Each card with the form to change it, for who may; a form that was refused keeps its place."""
    may = permissions.can_run_studio(member)
    return [
        (card, (form if form and form.slug == card.provider.slug else _form(card)) if may else None)
        for card in cards(member.team)
    ]


def _form(card: Card, data: Mapping[str, Any] | None = None) -> AccountForm | None:
    """What the environment says is shown, and not taken from the page."""
    remote = card.provider
    if not isinstance(remote, Remote):
        return None
    now = {"slots": card.lane.slots, "base_url": remote.account().base_url, "enabled": card.enabled}
    form = AccountForm(remote.slug, data, initial=now, documented=remote.dialect.address)
    for name in card.fixed:
        form.fields[name].disabled = True
    return form


def _remote(slug: str) -> Remote:
    found = all_providers().get(slug)
    if not isinstance(found, Remote):
        raise Http404
    return found


@require_GET
@signed_in
def providers(request: MemberRequest) -> HttpResponse:
    return PAGE.show(request, _context(request.member))


@require_POST
@allowed(*RUN_STUDIO)
def change_account(request: MemberRequest, slug: str) -> HttpResponse:
    remote = _remote(slug)
    card = next(card for card in cards(request.member.team) if card.provider is remote)
    form = _form(card, request.POST)
    assert form, "it is a remote provider"
    if form.is_valid():
        said = {**form.cleaned_data, **{name: UNSAID[name] for name in card.fixed}}
        accounts.change(request.member, remote, Change(**said))
        return _told(request, f"{remote.label} is changed.")
    return PAGE.show(request, _context(request.member, form=form), status=422)


@require_POST
@allowed(*RUN_STUDIO)
def remove_key(request: MemberRequest, slug: str) -> HttpResponse:
    remote = _remote(slug)
    accounts.remove_key(request.member, remote)
    return _told(request, f"The key of {remote.label} is removed.")


@require_POST
@allowed(*RUN_STUDIO)
def test_accounts(request: MemberRequest) -> HttpResponse:
    """Ask one provider, or all that have a key, something that costs nothing."""
    slug = request.POST.get("provider", "")
    known = [one for one in all_providers().values() if isinstance(one, Remote)]
    asked = [_remote(slug)] if slug else [one for one in known if not one.needs] or known
    try:
        answers = accounts.test(request.member, asked)
    except StudioError as error:
        return PAGE.show(request, _context(request.member, refused=error.message), status=409)
    labels = all_providers()
    said = (f"{labels[slug].label}: {answer.words}" for slug, answer in answers.items())
    return _told(request, " ".join(said))


def _told(request: MemberRequest, notice: str) -> HttpResponse:
    return PAGE.changed(request, notice, lambda: _context(request.member))
