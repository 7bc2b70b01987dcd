"""Templates: versions, names, who may, placeholders, and settings that a model does not know."""

import pytest

from studio.core.errors import InvalidTemplate, NameTaken, NotAllowed
from studio.models import Template, TemplateVersion, WordList
from studio.providers.registry import all_providers
from studio.services import templates
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_member(name="Ana")


def save(member, name="Door", text="A {{thing}} in the {{weather}}.", *, private=False, **settings):
    return templates.save(member, name=name, text=text, settings=settings, is_private=private)


def names(member, words=""):
    return [version.template.name for version in templates.newest(member, words)]


class TestVersions:
    def test_each_save_is_one_and_older_ones_come_back(self, author):
        first = save(author, duration=5)
        templates.add_version(author, first.template, text="Two.", settings={})
        third = templates.restore(author, first)
        assert (third.number, third.text, third.settings) == (3, first.text, {"duration": 5})
        assert [row.number for row in templates.newest(author)] == [3]

    @pytest.mark.parametrize(
        ("changes", "field", "said"),
        [
            ({"name": " "}, "name", "Name is needed: 1 to 60 characters."),
            ({"name": "n" * 61}, "name", "Name is 61 characters long"),
            ({"text": " \n"}, "text", "Text is needed"),
            ({"text": "t" * 10_001}, "text", "Text is 10,001 characters long"),
            ({"text": "{{ }}"}, "text", "has no name"),
            ({"spin": 1}, "settings", "No model has a setting “spin”."),
            ({"duration": 99}, "settings", "Duration must be"),
            ({"prompt": "x"}, "settings", "No model has a setting “prompt”."),
        ],
    )
    def test_what_none_can_have(self, author, changes, field, said):
        with pytest.raises(InvalidTemplate) as refused:
            save(author, **changes)
        assert [(p.field, said in p.message) for p in refused.value.problems] == [(field, True)]
        assert not Template.objects.exists()


class TestNames:
    def test_once_in_the_team_and_once_for_each_author(self, author):
        save(author)
        save(author, private=True)
        save(make_member(team=author.team), private=True)
        for private in (False, True):
            with pytest.raises(NameTaken, match="“Door”"):
                save(author, private=private)

    def test_rename_and_share(self, author):
        row = save(author, private=True).template
        templates.change(author, row, name=" Gate \n two ", is_private=False)
        row.refresh_from_db()
        assert (row.name, row.is_private) == ("Gate two", False)
        save(author, name="Other")
        with pytest.raises(NameTaken):
            templates.change(author, row, name="Other", is_private=False)

    def test_only_the_author_hides_it_again(self, author):
        row = save(author).template
        admin = make_member("admin", team=author.team)
        with pytest.raises(InvalidTemplate, match="Only Ana can make this template private"):
            templates.change(admin, row, name="Door", is_private=True)
        templates.change(author, row, name="Door", is_private=True)
        assert names(admin) == []

    def test_at_most_so_many(self, author, monkeypatch):
        monkeypatch.setattr(templates, "MOST", 1)
        save(author)
        with pytest.raises(InvalidTemplate, match="remove one first"):
            save(author, name="Gate")


class TestRemove:
    def test_comes_back_unless_its_name_was_taken(self, author):
        row = save(author).template
        templates.remove(author, row)
        assert names(author) == []
        templates.bring_back(author, row)
        assert names(author) == ["Door"]
        templates.remove(author, row)
        save(author)
        with pytest.raises(NameTaken):
            templates.bring_back(author, row)

    def test_others_may_not(self, author):
        version = save(author)
        other = make_member(team=author.team)
        row = version.template
        acts = (
            lambda: templates.remove(other, row),
            lambda: templates.bring_back(other, row),
            lambda: templates.restore(other, version),
            lambda: templates.change(other, row, name="Mine", is_private=False),
            lambda: templates.add_version(other, row, text="Mine.", settings={}),
            lambda: save(make_member("reviewer", team=author.team)),
        )
        for act in acts:
            with pytest.raises(NotAllowed):
                act()
        assert TemplateVersion.objects.count() == 1


class TestSearch:
    def test_in_names_and_texts(self, author):
        save(author)
        save(author, name="Gate", text="An iron gate.")
        assert names(author) == ["Door", "Gate"]
        assert names(author, "iron GATE") == ["Gate"]
        assert names(author, "wall") == []

    def test_the_newest_text_counts(self, author):
        row = save(author).template
        templates.add_version(author, row, text="An iron gate.", settings={})
        assert names(author, "weather") == []


class TestFilled:
    def test_values_and_a_list_that_stays(self, author):
        version = save(author)
        WordList.objects.create(team=author.team, name="weather", words=["fog"], author=author)
        lists = templates.word_lists(author.team, ["thing", "weather"])
        assert lists == {"weather": ["fog"]}
        found = templates.filled(version, {"thing": "fox"}, lists)
        assert found == "A fox in the {{weather}}."
        found = templates.filled(version, {"thing": "fox", "weather": "fog"}, lists)
        assert found == "A fox in the fog."

    def test_every_missing_and_unknown_one_is_named(self, author):
        version = save(author)
        with pytest.raises(InvalidTemplate) as refused:
            templates.filled(version, {"thing": " ", "wether": "fog"}, {})
        said = {problem.field: problem.message for problem in refused.value.problems}
        assert said == {
            "wether": "This template has no placeholder “wether”; it has thing, weather.",
            "thing": "“thing” is needed: say what stands in its place.",
            "weather": "“weather” is needed: say what stands in its place.",
        }

    def test_lists_of_other_teams_are_none(self, author):
        other = make_member()
        WordList.objects.create(team=other.team, name="weather", words=["fog"], author=other)
        assert templates.word_lists(author.team, ["weather"]) == {}


def test_settings_that_the_model_does_not_know_are_told():
    (able,) = all_providers()["animatic"].capabilities
    wanted = {"duration": 5, "negative_prompt": "text", "quality": 101}
    taken, left = templates.fitting(able, wanted)
    assert taken == {"duration": 5}
    assert "has no setting “Negative prompt”: it was left out." in left[0]
    assert "Quality must be" in left[1]
