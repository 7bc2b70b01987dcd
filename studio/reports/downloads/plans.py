"""From what somebody wants to the bytes that are sent: an archive, or a timeline by itself."""

from dataclasses import dataclass
from pathlib import PurePath

from django.utils import timezone

from studio.core.filenames import Names, made_safe
from studio.models import Take, Team
from studio.reports.downloads.archive import Archive, Rows
from studio.reports.downloads.choice import Wanted, chosen
from studio.reports.downloads.cut import Cut
from studio.reports.downloads.facts import Detail, facts_of
from studio.reports.downloads.formats import Format, text_of
from studio.reports.downloads.items import Item, Poster
from studio.reports.downloads.names import suffix_of
from studio.reports.downloads.shots import Shot, named, shots_of

POSTERS = "posters/"


@dataclass(frozen=True, kw_only=True)
class Packing:
    """How takes are packed. `clean` is for people outside: neither the files nor the manifest tell
    what was asked for, said or paid. `costs` is whether who asks may see them.
    """

    clean: bool = False
    posters: bool = False
    timeline: Format | None = None
    costs: bool = False

    @property
    def detail(self) -> Detail:
        if self.clean:
            return Detail.FILE
        return Detail.ORDER | Detail.REVIEW | (Detail.COST if self.costs else Detail.FILE)


def packed(team: Team, wanted: Wanted, packing: Packing, *, name: str) -> Archive:
    """Who closes the archive frees all it holds. Raises InvalidDownload, StorageFull."""
    items, shots, rows = Names(), list[Shot](), Rows()
    listed: list[Item] = []
    try:
        for called in named(chosen(wanted), team):
            takes = [take for take, _ in called]
            for (take, file), facts in zip(called, facts_of(takes, packing.detail), strict=True):
                poster = _poster(take, file, items) if packing.posters else None
                listed.append(_item(take, file, poster))
                rows.add(facts)
            if packing.timeline:
                shots += shots_of(called, marks=not packing.clean)
        extra = _timeline(Cut(name, shots), packing.timeline) if packing.timeline else []
        head = {"team": team.name, "made": timezone.now().isoformat(timespec="seconds")}
        return Archive(name, listed, rows, head=head, clean=packing.clean, extra=extra)
    except BaseException:
        rows.file.close()
        raise


def cut_of(team: Team, wanted: Wanted, *, name: str) -> Cut:
    """The takes in order, each under the name that it has in an archive. Raises InvalidDownload."""
    shots: list[Shot] = []
    for called in named(chosen(wanted), team):
        shots += shots_of(called)
    return Cut(name, shots)


def _timeline(cut: Cut, form: Format) -> list[tuple[str, bytes]]:
    """It lies beside the files that it refers to."""
    name = made_safe(cut.name, suffix=f".{form}")
    return [(name, text_of(cut, form).encode(errors="replace"))]


def _item(take: Take, name: str, poster: Poster | None) -> Item:
    video = take.video
    return Item(name=name, key=video.path, size=video.size, sha256=video.sha256, poster=poster)


def _poster(take: Take, file: str, names: Names) -> Poster:
    name = names.add(f"{POSTERS}{PurePath(file).stem}{suffix_of(take.poster)}")
    return Poster(name=name, key=take.poster.path, size=take.poster.size)
