"""Files in a form: adding, replacing, exchanging and taking away pictures and scenes."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.errors import InvalidOrder, InvalidUpload, StorageFailed, StorageFull
from studio.core.spec import FILES, PICTURES, Capability
from studio.forms.orders import all_capabilities, capability_named
from studio.models import Asset, Team
from studio.models.assets import AssetQuerySet
from studio.services import uploads
from studio.services.pictures import original_of
from studio.storage.receive import Received
from studio.views.access import allowed
from studio.views.hx import MemberRequest
from studio.views.slots import Files, Slot, slot_for


@require_POST
@allowed(permissions.can_order, "add files")
def frames(request: MemberRequest) -> HttpResponse:
    """Fill one slot and answer with it; 422 with the sentence and the old file if refused.

    `slot` names it, `first_frame_file` or the like is its new file; without one it gets the file
    that the form's own `first_frame` says (so slots are exchanged), with `remove_frame` none, with
    `unfit_frame` the original of a fitted one.
    """
    name = request.POST.get("slot", "")
    if name not in FILES:
        raise InvalidUpload(f"Slot must be {' or '.join(FILES)}.")
    slot = _filled(request, name, model_in(request.POST), request.POST)
    return render(request, slot.template, {"slot": slot}, status=422 if slot.problem else 200)


def model_in(data: QueryDict) -> Capability:
    """The model that a form has chosen, else the first one."""
    try:
        return capability_named(data.get("model", ""))
    except InvalidOrder:
        return all_capabilities()[0]


def files_from(request: MemberRequest, able: Capability, data: QueryDict) -> Files:
    """The slots of an order form that was sent whole, with or without scripts.

    Reads `first_frame` (asset), `first_frame_file` (a picture to store first), the same for the
    last frame and the scene, and the buttons `remove_frame` and `unfit_frame` (a slot's name) and
    `swap_frames`.
    """
    files = Files(slots=tuple(_filled(request, name, able, data) for name in FILES))
    if "swap_frames" in data:
        files = files.swapped(able)
    moved = bool({"swap_frames", "remove_frame", "unfit_frame"} & data.keys())
    return replace(files, rearranged=moved)


def _filled(request: MemberRequest, name: str, able: Capability, data: QueryDict) -> Slot:
    """The slot with its new file, else with the one that it had."""
    kept = _kept(request.member.team, name, data)
    slot = slot_for(able, name, asset=kept, look=data.get("look", ""))
    received = request.FILES.get(f"{name}_file")
    if not isinstance(received, Received):
        return slot
    try:
        added = uploads.add(request.member, name, received)
        return slot_for(able, name, asset=added, look=slot.look)
    except (InvalidUpload, StorageFull, StorageFailed) as error:
        return replace(slot, problem=error.message)


def _kept(team: Team, name: str, data: QueryDict) -> Asset | None:
    """The file that the form names, if it is one of the team's; a stranger's is none."""
    if data.get("remove_frame") == name:
        return None
    wanted = data.get(name, "")
    found = asset_for(team, name, int(wanted[:18])) if wanted.isdecimal() else None
    return original_of(found) if found and data.get("unfit_frame") == name else found


SOURCES: dict[bool, Callable[[], AssetQuerySet]] = {
    True: lambda: Asset.objects.pictures(),
    False: lambda: Asset.objects.scenes(),
}


def asset_for(team: Team, name: str, pk: int | None) -> Asset | None:
    """The team's file that may stand in that slot."""
    return SOURCES[name in PICTURES]().filter(team=team, pk=pk).first() if pk else None
