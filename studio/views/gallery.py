"""The wall: every clip of a project, newest first."""

from django.http import HttpResponse

from studio.models import Clip
from studio.views import cards, hx
from studio.views.access import signed_in
from studio.views.shell import shell

PAGE = 48


@signed_in
def wall(request: hx.MemberRequest) -> HttpResponse:
    clips = Clip.objects.filter(project=request.project).newest_first()[:PAGE]
    tiles = cards.tiles(clips.values_list("pk", "rev"))
    context = {**shell(request), "nav": "wall", "tiles": tiles.values()}
    return hx.page(request, "gallery/wall.html", context)
