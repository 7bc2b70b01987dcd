"""What a file is by its first bytes, in the words of a person."""

from pathlib import Path

HEAD = 512

# Offset and bytes → words. The first that fits is taken.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"II*\x00", "a TIFF or raw picture"),
    (0, b"MM\x00*", "a TIFF or raw picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"\x00\x00\x01\x00", "an icon"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"SIMPLE  =", "a FITS picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftyp", "a video"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (0, b"%PDF-", "a PDF"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"\x1f\x8b", "a packed file"),
    (0, b"PK\x03\x04", "a packed file"),
    (0, b"#EXTM3U", "a playlist"),
    (0, b"glTF", "a glTF scene"),
    (0, b"Kaydara FBX Binary", "an FBX scene"),
    (0, b"BLENDER", "a Blender file"),
    (0, b"MZ", "a program"),
    (0, b"\x7fELF", "a program"),
)
MARKUP = ((b"<svg", "an SVG drawing"), (b"<html", "a web page"), (b"<!doctype html", "a web page"),
          (b"<?xml", "an XML file"))  # fmt: skip
TEXT = bytes({7, 8, 9, 10, 12, 13, 27} | set(range(0x20, 0x100)) - {0x7F})


def kind_of(path: Path) -> str:
    """Words like "a GIF picture", "a text file", "another kind of file"; decides nothing."""
    with path.open("rb") as file:
        return words_for(file.read(HEAD))


def words_for(head: bytes) -> str:
    """The same by the first HEAD bytes of a file."""
    for offset, signature, words in SIGNATURES:
        if head.startswith(signature, offset):
            return words
    lowered = head.lower()
    for mark, words in MARKUP:
        if mark in lowered:
            return words
    return "another kind of file" if head.translate(None, TEXT) else "a text file"
