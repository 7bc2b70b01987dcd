"""A cut as the files that editing programs open."""

from collections.abc import Callable, Mapping
from enum import StrEnum

import opentimelineio as otio
from opentimelineio.opentime import RationalTime

from studio.core.errors import InvalidDownload
from studio.core.rates import nominal, timecode, written
from studio.core.words import listed
from studio.reports.downloads import fcpxml
from studio.reports.downloads.cut import MEMBER, Cut, timeline_of
from studio.reports.downloads.shots import Mark, Shot

MOST_EVENTS = 999
# An EDL counts frames with two digits, and other programs know no others of its rates.
EDL_RATES = (24, 25, 30, 48, 50, 60)


class Format(StrEnum):
    OTIO = "otio"
    EDL = "edl"
    FCPXML = "fcpxml"


def text_of(cut: Cut, form: Format) -> str:
    """Raises InvalidDownload for a cut that the format cannot hold."""
    return WRITERS[form](cut)


def _otio(cut: Cut) -> str:
    text: str = otio.adapters.write_to_string(timeline_of(cut), "otio_json")
    return text


def _edl(cut: Cut) -> str:
    """CMX 3600 in whole frames: 29.97 is counted as 30, which is what non-drop timecode means."""
    _require_events(cut)
    rate = nominal(cut.rate)
    track = otio.schema.Track("V", kind=otio.schema.TrackKind.Video)
    track.extend(_event(cut, shot, rate, number) for number, shot in enumerate(cut.shots, 1))
    timeline = otio.schema.Timeline("")
    timeline.tracks.append(track)
    body = otio.adapters.write_to_string(timeline, "cmx_3600", rate=rate)
    title = f"TITLE: {' '.join(cut.name.split())}\nFCM: NON-DROP FRAME\n\n"
    return f"{title}{body}"


def _require_events(cut: Cut) -> None:
    if len(cut.shots) > MOST_EVENTS:
        raise InvalidDownload(
            f"An EDL holds at most {MOST_EVENTS} takes, and these are {len(cut.shots):,}: "
            "choose OpenTimelineIO or FCPXML, or fewer clips."
        )
    if nominal(cut.rate) not in EDL_RATES:
        known = listed([str(rate) for rate in EDL_RATES], "or")
        raise InvalidDownload(
            f"An EDL counts {known} frames a second, and this cut has {written(cut.rate)}: "
            "choose OpenTimelineIO or FCPXML."
        )


def _event(cut: Cut, shot: Shot, rate: int, number: int) -> otio.schema.Clip:
    """Programs find the file by its name in the comment; the reel's name has eight letters.

    Without a media reference there is no FROM CLIP, which Premiere takes for another name.
    """
    length = RationalTime(cut.length_of(shot), rate)
    remarks = [cut.remark] if cut.remark and number == 1 else []
    comments = [*remarks, *(_locator(cut, shot, mark, rate) for mark in shot.marks)]
    return otio.schema.Clip(
        name=shot.name,
        source_range=otio.opentime.TimeRange(RationalTime(0, rate), length),
        metadata={"cmx_3600": {"reel": _reel(shot, number), "comments": comments}},
    )


def _reel(shot: Shot, number: int) -> str:
    """“TAKE0042”: unlike names cut to eight letters, it is each take's own."""
    return f"T{(shot.ids.get('take') or number) % 10_000_000:07}"


def _locator(cut: Cut, shot: Shot, mark: Mark, rate: int) -> str:
    frame = min(int(mark.frame * cut.rate / shot.rate), cut.length_of(shot) - 1)
    at = timecode(frame, cut.rate)
    return f"LOC: {at} {MEMBER:7} {mark.by}: {mark.text}"


WRITERS: Mapping[Format, Callable[[Cut], str]] = {
    Format.OTIO: _otio,
    Format.EDL: _edl,
    Format.FCPXML: fcpxml.text_of,
}
