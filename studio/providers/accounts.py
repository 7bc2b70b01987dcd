"""How the studio reaches each remote provider: key, address, slots; from environment and page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Account:
    """What it takes to speak to a provider. Empty `base_url`: as documented."""

    key: str = field(default="", repr=False)
    base_url: str = ""
    slots: int = 0
    enabled: bool = True


# What the admin's page stored for a provider, as fields of an Account; apps.py plugs it in, because
# rows live above this room.
stored: Callable[[str], Mapping[str, Any]] = lambda _slug: {}  # noqa: E731


def account_of(slug: str) -> Account:
    """As it is now; what the environment says comes before what the page stored."""
    environment = {
        name: value for name, value in settings.PROVIDERS[slug].items() if value not in ("", None)
    }
    return replace(Account(), **{**stored(slug), **environment})
