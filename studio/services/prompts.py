"""The prompts of a project: remember what was ordered, find it again."""

import hashlib
from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from studio.core.diff import Piece, diff
from studio.core.errors import InvalidChoice
from studio.models import Member, Project, Prompt

PAGE = 30
RECENT = 50  # that arrow-up goes back through


def remember(member: Member, project: Project, texts: Iterable[str]) -> None:
    """Note that these were ordered now; called in the transaction of the order.

    The same text counts up, once for a press however many jobs it makes.
    """
    rows = sorted((digest_of(text), text) for text in set(texts) if text)
    for digest, text in rows:  # in one order everywhere, so that two presses never wait in a ring
        last = {"author": member, "used_at": timezone.now()}
        Prompt.objects.update_or_create(
            project=project,
            digest=digest,
            defaults={**last, "times": F("times") + 1},
            create_defaults={**last, "team_id": project.team_id, "text": text},
        )


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def recent(member: Member, project: Project) -> list[str]:
    """What the member ordered last in the project, newest first."""
    rows = Prompt.objects.filter(project=project, author=member).newest_first()
    return list(rows.values_list("text", flat=True)[:RECENT])


def compared(project: Project, picked: Iterable[int], present: str) -> list[Piece]:
    """Two prompts of the project from older to newer, or one and the present text.

    Raises InvalidChoice.
    """
    rows = Prompt.objects.filter(project=project, pk__in=set(picked))
    texts = [row.text for row in rows.order_by("used_at", "pk")]
    if len(texts) == 1 and present:
        texts.append(present)
    if len(texts) != 2:
        raise InvalidChoice(
            "Tick two prompts to compare them, or one to compare it with what is in the box."
        )
    return diff(*texts)
