"""Presets: named once per team and kind, and only with values that the setting can have."""

import pytest

from studio.core.errors import InvalidPreset, NameTaken, NotAllowed
from studio.models import Preset
from studio.services import presets
from tests.factories import make_member

pytestmark = pytest.mark.django_db
PUSH = {"zoom": -6.0}


def names(team, kind="camera"):
    return [preset.name for preset in presets.of_team(team, kind)]


class TestAdd:
    def test_a_move_and_a_text_are_kept_for_the_team_by_name(self):
        author = make_member()
        presets.add(author, kind="camera", name="  Slow   push ", value=PUSH)
        presets.add(author, kind="camera", name="Arc", value={"horizontal": 2, "pan": -1.5})
        presets.add(author, kind="leave_out", name="Arc", value=" text, watermark ")
        assert names(author.team) == ["Arc", "Slow push"]
        text, = presets.of_team(author.team, "leave_out")  # fmt: skip
        assert (text.value, text.author) == ("text, watermark", author)
        assert names(make_member().team) == []

    @pytest.mark.parametrize(
        ("kind", "value", "said"),
        [
            ("camera", {}, "at least one axis"),
            ("camera", None, "at least one axis"),
            ("camera", {"pan": 11}, "pan must be from -10 to 10"),
            ("camera", {"pan": "far"}, "pan must be from -10 to 10"),
            ("camera", {"pan": float("nan")}, "pan must be from -10 to 10"),
            ("camera", {"spin": 1}, "no axis “spin”"),
            ("camera", [1], "Camera takes horizontal"),
            ("leave_out", "  ", "nothing to save yet"),
            ("leave_out", "x" * 2501, "2,501 characters"),
            ("leave_out", "a\0b", "a character that is no text"),
        ],
    )
    def test_a_value_that_the_setting_can_not_have_is_refused(self, kind, value, said):
        with pytest.raises(InvalidPreset, match=said):
            presets.add(make_member(), kind=kind, name="Push", value=value)

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("", "Name is needed: 1 to 40 characters."),
            (" \t", "Name is needed: 1 to 40 characters."),
            ("x" * 41, "Name is 41 characters long; it may have 1 to 40 characters."),
            ("a\0b", "a character that is no text"),
        ],
    )
    def test_a_name_has_1_to_40_characters(self, name, said):
        author = make_member()
        with pytest.raises(InvalidPreset, match=said):
            presets.add(author, kind="camera", name=name, value=PUSH)
        row = presets.add(author, kind="camera", name="x" * 40, value=PUSH)
        with pytest.raises(InvalidPreset, match=said):
            presets.rename(author, row, name=name)

    def test_a_name_counts_once_in_a_team_and_kind(self):
        author = make_member()
        presets.add(author, kind="camera", name="Push", value=PUSH)
        with pytest.raises(NameTaken, match="“Push” already; choose another name"):
            presets.add(make_member(team=author.team), kind="camera", name="Push ", value=PUSH)
        presets.add(make_member(), kind="camera", name="Push", value=PUSH)

    def test_there_are_at_most_100_of_a_kind(self):
        author = make_member()
        Preset.objects.bulk_create(
            Preset(team=author.team, kind="camera", name=f"{n}", value=PUSH, author=author)
            for n in range(100)
        )
        with pytest.raises(InvalidPreset, match="has 100 of these already; remove one first"):
            presets.add(author, kind="camera", name="Push", value=PUSH)
        presets.add(author, kind="leave_out", name="Push", value="text")
        presets.remove(author, presets.of_team(author.team, "camera")[0])
        presets.add(author, kind="camera", name="Push", value=PUSH)

    def test_reviewers_may_not(self):
        with pytest.raises(NotAllowed):
            presets.add(make_member("reviewer"), kind="camera", name="Push", value=PUSH)


class TestChange:
    @pytest.fixture
    def row(self, db):
        return presets.add(make_member(), kind="camera", name="Push", value=PUSH)

    def test_the_author_and_an_admin_rename_and_remove(self, row):
        presets.rename(row.author, row, name="Slow push")
        assert names(row.team) == ["Slow push"]
        presets.remove(make_member("admin", team=row.team), row)
        assert names(row.team) == []

    def test_others_may_not(self, row):
        for other in (make_member(team=row.team), make_member("admin")):
            with pytest.raises(NotAllowed):
                presets.rename(other, row, name="Mine")
            with pytest.raises(NotAllowed):
                presets.remove(other, row)
        assert names(row.team) == ["Push"]

    def test_a_taken_name_is_said(self, row):
        presets.add(row.author, kind="camera", name="Arc", value=PUSH)
        with pytest.raises(NameTaken, match="“Arc” already"):
            presets.rename(row.author, row, name="Arc")
