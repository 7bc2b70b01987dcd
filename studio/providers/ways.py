"""How the files of an order get to its provider: by the best way that is open."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from studio.core.errors import Unsupported
from studio.core.spec import FILES, Capability, Way
from studio.providers.base import Brief
from studio.storage.errors import told_in_our_words
from studio.storage.media import content_type_of

# Sends a file before its order: its name and data URI → what the provider calls it.
Upload = Callable[[str, str], str]


def way_of(able: Capability, *, linked: bool) -> Way | None:
    """`linked` says whether the provider can fetch the file from this studio."""
    return next((way for way in able.ways if way != Way.LINK or linked), None)


def missing(able: Capability, name: str, *, linked: bool) -> str:
    """Why that file can not get there, as a sentence; "" if it can."""
    if way_of(able, linked=linked):
        return ""
    if Way.LINK not in able.ways:
        return f"{able.label} takes no {FILES[name]}."
    what = "the scene" if name == "scene" else "pictures"
    return (
        f"{able.label} wants {what} as a link, and this studio has no public address; "
        "set DAILIES_PUBLIC_URL."
    )


def sent(able: Capability, brief: Brief, upload: Upload) -> tuple[dict[str, str], dict[str, str]]:
    """`links` and `parts` of the Sending. Raises Unsupported for a file that has no way."""
    links, parts = {}, {}
    for name, path in brief.files.items():
        way = way_of(able, linked=name in brief.links)
        if way is None:
            raise Unsupported(missing(able, name, linked=False))
        if way == Way.PART:
            parts[name] = _shown(brief.names.get(name, ""), path)
        elif way == Way.LINK:
            links[name] = brief.links[name]
        else:
            uri = _data_uri(path)
            links[name] = upload(name, uri) if way == Way.UPLOAD else uri
    return links, parts


def _shown(name: str, path: Path) -> str:
    """As its uploader calls it, but with the suffix of what it is: providers go by that."""
    right = Path(name).suffix.lower() == path.suffix.lower()
    return name if name and right else f"{Path(name).stem or path.stem}{path.suffix}"


def _data_uri(path: Path) -> str:
    with told_in_our_words():
        return f"data:{content_type_of(path.name)};base64,{b64encode(path.read_bytes()).decode()}"
