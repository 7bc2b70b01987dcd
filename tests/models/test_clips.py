"""What a tile says of the takes behind it, and the events that are no job's."""

import pytest
from django.db import IntegrityError, transaction

from studio.core.review import Happening, ReviewStatus
from studio.core.status import JobStatus
from studio.models import Event, Note
from tests.factories import make_job, make_lane, make_price, make_take

pytestmark = pytest.mark.django_db
S = ReviewStatus


@pytest.fixture
def clip():
    make_lane(), make_price()
    job = make_job(JobStatus.SUCCEEDED)
    for _ in range(3):
        make_take(job)
    return job.clip


def follow(clip, **changes):
    for number, values in changes.items():
        clip.takes.filter(number=int(number.removeprefix("take"))).update(**values)
    with transaction.atomic():
        clip.touch()
    clip.refresh_from_db()


class TestBestTake:
    def test_the_first_one_stands_on_top_while_nobody_has_said_anything(self, clip):
        assert (clip.cover.number, clip.review, clip.stars) == (1, S.REVIEW, 0)

    def test_stars_lift_a_take(self, clip):
        follow(clip, take2={"stars": 3}, take3={"stars": 5})
        assert (clip.cover.number, clip.stars) == (3, 5)

    def test_an_approved_take_stands_above_stars_and_a_rejected_one_below_all(self, clip):
        follow(clip, take1={"review": S.REJECTED, "stars": 5}, take3={"review": S.APPROVED})
        assert (clip.cover.number, clip.review) == (3, S.APPROVED)

    def test_a_take_that_waits_for_review_stands_above_one_that_needs_changes(self, clip):
        follow(clip, take1={"review": S.CHANGES})
        assert (clip.cover.number, clip.review) == (2, S.REVIEW)

    def test_there_are_no_six_stars(self, clip):
        with pytest.raises(IntegrityError), transaction.atomic():
            clip.takes.update(stars=6)


class TestEvents:
    def test_one_that_is_no_jobs_gives_a_new_revision(self, clip):
        with transaction.atomic():
            clip.record(Happening.APPROVE, actor=clip.author)
        event = Event.objects.latest("pk")
        assert (event.job, event.actor, clip.rev) == (None, clip.author, event.pk)

    def test_of_looks_that_changed_only_the_last_stays(self, clip):
        for _ in range(3):
            follow(clip)
        assert Event.objects.filter(clip=clip, job=None, status=Event.TOUCH).count() == 1

    def test_notes_are_counted_without_replies_and_those_taken_back(self, clip):
        take, author = clip.takes.first(), clip.author
        note = Note.objects.create(clip=clip, take=take, member=author, text="One", frame=3)
        Note.objects.create(clip=clip, take=take, member=author, text="Yes", parent=note)
        gone = Note.objects.create(clip=clip, take=take, member=author, text="No")
        Note.objects.filter(pk=gone.pk).update(removed_at=gone.created_at)
        follow(clip)
        assert (clip.note_count, clip.open_notes) == (1, 1)
        assert clip.noted_at == note.replies.get().created_at


def test_a_note_has_one_author_and_a_range_does_not_end_before_it_begins(clip):
    take = clip.takes.first()
    for wrong in ({}, {"member": clip.author, "frame": 9, "last_frame": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.create(clip=clip, take=take, text="No", **wrong)
