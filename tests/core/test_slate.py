"""Slates: what is written comes back, and what is no slate is refused without harm."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.slate import MADE_WITH, MOST_BYTES, NoSlate, Slate

DIGEST = "ab" * 32
SLATE = Slate(
    provider="animatic", model="animatic-1", prompt="Red <door> & “snow”. ☃", written="{a|b}",
    settings={"duration": 5, "camera": {"zoom": -3.5}, "motion": [{"at": None}]}, seed=0,
    files={"first_frame": DIGEST}, continues=DIGEST, frame=0, source=DIGEST, project="Spot",
    number=2,
)  # fmt: skip


def changed(**values):
    return json.dumps({**json.loads(SLATE.text()), **values})


class TestWritten:
    def test_comes_back_as_it_was(self):
        assert Slate.read(SLATE.text()) == SLATE

    def test_a_joined_film_has_all_its_slates(self):
        film = replace(SLATE, joins=(SLATE, replace(SLATE, prompt="Two")))
        assert Slate.read(film.text()) == film

    @given(st.text(), st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
    def test_any_text_comes_back_as_pages_can_show_it(self, prompt, settings):
        settings.pop("\0", None)
        slate = replace(SLATE, prompt=prompt, settings=settings)
        again = Slate.read(slate.text())
        assert again.prompt == prompt.replace("\0", "�")
        assert again.settings == settings

    def test_too_much_is_not_written(self):
        with pytest.raises(NoSlate):
            replace(SLATE, settings={"motion": "x" * MOST_BYTES}).text()

    def test_the_version_is_that_of_the_project(self):
        project = (Path(__file__).parents[2] / "pyproject.toml").read_text()
        assert f'version = "{MADE_WITH.removeprefix("Dailies ")}"' in project


class TestStrangers:
    def test_names_that_nobody_knows_are_left_alone(self):
        assert Slate.read(changed(later="x", files={"first_frame": DIGEST, "lut": 3})) == SLATE

    @pytest.mark.parametrize(
        "text",
        [
            "", "null", "[]", "{}", "not json", '{"dailies": 1}', "[" * 100_000, "{" * 9, "NaN",
            changed(dailies=2), changed(dailies=None), changed(prompt=3), changed(settings=[]),
            changed(seed=True), changed(seed=1.5), changed(seed=2**70), changed(frame=-1),
            changed(files={"first_frame": "../../etc"}), changed(continues="ab"),
            changed(joins=[1]), changed(joins={}), changed(joins=[{"prompt": "x"}]),
            changed(joins=[json.loads(SLATE.text())] * 101), changed(later="x" * MOST_BYTES),
            '{"dailies":1,"prompt":"a","prompt":"b","provider":"x","model":"y"}',
        ],
    )  # fmt: skip
    def test_what_is_no_slate_is_refused(self, text):
        with pytest.raises(NoSlate):
            Slate.read(text)
