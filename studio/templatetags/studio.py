"""Words and figures as every page shows them."""

import json
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from studio.core import money, timecode
from studio.core.errors import ENDED
from studio.core.orders import Order
from studio.core.review import Happening, ReviewStatus, Verdict
from studio.core.status import JobStatus
from studio.models import EntryKind, Event, LedgerEntry, Note, Take
from studio.providers.registry import all_providers

register = template.Library()

# Every template needs it; as a built-in it cannot be forgotten.
register.simple_tag(static, name="static")


@register.filter
def credits(amount: int) -> str:
    """Micro-credits in words: “1,780”."""
    return money.words(amount)


@register.filter
def thousands(count: int | None) -> str:
    """A whole number as people read it: “12,345”; nothing for none."""
    return "" if count is None else f"{count:,}"


@register.filter
def amount(micros: int) -> str:
    """Micro-units as a form takes them: “1780.5”."""
    return f"{money.decimal(micros):f}"


@register.filter
def pico(amount: int) -> str:
    """Pico-units of a currency in words: “0.0115”."""
    return f"{money.decimal(amount, places=12):f}"


@register.filter
def change(amount: int) -> str:
    """A change of micro-credits with its sign: “+75”, “−75”, or nothing for none."""
    sign = "+" if amount > 0 else "−"
    return f"{sign}{money.words(abs(amount))}" if amount else ""


@register.filter
def at(moment: datetime, zone: str) -> str:
    """A moment as the team's clocks show it: “20 Nov 2026, 14:05”."""
    local = timezone.localtime(moment, ZoneInfo(zone))
    return f"{local.day} {local:%b %Y, %H:%M}"


@register.filter
def price(amount: int) -> str:
    """Micro-credits as a button says them: “70 cr” or “Free”."""
    return f"{money.words(amount)} cr" if amount else "Free"


@register.filter
def elapsed(since: datetime) -> str:
    """The time since then as a running clock: “1:48”."""
    minutes, seconds = divmod(max(0, int((timezone.now() - since).total_seconds())), 60)
    return f"{minutes}:{seconds:02d}"


@register.filter
def download_name(take: Take) -> str:
    """What a take's file is called on the person's disk."""
    ending = take.job.order.settings.get("format", "mp4")
    return f"clip-{take.clip_id}-take-{take.number}.{ending}"


@register.simple_tag
@cache
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """An icon of the sprite, 12 to 20 px; with a label it speaks, without it is decoration."""
    kind = "icon" if size == 16 else f"icon icon-{size}"
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="{}" {}><use href="{}#i-{}"/></svg>',
        kind, SafeString(spoken), static("img/icons.svg"), name,
    )  # fmt: skip


@register.filter
def provider_label(slug: str) -> str:
    """A provider as people know it; one that is gone keeps its slug."""
    provider = all_providers().get(slug)
    return provider.label if provider else slug


@register.filter
def filename(path: str) -> str:
    return path.rpartition("/")[2]


@register.filter
def duration(seconds: float) -> str:
    """“12 s”, “2 min 5 s”."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@register.filter
def ordinal(number: int) -> str:
    """“1st”, “2nd”, “11th”."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % 100 in {11, 12, 13} else endings.get(number % 10, "th")
    return f"{number}{ending}"


@register.filter
def order_words(order: Order) -> str:
    """The order in a few words: “5 s 1080p 16:9 · 2 takes”."""
    words = [f"{order.seconds} s", *(order.settings.get(name) for name in ("resolution", "aspect"))]
    takes = [f"· {order.count} takes"] if order.count > 1 else []
    return " ".join([word for word in words if word] + takes)


