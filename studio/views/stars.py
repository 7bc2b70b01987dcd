"""Stars for a clip's best take, and hearts for one's own favorites."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.errors import InvalidSelection
from studio.core.words import short
from studio.models import Favorite
from studio.services import stars
from studio.views import hx
from studio.views.access import allowed, clip_read
from studio.views.chosen import clips_of, done
from studio.views.undo import drawn

LIKED = {"1": True, "0": False}


@require_POST
@allowed(permissions.can_look, "give stars")
def star(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """`stars` is 0 to 5."""
    clip = clip_read(request, pk)
    asked = request.POST.get("stars", "")
    if asked not in map(str, range(stars.MOST + 1)):
        raise InvalidSelection(f"Stars must be 0 to {stars.MOST}, not “{short(asked)}”.")
    stars.give(request.member, clip, int(asked))
    if request.htmx:
        return HttpResponse(drawn(request, [clip.pk]))
    return done(request, f"{asked} star{'' if asked == '1' else 's'} for “{clip}”.")


@require_POST
@allowed(permissions.can_look, "have favorites")
def favorite(request: hx.MemberRequest) -> HttpResponse:
    """`liked` is 1 or 0; who does not say it turns it round."""
    clips = clips_of(request)
    liked = LIKED.get(request.POST.get("liked", ""))
    if liked is None:
        known = Favorite.objects.filter(member=request.member, clip__in=clips).count()
        liked = known < len(clips)
    stars.like(request.member, clips, liked=liked)
    if request.htmx:
        return HttpResponse(status=204)
    return done(request, "Among your favorites." if liked else "No favorite any more.")
