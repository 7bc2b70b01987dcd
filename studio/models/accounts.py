"""How the studio reaches a provider: what its admin set on the page, beside the environment."""

from django.db import models

from studio.models.teams import User


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
