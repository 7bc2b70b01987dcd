"""Into the trash and back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.errors import NotAllowed, TooLate
from studio.core.status import ACTIVE
from studio.models import Clip, Event, Role
from studio.services import jobs, trash
from tests.factories import make_clip, make_job, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_member()


def told(clip) -> list[str]:
    return list(clip.events.order_by("pk").values_list("status", flat=True))


class TestPut:
    def test_leaves_the_wall_and_tells_open_pages(self, author):
        clip = make_clip(author)
        trash.put(author, [clip])
        clip.refresh_from_db()
        assert not Clip.objects.shown().exists()
        assert Clip.objects.trashed().get() == clip
        assert (clip.trashed_by, told(clip)[-1]) == (author, "trashed")
        assert clip.rev == Event.objects.latest("pk").pk

    def test_others_clips_stay_and_are_counted(self, author):
        mine, theirs = make_clip(author), make_clip(make_member(team=author.team))
        gone = trash.put(author, [mine, theirs])
        assert (gone.clips, gone.foreign) == ([mine.pk], 1)
        assert "1 stays as it is: only the author or an admin may." in gone.left
        with pytest.raises(NotAllowed):
            trash.put(author, [theirs])
        trash.put(make_member(Role.ADMIN, team=author.team), [theirs])

    @pytest.mark.parametrize("who", [Role.REVIEWER, "stranger"])
    def test_reviewers_and_strangers_may_not(self, author, who):
        clip = make_clip(author)
        other = make_member(Role.ADMIN) if who == "stranger" else make_member(who, team=author.team)
        with pytest.raises(NotAllowed):
            trash.put(other, [clip])

    @pytest.mark.parametrize("status", sorted(ACTIVE))
    def test_what_is_being_made_stays(self, author, status):
        busy, done = make_job(status, author=author).clip, make_clip(author)
        with pytest.raises(TooLate, match=r"still being made\. Cancel it, or wait"):
            trash.put(author, [busy])
        gone = trash.put(author, [busy, done])
        assert (gone.clips, gone.busy) == ([done.pk], 1)
        assert gone.left == "1 stays as it is: still being made."

    def test_twice_says_so(self, author):
        clip = make_clip(author)
        trash.put(author, [clip])
        with pytest.raises(TooLate, match="in the trash already"):
            trash.put(author, [clip])

    def test_no_job_begins_in_it(self, author):
        job = make_job("failed", author=author)
        trash.put(author, [job.clip])
        with pytest.raises(TooLate, match=r"is in the trash\. Bring it back first"):
            jobs.try_again(author, job)
        assert job.clip.jobs.count() == 1

    def test_many_in_few_queries(self, author, django_assert_max_num_queries):
        clips = [make_clip(author) for _ in range(30)]
        with django_assert_max_num_queries(10):
            trash.put(author, clips)
        assert Event.objects.filter(status="trashed").count() == 30


class TestRestore:
    def test_is_on_the_wall_again(self, author):
        clip = make_clip(author)
        trash.put(author, [clip])
        trash.restore(author, [clip])
        clip.refresh_from_db()
        assert Clip.objects.shown().get() == clip
        assert (clip.trashed_by, told(clip)[-1]) == (None, "restored")

    def test_not_after_thirty_days(self, author):
        clip = make_clip(author)
        trash.put(author, [clip])
        Clip.objects.update(trashed_at=timezone.now() - timedelta(days=30))
        with pytest.raises(TooLate, match="nothing to bring back"):
            trash.restore(author, [clip])

    def test_what_never_was_there_says_so(self, author):
        with pytest.raises(TooLate, match="it is on the wall"):
            trash.restore(author, [make_clip(author)])


class TestLetGo:
    def test_admin_alone_and_only_from_the_trash(self, author):
        clip, admin = make_clip(author), make_member(Role.ADMIN, team=author.team)
        with pytest.raises(NotAllowed):
            trash.let_go(author, [clip])
        with pytest.raises(TooLate, match="Only what is in the trash"):
            trash.let_go(admin, [clip])
        trash.put(author, [clip])
        trash.let_go(admin, [clip])
        assert not Clip.objects.trashed().exists()
        assert Clip.objects.over().get() == clip
        with pytest.raises(TooLate):
            trash.restore(author, [clip])
