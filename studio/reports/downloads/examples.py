"""What a template of file names comes to, on takes of the team."""

from studio.core import filenames
from studio.core.errors import InvalidDownload
from studio.models import Take, Team
from studio.reports.downloads.names import suffix_of, values_of

MOST = 3
# For a team that has no takes yet.
SAMPLE = {
    "project": "Harbor", "clip": "A red door in the snow", "take": "2", "date": "2026-11-20",
    "provider": "Animatic", "model": "animatic-1", "seed": "42", "author": "Ana",
    "status": "approved", "prompt": "A red door in the snow. The camera waits.", "n": "1",
}  # fmt: skip


def examples(team: Team, text: str) -> list[str]:
    """Names of the newest takes, as one archive would have them. Raises InvalidDownload."""
    try:
        template = filenames.Template.read(text)
    except ValueError as error:
        raise InvalidDownload(str(error)) from error
    takes = Take.objects.filter(clip__team=team, clip__trashed_at=None).select_related(
        "clip__project", "job__author__user", "video"
    )
    names = filenames.Names()
    filled = [
        template.fill(values_of(take, team, str(number)), suffix=suffix_of(take.video))
        for number, take in enumerate(takes.order_by("-pk")[:MOST], start=1)
    ]
    return [names.add(name) for name in filled or [template.fill(SAMPLE, suffix=".mp4")]]
