"""What a person has typed and not sent yet, kept per project."""

from django.db import models

from studio.models.projects import Project
from studio.models.teams import Member


class StoredDraft(models.Model):
    """The fields of an order's form by name, each with its texts; `rev` grows with every change."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="drafts")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="drafts")
    fields = models.JSONField(default=dict)
    rev = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "project"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.member}, {self.project}"
