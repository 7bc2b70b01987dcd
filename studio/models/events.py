"""What happened to clips: the rows that the live stream tells open pages of."""

from django.db import models, transaction
from django.dispatch import Signal

from studio.models.teams import Member, Team

changed = Signal()  # sent after the commit of anything that an open page may show


def tell_open_pages() -> None:
    """After the commit of this transaction, let open pages look for what changed."""
    transaction.on_commit(lambda: changed.send(sender=Event))


class Event(models.Model):
    """Something that an open page may show; its pk is the id of the live stream.

    With a `job` it is a move of that job (`status` as in core/status.py) or one of NO_MOVES;
    without one it is about the clip itself: what people did in review (core/review.Happening).
    `actor` or `guest` did it, nobody where the studio did.
    """

    TOUCH = "touch"
    FETCH = "fetch"  # its files are looked for again
    BILLABLE = "billable"  # its provider has an order that was given up
    NO_MOVES = (TOUCH, FETCH, BILLABLE)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    clip = models.ForeignKey("Clip", on_delete=models.CASCADE, related_name="events")
    job = models.ForeignKey("Job", on_delete=models.CASCADE, null=True, related_name="events")
    status = models.CharField(max_length=10)
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey("Guest", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index("team", "id", name="event_replay")]

    def __str__(self) -> str:
        return f"{self.job_id or self.clip_id} {self.status}"
