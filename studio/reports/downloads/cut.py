"""A cut of shots as an OpenTimelineIO timeline: one video track, each shot whole, one after the other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from urllib.parse import quote

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from studio.core.rates import written
from studio.reports.downloads.shots import Mark, Shot

NAMESPACE = "dailies"
MEMBER, CLIENT, REMARK = (
    otio.schema.MarkerColor.RED, otio.schema.MarkerColor.ORANGE, otio.schema.MarkerColor.YELLOW
)  # fmt: skip
LONGEST_NAME = 80


@dataclass(frozen=True)
class Cut:
    """Shots in order, under a name. Its rate and size are those that most of its shots have."""

    name: str
    shots: Sequence[Shot]

    @cached_property
    def rate(self) -> Fraction:
        return Counter(shot.rate for shot in self.shots).most_common(1)[0][0]

    @cached_property
    def size(self) -> tuple[int, int]:
        return Counter((shot.width, shot.height) for shot in self.shots).most_common(1)[0][0]

    @cached_property
    def remark(self) -> str:
        """What an editor should know: shots of another rate were fitted; "" where there are none."""
        others = Counter(shot.rate for shot in self.shots if shot.rate != self.rate)
        if not others:
            return ""
        told = ", ".join(
            f"{count} shot{'s' if count > 1 else ''} of {written(rate)} fps"
            for rate, count in sorted(others.items())
        )
        return f"This cut runs at {written(self.rate)} fps. Of another rate: {told}."

    def length_of(self, shot: Shot) -> int:
        """In whole frames of the cut, none of them beyond the shot's end."""
        return max(1, int(shot.frames * self.rate / shot.rate))


def timeline_of(cut: Cut) -> otio.schema.Timeline:
    rate = float(cut.rate)
    timeline = otio.schema.Timeline(cut.name, global_start_time=RationalTime(0, rate))
    track = otio.schema.Track("Takes", kind=otio.schema.TrackKind.Video)
    track.extend(_clip(cut, shot) for shot in cut.shots)
    timeline.tracks.append(track)
    width, height = cut.size
    timeline.metadata[NAMESPACE] = {"rate": rate, "width": width, "height": height}
    if cut.remark:
        timeline.metadata[NAMESPACE]["remark"] = cut.remark
        start = TimeRange(RationalTime(0, rate), RationalTime(1, rate))
        timeline.tracks.markers.append(_marker(cut.remark, start, REMARK))
    return timeline


def _clip(cut: Cut, shot: Shot) -> otio.schema.Clip:
    rate, own = float(cut.rate), float(shot.rate)
    media = otio.schema.ExternalReference(
        target_url=quote(shot.name),
        available_range=TimeRange(RationalTime(0, own), RationalTime(shot.frames, own)),
        metadata={NAMESPACE: {"width": shot.width, "height": shot.height}},
    )
    media.name = shot.name
    return otio.schema.Clip(
        name=shot.title,
        media_reference=media,
        source_range=TimeRange(RationalTime(0, rate), RationalTime(cut.length_of(shot), rate)),
        markers=[_note(mark, own) for mark in shot.marks],
        metadata={NAMESPACE: {name: number for name, number in shot.ids.items() if number}},
    )


def _note(mark: Mark, rate: float) -> otio.schema.Marker:
    at = TimeRange(RationalTime(mark.frame, rate), RationalTime(mark.frames, rate))
    return _marker(f"{mark.by}: {mark.text}", at, CLIENT if mark.is_client else MEMBER)


def _marker(text: str, at: TimeRange, color: str) -> otio.schema.Marker:
    name = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
    return otio.schema.Marker(name=name, marked_range=at, color=color, comment=text)
