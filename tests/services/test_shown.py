from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.review import ReviewStatus
from studio.models import Board, Clip, Placement, Share, Take
from studio.services import shown
from studio.services.decisions import decide_as_guest
from tests.factories import (
    make_guest,
    make_job,
    make_order,
    make_price,
    make_share,
    make_take,
)

pytestmark = pytest.mark.django_db


def clip_with_takes(count: int = 1, **job) -> list[Take]:
    first = make_job("succeeded", **job)
    author = first.author
    jobs = [
        first,
        *(make_job("succeeded", author=author, clip=first.clip) for _ in range(count - 1)),
    ]
    return [make_take(job) for job in jobs]


@pytest.fixture(autouse=True)
def _price():
    make_price()


def titles(share: Share, guest=None) -> list[str]:
    return [one.title for one in shown.shown(share, guest)]


def takes(share: Share, guest=None) -> list[Take]:
    return [one.take for one in shown.shown(share, guest)]


class TestTitles:
    def test_hidden_prompts_give_no_title_away(self):
        (one,) = clip_with_takes()
        share = make_share(one)
        assert titles(share) == ["Shot 1"]
        share.may_see_prompts = True
        assert titles(share) == ["A red door in the snow"]

    def test_a_name_given_by_hand_is_shown(self):
        (one,) = clip_with_takes()
        Clip.objects.update(title="Door, wide")
        assert titles(make_share(one)) == ["Door, wide"]

    def test_a_title_of_an_order_that_was_edited_is_no_name(self):
        """The clip was called after it once, and a rehearsal after what it stands for."""
        (one,) = clip_with_takes()
        edited = make_order(prompt="A blue door.")
        make_job("cancelled", author=one.clip.author, clip=one.clip, order=edited)
        for said in ("A blue door", "A red door in the snow"):
            Clip.objects.update(title=said)
            assert titles(make_share(one)) == ["Shot 1"]
        one.job.intended = make_order(prompt="A green door.").to_json()
        one.job.save()
        Clip.objects.update(title="A green door")
        assert titles(make_share(one)) == ["Shot 1"]

    def test_a_title_for_clients_comes_before_all(self):
        (one,) = clip_with_takes()
        share = make_share(one)
        share.chosen.update(title="The opening")
        for share.may_see_prompts in (False, True):
            assert titles(share) == ["The opening"]

    def test_numbers_stay_when_a_clip_goes_to_the_trash(self):
        (one,) = clip_with_takes()
        (two,) = clip_with_takes(author=one.clip.author)
        share = make_share(one, two)
        Clip.objects.filter(pk=one.clip_id).update(trashed_at=timezone.now())
        assert titles(share) == ["Shot 2"]


class TestTakes:
    def test_a_chosen_take_stays_and_else_the_best_is_shown(self):
        first, second = clip_with_takes(2)
        share = make_share(first)
        Take.objects.filter(pk=second.pk).update(stars=5)
        first.clip.touch()
        assert takes(share) == [first]
        share.chosen.update(take=None)
        assert takes(share) == [second]

    def test_what_a_client_has_answered_stays_though_it_is_best_no_more(self):
        first, second = clip_with_takes(2)
        share = make_share(first)
        share.chosen.update(take=None)
        guest = make_guest(share)
        decide_as_guest(guest=guest, take=first, verdict="changes")
        Take.objects.filter(pk=first.pk).update(review=ReviewStatus.CHANGES)
        first.clip.touch()
        assert takes(share) == [second]
        assert takes(share, guest) == [first]
        assert shown.shown(share, guest)[0].verdict == "changes"

    def test_a_newer_take_comes_in_its_place_without_an_answer(self):
        first, second = clip_with_takes(2)
        share = make_share(first)
        share.chosen.update(take=None)
        guest = make_guest(share)
        decide_as_guest(guest=guest, take=first, verdict="changes")
        later = timezone.now() + timedelta(minutes=1)
        Take.objects.filter(pk=second.pk).update(stars=5, created_at=later)
        first.clip.touch()
        (one,) = shown.shown(share, guest)
        assert (one.take, one.verdict) == (second, "")

    def test_a_clip_without_takes_is_left_out_until_it_has_one(self):
        (one,) = clip_with_takes()
        job = make_job("running", author=one.clip.author)
        share = make_share(one)
        share.chosen.create(clip=job.clip, position=1)
        assert titles(share) == ["Shot 1"]
        assert len(shown.clips_of(share)) == 2


class TestBoard:
    def test_a_link_lives_with_its_board(self):
        (one,) = clip_with_takes()
        (two,) = clip_with_takes(author=one.clip.author)
        member = one.clip.author
        board = Board.objects.create(team=member.team, name="Selects", created_by=member)
        share = make_share(member=member, board=board)
        assert takes(share) == []
        for take in (two, one):
            Placement.objects.create(board=board, clip=take.clip, placed_by=member)
        assert takes(share) == [two, one]
        Placement.objects.filter(clip=two.clip).delete()
        assert takes(share) == [one]


class TestFiles:
    def test_only_those_of_a_shown_take(self):
        first, second = clip_with_takes(2)
        share = make_share(first)
        for part in shown.PARTS:
            assert shown.shown_take_with(share, None, getattr(first, f"{part}_id")) == (first, part)
            assert shown.shown_take_with(share, None, getattr(second, f"{part}_id")) is None
        assert shown.shown_take_with(share, None, first.last_frame_id) is None


def test_it_takes_three_queries_however_many_clips(django_assert_num_queries):
    (one,) = clip_with_takes()
    many = [one, *(clip_with_takes(author=one.clip.author)[0] for _ in range(6))]
    share = make_share(*many)
    guest = make_guest(share)
    with django_assert_num_queries(3):
        assert len(shown.shown(share, guest)) == 7
