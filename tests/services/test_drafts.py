"""Kept drafts: one per person and project, and two windows never overwrite each other unseen."""

import pytest

from studio.core.errors import DraftChanged, InvalidOrder, NotAllowed
from studio.models import Role, StoredDraft
from studio.services import drafts
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


def keep(member, text, **options):
    project = options.pop("project", None) or member.team.projects.first()
    return drafts.keep(member, project, {"prompt": [text]}, **{"rev": 0, **options})


class TestKeep:
    def test_the_first_begins_at_one(self, author):
        stored = keep(author, "A red door")
        assert (stored.rev, stored.fields) == (1, {"prompt": ["A red door"]})

    def test_goes_on_from_its_revision(self, author):
        keep(author, "A")
        assert keep(author, "A red", rev=1).rev == 2

    def test_the_same_again_changes_nothing_whatever_its_revision(self, author):
        keep(author, "A red door")
        assert keep(author, "A red door", rev=0).rev == 1

    def test_a_window_that_is_behind_is_told_and_nothing_is_lost(self, author):
        keep(author, "Here")
        keep(author, "There", rev=1)
        with pytest.raises(DraftChanged, match="another window"):
            keep(author, "Here again", rev=1)
        assert drafts.of(author, author.team.projects.first()).fields == {"prompt": ["There"]}

    def test_writes_over_when_told_so(self, author):
        keep(author, "There")
        assert keep(author, "Here", rev=0, over=True).rev == 2

    def test_each_project_and_each_person_has_one(self, author):
        other = make_project(author.team)
        colleague = make_member(team=author.team)
        keep(author, "One")
        keep(author, "Two", project=other)
        keep(colleague, "Three")
        assert StoredDraft.objects.count() == 3
        assert drafts.of(author, other).fields == {"prompt": ["Two"]}

    def test_letters_that_no_database_takes_are_left_out(self, author):
        assert keep(author, "a\0b").fields == {"prompt": ["ab"]}


class TestRefused:
    def test_a_reviewer(self, author):
        reviewer = make_member(Role.REVIEWER, team=author.team)
        with pytest.raises(NotAllowed):
            keep(reviewer, "A", project=author.team.projects.first())

    def test_a_project_of_another_team(self, author):
        theirs = make_project(make_member().team)
        with pytest.raises(NotAllowed):
            keep(author, "A", project=theirs)

    def test_more_than_there_is_room_for(self, author):
        with pytest.raises(InvalidOrder, match="500,000 characters in all, not 500,007"):
            keep(author, "x" * 500_001)
        assert not StoredDraft.objects.exists()
