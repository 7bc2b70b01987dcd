"""False colors: what a sensor measured, as a picture that a person can read.

TransendAI's document (Sensor Output Options, 2025-03-18) says “PNG (16-bit), unit: meters” for depth
and “float-encoded” for normals and flow, and not how a value becomes a number. Until a frame's own
text says otherwise we take them to be written as our engine writes them (see decode_flow.py), and
keep that sentence in the facts of the stream.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import cv2
import numpy as np

from studio.storage.streams.archive import Unreadable
from studio.storage.streams.png import Frame

Picture = np.ndarray[Any, np.dtype[np.uint8]]

Values = np.ndarray[Any, np.dtype[np.float32]]

STEP = 4  # every fourth pixel of every fourth line says enough about a range
STILL = 0.05  # pixels a frame; a small thing that moves decides, not the wall behind it
AT_REST = 56  # the gray of what does not move
FARTHEST = 40  # the place in the palette: dark, but not as dark as nothing
# Dark red to bright yellow; its first place, which is black, is kept for nothing.
PALETTE = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_INFERNO)
PALETTE[0] = 0

Shades = np.ndarray[Any, np.dtype[np.uint8]]


class Colors(ABC):
    """How the frames of one stream are colored: the same from the first frame to the last.

    The range of values, `low` to `high`, is that of most pixels in some `samples`; what lies outside
    gets the color of its end. `scale` is what the first of them counts in.
    """

    channels: ClassVar[int]
    scale_name: ClassVar[str] = ""
    usual_scale: ClassVar[float] = 1
    percent: ClassVar[tuple[float, float]] = (0, 100)

    def __init__(self, samples: Iterable[Frame]) -> None:
        measured: list[Values] = []
        for frame in samples:
            self.require_fit(frame)
            if not measured:
                self.scale, self.is_stated = self.scale_of(frame), self.scale_name in frame.text
            measured.append(self.measured(frame))
        self.low, self.high = _ends(np.concatenate(measured), *self.percent)

    def require_fit(self, frame: Frame) -> None:
        if (1 if frame.values.ndim == 2 else 3) != self.channels:
            raise Unreadable("has frames in gray" if self.channels == 3 else "has frames in color")

    def scale_of(self, frame: Frame) -> float:
        """What a frame says about its values; what is no scale is not believed."""
        try:
            stated = float(frame.text.get(self.scale_name, self.usual_scale))
        except ValueError:
            return self.usual_scale
        return stated if 1e-9 < stated < 1e9 else self.usual_scale

    @abstractmethod
    def measured(self, frame: Frame) -> Values:
        """Some of its values that decide about the range."""

    @abstractmethod
    def paint(self, frame: Frame) -> Picture:
        """Blue, green, red of each pixel, as OpenCV has them."""

    @property
    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """The encoding in words, and what the colors stand for."""

    @property
    def said(self) -> str:
        """The scale for a sentence, and whether the file says it."""
        return f"{self.scale:g}" if self.is_stated else f"{self.scale:g} (assumed)"


class Depth(Colors):
    """Near is bright; nothing is black."""

    channels = 1
    scale_name, usual_scale = "depth_scale_m", 0.001
    percent = (1, 99)
    _shades: Mapping[float, Shades] = MappingProxyType({})

    def measured(self, frame: Frame) -> Values:
        some = frame.values[::STEP, ::STEP]
        return some[some > 0] * np.float32(self.scale_of(frame))

    def paint(self, frame: Frame) -> Picture:
        """Frames are painted side by side: the shades of a scale are found, or put there whole."""
        scale = self.scale_of(frame)
        shades = self._shades.get(scale)
        if shades is None:
            shades = self._shades_of(scale)
            self._shades = {scale: shades}
        return np.asarray(cv2.applyColorMap(shades[frame.values], PALETTE), np.uint8)

    def _shades_of(self, scale: float) -> Shades:
        """The place in the palette of each of the 65,536 values."""
        meters = np.arange(65536, dtype=np.float32) * np.float32(scale)
        share = (self.high - meters) / max(self.high - self.low, 1e-6)
        shades = (FARTHEST + (255 - FARTHEST) * share.clip(0, 1)).astype(np.uint8)
        shades[0] = 0
        return np.asarray(shades)

    @property
    def facts(self) -> dict[str, Any]:
        encoding = f"16-bit gray; meters = value × {self.said}; 0 is nothing"
        return {"encoding": encoding, "near_m": round(self.low, 3), "far_m": round(self.high, 3)}


class Normals(Colors):
    """x, y, z from −1 to 1 as red, green, blue; nothing is black."""

    channels = 3

    def measured(self, frame: Frame) -> Values:
        return np.empty(0, np.float32)  # the range is always the same

    def paint(self, frame: Frame) -> Picture:
        return np.asarray(frame.values[..., ::-1] >> 8, np.uint8)

    @property
    def facts(self) -> dict[str, Any]:
        encoding = "16-bit color; x, y, z = value ÷ 32767.5 − 1 (assumed); 0, 0, 0 is nothing"
        return {"encoding": encoding}


class Flow(Colors):
    """The direction is the hue: right is red, down green, left cyan, up violet; gray is at rest."""

    channels = 3
    scale_name, usual_scale = "flow_scale", 64.0
    percent = (0, 99.5)

    def measured(self, frame: Frame) -> Values:
        across, down, seen = self._moved(frame.values[::STEP, ::STEP])
        lengths = np.hypot(across, down)[seen > 0] / np.float32(self.scale_of(frame))
        return np.asarray(lengths[lengths > STILL], np.float32)

    def _moved(self, values: Any) -> tuple[Values, Values, Any]:
        """Steps to the right and down, and where anything was measured."""
        across, down, seen = (np.ascontiguousarray(values[..., part]) for part in range(3))
        rest = np.float32(32768)
        return across.astype(np.float32) - rest, down.astype(np.float32) - rest, seen

    @property
    def fastest(self) -> float:
        return max(self.high, 0.01)

    def paint(self, frame: Frame) -> Picture:
        """In OpenCV's operations, which take a sixth of the time of numpy's here."""
        across, down, seen = self._moved(frame.values)
        length, angle = cv2.cartToPolar(across, down, angleInDegrees=True)
        most = np.float32(self.fastest * self.scale_of(frame))
        share = np.minimum(length, most) * (np.float32(255) / most)
        hue = cv2.convertScaleAbs(angle, alpha=0.5)
        bright = cv2.convertScaleAbs(share, alpha=(255 - AT_REST) / 255, beta=AT_REST)
        bright[seen == 0] = 0
        hsv = cv2.merge([hue, cv2.convertScaleAbs(share), bright])
        return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR), np.uint8)

    @property
    def facts(self) -> dict[str, Any]:
        moved = f"pixels to the next frame = (value − 32768) ÷ {self.said}"
        encoding = f"16-bit color; red right, green down, {moved}; blue 0 is nothing"
        return {"encoding": encoding, "fastest_px": round(self.fastest, 3)}


COLORS: dict[str, type[Colors]] = {"depth": Depth, "normals": Normals, "optical_flow": Flow}


def _ends(values: Values, low: float, high: float) -> tuple[float, float]:
    """The range of most of the values, (0, 0) if there are none."""
    if not values.size:
        return 0.0, 0.0
    ends = np.percentile(values, [low, high])
    return float(ends[0]), float(ends[1])
