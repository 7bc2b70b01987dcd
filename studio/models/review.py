"""What people say about takes: notes at frames, tasks for who is mentioned, and decisions."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from studio.core.review import Verdict
from studio.models.assets import Asset
from studio.models.clips import Clip, Take
from studio.models.shares import Guest
from studio.models.teams import Member

ONE_PERSON = Q(member=None, guest__isnull=False) | Q(member__isnull=False, guest=None)


class NoteQuerySet(models.QuerySet["Note"]):
    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(removed_at=None)

    def threads(self) -> Self:
        """Notes themselves, without the replies to them."""
        return self.filter(parent=None)

    def for_guests(self) -> Self:
        """What a client may read. A reply is as private as what it answers."""
        return self.filter(for_guests=True).exclude(parent__for_guests=False)


class Note(models.Model):
    """A remark about a take, or with a `parent` a reply to one, by a member or a guest.

    It is about `frame` to `last_frame` (both included, counted from 0), about one frame where
    `last_frame` is None, about the whole take where `frame` is. `drawing` is a list of shapes as
    core/drawing.py reads them. One that is not `for_guests` is the team's alone.
    """

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="notes")
    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="notes")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="notes"
    )
    guest = models.ForeignKey(
        Guest, on_delete=models.PROTECT, null=True, blank=True, related_name="notes"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    frame = models.PositiveIntegerField(null=True, blank=True)
    last_frame = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)
    drawing = models.JSONField(null=True, blank=True)
    attachment = models.ForeignKey(
        Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    for_guests = models.BooleanField(default=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("clip", "id", name="note_by_clip")]
        constraints = [
            models.CheckConstraint(condition=ONE_PERSON, name="note_by_one_person"),
            models.CheckConstraint(
                condition=Q(last_frame=None) | Q(last_frame__gte=F("frame")),
                name="note_range_goes_on",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] or f"Drawing at frame {self.frame}"

    @property
    def author(self) -> Member | Guest:
        person = self.member or self.guest
        assert person, "the constraint says so"
        return person


class Mention(models.Model):
    """Somebody named in a note: a task for them, until they or who asked say that it is done."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="mentions")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index("member", F("id").desc(), condition=Q(done_at=None), name="mention_open")
        ]
        constraints = [
            models.UniqueConstraint(fields=["note", "member"], name="mention_once"),
        ]

    def __str__(self) -> str:
        return f"@{self.member} in note {self.note_id}"


class Decision(models.Model):
    """What one person says of one take now; the events tell what was said before."""

    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="decisions")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    guest = models.ForeignKey(
        Guest, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    verdict = models.CharField(max_length=10, choices=[(one, one) for one in Verdict])
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_PERSON, name="decision_by_one_person"),
            models.UniqueConstraint(
                fields=["take", "member"], condition=Q(guest=None), name="member_decides_once"
            ),
            models.UniqueConstraint(
                fields=["take", "guest"], condition=Q(member=None), name="guest_decides_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member or self.guest}: {self.verdict}"
