"""Which kind of result a file is, by its first bytes; its suffix follows from that alone."""

from enum import Enum
from tarfile import HeaderError, TarInfo

from studio.core.errors import ProviderUnavailable, StorageFailed
from studio.storage.contents import HEAD, words_for

__all__ = ["HEAD", "Meant", "suffix_of"]


class Meant(Enum):
    """What a file must be: what people call it, and the suffixes that it may have."""

    VIDEO = "a video", (".mp4", ".mov", ".webm")
    ARCHIVE = "a tar archive", (".tar",)
    JSON = "a JSON file", (".json",)

    def __init__(self, words: str, suffixes: tuple[str, ...]) -> None:
        self.words = words
        self.suffixes = suffixes


# What a server sends in place of a file when something is wrong there.
EXCUSES = {"a web page", "an XML file", "a text file", "a JSON file"}


def suffix_of(head: bytes, meant: Meant) -> str:
    """The suffix by the first HEAD bytes.

    Raises ProviderUnavailable for a text in place of a file, which may come later; StorageFailed
    for another kind of file, which will stay one.
    """
    suffix = _suffix(head)
    if suffix in meant.suffixes:
        return suffix
    found = "a JSON file" if suffix == ".json" else words_for(head)
    sentence = f"The result should be {meant.words}, but is {found}."
    if found in EXCUSES:
        raise ProviderUnavailable(sentence, raw=head.decode(errors="replace"))
    raise StorageFailed(sentence)


def _suffix(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return ".mov" if head[8:12] == b"qt  " else ".mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return ".webm"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return ".json"
    return ".tar" if _is_tar(head) else ""


def _is_tar(head: bytes) -> bool:
    """Its first header is whole, which its checksum tells."""
    try:
        TarInfo.frombuf(head[:HEAD], "utf-8", "surrogateescape")
    except HeaderError:
        return False
    return True
