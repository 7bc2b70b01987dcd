"""Bringing a provider's bill: a file of its rows, which waits in the storage until it is read."""

from pathlib import Path

from django.db import IntegrityError, transaction

from studio import permissions
from studio.core.bills.table import Table
from studio.core.errors import InvalidBill
from studio.core.words import storable
from studio.models import Bill, Member
from studio.storage import media
from studio.storage.errors import told_in_our_words
from studio.storage.media import Stored
from studio.storage.receive import BILL_MAX_BYTES, Received

LONGEST_NAME = 120
UPLOADED = "uploaded"


def upload(member: Member, provider: str, file: Received) -> Bill:
    """Keep a file of a form until its columns are chosen.

    Raises NotAllowed, InvalidBill, StorageFull, StorageFailed; then nothing is kept.
    """
    require(member)
    if (file.size or 0) > BILL_MAX_BYTES:
        raise InvalidBill(
            f"File may have at most {BILL_MAX_BYTES // 10**6} MB, not "
            f"{(file.size or 0) / 10**6:,.0f}; divide it into several bills."
        )
    if file.problem:
        raise file.problem
    return keep(member, provider, file.path, name=file.name or "bill.csv", source=UPLOADED)


def keep(member: Member, provider: str, path: Path, *, name: str, source: str) -> Bill:
    """Keep a file that lies on this machine. Raises InvalidBill for what is no table, too
    long, or known.
    """
    with told_in_our_words():
        Table.of(path).require_length()
    shown = storable(Path(name).name)[:LONGEST_NAME]
    stored = media.store(path, team=member.team_id, suffix=".csv")
    try:
        with transaction.atomic():
            return Bill.objects.create(
                team=member.team, provider=provider, name=shown, source=source,
                file=stored.path, digest=stored.sha256, uploaded_by=member,
            )  # fmt: skip
    except IntegrityError as error:
        raise InvalidBill(_known(member, provider, stored)) from error


def _known(member: Member, provider: str, stored: Stored) -> str:
    same = Bill.objects.get(team=member.team_id, provider=provider, digest=stored.sha256)
    return f"The same file is here already, as “{same.name}” of {same.uploaded_at:%-d %b %Y}."


def require(member: Member) -> None:
    permissions.require(permissions.can_bring_bills(member), "bring bills of providers")
