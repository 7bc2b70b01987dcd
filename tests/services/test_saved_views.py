"""Searches under a name: one's own and the team's, renamed, removed, and back again."""

import pytest

from studio.core.errors import InvalidView, NameTaken, NotAllowed
from studio.models import Role, SavedView
from studio.services import saved_views
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    author = make_member()
    make_project(author.team)
    return author


def save(member, name="Reds", query="red", **fields):
    fields = {"sort": "newest", "is_private": True, **fields}
    return saved_views.add(member, member.team.projects.get(), name=name, query=query, **fields)


class TestAdd:
    def test_keeps_it_as_it_is_written(self, author):
        view = save(author, "  The   reds ", 'STATUS:canceled  "red  car"')
        assert (view.name, view.query) == ("The reds", 'status:cancelled "red car"')

    def test_everybody_has_their_own_under_the_same_name(self, author):
        save(author)
        save(make_member(Role.REVIEWER, team=author.team))
        save(author, is_private=False)
        assert SavedView.objects.count() == 3

    def test_a_name_is_there_once(self, author):
        save(author)
        with pytest.raises(NameTaken, match="“Reds” already"):
            save(author)

    @pytest.mark.parametrize(
        ("name", "query", "said"),
        [
            ("", "red", "Name must have 1 to 40 characters, not 0"),
            ("x" * 41, "red", "not 41"),
            ("Reds", "seed:abc", "seed takes one whole number"),
            ("Reds", "status:running " + "x" * 485, "at most 500"),
        ],
    )
    def test_what_can_not_be_kept_is_refused(self, author, name, query, said):
        with pytest.raises(InvalidView, match=said):
            save(author, name, query)

    def test_there_is_an_end(self, author, monkeypatch):
        monkeypatch.setattr(saved_views, "MOST", 2)
        save(author, "A")
        save(author, "B")
        with pytest.raises(InvalidView, match="2 saved searches already"):
            save(author, "C")

    def test_reviewers_keep_none_for_the_team(self, author):
        reviewer = make_member(Role.REVIEWER, team=author.team)
        with pytest.raises(NotAllowed):
            save(reviewer, is_private=False)

    def test_nobody_keeps_one_in_another_team(self, author):
        stranger = make_member()
        with pytest.raises(NotAllowed):
            saved_views.add(
                stranger, author.team.projects.get(), name="A", query="a", sort="", is_private=True
            )


class TestChange:
    def test_renamed(self, author):
        view = save(author)
        saved_views.rename(author, view, name="Blues")
        assert SavedView.objects.get().name == "Blues"

    def test_not_to_the_name_of_another_one(self, author):
        save(author, "Blues")
        view = save(author)
        with pytest.raises(NameTaken):
            saved_views.rename(author, view, name="Blues")

    def test_removed_and_back_with_its_author(self, author):
        admin = make_member(Role.ADMIN, team=author.team)
        view = save(author, is_private=False, sort="rated")
        kept = saved_views.remove(admin, view)
        assert not SavedView.objects.exists()
        back = saved_views.bring_back(admin, author.team.projects.get(), kept)
        assert (back.name, back.query, back.sort) == ("Reds", "red", "rated")
        assert (back.author, back.is_private) == (author, False)

    def test_only_its_author_or_an_admin(self, author):
        view = save(author, is_private=False)
        other = make_member(team=author.team)
        for act in (lambda: saved_views.remove(other, view),
                    lambda: saved_views.rename(other, view, name="X")):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()

    def test_a_private_one_is_not_even_an_admins(self, author):
        view = save(author)
        with pytest.raises(NotAllowed):
            saved_views.remove(make_member(Role.ADMIN, team=author.team), view)
