"""Mails: everything that one person is to hear by now, in one letter, sent at most once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from studio.core.errors import MaybeMailed, NotMailed
from studio.core.notices import Channel
from studio.models import Delivery, Member, Notice, NoticeSettings
from studio.models.deliveries import end
from studio.pipeline import deliveries
from studio.storage import mail

MOST_AT_ONCE = 200
MOST_SAID = 5  # of one clip; the rest is a number
SALT = "studio.notices.unsubscribe"
Status = Delivery.Status


@dataclass(frozen=True, kw_only=True)
class Line:
    """Everything that happened to one thing: what was said of it, and `more` that is not told.

    `rows` are figures, each with its label.
    """

    subject: str
    said: Sequence[str]
    text: str
    url: str
    more: int
    rows: Sequence[Sequence[str]] = ()

    @property
    def quoted(self) -> str:
        """Set in, line by line: what somebody wrote never looks like a line of ours."""
        return "\n".join(f"    {line}" for line in self.text.splitlines())


def tell(member_id: int) -> None:
    """Send this person's digest, if there is one due."""
    member = Member.objects.select_related("user", "team").filter(pk=member_id).first()
    taken = _take(member) if member else []
    if not member or not taken:
        return
    wish = NoticeSettings.of([member])[member.pk]
    unwanted = [one for one in taken if not _is_wanted(one, member, wish)]
    if unwanted:
        deliveries.drop(unwanted)
    if left := [one for one in taken if one not in unwanted]:
        _send(member, left)


@transaction.atomic
def _take(member: Member) -> list[Delivery]:
    """All of it or nothing: two workers at once would make two letters of it."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    due = Delivery.objects.due().mails().filter(notice__member=member).order_by("notice_id")
    return deliveries.take(due[:MOST_AT_ONCE])


def _is_wanted(delivery: Delivery, member: Member, wish: NoticeSettings) -> bool:
    """People change their minds, and leave, between what happens and the letter."""
    is_here = member.is_active and member.user.is_active
    return is_here and wish.wants(delivery.notice.kind, Channel.MAIL)


def _send(member: Member, taken: list[Delivery]) -> None:
    letter = compose(member, deliveries.notices_of(taken), batch=taken[0].batch)
    try:
        mail.send(letter, before=lambda: deliveries.about_to_send(taken))
    except NotMailed as error:
        if error.permanent:
            end(deliveries.ours(taken), Status.FAILED, answer=error.message)
        else:
            deliveries.put_off(taken, error.message)
    except MaybeMailed as error:
        end(deliveries.ours(taken), Status.UNSURE, answer=error.message)
    else:
        end(deliveries.ours(taken), Status.SENT)


def compose(member: Member, notices: Sequence[Notice], *, batch: str) -> EmailMultiAlternatives:
    """The letter as text and as HTML; what people wrote is nothing but text in both."""
    lines, stop_url = lines_of(notices), _absolute("unsubscribe", token_of(member))
    context = {
        "team": member.team, "lines": lines, "stop_url": stop_url,
        "settings_url": _absolute("settings-notices"),
    }  # fmt: skip
    letter = EmailMultiAlternatives(
        subject=_subject(lines, member), to=[member.user.email],
        body=render_to_string("notices/mail.txt", context),
        headers=_headers(member, notices, batch, stop_url=stop_url),
    )  # fmt: skip
    letter.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return letter


def lines_of(notices: Sequence[Notice]) -> list[Line]:
    """One line for each clip, in the order in which something happened to it first."""
    first: dict[object, int] = {}
    for notice in notices:
        first.setdefault(_thing(notice), len(first))
    ordered = sorted(notices, key=lambda one: (first[_thing(one)], one.pk))
    return [_line(list(group)) for _, group in groupby(ordered, _thing)]


def _thing(notice: Notice) -> object:
    return notice.clip_id or (notice.share_id, notice.subject)


def _line(group: list[Notice]) -> Line:
    """What was said twice is said once; the text is that of the newest that has one."""
    said = list(dict.fromkeys(notice.said for notice in group))
    texts = [notice.text for notice in group if notice.text]
    return Line(
        subject=group[-1].subject, said=said[-MOST_SAID:], text=texts[-1] if texts else "",
        url=group[-1].address, more=max(0, len(said) - MOST_SAID), rows=group[-1].rows,
    )  # fmt: skip


def _subject(lines: Sequence[Line], member: Member) -> str:
    """The same for everything about one clip, so that mailboxes keep it together."""
    about = lines[0].subject if len(lines) == 1 else f"{len(lines)} things"
    return " ".join(f"{about} · {member.team.name}".split())


def _headers(
    member: Member, notices: Sequence[Notice], batch: str, *, stop_url: str
) -> dict[str, str]:
    things = {notice.clip_id for notice in notices}
    thread = f"clip-{things.pop()}" if len(things) == 1 else "team"
    host = urlsplit(settings.PUBLIC_URL).hostname or "dailies.invalid"
    return {
        "Message-ID": f"<{batch}@{host}>",
        "References": f"<{thread}.member-{member.pk}@{host}>",
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def token_of(member: Member) -> str:
    """What stands in the link that ends mails to this person: it works without signing in."""
    return signing.Signer(salt=SALT).sign(str(member.pk))


def member_of(token: str) -> Member | None:
    """Whose mails the link ends; None for one that is not ours."""
    try:
        pk = int(signing.Signer(salt=SALT).unsign(token))
    except signing.BadSignature:
        return None
    return Member.objects.select_related("user", "team").filter(pk=pk).first()


def _absolute(route: str, *args: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(route, args=args)}"
