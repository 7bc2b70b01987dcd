"""What a form of a client's link is about: the link, its terms, and each clip that it may show."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.shortcuts import get_list_or_404

from studio.core.errors import InvalidShare
from studio.forms.share_clips import ClipRow
from studio.forms.shares import ShareForm
from studio.models import Board, Clip, Project, Share, ShareClip, Take
from studio.providers.registry import all_providers
from studio.services.shares import Choice, Terms
from studio.services.shown import MOST_CLIPS
from studio.views.access import board_read
from studio.views.hx import MemberRequest

Values = Mapping[str, Any]


@dataclass(kw_only=True)
class Asked:
    """One form on its way; of a board's link there are no `rows`."""

    form: ShareForm
    project: Project
    rows: list[ClipRow] = field(default_factory=list)
    board: Board | None = None
    share: Share | None = None

    @property
    def tells(self) -> list[str]:
        """Clips whose pictures have their prompt written in them, whatever clients may see."""
        if self.board:
            clips = Clip.objects.shown().filter(placements__board=self.board)
            covers = clips.select_related("cover__job").order_by("placements__pk")[:MOST_CLIPS]
            return [clip.title for clip in covers if clip.cover and _shows_prompt(clip.cover)]
        return [row.clip.title for row in self.rows if any(map(_shows_prompt, row.takes))]

    @property
    def is_refused(self) -> bool:
        return self.form.is_bound and bool(self.form.errors)

    def done(self, act: Callable[["Asked", Values], Share]) -> Share | None:
        """Give what was typed to a service; what it refuses becomes an error of the form."""
        if not self.form.is_valid():
            return None
        try:
            return act(self, {"terms": Terms(**self.form.terms), "choices": self._choices()})
        except InvalidShare as error:
            self.form.refuse(error)
            return None

    def _choices(self) -> list[Choice]:
        return [Choice(**row.choice) for row in self.rows if row.is_shown]


def _shows_prompt(take: Take) -> bool:
    provider = all_providers().get(take.job.provider)
    return bool(provider and provider.shows_prompt)


def asked_for(request: MemberRequest) -> Asked:
    """A new link to what the address names. Raises Http404 for what is not the team's."""
    data = request.POST if request.method == "POST" else None
    board = _board(request)
    clips = [] if board else _clips(request)
    if not (board or clips):
        raise Http404
    takes = _takes(clips)
    picked = _number(request.GET.get("take", ""))
    rows = [_new_row(clip, takes[clip.pk], picked, data) for clip in clips]
    named = str(board) if board else rows[0].clip.title if len(rows) == 1 else ""
    form = ShareForm(data, time_zone=request.member.team.time_zone, name=named[:80])
    return Asked(form=form, project=request.project, rows=rows, board=board)


def _new_row(clip: Clip, takes: list[Take], picked: int, data: Values | None) -> ClipRow:
    """What was best when the link was made stays what it shows, unless somebody says otherwise."""
    best = picked if any(take.pk == picked for take in takes) else clip.cover_id
    return ClipRow(clip, takes, best=best, data=data)


def asked_of(request: MemberRequest, share: Share) -> Asked:
    """A link that is there, as it is or as it shall be."""
    data = request.POST if request.method == "POST" else None
    form = ShareForm(data, time_zone=request.member.team.time_zone, share=share)
    kept = ShareClip.objects.filter(share=share).select_related("clip__cover")
    chosen = list(kept.order_by("position", "pk"))
    takes = _takes([one.clip for one in chosen])
    rows = [ClipRow(one.clip, takes[one.clip_id], kept=one, data=data) for one in chosen]
    return Asked(form=form, project=share.project, rows=rows, board=share.board, share=share)


def _board(request: MemberRequest) -> Board | None:
    return board_read(request, _number(request.GET["board"])) if "board" in request.GET else None


def _clips(request: MemberRequest) -> list[Clip]:
    """In the order in which they were chosen; each once."""
    said = ",".join(request.GET.getlist("clips")).split(",")
    keys = list(dict.fromkeys(_number(one) for one in said if one))[: MOST_CLIPS + 1]
    ours = Clip.objects.of_team(request.member.team).shown().select_related("cover")
    found = {clip.pk: clip for clip in get_list_or_404(ours, pk__in=keys)}
    if len(found) < len(keys):
        raise Http404
    return [found[key] for key in keys]


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 19 else 0


def _takes(clips: list[Clip]) -> Mapping[int, list[Take]]:
    found: dict[int, list[Take]] = defaultdict(list)
    takes = Take.objects.filter(clip__in=[clip.pk for clip in clips]).select_related("job")
    for take in takes.order_by("number"):
        found[take.clip_id].append(take)
    return found
