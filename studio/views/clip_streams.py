"""What the clip page shows of a simulation: which streams the player can play, and their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.models import Asset, Stream, Take

RGB, LOG = "rgb", "log"
ALL = "all"  # what the address calls them together
# Name → label and icon.
LOOKS = {
    RGB: ("RGB", "image"),
    "depth": ("Depth", "depth"),
    "normals": ("Normals", "normal"),
    "optical_flow": ("Optical flow", "flow"),
    LOG: ("Physics log", "log"),
}
# What the colors of a view stand for, filled in with its facts.
LEGENDS = {
    "depth": "Near is bright: from {near_m:.3g} to {far_m:.3g} m.",
    "normals": "Red is x, green is y, blue is z.",
    "optical_flow": "Each direction has its hue, gray is still; full color is {fastest_px:.3g} px a frame.",
}
WHOLE = ("frames", "width", "height")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A video that the player can show: the take's own, or a stream in false colors."""

    name: str
    video: Asset
    frames: int
    fps: float
    legend: str = ""

    @property
    def label(self) -> str:
        return LOOKS[self.name][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.name][1]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file as the provider made it, to download."""

    stream: Stream

    @property
    def label(self) -> str:
        return LOOKS[self.stream.name][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.stream.name][1]

    @property
    def is_log(self) -> bool:
        return self.stream.name == LOG

    @property
    def facts(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.stream.facts
        return facts


@dataclass(frozen=True, kw_only=True)
class Streams:
    """`playing` is what the player shows; with `together` all choices play beside each other.

    `note` says that there is no RGB, where there is none.
    """

    playing: Choice
    choices: tuple[Choice, ...] = ()
    files: tuple[Kept, ...] = ()
    note: str = ""
    together: bool = False

    @property
    def log(self) -> Stream | None:
        return next((one.stream for one in self.files if one.is_log), None)


def streams_of(take: Take, wanted: str | None) -> Streams:
    """With the choice that the address names, else the take's own picture."""
    known = take.streams.filter(name__in=LOOKS).select_related("file", "view")
    rows = sorted(known, key=lambda row: _place(row.name))
    views = [_choice(row) for row in rows if row.view]
    own = next((one for one in views if one.video.sha256 == take.video.sha256), None)
    choices = views if own else [_picture(take), *views]
    chosen = next((one for one in choices if one.name == wanted), own or choices[0])
    return Streams(
        playing=chosen,
        choices=tuple(choices) if len(choices) > 1 or own else (),
        files=tuple(Kept(stream=row) for row in rows),
        together=wanted == ALL and len(choices) > 1,
        note=f"This take has no RGB; its picture is {own.label.lower()} in false colors."
        if own
        else "",
    )


def _place(name: str) -> int:
    return list(LOOKS).index(name)


def _picture(take: Take) -> Choice:
    return Choice(name=RGB, video=take.video, frames=take.frames, fps=float(take.fps))


def _choice(row: Stream) -> Choice:
    assert row.view, "only what has a view can be shown"
    facts = row.facts
    return Choice(
        name=row.name, video=row.view, frames=facts["frames"], fps=facts["fps"],
        legend=LEGENDS[row.name].format_map(facts),
    )  # fmt: skip
