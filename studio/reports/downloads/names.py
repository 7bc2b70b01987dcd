"""What a take's file is called outside, by the template of its team."""

from collections.abc import Mapping
from functools import cache
from pathlib import PurePath
from zoneinfo import ZoneInfo

from django.utils import timezone

from studio.core import filenames
from studio.models import Asset, Take, Team
from studio.providers.registry import all_providers

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp",
            "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm"}  # fmt: skip
# What is never shown in place, but keeps the ending with which it is stored.
KEPT = {".tar", ".json", ".glb", ".fbx"}


def suffix_of(asset: Asset) -> str:
    stored = PurePath(asset.path).suffix
    return SUFFIXES.get(asset.content_type) or (stored if stored in KEPT else ".bin")


def name_of(take: Take, team: Team, *, number: str = "1", part: str = "", suffix: str = "") -> str:
    """The take's video, or with a `part` (“poster”) that; `number` is its place in an archive."""
    ending = f", {part}{suffix}" if part else suffix
    return _template(team.file_names).fill(values_of(take, team, number), suffix=ending)


@cache
def _template(text: str) -> filenames.Template:
    """A row that a later version cannot read falls back to the usual names."""
    try:
        return filenames.Template.read(text)
    except ValueError:
        return filenames.Template(filenames.DEFAULT)


def values_of(take: Take, team: Team, number: str) -> Mapping[str, str]:
    job, clip = take.job, take.clip
    provider = all_providers().get(job.provider)
    return {
        "project": clip.project.name, "clip": clip.title, "take": str(take.number),
        "date": f"{timezone.localtime(take.created_at, ZoneInfo(team.time_zone)):%Y-%m-%d}",
        "provider": provider.label if provider else job.provider, "model": job.model,
        "seed": "" if take.seed is None else str(take.seed), "author": str(job.author),
        "status": take.review or "rehearsal", "prompt": job.order.prompt, "n": number,
    }  # fmt: skip
