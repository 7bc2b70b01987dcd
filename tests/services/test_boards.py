"""Boards and what is on them."""

import pytest

from studio.core.errors import InvalidBoard, NameTaken, NotAllowed
from studio.models import Board, Placement, Role, Share
from studio.services import boards, placements
from studio.services.batches import Origin
from studio.services.jobs import order
from studio.services.placements import Arranged
from tests.factories import make_board, make_clip, make_member, make_order, make_price, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    make_price(credits_per_second=0)
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def project(author):
    return author.team.projects.get()


def on(board) -> set[int]:
    return set(board.placements.values_list("clip_id", flat=True))


class TestCreate:
    def test_name_is_one_line(self, author, project):
        assert boards.create(author, project, name="  Act  I,\nfrozen ").name == "Act I, frozen"

    @pytest.mark.parametrize("name", ["", "   ", "x" * 61, 'Act "I"'])
    def test_name_that_can_not_be(self, author, project, name):
        with pytest.raises(InvalidBoard, match="1 to 60 characters"):
            boards.create(author, project, name=name)

    def test_same_name_only_in_another_place(self, author, project):
        boards.create(author, project, name="Act I")
        boards.create(author, None, name="Act I")
        boards.create(author, make_project(author.team), name="Act I")
        for place in (project, None):
            with pytest.raises(NameTaken):
                boards.create(author, place, name="Act I")

    def test_one_board_is_open_for_new_clips(self, author, project):
        first = boards.create(author, project, name="Act I", is_auto=True)
        second = boards.create(author, project, name="Act II", is_auto=True)
        first.refresh_from_db()
        assert (first.is_auto, second.is_auto) == (False, True)
        with pytest.raises(InvalidBoard, match="not on a collection"):
            boards.create(author, None, name="Selects", is_auto=True)

    def test_so_many_and_no_more(self, author, project, monkeypatch):
        monkeypatch.setattr(boards, "MOST", 1)
        boards.create(author, project, name="Act I")
        with pytest.raises(InvalidBoard, match="remove one first"):
            boards.create(author, project, name="Act II")

    def test_reviewer_may_not(self, author, project):
        with pytest.raises(NotAllowed):
            boards.create(make_member(Role.REVIEWER, team=author.team), project, name="Act I")

    def test_not_in_another_team(self, author):
        with pytest.raises(NotAllowed):
            boards.create(author, make_project(), name="Act I")


class TestChange:
    def test_new_name_and_open(self, author, project):
        board = make_board(author)
        boards.change(author, board, name="Act I", is_auto=True)
        board.refresh_from_db()
        assert (board.name, board.is_auto) == ("Act I", True)

    def test_only_its_maker_or_an_admin(self, author, project):
        board = make_board(author)
        boards.change(make_member(Role.ADMIN, team=author.team), board, name="A", is_auto=False)
        for other in (make_member(team=author.team), make_member(Role.ADMIN)):
            with pytest.raises(NotAllowed):
                boards.change(other, board, name="B", is_auto=False)

    def test_taken_name_changes_nothing(self, author, project):
        make_board(author, "Act I")
        board = make_board(author, "Act II")
        with pytest.raises(NameTaken):
            boards.change(author, board, name="Act I", is_auto=True)
        board.refresh_from_db()
        assert (board.name, board.is_auto) == ("Act II", False)


class TestRemove:
    def test_clips_stay_and_it_comes_back_as_it_was(self, author, project):
        clips = [make_clip(author) for _ in range(3)]
        board = make_board(author, "Act I", is_auto=True)
        placements.arrange(author, clips, onto=board)
        kept = boards.remove(author, board)
        assert author.team.clips.count() == 3
        assert not Placement.objects.exists()
        kept["clips"].append(10**9)  # gone meanwhile
        admin = make_member(Role.ADMIN, team=author.team)
        back = boards.bring_back(admin, kept)
        back.refresh_from_db()
        assert (back.name, back.is_auto, back.project) == ("Act I", True, project)
        assert back.created_by == author
        assert on(back) == {clip.pk for clip in clips}

    def test_comes_back_closed_when_another_is_open(self, author, project):
        kept = boards.remove(author, make_board(author, "Act I", is_auto=True))
        make_board(author, "Act II", is_auto=True)
        assert not boards.bring_back(author, kept).is_auto

    def test_does_not_come_back_under_a_taken_name(self, author, project):
        kept = boards.remove(author, make_board(author, "Act I"))
        make_board(author, "Act I")
        with pytest.raises(NameTaken):
            boards.bring_back(author, kept)

    def test_one_that_clients_see_stays(self, author, project):
        board = make_board(author, "Act I")
        link = Share.objects.create(
            team=author.team, project=project, board=board, kind="review", name="For Kim",
            digest="d", token="t", created_by=author,
        )  # fmt: skip
        with pytest.raises(InvalidBoard, match="link “For Kim” shows this board"):
            boards.remove(author, board)
        Share.objects.update(revoked_at=author.joined_at)
        boards.remove(author, board)
        link.refresh_from_db()
        assert link.board is None

    def test_only_its_maker_or_an_admin(self, author, project):
        with pytest.raises(NotAllowed):
            boards.remove(make_member(team=author.team), make_board(author))


