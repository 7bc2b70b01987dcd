"""Stored files, each known by its content."""

from typing import Self

from django.db import models

from studio.models.teams import Member, Team


class AssetKind(models.TextChoices):
    UPLOAD = "upload", "Upload"
    VIDEO = "video", "Video"
    POSTER = "poster", "Poster"
    PREVIEW = "preview", "Preview"
    LAST_FRAME = "last_frame", "Last frame"
    FILMSTRIP = "filmstrip", "Filmstrip"
    SCENE = "scene", "Scene"
    STREAM = "stream", "Stream"
    LOG = "log", "Log"
    FRAME = "frame", "Frame of a take"
    FITTED = "fitted", "Fitted picture"
    JOINED = "joined", "Joined takes"
    ATTACHED = "attached", "Attached to a note"


PICTURES = (AssetKind.UPLOAD, AssetKind.LAST_FRAME, AssetKind.FRAME, AssetKind.FITTED)


class AssetQuerySet(models.QuerySet["Asset"]):
    def pictures(self) -> Self:
        """What may serve as a first or last frame."""
        return self.filter(kind__in=PICTURES)

    def scenes(self) -> Self:
        return self.filter(kind=AssetKind.SCENE)


class Asset(models.Model):
    """A file of a team, stored once by checksum. `path` is its key in the media storage.

    A picture cut out of a film says which `take` and which of its frames, counted from 0; a fitted
    one says what it was `made_from` and how (`edit`).
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(max_length=10, choices=AssetKind.choices)
    path = models.CharField(max_length=200)
    name = models.CharField(max_length=120, blank=True, help_text="What the uploader called it")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="fitted"
    )
    edit = models.JSONField(null=True, blank=True)
    take = models.ForeignKey(
        "Take", on_delete=models.SET_NULL, null=True, blank=True, related_name="picked"
    )
    frame = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "kind", "sha256"], name="asset_once")
        ]

    def __str__(self) -> str:
        return self.name or self.path
