"""Studios that are older than the reports: who said anything of a clip has looked at it."""

from importlib import import_module

import pytest
from django.apps import apps

from studio.core.status import JobStatus
from studio.models import Clip, Decision, Favorite
from tests.factories import make_done, make_job, make_member, make_note

look = import_module("studio.migrations.0014_chain").look


@pytest.mark.django_db
def test_whoever_said_anything_of_a_clip_has_looked_at_it():
    author = make_member()
    unseen, noted, decided, rated, liked = (make_done(author) for _ in range(5))
    unmade = make_job(JobStatus.RUNNING, author=author).clip
    make_note(noted, author)
    Clip.objects.filter(pk=noted.clip_id).update(note_count=1)
    Decision.objects.create(
        take=decided, member=author, verdict="approve", decided_at=decided.created_at
    )
    Clip.objects.filter(pk=rated.clip_id).update(stars=3)
    for clip in (liked.clip, unmade):
        Favorite.objects.create(member=author, clip=clip)
    look(apps, None)
    seen = set(Clip.objects.exclude(looked_at=None))
    assert seen == {noted.clip, decided.clip, rated.clip, liked.clip}
    assert unseen.clip not in seen
