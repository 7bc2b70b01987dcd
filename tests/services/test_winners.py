"""Picking the winner: above the others, on top of its clip, and undone."""

import pytest

from studio.core.errors import NotAllowed, TooLate
from studio.core.status import JobStatus
from studio.models import Take
from studio.services import winners
from tests.factories import make_job, make_member, make_take

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member("reviewer")


@pytest.fixture
def takes(member):
    """Two of one clip and one of another."""
    author = make_member(team=member.team)
    first = make_take(make_job(JobStatus.SUCCEEDED, author=author))
    second = make_take(make_job(JobStatus.SUCCEEDED, author=author, clip=first.clip))
    return [first, second, make_take(make_job(JobStatus.SUCCEEDED, author=author))]


def starred(takes, *stars):
    for take, number in zip(takes, stars, strict=True):
        Take.objects.filter(pk=take.pk).update(stars=number)


def stars_of(takes):
    known = dict(Take.objects.values_list("pk", "stars"))
    return [known[take.pk] for take in takes]


class TestPick:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ((0, 0, 0), [0, 4, 0]),
            ((4, 1, 0), [4, 5, 0]),
            ((0, 0, 4), [0, 5, 4]),
            ((5, 0, 0), [4, 5, 0]),
            ((0, 0, 5), [0, 5, 5]),  # another clip keeps its own
            ((5, 5, 5), [4, 5, 5]),
        ],
    )
    def test_it_stands_above_the_others(self, member, takes, before, after):
        starred(takes, *before)
        winners.pick(member, takes[1], over=takes)
        assert stars_of(takes) == after
        takes[1].clip.refresh_from_db()
        assert takes[1].clip.cover == takes[1]

    def test_nobody_is_rejected_and_the_page_hears_of_it(self, member, takes):
        rev = takes[1].clip.rev
        winners.pick(member, takes[1], over=takes)
        assert set(Take.objects.values_list("review", flat=True)) == {"approved", "review"}
        takes[1].clip.refresh_from_db()
        assert takes[1].clip.rev > rev

    def test_a_stranger_may_not(self, takes):
        with pytest.raises(NotAllowed):
            winners.pick(make_member("admin"), takes[1], over=takes)
        assert stars_of(takes) == [0, 0, 0]


class TestTakeBack:
    def test_stars_are_as_before(self, member, takes):
        starred(takes, 5, 2, 1)
        won = winners.pick(member, takes[1], over=takes)
        winners.take_back(member, takes[1], won)
        assert stars_of(takes) == [5, 2, 1]
        assert set(Take.objects.values_list("review", flat=True)) == {"review"}
        takes[1].clip.refresh_from_db()
        assert takes[1].clip.cover == takes[0]

    def test_too_late_when_somebody_gave_others(self, member, takes):
        won = winners.pick(member, takes[1], over=takes)
        starred(takes, 0, 1, 0)
        with pytest.raises(TooLate, match="since"):
            winners.take_back(member, takes[1], won)
        assert stars_of(takes) == [0, 1, 0]

    def test_a_stranger_may_not(self, member, takes):
        won = winners.pick(member, takes[1], over=takes)
        with pytest.raises(NotAllowed):
            winners.take_back(make_member("admin"), takes[1], won)
