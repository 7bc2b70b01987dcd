"""Projects: names are unique in a team, and only there."""

import pytest

from studio.core.errors import NameTaken, NotAllowed
from studio.services import projects
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db


class TestProject:
    def test_author_begins_and_renames_their_own(self):
        author = make_member("author")
        project = projects.create(author, name="Meltwater")
        projects.rename(author, project, name="Cliff")
        project.refresh_from_db()
        assert (project.name, project.created_by) == ("Cliff", author)

    def test_same_name_in_another_team_is_free(self):
        projects.create(make_member(), name="Meltwater")
        projects.create(make_member(), name="Meltwater")

    def test_taken_name_is_said(self):
        author = make_member("author")
        projects.create(author, name="Meltwater")
        other = projects.create(author, name="Cliff")
        with pytest.raises(NameTaken, match="“Meltwater” already"):
            projects.create(author, name="Meltwater")
        with pytest.raises(NameTaken, match="“Meltwater” already"):
            projects.rename(author, other, name="Meltwater")

    def test_reviewer_may_not(self):
        with pytest.raises(NotAllowed):
            projects.create(make_member("reviewer"), name="Meltwater")

    def test_author_may_not_rename_what_others_began(self):
        author = make_member("author")
        with pytest.raises(NotAllowed):
            projects.rename(author, make_project(author.team), name="Mine")
