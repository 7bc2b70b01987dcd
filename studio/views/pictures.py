"""Pictures for an order's slots: the team's library, a frame of any take, fitting to the ratio.

Each view gets the whole form of an order and hands it on unseen, so that without scripts a person
walks through pages and comes back to everything that was typed. With scripts the same parts stand
in a dialog over the form, and only the slot is drawn anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from studio import permissions
from studio.core.errors import InvalidPicture, StorageFailed, StorageFull
from studio.core.fitting import Fit
from studio.forms.pictures import PREFIX, FitForm
from studio.models import Asset, Clip, Take
from studio.services import pictures
from studio.views import drafting, hx
from studio.views.access import allowed, picture_read, signed_in, take_read
from studio.views.clip_cards import takes_of
from studio.views.drafts import Draft
from studio.views.gallery import studio_page
from studio.views.shell import shell
from studio.views.slots import Slot

PAGE = 24
PICK = "choose pictures"
TOLD = (InvalidPicture, StorageFailed, StorageFull)
OWN = (f"{PREFIX}-", "csrfmiddlewaretoken")

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a form asks for: its draft, the slots that can take a picture, the one that is meant."""

    request: hx.MemberRequest
    draft: Draft

    @classmethod
    def read(cls, request: hx.MemberRequest) -> "Asked":
        return cls(request=request, draft=drafting.sent(request))

    def said(self, name: str) -> str:
        return str(self.request.POST.get(f"{PREFIX}-{name}", ""))

    @property
    def slots(self) -> list[Slot]:
        return [slot for slot in self.draft.files.frames if not slot.blocked]

    @property
    def slot(self) -> Slot:
        """The one that was named, else the first empty one. Http404 where the model has none."""
        named = [slot for slot in self.slots if slot.name in {self.said("slot"), self.said("use")}]
        empty = [slot for slot in self.slots if not slot.asset]
        for slot in named + empty + self.slots:
            return slot
        raise Http404("This model takes no pictures.")

    @property
    def carried(self) -> Iterator[tuple[str, str]]:
        """Everything that the form says, with its files stored by now."""
        keys = {name: str(pk or "") for name, pk in self.draft.files.keys.items()}
        for name, texts in self.request.POST.lists():
            if not name.startswith(OWN) and name not in keys:
                yield from ((name, str(text)) for text in texts)
        yield from keys.items()

    def show(self, part: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """That part in the dialog, or as a page of its own."""
        folder = "director/pictures"
        whole = {
            "asked": self, "part": f"{folder}/_{part}.html",
            "rows_part": f"{folder}/_{part}_rows.html", **context,
        }  # fmt: skip
        if hx.target_of(self.request) not in {"pictures", "pic-more"}:
            whole |= shell(self.request)
        return hx.page(
            self.request,
            f"{folder}/page.html",
            whole,
            parts={"pictures", "pic-more"},
            status=status,
        )

    def put(self, picture: Asset) -> HttpResponse:
        """The slot with its new picture, or the whole form where there is no dialog."""
        name = self.slot.name
        draft = drafting.sent(self.request, put={name: picture.pk}).unjudged()
        if self.request.htmx:
            slot = draft.files.slot(name)
            return render(self.request, "director/pictures/_taken.html", {"slot": slot})
        draft.redrawn = False
        return studio_page(self.request, draft.with_slots_of_its_size())


@require_POST
@allowed(permissions.can_order, PICK)
def library(request: hx.MemberRequest) -> HttpResponse:
    """The team's pictures, newest first; `pic-q` searches, `pic-picture` puts one into the slot."""
    asked = Asked.read(request)
    if picked := asked.said("picture"):
        return asked.put(picture_read(request, _number(picked)))
    rows = pictures.library(request.member, search=asked.said("q").strip())
    return asked.show("library", _page(rows, asked))


@require_POST
@allowed(permissions.can_order, PICK)
def clips(request: hx.MemberRequest) -> HttpResponse:
    """The project's clips that have takes, newest first; `pic-q` searches their titles."""
    asked = Asked.read(request)
    rows = Clip.objects.shown().filter(project=request.project, cover__isnull=False)
    if search := asked.said("q").strip():
        rows = rows.filter(title__icontains=search)
    rows = rows.select_related("cover").order_by("-pk")
    return asked.show("clips", _page(rows, asked))


def _page(rows: QuerySet[Row], asked: Asked) -> dict[str, Any]:
    """Keyset page after the row that `pic-before` names."""
    before = _number(asked.said("before"))
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    return {"rows": found[:PAGE], "older": older, "search": asked.said("q"), "before": before}


def _number(text: str) -> int:
    """0 for what is no number."""
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@require_POST
@allowed(permissions.can_order, PICK)
def take(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """A take to scrub through; `pic-use` puts its frame `pic-frame` into that slot."""
    asked, shown = Asked.read(request), take_read(request, pk)
    typed = asked.said("frame")
    if not asked.said("use"):
        return _scrubber(asked, shown, typed)
    try:
        number = pictures.number_in(typed, shown)
        return asked.put(pictures.frame_of(request.member, shown, number))
    except TOLD as error:
        return _scrubber(asked, shown, typed, problem=error.message)


@require_safe
@signed_in
def times(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """When the frames of a take begin, in seconds, as JSON; [] where they come evenly."""
    found = pictures.uneven_times(take_read(request, pk))
    return JsonResponse(found, safe=False, headers={"Cache-Control": "private, max-age=86400"})


def _scrubber(asked: Asked, take: Take, typed: str, *, problem: str = "") -> HttpResponse:
    try:
        found = pictures.uneven_times(take)
    except TOLD as error:
        found, problem = [], problem or error.message
    context = {
        "take": take, "takes": takes_of(take.clip), "last": take.frames - 1, "times": found,
        "frame": typed or "0", "problem": problem,
    }  # fmt: skip
    return asked.show("scrubber", context, status=422 if problem else 200)


@require_POST
@allowed(permissions.can_order, PICK)
def fit(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """A picture to crop or to pad; with `pic-use` it is done and put into that slot."""
    asked, picture = Asked.read(request), picture_read(request, pk)
    ratios = asked.draft.ratios.choices(asked.slot.name)
    start = _start(picture, ratios)
    if not asked.said("use"):
        return _cropper(asked, picture, FitForm(start=start, ratios=ratios))
    form = FitForm(request.POST, start=start, ratios=ratios)
    if not form.is_valid():
        return _cropper(asked, picture, form, problem=" ".join(form.sentences))
    try:
        return asked.put(pictures.fitted(request.member, picture, form.fit))
    except TOLD as error:
        return _cropper(asked, picture, form, problem=error.message)


def _start(picture: Asset, ratios: Sequence[str]) -> Fit:
    """As it was fitted before, to the ratio of now."""
    before = Fit.from_json(picture.edit) if picture.edit else Fit(ratio=ratios[0])
    return before if before.ratio in ratios else replace(before, ratio=ratios[0])


def _cropper(asked: Asked, picture: Asset, form: FitForm, *, problem: str = "") -> HttpResponse:
    original = pictures.original_of(picture)
    context = {
        "form": form, "picture": picture, "original": original, "problem": problem,
        "preview": Preview(original=original, fit=form.start), "ratios": form.ratios,
    }  # fmt: skip
    return asked.show("fit", context, status=422 if problem else 200)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What is drawn over a picture before anything is done to it, in its own pixels."""

    original: Asset
    fit: Fit

    @property
    def size(self) -> tuple[int, int]:
        return self.original.width, self.original.height

    @property
    def box(self) -> dict[str, int]:
        left, top, right, bottom = self.fit.box(self.size)
        return {"x": left, "y": top, "width": right - left, "height": bottom - top}

    @property
    def sheet(self) -> tuple[int, int]:
        return self.fit.sheet(self.size)

    @property
    def place(self) -> tuple[int, int]:
        return self.fit.place(self.size)

    @property
    def edges(self) -> list[str]:
        """Colors of the left, right, upper and lower bar as #rrggbb."""
        return pictures.edges(self.original)
