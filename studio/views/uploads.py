"""First and last frames in a form: adding, replacing, exchanging and taking away pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.errors import InvalidUpload, StorageFailed, StorageFull
from studio.models import Asset
from studio.services import uploads
from studio.storage.images import FORMATS
from studio.storage.receive import Received
from studio.views.access import allowed
from studio.views.hx import MemberRequest

LABELS = {"first_frame": "First frame", "last_frame": "Last frame"}
LOOKS = ("small", "large")


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place for one picture, as `compose/_slot.html` shows it.

    `look` is "small" in the compose bar and "large" in the director; `problem` is the sentence
    about a picture that was refused.
    """

    name: str
    asset: Asset | None = None
    problem: str = ""
    look: str = LOOKS[0]

    @property
    def label(self) -> str:
        return LABELS[self.name]

    accept = ",".join(sorted({content_type for content_type, _ in FORMATS.values()}))

    @property
    def file_name(self) -> str:
        """The last part of the picture's address."""
        return f"{self.name}{Path(self.asset.path).suffix}" if self.asset else ""

    @property
    def max_bytes(self) -> int:
        return settings.UPLOAD_MAX_BYTES

    @property
    def too_large(self) -> str:
        return f"{self.label} may have at most {self.max_bytes >> 20} MB."


@dataclass(frozen=True, kw_only=True)
class Frames:
    """Both slots of a form. With `rearranged` the person only moved pictures: do not order yet."""

    first_frame: Slot
    last_frame: Slot
    rearranged: bool = False

    @property
    def slots(self) -> tuple[Slot, Slot]:
        return self.first_frame, self.last_frame

    @property
    def keys(self) -> dict[str, int | None]:
        """`first_frame` and `last_frame` as an Order has them."""
        return {slot.name: slot.asset.pk if slot.asset else None for slot in self.slots}

    @property
    def problems(self) -> dict[str, str]:
        return {slot.name: slot.problem for slot in self.slots if slot.problem}


@require_POST
@allowed(permissions.can_order, "add pictures")
def frames(request: MemberRequest) -> HttpResponse:
    """Fill one slot and answer with it; 422 with the sentence and the old picture if refused.

    `slot` names it and `file` is its new picture; without one it gets the picture that the form's
    own `first_frame` or `last_frame` says (so slots are exchanged), with `remove_frame` none.
    """
    name = request.POST.get("slot", "")
    if name not in LABELS:
        raise InvalidUpload("Slot must be first_frame or last_frame.")
    slot = _filled(request, name, file="file")
    return render(
        request, "compose/_slot.html", {"slot": slot}, status=422 if slot.problem else 200
    )


def frames_from(request: MemberRequest) -> Frames:
    """The slots of an order form that was sent whole, with or without scripts.

    Reads `first_frame` (asset), `first_frame_file` (a picture to store first), the same for the
    last frame, and the buttons `remove_frame` (a slot's name) and `swap_frames`.
    """
    first, last = (_filled(request, name, file=f"{name}_file") for name in LABELS)
    if "swap_frames" in request.POST:
        first, last = _placed(last, first.name), _placed(first, last.name)
    moved = bool({"swap_frames", "remove_frame"} & request.POST.keys())
    return Frames(first_frame=first, last_frame=last, rearranged=moved)


def slots_of(assets: Mapping[str, Asset | None], *, look: str = LOOKS[0]) -> Frames:
    """The slots of a form that is shown for the first time."""
    first, last = (Slot(name=name, asset=assets.get(name), look=look) for name in LABELS)
    return Frames(first_frame=first, last_frame=last)


def _placed(slot: Slot, name: str) -> Slot:
    return Slot(name=name, asset=slot.asset, problem=slot.problem, look=slot.look)


def _filled(request: MemberRequest, name: str, *, file: str) -> Slot:
    """The slot with its new picture, else with the one that it had."""
    look = request.POST.get("look", "")
    slot = Slot(name=name, asset=_kept(request, name), look=look if look in LOOKS else LOOKS[0])
    received = request.FILES.get(file)
    if not isinstance(received, Received):
        return slot
    try:
        added = uploads.add_frame(request.member, received, field=slot.label)
    except (InvalidUpload, StorageFull, StorageFailed) as error:
        return Slot(name=name, asset=slot.asset, problem=error.message, look=slot.look)
    return Slot(name=name, asset=added, look=slot.look)


def _kept(request: MemberRequest, name: str) -> Asset | None:
    """The picture that the form names, if it is one of the team's; a stranger's is none."""
    if request.POST.get("remove_frame") == name:
        return None
    wanted = request.POST.get(name, "")
    if not wanted.isdecimal():
        return None
    return Asset.objects.pictures().filter(team=request.member.team, pk=int(wanted[:18])).first()
