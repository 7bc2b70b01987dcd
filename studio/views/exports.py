"""The entries of a ledger as a file, made while it is sent: what the page shows, or all of it."""

from collections.abc import Callable, Iterator

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from studio import permissions
from studio.bridge import Scope
from studio.core.errors import InvalidChoice
from studio.core.filenames import made_safe
from studio.models import Team
from studio.reports.entries import EntryFilter
from studio.reports.exports.kinds import KINDS, Kind
from studio.reports.exports.lines import lines
from studio.views import lane_of_downloads
from studio.views.access import allowed
from studio.views.hx import MemberRequest

PACKED = {"/costs/entries.csv", "/costs/entries.xlsx", "/costs/focus.csv"}


def is_packed(scope: Scope) -> bool:
    """Whether the answer is made while it is sent, which takes threads beside those of pages."""
    return scope["path"] in PACKED


class Sent:
    """The bytes of a file; closing it, also when the visitor is gone, gives its place back."""

    def __init__(self, pieces: Iterator[bytes], leave: Callable[[], None]) -> None:
        self.pieces, self.leave = pieces, leave

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        """Once."""
        leave, self.leave = self.leave, lambda: None
        closing = getattr(self.pieces, "close", None)
        if closing:
            closing()
        leave()


@require_GET
@allowed(permissions.can_see_costs, "export the ledger")
def export(request: MemberRequest, *, kind: str) -> HttpResponseBase:
    """What can not be read in the address is refused: no file says what was left out of its filter."""
    team = request.member.team
    wanted = EntryFilter.read(team, request.GET)
    if wanted.remarks:
        raise InvalidChoice(" ".join(wanted.remarks))
    pieces = KINDS[kind].pieces(lines(team, wanted))
    leave = lane_of_downloads.enter(request.member.pk)
    return StreamingHttpResponse(
        Sent(pieces, leave), content_type=KINDS[kind].content_type,
        headers=_headers(team, wanted, KINDS[kind]),
    )  # fmt: skip


def _headers(team: Team, wanted: EntryFilter, kind: Kind) -> dict[str, str]:
    days = [day.isoformat() for day in (wanted.since, wanted.until) if day]
    stem, _, suffix = kind.name.rpartition(".")
    name = made_safe(" ".join([team.name, stem, *days]), suffix=f".{suffix}")
    disposition = content_disposition_header(True, name)  # noqa: FBT003
    return {
        "Content-Disposition": disposition or "attachment", "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }  # fmt: skip
