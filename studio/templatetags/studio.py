"""Words and figures as every page shows them."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from studio.core import money
from studio.core.errors import ENDED
from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import EntryKind, JobEvent, LedgerEntry, Take
from studio.providers.registry import all_providers

register = template.Library()

# Every template needs it; as a built-in it cannot be forgotten.
register.simple_tag(static, name="static")


@register.filter
def credits(amount: int) -> str:
    """Micro-credits in words: “1,780”."""
    return money.words(amount)


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
    JobEvent.FETCH: ("save", "Files asked for again"),
    JobEvent.BILLABLE: ("alert", "Accepted after all"),
}


@register.filter
def status_icon(status: str) -> str:
    return STATUS[status][0]


@register.filter
def status_words(status: str) -> str:
    return STATUS[status][1]


@register.filter
def ended_words(category: str) -> str:
    """What kind of end it was, or ""."""
    return ENDED.get(category, "")


@register.filter
def event_words(event: JobEvent) -> str:
    """One line of a job's history: “Queued by Ana”."""
    by = f" by {event.actor}" if event.actor else ""
    return f"{status_words(event.status)}{by}"


@register.filter
def entry_amount(entry: LedgerEntry) -> str:
    """The credits that an entry is about, without a sign: its kind says the direction."""
    parts = {EntryKind.HOLD: entry.held, EntryKind.CHARGE: entry.spent}
    return money.words(abs(parts.get(EntryKind(entry.kind), entry.available)))
