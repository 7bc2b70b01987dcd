"""Words and figures as every page shows them."""

from django import template

from studio.core import money

register = template.Library()


@register.filter
def credits(amount: int) -> str:
    """Micro-credits in words: “1,780”."""
    return money.words(amount)


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> str:
    """An icon of the sprite; with a label it speaks, without it is decoration."""
    from django.utils.html import format_html

    kind = "icon" if size == 16 else f"icon icon-{size}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>',
            kind,
            label,
            name,
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', kind, name)
