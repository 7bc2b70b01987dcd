"""What clients are shown: a link to some clips, who came by it, and when."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from studio.models.clips import Clip, Take
from studio.models.projects import Project
from studio.models.teams import Member, Team, digest


class ShareKind(models.TextChoices):
    REVIEW = "review", "Review"
    APPROVAL = "approval", "Approval"


class ShareState(models.TextChoices):
    OPEN = "open", "Open"
    EARLY = "early", "Not yet open"
    EXPIRED = "expired", "Expired"
    USED_UP = "used up", "Used up"
    REVOKED = "revoked", "Revoked"


class ShareQuerySet(models.QuerySet["Share"]):
    def standing(self) -> Self:
        """Those that nobody took back. To everybody outside the others have never been."""
        return self.filter(revoked_at=None)

    def running(self) -> Self:
        """Those that show what they show to whoever is in already."""
        now = timezone.now()
        begun = Q(opens_at=None) | Q(opens_at__lte=now)
        return self.standing().filter(begun, _lasting())

    def open(self) -> Self:
        """Those that let somebody in now."""
        return self.running().filter(_roomy())

    def ended(self) -> Self:
        """Those that let nobody in any more."""
        return self.exclude(_lasting() & _roomy() & Q(revoked_at=None))

    def unended(self) -> Self:
        """Those that let somebody in, now or later."""
        return self.standing().filter(_lasting(), _roomy())


def _lasting() -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=timezone.now())


def _roomy() -> Q:
    return Q(most_views=None) | Q(views__lt=F("most_views"))


class Share(models.Model):
    """A link for clients. In an APPROVAL they decide, in a REVIEW they only look and say.

    It shows the clips of a `board` as they are there now, or else its own (ShareClip). `digest` is
    that of the token in its address; `token` is the token itself, encrypted, so that who made it
    can copy it again. `password` is a hash, "" where none is asked for. `views` counts visits; at
    `most_views` nobody new is let in.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="shares")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="shares")
    board = models.ForeignKey(
        "Board", on_delete=models.CASCADE, null=True, blank=True, related_name="shares"
    )
    kind = models.CharField(max_length=8, choices=ShareKind.choices)
    name = models.CharField(max_length=80)
    message = models.TextField(blank=True)
    digest = models.CharField(max_length=64, unique=True)
    token = models.TextField(help_text="Encrypted")
    password = models.CharField(max_length=128, blank=True)
    may_comment = models.BooleanField(default=True)
    may_download = models.BooleanField(default=False)
    may_see_prompts = models.BooleanField(default=False)
    opens_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    most_views = models.PositiveIntegerField(null=True, blank=True)
    views = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ShareQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def known(cls, token: str) -> "Share | None":
        """The link of this token, unless it was taken back: that looks like none to everybody."""
        rows = cls.objects.standing().filter(digest=digest(token))
        return rows.select_related("team", "project", "board", "created_by__user").first()

    @property
    def state(self) -> ShareState:
        now = timezone.now()
        if self.revoked_at:
            return ShareState.REVOKED
        if self.expires_at and self.expires_at <= now:
            return ShareState.EXPIRED
        if self.opens_at and self.opens_at > now:
            return ShareState.EARLY
        full = self.most_views is not None and self.views >= self.most_views
        return ShareState.USED_UP if full else ShareState.OPEN

    @property
    def is_approval(self) -> bool:
        return self.kind == ShareKind.APPROVAL


class ShareClip(models.Model):
    """A clip that a link shows: that take of it, or with None the best one there is.

    `title` is what clients read above it, "" for what the studio calls it.
    """

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="chosen")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="+")
    take = models.ForeignKey(
        Take, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=120, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "clip"], name="share_clip_once")]

    def __str__(self) -> str:
        return f"{self.clip} in {self.share}"


class Guest(models.Model):
    """Somebody who came by a link and said who they are. `digest` is that of their cookie's secret."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(max_length=80)
    email = models.EmailField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper() or "?"


class Visit(models.Model):
    """One time that a link was opened; `guest` is None for who had a wrong password."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="visits")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, null=True, related_name="visits")
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index("share", F("id").desc(), name="visit_newest")]

    def __str__(self) -> str:
        return f"{self.guest or 'Somebody'} at {self.share}"
