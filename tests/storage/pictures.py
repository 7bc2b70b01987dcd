"""Files that people, phones and attackers upload, built as they are needed."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image

Build = Callable[[], bytes]
SIZE = (320, 180)


def photo(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    """A gradient with some grain, so that no format packs it into nothing."""
    width, height = size
    across = np.linspace(0, 255, width)[None, :, None]
    down = np.linspace(0, 255, height)[:, None, None]
    grain = np.random.default_rng(7).integers(0, 24, (height, width, 3))
    pixels = (across * [0.6, 0.3, 0.1] + down * [0.2, 0.4, 0.7] + grain).clip(0, 255)
    return Image.fromarray(pixels.astype(np.uint8)).convert(mode)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def jpeg(size: tuple[int, int] = SIZE, mode: str = "RGB", **options: object) -> bytes:
    return encoded(photo(size, mode), "JPEG", **options)


def png(size: tuple[int, int] = SIZE, mode: str = "RGB", **options: object) -> bytes:
    return encoded(photo(size, mode), "PNG", **options)


def webp(size: tuple[int, int] = SIZE, mode: str = "RGB", **options: object) -> bytes:
    return encoded(photo(size, mode), "WEBP", **options)


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png_of(
    width: int,
    height: int,
    *,
    color: int = 2,
    depth: int = 8,
    pixels: bytes = b"",
    extra: bytes = b"",
) -> bytes:
    """A PNG put together by hand: its header may say anything."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(pixels, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + data + chunk(b"IEND", b"")


@cache
def png_bomb() -> bytes:
    """30,000 × 30,000 black pixels, all there, in about 110 kB."""
    squeeze = zlib.compressobj(9)
    rows = (b"\0" + b"\0" * 3750) * 100
    data = b"".join([squeeze.compress(rows) for _ in range(300)] + [squeeze.flush()])
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def jpeg_header(width: int, height: int) -> bytes:
    """A small JPEG whose header claims other sides."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_header(width: int, height: int) -> bytes:
    """An extended WebP that claims a huge canvas around a small picture."""
    picture = webp()[12:]
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas + picture
    return b"RIFF" + struct.pack("<I", len(body)) + body


def many_scans() -> bytes:
    """A progressive JPEG whose last scan is repeated 4,000 times: little to send, much to do."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 4_000 + data[-2:]


@cache
def text_bomb() -> bytes:
    """A PNG whose comment unfolds to 200 MB."""
    squeeze = zlib.compressobj(9)
    zeros = b"\0" * (1 << 20)
    words = b"".join([squeeze.compress(zeros) for _ in range(200)] + [squeeze.flush()])
    return png_of(64, 64, pixels=b"\0" * (64 * 193), extra=chunk(b"zTXt", b"Comment\0\0" + words))


def animated(form: str) -> bytes:
    frames = [photo().rotate(angle) for angle in (5, 10)]
    return encoded(photo(), form, save_all=True, append_images=frames, duration=100)


def two_in_one() -> bytes:
    """What phones make: a JPEG with a second picture behind it."""
    return encoded(photo(), "MPO", save_all=True, append_images=[photo((160, 90))])


