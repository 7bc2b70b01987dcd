"""A better prompt, as changes that are taken or left sentence by sentence."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.errors import InvalidOrder, ProviderError, TooOften
from studio.services import improve as services
from studio.services.improve import Change
from studio.views import drafting, hx
from studio.views.access import allowed
from studio.views.drafts import Draft
from studio.views.panels import panel, taken

OWN = {"csrfmiddlewaretoken", "old", "new", "accept"}


@require_POST
@allowed(permissions.can_order, "improve prompts")
def improve(request: hx.MemberRequest) -> HttpResponse:
    """What a language model would change in the draft's prompt, for the draft's model."""
    draft = drafting.sent(request)
    try:
        changes = services.improve(request.member, draft.form.capability, draft.form.so_far())
    except (InvalidOrder, TooOften, ProviderError) as error:
        context = {"draft": draft, "problem": error.message, "kept": _kept(request)}
        return panel(request, "improve/_changes.html", context, status=error.http_status)
    context = {**_offer(draft, changes), "kept": _kept(request)}
    return panel(request, "improve/_changes.html", context)


def _kept(request: hx.MemberRequest) -> list[tuple[str, str]]:
    """The rest of the draft, for who has no scripts: it goes along with the form of the changes."""
    if request.htmx:
        return []
    return [
        (name, text) for name, texts in request.POST.lists() if name not in OWN for text in texts
    ]


def _offer(draft: Draft, changes: list[Change]) -> dict[str, object]:
    limit = draft.form.prompt_limit
    length = len("".join(change.hunk.new for change in changes).strip())
    return {
        "draft": draft,
        "changes": changes,
        "count": sum(change.is_offered for change in changes),
        "too_long": length if limit and length > limit else 0,
    }


@require_POST
@allowed(permissions.can_order, "improve prompts")
def take(request: hx.MemberRequest) -> HttpResponse:
    """The draft with those sentences (`accept`) in their new form; without scripts only."""
    numbers = {
        int(text) for text in request.POST.getlist("accept") if text.isdecimal() and len(text) < 9
    }
    olds, news = request.POST.getlist("old"), request.POST.getlist("new")
    draft = drafting.sent(request)
    if olds:
        draft.unjudged({"prompt": services.accepted(olds, news, numbers)})
    return taken(request, draft.unjudged())
