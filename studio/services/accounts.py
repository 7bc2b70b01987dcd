"""Keys and limits of the providers: set on the page, tested without spending anything."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from studio import permissions, tasks
from studio.core.errors import ProviderError, StudioError
from studio.models import Lane, Member, StoredAccount
from studio.models.jobs import LONGEST_TEXT
from studio.pipeline import lanes
from studio.providers.remote import Remote

KEY_PROBLEMS = ("key", "money")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an admin wants of a provider; an empty key keeps the one that is stored.

    Empty and None mean: as the environment says, else as documented.
    """

    key: str
    base_url: str
    slots: int | None
    enabled: bool | None


def change(member: Member, remote: Remote, wanted: Change) -> None:
    """Store it; the lane takes the new number of slots at once, and a new key ends its pause."""
    _require(member)
    row = _row(remote.slug)
    row.base_url, row.slots, row.enabled = wanted.base_url, wanted.slots, wanted.enabled
    row.changed_by = member.user
    if wanted.key:
        row.lock_up(wanted.key)
        _forget_test(row)
    with transaction.atomic():
        row.save()
        Lane.objects.update_or_create(provider=remote.slug, defaults={"slots": remote.slots})
        if wanted.key:
            _go_on(remote.slug)


def remove_key(member: Member, remote: Remote) -> None:
    _require(member)
    row = _row(remote.slug)
    row.lock_up("")
    _forget_test(row)
    row.changed_by = member.user
    row.save()


def _forget_test(row: StoredAccount) -> None:
    """It was another key that was tested."""
    row.tested_at = row.test_milliseconds = row.test_passed = None
    row.test_answer = ""


def _row(slug: str) -> StoredAccount:
    return StoredAccount.objects.filter(provider=slug).first() or StoredAccount(provider=slug)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a provider said to the question that costs nothing."""

    words: str
    passed: bool
    milliseconds: int | None = None


def test(member: Member, remotes: Sequence[Remote]) -> dict[str, Answer]:
    """Ask each something that costs nothing, all at once; a key that works ends its lane's pause."""
    _require(member)
    asked = [remote for remote in remotes if not remote.needs]
    if not asked:
        raise StudioError(" ".join(remote.needs for remote in remotes))
    with ThreadPoolExecutor(max_workers=len(asked)) as pool:
        answers = dict(zip((remote.slug for remote in asked), pool.map(_ask, asked), strict=True))
    for slug, answer in answers.items():
        _write(slug, answer)
    return answers


def _ask(remote: Remote) -> Answer:
    try:
        tested = remote.test()
    except ProviderError as error:
        return Answer(words=error.message, passed=False)
    words = tested.answer or "The key is accepted."
    return Answer(words=words, passed=True, milliseconds=tested.milliseconds)


def _write(slug: str, answer: Answer) -> None:
    row = _row(slug)
    row.tested_at, row.test_passed = timezone.now(), answer.passed
    row.test_milliseconds, row.test_answer = answer.milliseconds, answer.words[:LONGEST_TEXT]
    row.save()
    if answer.passed:
        _go_on(slug)


def _require(member: Member) -> None:
    permissions.require(permissions.can_run_studio(member), "change how providers are reached")


def _go_on(slug: str) -> None:
    """Jobs that waited for a key or for money go on."""
    paused = Lane.objects.filter(provider=slug, pause__in=KEY_PROBLEMS)
    if paused.exists() and lanes.resume(slug):
        transaction.on_commit(tasks.hint_sweep)
