"""A cut as FCPXML 1.8, which every program reads that reads FCPXML, in exact fractions of a second.

The adapter that OpenTimelineIO has for it writes no 120 fps, rounds 29.97, runs a program on every
file name that is there, and fails on an apostrophe in one. It reads what is written here.
"""

import re
from fractions import Fraction
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from studio.reports.downloads.cut import Cut
from studio.reports.downloads.shots import Shot

VERSION = "1.8"
# Which rates the document may name for a shot that has another one than its sequence (its DTD).
CONFORMED = {"23.98", "24", "25", "29.97", "30", "47.95", "48", "50", "59.94", "60"}
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'


def text_of(cut: Cut) -> str:
    root = Element("fcpxml", version=VERSION)
    resources = _Resources(SubElement(root, "resources"))
    event = SubElement(root, "event", name=_fit(cut.name))
    project = SubElement(event, "project", name=_fit(cut.name))
    project.append(_sequence(cut, resources))
    indent(root)
    return f"{HEAD}{tostring(root, encoding='unicode')}\n"


class _Resources:
    """Formats, each once, and the files, under the ids that shots refer to."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.formats: dict[tuple[int, int, Fraction], str] = {}

    def format(self, width: int, height: int, rate: Fraction) -> str:
        key = (width, height, rate)
        if key not in self.formats:
            element = self._add("format")
            element.set("frameDuration", _time(1 / rate))
            element.set("width", str(width))
            element.set("height", str(height))
            self.formats[key] = element.attrib["id"]
        return self.formats[key]

    def asset(self, shot: Shot) -> tuple[str, str]:
        """The ids of a shot's file and of its format."""
        form = self.format(shot.width, shot.height, shot.rate)
        element = self._add("asset")
        length = _time(shot.frames / shot.rate)
        element.attrib |= {"name": _fit(shot.title), "start": "0s", "duration": length,
                           "hasVideo": "1", "format": form,
                           "src": f"./{quote(shot.name)}"}  # fmt: skip
        return element.attrib["id"], form

    def _add(self, tag: str) -> Element:
        return SubElement(self.element, tag, id=f"r{len(self.element) + 1}")


def _sequence(cut: Cut, resources: _Resources) -> Element:
    total = sum(cut.length_of(shot) for shot in cut.shots)
    sequence = Element(
        "sequence", format=resources.format(*cut.size, cut.rate), duration=_time(total / cut.rate),
        tcStart="0s", tcFormat="NDF",
    )  # fmt: skip
    if cut.remark:
        SubElement(sequence, "note").text = cut.remark
    spine, offset = SubElement(sequence, "spine"), 0
    for shot in cut.shots:
        spine.append(_clip(cut, shot, offset, *resources.asset(shot)))
        offset += cut.length_of(shot)
    return sequence


def _clip(cut: Cut, shot: Shot, offset: int, asset: str, form: str) -> Element:
    clip = Element(
        "asset-clip", ref=asset, name=_fit(shot.title), offset=_time(offset / cut.rate),
        start="0s", duration=_time(cut.length_of(shot) / cut.rate), format=form, tcFormat="NDF",
    )  # fmt: skip
    own = f"{float(shot.rate):.2f}".rstrip("0").rstrip(".")
    if shot.rate != cut.rate and own in CONFORMED:
        SubElement(clip, "conform-rate", scaleEnabled="0", srcFrameRate=own)
    for mark in shot.marks:
        start, length = _time(mark.frame / shot.rate), _time(mark.frames / shot.rate)
        said = _fit(f"{mark.by}: {mark.text}")
        SubElement(clip, "marker", start=start, duration=length, value=said, completed="0")
    return clip


def _time(seconds: Fraction) -> str:
    """“0s”, “5s”, “1001/30000s”."""
    return f"{seconds}s"


def _fit(text: str) -> str:
    """Without what XML has no way to write."""
    return _UNFIT.sub(" ", text)
