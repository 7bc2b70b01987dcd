"""Where each value of an order stands in OctopusX's body, and in which words.

The fields are those of docs.octopusx.ai/en/videos/kling/generation, read 2026-11-20.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from studio.core.spec import Kind, Param

CREATE_PATH = "/v1/videos"
MODEL, PROMPT, METADATA, SIZE = "model", "prompt", "metadata", "size"
CONFIG = f"{METADATA}.output_config"
PICTURE = "input_reference"  # OpenAI's field for the first frame: a file, or an object with a link
OBJECTS = (METADATA, CONFIG, PICTURE)


def same(value: Any) -> Any:
    return value


def as_whole(value: Any) -> Any:
    """5 of "5", as forms and `seconds` have it; anything else is left for the limits to refuse."""
    whole = isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value)
    return int(value) if whole else value


def as_flag(value: Any) -> Any:
    known = {"true": True, "false": False}
    return known.get(value.casefold(), value) if isinstance(value, str) else value


def as_json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


@dataclass(frozen=True, kw_only=True)
class Place:
    """`setting` stands at `path`; `words` are theirs for each of ours where the two differ."""

    setting: str
    path: str
    write: Callable[[Any], Any] = same
    read: Callable[[Any], Any] = same
    words: Mapping[Any, str] = field(default_factory=dict)

    def written(self, value: Any) -> Any:
        return self.words[value] if self.words else self.write(value)

    def understood(self, value: Any) -> Any:
        """Our value for theirs; what has no meaning stays as it is."""
        if not self.words:
            return self.read(value)
        ours = {theirs.casefold(): our for our, theirs in self.words.items()}
        return ours.get(value.casefold(), value) if isinstance(value, str) else value

    def in_their_words(self, param: Param) -> Param:
        """For sentences that name their field and their allowed values."""
        if not self.words:
            return replace(param, label=self.path)
        choices = tuple(self.words.values())
        return replace(param, label=self.path, kind=Kind.CHOICE, choices=choices)


PLACES = (
    Place(setting="duration", path="seconds", write=str, read=as_whole),
    Place(setting="duration", path=f"{CONFIG}.duration", read=as_whole),
    Place(setting="aspect", path=f"{CONFIG}.aspect_ratio"),
    Place(setting="resolution", path=f"{CONFIG}.resolution",
          words={"720p": "720P", "1080p": "1080P"}),
    Place(setting="audio", path=f"{CONFIG}.audio_generation",
          words={True: "Enabled", False: "Disabled"}),
    Place(setting="scene_type", path=f"{METADATA}.scene_type"),
    Place(setting="motion_level", path=f"{METADATA}.motion_level"),
    Place(setting="offpeak", path=f"{METADATA}.offpeak", read=as_flag),
    Place(setting="reference_video", path=f"{METADATA}.video_url"),
    # Both are strings in the page's example; what it calls native is a list and an object.
    Place(setting="file_infos", path=f"{METADATA}.file_infos", write=json.dumps, read=as_json),
    Place(setting="ext_info", path=f"{METADATA}.ext_info", write=json.dumps, read=as_json),
)  # fmt: skip

# File of an order → where its link stands; the first is written, all are read.
FILE_PLACES = {
    "first_frame": ("image", f"{PICTURE}.image_url"),
    "last_frame": (f"{METADATA}.last_frame_url",),
}

# "Fast size input, for example 720x1280"; the page lists no others.
SIZES = {
    "1280x720": ("16:9", "720p"),
    "720x1280": ("9:16", "720p"),
    "720x720": ("1:1", "720p"),
    "1920x1080": ("16:9", "1080p"),
    "1080x1920": ("9:16", "1080p"),
    "1080x1080": ("1:1", "1080p"),
}
