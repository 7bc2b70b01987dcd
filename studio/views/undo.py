"""Taking back what was just done on the wall: each button carries what it takes."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from studio.core.errors import TooLate
from studio.models import Clip, Member
from studio.services import boards, placements, tags, trash
from studio.services.placements import Arranged
from studio.views import cards, hx
from studio.views.access import signed_in
from studio.views.asked import asked_from
from studio.views.chosen import done, read_undo

# Takes it back; what is to be said, and the clips that look different now.
Undo = Callable[[Member, Mapping[str, Any]], tuple[str, list[int]]]


@require_POST
@signed_in
def undo(request: hx.MemberRequest) -> HttpResponse:
    """`token` is what the button of a toast carries."""
    found = read_undo(request.member, request.POST.get("token", ""))
    if found is None:
        raise TooLate("This can not be taken back any more.")
    what, values = found
    said, clips = UNDO[what](request.member, values)
    return done(request, said, changed=drawn(request, clips))


def _arranged(member: Member, values: Mapping[str, Any]) -> tuple[str, list[int]]:
    """JSON knows only texts as names."""
    told = {
        name: {int(board): clips for board, clips in values[name].items()}
        for name in ("put", "taken")
    }
    placements.undo(member, Arranged(**told))
    return "Put back as it was.", []


def _removed(member: Member, values: Mapping[str, Any]) -> tuple[str, list[int]]:
    board = boards.bring_back(member, values)
    return f"The board “{board.name}” is back.", []


def _tagged(member: Member, values: Mapping[str, Any]) -> tuple[str, list[int]]:
    tags.unmark(member, _clips(member, values), name=values["name"])
    return f"“{values['name']}” is taken off again.", []


def _untagged(member: Member, values: Mapping[str, Any]) -> tuple[str, list[int]]:
    tags.mark(member, _clips(member, values), name=values["name"])
    return f"“{values['name']}” is back.", []


def _trashed(member: Member, values: Mapping[str, Any]) -> tuple[str, list[int]]:
    back = trash.restore(member, _clips(member, values))
    return _many("back on the wall", back.clips), back.clips


def _restored(member: Member, values: Mapping[str, Any]) -> tuple[str, list[int]]:
    gone = trash.put(member, _clips(member, values))
    return _many("in the trash again", gone.clips), gone.clips


def _many(where: str, clips: list[int]) -> str:
    return f"It is {where}." if len(clips) == 1 else f"{len(clips):,} clips are {where}."


def _clips(member: Member, values: Mapping[str, Any]) -> list[Clip]:
    ours = Clip.objects.of_team(member.team).filter(pk__in=values["clips"], purged_at=None)
    return list(ours.order_by("pk"))


def drawn(request: hx.MemberRequest, clips: list[int]) -> SafeString:
    """The tiles of these clips as they are now, or that they go from the wall that is open."""
    made = cards.VIEWS[asked_from(request).view](clips)
    return mark_safe("".join(made[pk] for pk in clips if pk in made))  # noqa: S308  (templates' own)


UNDO: dict[str, Undo] = {
    "arranged": _arranged,
    "removed": _removed,
    "tagged": _tagged,
    "untagged": _untagged,
    "trashed": _trashed,
    "restored": _restored,
}
