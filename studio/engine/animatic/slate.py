"""The slate that says "Animatic, no AI", and the prompt as a caption.

The slate stays in its corner until the last half second; then it leaves, so that the last frame is
clean and can open the next shot. The caption introduces a clip of given pictures and stays with a
drawn scene, whose only other trace of the prompt is its mood.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from studio.engine.animatic import letters
from studio.engine.animatic.overlay import Overlay
from studio.engine.animatic.planes import Planes
from studio.engine.animatic.shot import Shot

TEXT = "Animatic, no AI"
LEAVES_SECONDS, FADE_SECONDS = 0.5, 0.25
CAPTION_SECONDS = 2.5
WHITE, PAPER, ACCENT = (255, 255, 255), (13, 14, 17), (255, 122, 69)


@dataclass(frozen=True)
class Slate:
    """Draws slate and caption over the frames of one shot."""

    badge: Overlay
    caption: Overlay | None
    seconds: int
    caption_until: float

    @classmethod
    def for_shot(cls, shot: Shot) -> "Slate":
        clean = shot.seconds - LEAVES_SECONDS
        brief = min(CAPTION_SECONDS, shot.seconds * 0.6)
        until = brief if shot.first_frame else clean
        return cls(_badge(shot), _caption(shot), shot.seconds, until)

    def mark(self, frame: Planes, seconds: float) -> None:
        """Draw what belongs over the frame at a time of the clip."""
        self.badge.lay(frame, _presence(seconds, self.seconds - LEAVES_SECONDS))
        if self.caption:
            self.caption.lay(frame, _presence(seconds, self.caption_until))


def _presence(seconds: float, until: float) -> float:
    return min(1.0, max(0.0, 1 - (seconds - until) / FADE_SECONDS))


def _unit(shot: Shot) -> float:
    """Pixels per unit: sizes below are drawn for a frame whose short side is 720."""
    return min(shot.width, shot.height) / 720


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)


def _badge(shot: Shot) -> Overlay:
    unit = _unit(shot)
    font = letters.own(round(23 * unit))
    dot, pad, gap = 9 * unit, 15 * unit, 9 * unit
    width, height = _even(font.getlength(TEXT) + 2 * pad + dot + gap), _even(40 * unit)
    middle = height / 2
    pill = _mask(
        (width, height),
        lambda pen, k: pen.rounded_rectangle(
            [0, 0, width * k - 1, height * k - 1], radius=middle * k, fill=168
        ),
    )
    spot = _mask(
        (width, height),
        lambda pen, k: pen.ellipse(
            [pad * k, (middle - dot / 2) * k, (pad + dot) * k, (middle + dot / 2) * k], fill=255
        ),
    )
    words = Image.new("L", (width, height))
    ImageDraw.Draw(words).text((pad + dot + gap, middle), TEXT, font=font, fill=255, anchor="lm")
    image = _paint([(PAPER, pill), (ACCENT, spot), (WHITE, words)])
    return Overlay.of(image, left=_even(28 * unit), top=_even(26 * unit))


def _caption(shot: Shot) -> Overlay | None:
    unit = _unit(shot)
    pad, line = 30 * unit, 36 * unit
    text, font = letters.writable(shot.prompt, round(27 * unit))
    rows = letters.lines(text, font, min(shot.width - 2 * pad, 1000 * unit), 2)
    if not rows:
        return None
    small = letters.own(round(17 * unit))
    height = _even(70 * unit + 30 * unit + line * len(rows) + 20 * unit)
    words = Image.new("L", (shot.width, height))
    pen = ImageDraw.Draw(words)
    base = height - 22 * unit - line * len(rows)
    pen.text(
        (pad, base - 28 * unit), f"{shot.seconds} s  ·  seed {shot.seed}", font=small, fill=185
    )
    for number, row in enumerate(rows):
        pen.text((pad, base + number * line), row, font=font, fill=245)
    image = _paint([(PAPER, _shade(shot.width, height)), (WHITE, words)])
    return Overlay.of(image, left=0, top=shot.height - height)


def _shade(width: int, height: int) -> Image.Image:
    """A shadow that grows towards the bottom, so that the caption reads on any picture."""
    rise = np.linspace(0, 1, height) ** 1.3 * 205
    return Image.fromarray(np.repeat(rise.astype(np.uint8)[:, None], width, axis=1))


def _mask(size: tuple[int, int], draw: Callable[[ImageDraw.ImageDraw, int], None]) -> Image.Image:
    """A smooth mask: drawn four times as large and shrunk."""
    large = Image.new("L", (size[0] * 4, size[1] * 4))
    draw(ImageDraw.Draw(large), 4)
    return large.resize(size, Image.Resampling.BOX)


def _paint(coats: list[tuple[tuple[int, int, int], Image.Image]]) -> Image.Image:
    """Colors laid over each other, each through its mask, as an RGBA image."""
    image = Image.new("RGBA", coats[0][1].size)
    for color, mask in coats:
        coat = Image.new("RGBA", image.size, color)
        coat.putalpha(mask)
        image = Image.alpha_composite(image, coat)
    return image
