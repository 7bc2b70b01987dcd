"""Stars of the team and favorites of one member."""

import pytest

from studio.core.errors import InvalidSelection, NotAllowed, TooLate
from studio.core.review import ReviewStatus
from studio.models import Favorite, Role
from studio.services import stars
from tests.factories import make_clip, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_member()


class TestGive:
    def test_best_take_gets_them_and_the_tile_says_so(self, author):
        clip = make_clip(author, takes=2)
        second = clip.takes.get(number=2)
        clip.takes.filter(pk=second.pk).update(review=ReviewStatus.APPROVED)
        clip.touch()
        rev = clip.rev
        assert stars.give(make_member(Role.REVIEWER, team=author.team), clip, 4) == 0
        second.refresh_from_db()
        clip.refresh_from_db()
        assert (second.stars, clip.stars, clip.cover) == (4, 4, second)
        assert clip.rev > rev
        assert stars.give(author, clip, 0) == 4

    def test_the_same_again_draws_nothing_anew(self, author):
        clip = make_clip(author)
        stars.give(author, clip, 3)
        rev = clip.rev
        stars.give(author, clip, 3)
        clip.refresh_from_db()
        assert clip.rev == rev

    @pytest.mark.parametrize("count", [-1, 6, 99])
    def test_none_beyond_five(self, author, count):
        with pytest.raises(InvalidSelection, match="0 to 5"):
            stars.give(author, make_clip(author), count)

    def test_clip_without_a_take_has_none(self, author):
        with pytest.raises(TooLate, match="no take yet"):
            stars.give(author, make_clip(author, status="queued"), 3)

    def test_stranger_may_not(self, author):
        with pytest.raises(NotAllowed):
            stars.give(make_member(Role.ADMIN), make_clip(author), 3)


class TestLike:
    def test_concerns_nobody_else_and_twice_is_once(self, author):
        clip, mate = make_clip(author), make_member(Role.REVIEWER, team=author.team)
        rev = clip.rev
        for _ in range(2):
            stars.like(mate, [clip], liked=True)
        assert Favorite.objects.get().member == mate
        stars.like(author, [clip], liked=False)
        assert Favorite.objects.count() == 1
        stars.like(mate, [clip], liked=False)
        clip.refresh_from_db()
        assert (Favorite.objects.count(), clip.rev) == (0, rev)

    def test_stranger_may_not(self, author):
        with pytest.raises(NotAllowed):
            stars.like(make_member(), [make_clip(author)], liked=True)
