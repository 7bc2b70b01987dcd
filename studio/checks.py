"""Start-up checks: a wrong setting is named before anything runs."""

from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def one_machine_or_many(**_: Any) -> list[CheckMessage]:
    """Several machines need a database, a queue and a bell that all of them reach."""
    shared = {
        "DAILIES_DATABASE_URL": settings.DATABASE_URL,
        "DAILIES_LIVE_URL": settings.LIVE_URL,
    }
    missing = [name for name, value in shared.items() if settings.BROKER_URL and not value]
    return [
        Error(
            f"DAILIES_BROKER_URL is set, but {name} is not.",
            hint=f"Set {name} too, or unset DAILIES_BROKER_URL to run on one machine.",
            id="studio.E001",
        )
        for name in missing
    ]


@register()
def public_url(**_: Any) -> list[CheckMessage]:
    if not settings.PUBLIC_URL or settings.PUBLIC_URL.startswith(("http://", "https://")):
        return []
    hint = "Set DAILIES_PUBLIC_URL to an address like https://studio.example."
    return [Error("DAILIES_PUBLIC_URL is not an address.", hint=hint, id="studio.E002")]


@register()
def renderers(**_: Any) -> list[CheckMessage]:
    if settings.RENDERERS >= 1:
        return []
    hint = "Set DAILIES_RENDERERS to 1 or more, or unset it."
    return [Error("DAILIES_RENDERERS must be at least 1.", hint=hint, id="studio.E003")]


@register()
def private_networks(**_: Any) -> list[CheckMessage]:
    hint = "Write DAILIES_ALLOW_PRIVATE like 10.1.0.0/16,127.0.0.1/32."
    return [
        Error(f"DAILIES_ALLOW_PRIVATE: “{text}” is no network.", hint=hint, id="studio.E004")
        for text in settings.ALLOW_PRIVATE
        if not _is_network(text)
    ]


@register()
def mail(**_: Any) -> list[CheckMessage]:
    """Mails say whom they are from, and have links: to what they tell of, and to hear less."""
    if not settings.MAIL_IS_ON:
        return []
    found: list[CheckMessage] = []
    if not (settings.EMAIL_URL.startswith(("smtp://", "smtps://")) and settings.EMAIL_HOST):
        hint = "Write it like smtp://user:password@mail.example:587/?tls=1."
        found.append(Error("DAILIES_EMAIL_URL is no mail server.", hint=hint, id="studio.E005"))
    needed = {
        "DAILIES_EMAIL_FROM": settings.DEFAULT_FROM_EMAIL,
        "DAILIES_PUBLIC_URL": settings.PUBLIC_URL,
    }
    missing = [name for name, value in needed.items() if not value]
    return found + [
        Error(
            f"DAILIES_EMAIL_URL is set, but {name} is not.",
            hint=f"Set {name} too, or unset DAILIES_EMAIL_URL to send no mail.",
            id="studio.E006",
        )
        for name in missing
    ]


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
