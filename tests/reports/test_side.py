"""What stands beside the wall."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.review import ReviewStatus
from studio.models import Clip, Decision, Share
from studio.reports.side import side
from studio.services import placements, stars, trash
from tests.factories import make_board, make_clip, make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def project(author):
    return author.team.projects.get()


class TestSide:
    def test_counts_what_is_there_for_this_member(self, author, project):
        waits, decided, approved, gone = (make_clip(author) for _ in range(4))
        Decision.objects.create(
            take=decided.cover, member=author, verdict="approve", decided_at=timezone.now()
        )
        approved.takes.update(review=ReviewStatus.APPROVED)
        approved.touch()
        stars.like(author, [waits, gone], liked=True)
        trash.put(author, [gone])
        shown = side(author, project)
        assert (shown.clips, shown.needs, shown.favorites, shown.trashed) == (3, 1, 1, 1)
        mate = side(make_member(team=author.team), project)
        assert (mate.needs, mate.favorites) == (2, 0)

    def test_boards_have_counts_and_the_poster_of_what_came_last(self, author, project):
        first, last, gone = (make_clip(author) for _ in range(3))
        board, empty = make_board(author, "Act I", is_auto=True), make_board(author, "Act II")
        make_board(author, "Selects", project=None)
        make_board(author, "Elsewhere", project=make_project(author.team))
        make_board(make_member(), "Theirs", project=None)
        for clip in (first, last, gone):
            placements.arrange(author, [clip], onto=board)
        trash.put(author, [gone])
        Share.objects.create(
            team=author.team, project=project, board=empty, kind="review", name="For Kim",
            digest="d", token="t", created_by=author,
        )  # fmt: skip
        shown = side(author, project)
        rows = [(row.board.name, row.count, row.poster, row.is_shown) for row in shown.boards]
        assert rows == [("Act I", 2, last.cover.poster_id, False), ("Act II", 0, None, True)]
        assert [row.board.name for row in shown.collections] == ["Selects"]
        assert shown.boards[0].query == 'board:"Act I"'

    def test_days_are_those_of_the_teams_clocks(self, author, project):
        author.team.time_zone = "Pacific/Kiritimati"
        author.team.save()
        for days in (0, 0, 1, 3, 5):
            clip = make_clip(author)
            moment = timezone.now() - timedelta(days=days)
            Clip.objects.filter(pk=clip.pk).update(created_at=moment)
        shown = side(author, project).days
        assert [day.name for day in shown[:2]] == ["Today", "Yesterday"]
        assert [day.count for day in shown] == [2, 1, 1]
        assert shown[2].query == f"on:{shown[2].day.isoformat()}"

    def test_of_a_project_that_rests_the_last_days_before(self, author, project):
        clip = make_clip(author)
        Clip.objects.filter(pk=clip.pk).update(created_at=timezone.now() - timedelta(days=90))
        (day,) = side(author, project).days
        assert day.count == 1

    def test_queries_do_not_grow(self, author, project, django_assert_num_queries):
        with django_assert_num_queries(4):
            side(author, project)
        for _ in range(5):
            placements.arrange(author, [make_clip(author)], onto=make_board(author))
        with django_assert_num_queries(5):
            side(author, project)
