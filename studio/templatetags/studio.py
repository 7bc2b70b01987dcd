"""Words and figures as every page shows them."""

from django import template
from django.templatetags.static import static
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


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """An icon of the sprite, 12 to 20 px; with a label it speaks, without it is decoration."""
    kind = "icon" if size == 16 else f"icon icon-{size}"
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="{}" {}><use href="{}#i-{}"/></svg>',
        kind, SafeString(spoken), static("img/icons.svg"), name,
    )  # fmt: skip