S = JobStatus
STATUS: dict[str, tuple[str, str]] = {
    S.WAITING: ("lock", "Waits for budget"),
    S.QUEUED: ("clock", "Queued"),
    S.SENDING: ("send", "Sending"),
    S.RUNNING: ("generating", "Generating"),
    S.SAVING: ("save", "Saving"),
    S.SUCCEEDED: ("check", "Done"),
    S.FAILED: ("alert", "Failed"),
    S.CANCELLED: ("ban", "Cancelled"),
    S.UNCERTAIN: ("question", "Needs a decision"),
    Event.FETCH: ("save", "Files asked for again"),
    Event.BILLABLE: ("alert", "Accepted after all"),
    Happening.NOTED: ("reply", "Note"),
    Happening.REPLIED: ("reply", "Reply"),
    Happening.EDITED: ("pen", "Note changed"),
    Happening.REMOVED: ("trash", "Note taken back"),
    Happening.RESOLVED: ("check", "Note resolved"),
    Happening.REOPENED: ("undo", "Note opened again"),
    Happening.RETURNED: ("undo", "Note brought back"),
    Happening.FINISHED: ("at", "Task done"),
    Happening.APPROVE: ("check", "Approved"),
    Happening.CHANGES: ("undo", "Needs changes"),
    Happening.REJECT: ("x", "Rejected"),
    Happening.WITHDRAWN: ("undo", "Decision taken back"),
    Happening.TRASHED: ("trash", "Put into the trash"),
    Happening.RESTORED: ("undo", "Brought back from the trash"),
    Happening.SHARED: ("share", "Shared"),
}


@register.filter
def status_icon(status: str) -> str:
    return STATUS[status][0]


@register.filter
def status_words(status: str) -> str:
    return STATUS[status][1]


# What became of a take in review: icon, words, and the kind of mark that says so.
REVIEW: dict[str, tuple[str, str, str]] = {
    ReviewStatus.REVIEW: ("eye", "Needs review", "info"),
    ReviewStatus.APPROVED: ("check", "Approved", "ok"),
    ReviewStatus.CHANGES: ("undo", "Needs changes", "warn"),
    ReviewStatus.REJECTED: ("x", "Rejected", "bad"),
}


@register.filter
def review_icon(status: str) -> str:
    return REVIEW[status][0]


@register.filter
def review_words(status: str) -> str:
    return REVIEW[status][1]


@register.filter
def review_kind(status: str) -> str:
    """“info”, “ok”, “warn” or “bad”, as marks, badges and colors are called."""
    return REVIEW[status][2]


# One person's verdict: icon, words, kind of mark; its button's words, look and usual key.
VERDICTS: dict[str, tuple[str, str, str, str, str, str]] = {
    Verdict.APPROVE: ("check", "approved", "ok", "Approve", "btn-ok", "A"),
    Verdict.CHANGES: ("undo", "needs changes", "warn", "Needs changes", "btn-q-warn", "C"),
    Verdict.REJECT: ("x", "rejected", "bad", "Reject", "btn-q-bad", "X"),
    "": ("eye", "has not decided", "info", "", "", ""),
}


@register.filter
def verdict_icon(verdict: str) -> str:
    return VERDICTS[verdict][0]


@register.filter
def verdict_words(verdict: str) -> str:
    return VERDICTS[verdict][1]


@register.filter
def verdict_kind(verdict: str) -> str:
    return VERDICTS[verdict][2]


@register.filter
def verdict_action(verdict: str) -> str:
    return VERDICTS[verdict][3]


@register.filter
def verdict_button(verdict: str) -> str:
    return VERDICTS[verdict][4]


@register.filter
def verdict_key(verdict: str) -> str:
    return VERDICTS[verdict][5]


@register.filter
def ended_words(category: str) -> str:
    """What kind of end it was, or ""."""
    return ENDED.get(category, "")


@register.filter
def event_words(event: Event) -> str:
    """One line of a clip's history: “Queued by Ana”."""
    person = event.actor or event.guest
    by = f" by {person}" if person else ""
    return f"{status_words(event.status)}{by}"


@register.filter
def entry_amount(entry: LedgerEntry) -> str:
    """The credits that an entry is about, without a sign: its kind says the direction."""
    parts = {EntryKind.HOLD: entry.held, EntryKind.CHARGE: entry.spent}
    return money.words(abs(parts.get(EntryKind(entry.kind), entry.available)))


@register.filter
def short_code(frame: int, fps: Decimal) -> str:
    """Where a frame is: “02:04”."""
    return timecode.short(frame, fps)


# The colors that people have, as the style calls them.
TINTS = "ajmspc"


@register.filter
def tint(note: Note) -> str:
    """The color of whoever wrote a note."""
    return TINTS[(note.member.user_id if note.member else note.guest_id or 0) % len(TINTS)]


@register.filter
def initials(note: Note) -> str:
    return note.member.user.initials if note.member else note.author.initials  # type: ignore[union-attr]


@register.filter
def as_json(value: Any) -> str:
    """For a data attribute that a script reads."""
    return json.dumps(value, separators=(",", ":"))
