"""Steps of decisions as a signed text, so that a toast can undo just these."""

from collections.abc import Sequence
from datetime import datetime

from django.core import signing

from studio.core.errors import TooLate
from studio.models import Member
from studio.services.decisions import Step, Word

SALT = "studio.steps"
MAX_AGE_SECONDS = 3600
OVER = "That is too long ago to be undone here. Decide anew on the clip's page."


def write(member: Member, steps: Sequence[Step]) -> str:
    """Small even for thousands: they are compressed."""
    rows = [[step.take, *_flat(step.before), *_flat(step.after)] for step in steps]
    return signing.dumps([member.pk, rows], salt=SALT, compress=True)


def read(member: Member, text: str) -> list[Step]:
    """The member's own steps. Raises TooLate for a text that is old, forged or another person's."""
    try:
        owner, rows = signing.loads(text, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature as error:
        raise TooLate(OVER) from error
    if owner != member.pk:
        raise TooLate(OVER)
    return [Step(take, _word(*rest[:2]), _word(*rest[2:])) for take, *rest in rows]


def _flat(word: Word | None) -> tuple[str, str]:
    return (word.verdict, word.at.isoformat()) if word else ("", "")


def _word(verdict: str, at: str) -> Word | None:
    return Word(verdict, datetime.fromisoformat(at)) if verdict else None
