"""Tags on clips."""

import pytest

from studio.core.errors import InvalidTag, NotAllowed
from studio.core.search import read
from studio.models import Role, Tag
from studio.reports.search import Search
from studio.services import tags
from tests.factories import make_clip, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_member()


class TestMark:
    def test_one_word_however_it_is_written(self, author):
        one, other = make_clip(author), make_clip(author)
        tags.mark(author, [one], name="#Night  shot ")
        marked = tags.mark(author, [one, other], name="NIGHT SHOT")
        assert marked.name == "Night shot"
        assert marked.clips == [other.pk]
        assert Tag.objects.get().name == "Night shot"

    def test_letters_beyond_ascii_have_no_case_either(self, author):
        clip = make_clip(author)
        tags.mark(author, [clip], name="Ängste")
        assert tags.mark(author, [clip], name="ÄNGSTE").clips == []
        assert Tag.objects.count() == 1

    @pytest.mark.parametrize("name", ["", "#", "x" * 41, "a,b", 'a"b', "by:ana", "a#b"])
    def test_word_that_can_not_be(self, author, name):
        with pytest.raises(InvalidTag, match="1 to 40 characters"):
            tags.mark(author, [make_clip(author)], name=name)

    def test_so_many_and_no_more(self, author, monkeypatch):
        monkeypatch.setattr(tags, "MOST", 1)
        clip = make_clip(author)
        tags.mark(author, [clip], name="one")
        tags.mark(author, [clip], name="ONE")
        with pytest.raises(InvalidTag, match="There are 1 tags"):
            tags.mark(author, [clip], name="two")

    def test_the_clips_are_found_by_it_at_once(self, author):
        one, other = make_clip(author), make_clip(author)
        tags.mark(author, [one, other], name="Night")
        tags.unmark(author, [other], name="night")
        query = Search(read("tag:night"), member=author, project=one.project)
        assert list(query.clips) == [one]

    def test_each_team_has_its_own_words(self, author):
        other = make_member()
        tags.mark(author, [make_clip(author)], name="night")
        tags.mark(other, [make_clip(other)], name="Night")
        assert Tag.objects.count() == 2

    def test_reviewers_and_strangers_may_not(self, author):
        clip = make_clip(author)
        for other in (make_member(Role.REVIEWER, team=author.team), make_member(Role.ADMIN)):
            with pytest.raises(NotAllowed):
                tags.mark(other, [clip], name="night")


class TestUnmark:
    def test_a_word_that_marks_nothing_is_gone(self, author):
        one, other = make_clip(author), make_clip(author)
        tags.mark(author, [one, other], name="night")
        assert tags.unmark(author, [one], name="Night").clips == [one.pk]
        assert Tag.objects.get().clips.get() == other
        tags.unmark(author, [other], name="night")
        assert not Tag.objects.exists()

    def test_word_that_nobody_has_changes_nothing(self, author):
        assert tags.unmark(author, [make_clip(author)], name="night").clips == []


class TestUsed:
    def test_every_word_with_how_many_of_these_have_it(self, author, django_assert_num_queries):
        one, other = make_clip(author), make_clip(author)
        tags.mark(author, [one, other], name="night")
        tags.mark(author, [one], name="door")
        with django_assert_num_queries(1):
            used = tags.used(author.team, [other])
        assert [(row.name, row.count) for row in used] == [("door", 0), ("night", 1)]
