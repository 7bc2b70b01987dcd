"""Finding a typeface that can write a text, and fitting the text into lines."""

from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont
# Tried in this order when Pillow's own typeface (Latin only) lacks a letter of the text.
SYSTEM_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
PEN = ImageDraw.Draw(Image.new("L", (8, 8)))


@lru_cache(maxsize=32)
def own(pixels: int) -> Font:
    """Pillow's built-in typeface at a size in pixels."""
    font = ImageFont.load_default(max(6, pixels))
    assert isinstance(font, Font)  # Pillow's wheels come with FreeType
    return font


def writable(text: str, pixels: int) -> tuple[str, Font]:
    """The text and a font for it; letters that no font on this machine has are left out.

    A text of which less than half can be written comes back empty.
    """
    text = " ".join(text.split())
    fonts = [own(pixels), *(_system(path, pixels) for path in SYSTEM_FONTS if Path(path).exists())]
    font = max(fonts, key=lambda font: sum(has(font, letter) for letter in set(text)))
    kept = "".join(letter for letter in text if has(font, letter))
    letters = len(text.replace(" ", ""))
    enough = 2 * len(kept.replace(" ", "")) >= letters
    return (" ".join(kept.split()) if enough else "", font)


def has(font: Font, letter: str) -> bool:
    """Whether the font can draw the letter; a space counts."""
    return letter == " " or (
        letter.isprintable() and _ink(font, letter) != _ink(font, "\U0010ffff")
    )


def lines(text: str, font: Font, width: float, most: int) -> list[str]:
    """The text broken into at most `most` lines of `width` pixels; the last may end in an ellipsis."""
    found: list[str] = []
    rest = text
    while rest and len(found) < most:
        fits = _fitting(rest, font, width)
        if fits < len(rest) and len(found) == most - 1:
            return [
                *found,
                rest[: _fitting(rest, font, width - font.getlength(" …"))].rstrip() + " …",
            ]
        found.append(rest[:fits].rstrip())
        rest = rest[fits:].lstrip()
    return found


def _fitting(text: str, font: Font, width: float) -> int:
    """How many letters fit, ending at a space where there is one."""
    count = len(text)
    if font.getlength(text) <= width:
        return count
    while count > 1 and font.getlength(text[:count]) > width:
        count -= 1 + max(0, count // 16 if count > 200 else 0)
    space = text.rfind(" ", 0, count + 1)
    return space if space > 0 else count


@cache
def _system(path: str, pixels: int) -> Font:
    return ImageFont.truetype(path, max(6, pixels))


@lru_cache(maxsize=4096)
def _ink(font: Font, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)