class TestArrange:
    def test_put_take_and_move_say_what_changed(self, author):
        one, other = make_clip(author), make_clip(author)
        first, second = make_board(author), make_board(author)
        done = placements.arrange(author, [one, other], onto=first)
        assert done.put == {first.pk: [one.pk, other.pk]}
        assert placements.arrange(author, [one], onto=first).count == 0
        placements.arrange(author, [one], onto=second)
        moved = placements.arrange(author, [one, other], onto=second, off=first)
        assert (moved.put, moved.taken) == (
            {second.pk: [other.pk]},
            {first.pk: [one.pk, other.pk]},
        )
        assert (on(first), on(second)) == (set(), {one.pk, other.pk})

    def test_undo_restores_exactly(self, author):
        one, other = make_clip(author), make_clip(author)
        first, second = make_board(author), make_board(author)
        placements.arrange(author, [one, other], onto=first)
        placements.arrange(author, [one], onto=second)
        done = placements.arrange(author, [one, other], onto=second, off=first)
        placements.undo(author, done)
        assert (on(first), on(second)) == ({one.pk, other.pk}, {one.pk})

    def test_undo_of_what_is_gone_does_nothing(self, author):
        clip, board = make_clip(author), make_board(author)
        done = placements.arrange(author, [clip], onto=board)
        board.delete()
        placements.undo(author, done)
        placements.undo(author, Arranged(taken={board.pk: [clip.pk]}))
        placements.undo(author, Arranged(taken={make_board(author).pk: [10**9]}))
        assert not Placement.objects.exists()

    def test_to_the_same_board_is_no_move(self, author):
        clip, board = make_clip(author), make_board(author)
        placements.arrange(author, [clip], onto=board)
        placements.arrange(author, [clip], onto=board, off=board)
        assert on(board) == {clip.pk}

    def test_board_takes_only_its_projects_clips_a_collection_all(self, author):
        clip, elsewhere = make_clip(author), make_project(author.team)
        with pytest.raises(InvalidBoard, match="clips of that project only"):
            placements.arrange(author, [clip], onto=make_board(author, project=elsewhere))
        collection = make_board(author, project=None)
        placements.arrange(author, [clip], onto=collection)
        assert on(collection) == {clip.pk}

    def test_reviewers_and_strangers_may_not(self, author):
        clip, board = make_clip(author), make_board(author)
        for other in (make_member(Role.REVIEWER, team=author.team), make_member(Role.ADMIN)):
            with pytest.raises(NotAllowed):
                placements.arrange(other, [clip], onto=board)

    def test_many_clips_in_few_queries(self, author, django_assert_max_num_queries):
        clips = [make_clip(author) for _ in range(12)]
        first, second = make_board(author), make_board(author)
        placements.arrange(author, clips, onto=first)
        with django_assert_max_num_queries(12):
            placements.arrange(author, clips, onto=second, off=first)


class TestNewClips:
    def test_land_on_the_open_board_in_the_orders_transaction(self, author, project):
        board = make_board(author, is_auto=True)
        make_board(author, project=None)
        job = order(author, project, make_order())
        assert on(board) == {job.clip_id}

    def test_another_job_of_a_clip_does_not_land_again(self, author, project):
        job = order(author, project, make_order())
        board = make_board(author, is_auto=True)
        order(author, project, make_order(), origin=Origin(clip=job.clip))
        assert on(board) == set()

    def test_board_of_another_project_stays_empty(self, author, project):
        other = make_board(author, project=make_project(author.team), is_auto=True)
        order(author, project, make_order())
        assert Board.objects.get() == other
        assert on(other) == set()
