"""Links for clients: make one, change what it allows, take it back."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from studio import permissions
from studio.core.errors import InvalidShare, StorageFailed, TooLate
from studio.core.review import Happening
from studio.models import Board, Clip, Member, Project, Share, ShareClip, Take
from studio.models.teams import digest
from studio.services.shown import MOST_CLIPS, clips_of
from studio.storage.secrets import decrypt, encrypt

UNDO = timedelta(seconds=10)
TOKEN_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a link says and allows; `opens_at` and `expires_at` are None for at once and never."""

    name: str
    message: str
    kind: str
    may_comment: bool
    may_download: bool
    may_see_prompts: bool
    opens_at: datetime | None
    expires_at: datetime | None
    most_views: int | None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A clip to show: that take of it or the best one, under a title for clients or its own."""

    clip: Clip
    take: Take | None = None
    title: str = ""


def create(
    member: Member,
    project: Project,
    *,
    terms: Terms,
    password: str = "",
    choices: Sequence[Choice] = (),
    board: Board | None = None,
) -> Share:
    """Make a link to these clips, or to whatever is on the board. Raises InvalidShare."""
    permissions.require(permissions.can_share(member), "make links for clients")
    _require_sound(terms, now=None)
    _require_ours(member, choices, board)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        share = Share.objects.create(
            team=member.team, project=project, board=board, created_by=member,
            digest=digest(token), token=encrypt(token),
            password=make_password(password) if password else "", **asdict(terms),
        )  # fmt: skip
        _write(share, choices)
        clips = clips_of(share)
        Clip.objects.filter(pk__in=[clip.pk for clip in clips]).lock()
        for clip in clips:
            clip.record(Happening.SHARED, actor=member, note=share.name)
    return share


def change(
    member: Member,
    share: Share,
    *,
    terms: Terms,
    password: str | None = None,
    choices: Sequence[Choice] = (),
) -> None:
    """Other terms, from now on for everybody. `password` None keeps it, "" asks for none.

    Raises InvalidShare.
    """
    permissions.require(permissions.can_change_share(member, share), "change this link")
    _require_sound(terms, now=share)
    _require_ours(member, choices, share.board)
    values = asdict(terms)
    if password is not None:
        values["password"] = make_password(password) if password else ""
    with transaction.atomic():
        Share.objects.filter(pk=share.pk).update(**values)
        if not share.board_id:
            share.chosen.all().delete()
            _write(share, choices)
    share.refresh_from_db()


def revoke(member: Member, share: Share) -> None:
    """From now on the link is to everybody outside as if it had never been."""
    permissions.require(permissions.can_change_share(member, share), "take this link back")
    standing = Share.objects.standing().filter(pk=share.pk)
    standing.update(revoked_at=timezone.now(), revoked_by=member)
    share.refresh_from_db()


def restore(member: Member, share: Share) -> None:
    """Undo a slip: only who took it back, and only for a moment. Raises TooLate."""
    permissions.require(permissions.can_change_share(member, share), "open this link again")
    just_now = Share.objects.filter(
        pk=share.pk, revoked_by=member, revoked_at__gt=timezone.now() - UNDO
    )
    if not just_now.update(revoked_at=None, revoked_by=None):
        raise TooLate("It is too late to undo that: the link stays closed. Make a new one.")
    share.refresh_from_db()


def can_restore(member: Member, share: Share) -> bool:
    recent = share.revoked_at is not None and share.revoked_at > timezone.now() - UNDO
    return recent and share.revoked_by_id == member.pk


def token_of(share: Share) -> str:
    """What stands in the link's address, "" where this studio can not read it any more."""
    try:
        return decrypt(share.token)
    except StorageFailed:
        return ""


def _write(share: Share, choices: Sequence[Choice]) -> None:
    ShareClip.objects.bulk_create(
        ShareClip(share=share, clip=one.clip, take=one.take, title=one.title, position=place)
        for place, one in enumerate(choices)
    )


def _require_sound(terms: Terms, *, now: Share | None) -> None:
    """`now` is the link as it is, whose own end may lie in the past."""
    ends, begins = terms.expires_at, terms.opens_at
    if ends and ends <= timezone.now() and not (now and now.expires_at == ends):
        raise InvalidShare("Expires must be later than now.", field="expires_at")
    if ends and begins and ends <= begins:
        raise InvalidShare("Expires must be later than Opens.", field="expires_at")


def _require_ours(member: Member, choices: Sequence[Choice], board: Board | None) -> None:
    if board is None and not 0 < len(choices) <= MOST_CLIPS:
        raise InvalidShare(
            f"A link shows 1 to {MOST_CLIPS} clips, not {len(choices)}: choose them on the wall."
        )
    ours = all(one.clip.team_id == member.team_id for one in choices)
    theirs = all(one.take is None or one.take.clip_id == one.clip.pk for one in choices)
    assert ours, "pages answered 404 before"
    assert theirs, "pages answered 404 before"
    assert board is None or board.team_id == member.team_id, "pages answered 404 before"
