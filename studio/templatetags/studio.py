"""Words and figures as every page shows them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from studio.core import money

register = template.Library()

# Every template needs it; as a built-in it cannot be forgotten.
register.simple_tag(static, name="static")


@register.filter
def credits(amount: int) -> str:
    """Micro-credits in words: “1,780”."""
    return money.words(amount)


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


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """An icon of the sprite, 12 to 20 px; with a label it speaks, without it is decoration."""
    kind = "icon" if size == 16 else f"icon icon-{size}"
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="{}" {}><use href="{}#i-{}"/></svg>',
        kind, SafeString(spoken), static("img/icons.svg"), name,
    )  # fmt: skip