def turned(orientation: int, form: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(photo(), form, exif=exif)


def deep_png() -> bytes:
    pixels = np.arange(320 * 180, dtype=np.uint16).reshape(180, 320)
    return encoded(Image.fromarray(pixels), "PNG")


def palette_png() -> bytes:
    return encoded(photo().quantize(32), "PNG", transparency=3)


def page_in_jpeg() -> bytes:
    """A JPEG for Pillow, a page with a script for whoever guesses types."""
    return jpeg(comment=b"<html><script>alert(1)</script></html>")


def page_before_picture() -> bytes:
    return b"<html><body><script>alert(1)</script>" + jpeg()


def zip_behind_png() -> bytes:
    return png() + b"PK\x03\x04" + b"\0" * 500


def fits_gzip() -> bytes:
    card = b"SIMPLE  =                    T".ljust(2880)
    return gzip.compress(card)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"

# What people call it, what it is, and the size in pixels that it is taken with.
TAKEN: list[tuple[str, Build, tuple[int, int]]] = [
    ("photo.jpg", jpeg, SIZE),
    ("photo.png", png, SIZE),
    ("photo.webp", webp, SIZE),
    ("lossless.webp", lambda: webp(lossless=True), SIZE),
    ("progressive.jpg", lambda: jpeg(progressive=True), SIZE),
    ("gray.jpg", lambda: jpeg(mode="L"), SIZE),
    ("print.jpg", lambda: jpeg(mode="CMYK"), SIZE),
    ("gray-alpha.png", lambda: png(mode="LA"), SIZE),
    ("alpha.png", lambda: png(mode="RGBA"), SIZE),
    ("alpha.webp", lambda: webp(mode="RGBA"), SIZE),
    ("one-bit.png", lambda: png(mode="1"), SIZE),
    ("sixteen-bit.png", deep_png, SIZE),
    ("palette.png", palette_png, SIZE),
    ("sideways.jpg", lambda: turned(6), (180, 320)),
    ("mirrored-sideways.jpg", lambda: turned(7), (180, 320)),
    ("upside-down.jpg", lambda: turned(3), SIZE),
    ("sideways.png", lambda: turned(8, "PNG"), (180, 320)),
    ("sideways.webp", lambda: turned(6, "WEBP"), (180, 320)),
    ("nonsense-orientation.jpg", lambda: turned(99), SIZE),
    ("phone.jpg", two_in_one, SIZE),
    ("wrong-ending.gif", png, SIZE),
    ("no-ending", jpeg, SIZE),
    ("page.html", page_in_jpeg, SIZE),
    ("with-archive.png", zip_behind_png, SIZE),
    ("smallest.png", lambda: png((64, 64)), (64, 64)),
    ("widest.png", lambda: png((256, 64)), (256, 64)),
]

# What people call it, what it is, and words of the sentence that refuses it.
REFUSED: list[tuple[str, Build, str]] = [
    ("notes.png", lambda: b"Shots for Tuesday\n" * 40, "“notes.png” is a text file."),
    ("umlauts.jpg", lambda: "Türe öffnet sich. ".encode("latin-1") * 9, "is a text file."),
    ("page.png", page_before_picture, "is a web page."),
    ("drawing.svg", lambda: SVG, "is an SVG drawing."),
    ("drawing.png", lambda: SVG, "is an SVG drawing."),
    ("list.png", lambda: PLAYLIST, "is a playlist."),
    ("move.gif", lambda: encoded(photo(), "GIF"), "is a GIF picture."),
    ("scan.tiff", lambda: encoded(photo(), "TIFF"), "is a TIFF or raw picture."),
    ("old.bmp", lambda: encoded(photo(), "BMP"), "is a BMP picture."),
    ("favicon.ico", lambda: encoded(photo((64, 64)), "ICO"), "is an icon."),
    ("film.j2k", lambda: encoded(photo(), "JPEG2000"), "is a JPEG 2000 picture."),
    ("paper.pdf", lambda: encoded(photo(), "PDF"), "is a PDF."),
    ("paper.eps", lambda: encoded(photo(), "EPS"), "is a PostScript file."),
    ("new.avif", lambda: b"\0\0\0\x1cftypavif" + b"\0" * 40, "is an AVIF picture."),
    ("phone.heic", lambda: b"\0\0\0\x1cftypheic" + b"\0" * 40, "is a HEIC picture."),
    ("clip.png", lambda: b"\0\0\0\x1cftypisom" + b"\0" * 40, "is a video."),
    ("star.fits.gz", fits_gzip, "is a packed file."),
    ("star.fits", lambda: gzip.decompress(fits_gzip()), "is a FITS picture."),
    ("tool.png", lambda: b"\x7fELF" + bytes(range(256)), "is a program."),
    ("noise.png", lambda: np.random.default_rng(1).bytes(4096), "is another kind of file."),
    ("nothing.png", lambda: b"", "“nothing.png” is empty."),
    ("cut.jpg", lambda: cut(jpeg(), 0.6), "is a JPEG picture that is damaged or cut off."),
    ("cut-progressive.jpg", lambda: cut(jpeg(progressive=True), 0.3), "damaged or cut off."),
    ("cut.png", lambda: cut(png(), 0.6), "is a PNG picture that is damaged or cut off."),
    ("cut.webp", lambda: cut(webp(), 0.6), "is a WebP picture that is damaged or cut off."),
    ("head.jpg", lambda: jpeg()[:20], "damaged or cut off."),
    ("head.png", lambda: png()[:33], "damaged or cut off."),
    ("signature.png", lambda: png()[:8], "damaged or cut off."),
    ("wrong-sum.png", lambda: png().replace(b"IDAT", b"IDAU", 1), "damaged or cut off."),
    ("no-pixels.png", lambda: png_of(320, 180), "damaged or cut off."),
    ("no-sides.png", lambda: png_of(0, 0), "damaged or cut off."),
    ("strip.png", lambda: png((1, 4000)), "at least 64 pixels on its shorter side; “strip.png” is 1 × 4,000."),
    ("strip.jpg", lambda: jpeg((4000, 1)), "“strip.jpg” is 4,000 × 1."),
    ("dot.webp", lambda: webp((1, 1)), "“dot.webp” is 1 × 1."),
    ("banner.png", lambda: png((257, 64)), "at most 4 times as long as its shorter side"),
    ("bomb.png", png_bomb, "may have at most 50 megapixels; “bomb.png” has more."),
    ("claims.png", lambda: png_of(30_000, 30_000), "at most 50 megapixels"),
    ("claims-more.png", lambda: png_of(2**31 - 1, 2**31 - 1), "at most 50 megapixels"),
    ("claims.jpg", lambda: jpeg_header(65_500, 65_500), "at most 50 megapixels"),
    ("claims.webp", lambda: webp_header(16_384, 16_384), "“claims.webp”"),
    ("large.png", lambda: png_of(8_000, 8_000), "“large.png” is 8,000 × 8,000 pixels."),
    ("text-bomb.png", text_bomb, "damaged or cut off."),
    ("scans.jpg", many_scans, "damaged or cut off."),
    ("moving.webp", lambda: animated("WEBP"), "must be a still picture; “moving.webp” is animated."),
    ("moving.png", lambda: animated("PNG"), "is animated."),
    ("heavy.png", lambda: png() + b"\0" * (21 << 20), "may have at most 20 MB; “heavy.png” has 21."),
]  # fmt: skip
