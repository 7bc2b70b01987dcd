"""Texts that prompts are made of: what was written before, templates, and lists of words."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from studio.models.projects import Project
from studio.models.teams import Member, Team


class PromptQuerySet(models.QuerySet["Prompt"]):
    def matching(self, words: str) -> Self:
        """Those whose text has each of these words in it, in any case of letters."""
        found = self
        for word in words.split():
            found = found.filter(text__icontains=word)
        return found

    def newest_first(self, *, before: tuple[datetime, int] | None = None) -> Self:
        """By their last use; `before` is that of the last one seen, with its pk."""
        rows = self.order_by("-used_at", "-pk")
        if before is None:
            return rows
        moment, pk = before
        return rows.filter(Q(used_at__lt=moment) | Q(used_at=moment, pk__lt=pk))


class Prompt(models.Model):
    """A prompt that was ordered in a project, as it was written; the same text counts up.

    `digest` is the SHA-256 of the text, `author` who used it last.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="prompts")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompts")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="prompts")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    times = models.PositiveIntegerField(default=1)
    used_at = models.DateTimeField()

    objects = PromptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "digest"], name="prompt_once")]
        indexes = [
            models.Index(
                "project", models.F("used_at").desc(), models.F("id").desc(), name="prompt_latest"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class TemplateQuerySet(models.QuerySet["Template"]):
    def seen_by(self, member: Member) -> Self:
        """Those of the team and the member's own private ones, without removed ones."""
        shared = Q(is_private=False) | Q(author=member)
        return self.filter(shared, team=member.team_id, removed_at=None)


class Template(models.Model):
    """A prompt with `{{placeholders}}` to begin shots with; a private one is its author's alone.

    A removed one is shown nowhere, but stays what its jobs were made from.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="templates")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="templates")
    name = models.CharField(max_length=60)
    is_private = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"],
                condition=models.Q(is_private=False, removed_at=None),
                name="team_template_once",
            ),
            models.UniqueConstraint(
                fields=["author", "name"],
                condition=models.Q(is_private=True, removed_at=None),
                name="private_template_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """What a template said from then on; `settings` are those of an order that it also sets."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    settings = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"


class WordList(models.Model):
    """Words of a team that `{{name}}` stands for, one after the other, in a prompt."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="word_lists")
    name = models.CharField(max_length=40)
    words = models.JSONField(default=list)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="word_list_once")]

    def __str__(self) -> str:
        return self.name
