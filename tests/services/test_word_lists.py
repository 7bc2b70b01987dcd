"""Word lists: what a team may keep, and which templates name a list."""

import pytest

from studio.core.errors import InvalidWordList, NameTaken, NotAllowed
from studio.models import Role, Template, TemplateVersion, WordList
from studio.services import word_lists
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_member()


def save(member, name="weather", words="rain\nsnow", **more):
    return word_lists.save(member, name=name, words=words, **more)


class TestSave:
    def test_keeps_name_and_words_as_they_stand_in_braces(self, author):
        row = save(author, name="  Bad   Weather ", words="rain, snow, rain")
        assert (row.name, row.words) == ("bad weather", ["rain", "snow"])

    def test_changes_both(self, author):
        row = save(author)
        other = make_member(team=author.team)
        save(other, name="sky", words="fog\nsun", changed=row)
        row.refresh_from_db()
        assert (row.name, row.words, row.author) == ("sky", ["fog", "sun"], other)

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"name": ""}, "Name must have 1 to 40 characters, not 0"),
            ({"name": "a" * 41}, "not 41"),
            ({"name": "a{b"}, "Name can not have “{” in it"),
            ({"words": " \n "}, "Words must be 1 to 1,000, one on each line, not 0"),
            ({"words": "\n".join(map(str, range(1001)))}, "not 1,001"),
            ({"words": "x\n" + "a" * 201}, "at most 200 characters, not 201"),
        ],
    )
    def test_refuses_with_one_sentence(self, author, values, said):
        with pytest.raises(InvalidWordList) as error:
            save(author, **values)
        assert said in error.value.message
        assert not WordList.objects.exists()

    def test_the_most_it_may_hold(self, author):
        words = [f"{number:04}".ljust(200, "x") for number in range(1000)]
        assert save(author, words="\n".join(words)).words == words

    def test_a_name_that_is_taken(self, author):
        save(author)
        with pytest.raises(NameTaken, match="weather"):
            save(author, name="Weather")

    def test_a_team_has_at_most_200(self, author):
        WordList.objects.bulk_create(
            WordList(team=author.team, name=str(number), words=["x"], author=author)
            for number in range(200)
        )
        with pytest.raises(InvalidWordList, match="200 lists already"):
            save(author)

    def test_reviewers_and_strangers_may_not(self, author):
        row = save(author)
        with pytest.raises(NotAllowed):
            save(make_member(Role.REVIEWER, team=author.team))
        with pytest.raises(NotAllowed):
            save(make_member(), changed=row)
        with pytest.raises(NotAllowed):
            word_lists.remove(make_member(), row)


class TestUses:
    def test_names_the_templates_that_say_it_now(self, author):
        other = make_member(team=author.team)
        for name, owner, private, texts in [
            ("Opening", author, False, ["{{Weather}}, {broken", "in {{ weather }}"]),
            ("Old", author, False, ["{{weather}}", "nothing"]),
            ("Mine", author, True, ["{{weather}}"]),
            ("Theirs", other, True, ["{{weather}}"]),
        ]:
            template = Template.objects.create(
                team=author.team, author=owner, name=name, is_private=private
            )
            for number, text in enumerate(texts, 1):
                TemplateVersion.objects.create(
                    template=template, number=number, text=text, author=owner
                )
        found = word_lists.uses(author)["weather"]
        assert [template.name for template in found] == ["Mine", "Opening"]
