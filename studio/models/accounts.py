"""How the studio reaches a provider: what its admin set on the page, beside the environment."""

import logging
import time
from functools import lru_cache
from typing import Any

from django.db import models

from studio.core.errors import StorageFailed
from studio.models.teams import User
from studio.storage.secrets import decrypt, encrypt

# Many small things ask how a provider is reached; so old may the answer be.
FRESH_SECONDS = 2

logger = logging.getLogger(__name__)


class StoredAccount(models.Model):
    """One provider's settings of the whole studio. `key` is encrypted and never leaves as text.

    Empty fields and None mean: as the environment says, else as documented.
    """

    provider = models.CharField(max_length=20, primary_key=True)
    key = models.TextField(blank=True, help_text="Encrypted")
    last_four = models.CharField(max_length=4, blank=True)
    base_url = models.CharField(max_length=200, blank=True)
    slots = models.PositiveSmallIntegerField(null=True, blank=True)
    enabled = models.BooleanField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    tested_at = models.DateTimeField(null=True, blank=True)
    test_milliseconds = models.PositiveIntegerField(null=True, blank=True)
    test_answer = models.CharField(max_length=300, blank=True)
    test_passed = models.BooleanField(null=True, blank=True)

    def __str__(self) -> str:
        return self.provider

    def save(self, **options: Any) -> None:
        super().save(**options)
        forget()

    def lock_up(self, key: str) -> None:
        """Take another key, or with "" none; not saved yet."""
        self.key = encrypt(key) if key else ""
        self.last_four = key[-4:] if len(key) > LONGEST_HINT else ""

    @property
    def said(self) -> dict[str, Any]:
        """What it says, as fields of an `Account`."""
        fields = {"base_url": self.base_url, "slots": self.slots, "enabled": self.enabled}
        told = {name: value for name, value in fields.items() if value not in ("", None)}
        return {**told, "key": self._opened()} if self.key else told

    def _opened(self) -> str:
        """A key that can not be read is none: the provider then says that it needs one."""
        try:
            return decrypt(self.key)
        except StorageFailed as error:
            logger.error("%s: %s", self.provider, error.message)
            return ""


LONGEST_HINT = 11  # of a shorter key the last four characters would say too much


def stored(slug: str) -> dict[str, Any]:
    """What the page says about a provider, as fields of an `Account`."""
    return _rows(int(time.monotonic() / FRESH_SECONDS)).get(slug, {})


@lru_cache(maxsize=1)
def _rows(_moment: int) -> dict[str, dict[str, Any]]:
    return {row.provider: row.said for row in StoredAccount.objects.all()}


def forget() -> None:
    """A row has changed: this process reads it anew at once, others within two seconds."""
    _rows.cache_clear()
