import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.filenames import MOST_BYTES, SEPARATORS, Names, Template, made_safe


def filled(template: str, **values: str) -> str:
    return Template.read(template).fill(values, suffix=".mp4")


class TestTemplate:
    def test_words_are_filled_in(self):
        assert filled("{clip}, take {take}", clip="Door", take="2") == "Door, take 2.mp4"

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("{foo} {clip}", r"no \{foo\}; the words are \{project\}, .* and \{n\}\."),
            ("{}", r"know no \{\}"),
            ("{clip!r}", r"know no \{clip!r\}"),
            ("../{clip}", "can not contain “/”"),
            ("a\\{clip}", r"can not contain “\\”"),
            ("{clip}\n{n}", "a control character"),
            ("{clip}\u202e{n}", "a control character"),
            ("...", "at least one word"),
            ("", "at least one word"),
            ("clip", "at least one word"),
            ("{clip", "without its pair"),
            ("{clip}}", "without its pair"),
            ("x" * 121 + "{clip}", "at most 120 characters, not 127"),
        ],
    )
    def test_a_wrong_one_says_what_is_allowed(self, text, sentence):
        with pytest.raises(ValueError, match=sentence):
            Template.read(text)

    def test_what_stands_in_a_word_is_never_a_word(self):
        assert filled("{clip} {take}", clip="{take}", take="2") == "{take} 2.mp4"

    @pytest.mark.parametrize(
        ("clip", "name"),
        [
            ("../../etc/passwd", "etc passwd.mp4"),
            ("C:\\Windows", "C Windows.mp4"),
            ("con", "_con.mp4"),
            ("Lpt9.old", "_Lpt9.old.mp4"),
            ("COM¹", "_COM¹.mp4"),
            ("console", "console.mp4"),
            ("...", "Untitled.mp4"),
            ("", "Untitled.mp4"),
            (" . a . ", "a.mp4"),
            ("-rf", "rf.mp4"),
            ("e\u0301te\u0301", "été.mp4"),
            ("gpj.\u202eexe", "gpj. exe.mp4"),
            ("a\0b\x7fc\ud800", "a b c.mp4"),
            ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧.mp4"),
        ],
    )
    def test_every_disk_takes_the_name(self, clip, name):
        assert filled("{clip}", clip=clip) == name

    def test_the_longest_word_gives_way_and_no_letter_is_halved(self):
        name = filled("{prompt} {take} {seed}", prompt="日本" * 200, take="12", seed="424242")
        assert name.endswith(("本 12 424242.mp4", "日 12 424242.mp4"))
        assert MOST_BYTES - 3 < len(name.encode()) <= MOST_BYTES

    @given(st.sampled_from(["{clip}", "{clip}.{take}", "~{prompt}. {n}"]), st.text(), st.text())
    def test_any_text_makes_a_name(self, template, one, other):
        words = dict.fromkeys(("clip", "prompt"), one) | dict.fromkeys(("take", "n"), other)
        name = filled(template, **words)
        assert len(name.encode()) <= MOST_BYTES + 1  # one underscore before a device
        assert not set(name) & {*SEPARATORS, "\0", "\n"}
        assert not name.startswith((".", "-", "~", " "))
        assert name != ".mp4"


class TestMadeSafe:
    def test_is_a_name_too(self):
        assert made_safe("a/b: c", suffix=".zip") == "a b c.zip"


class TestNames:
    def test_each_is_there_once_whatever_its_case_or_composition(self):
        names = Names()
        given = ["a.mp4", "A.mp4", "a (2).mp4", "a.mp4", "é.mp4", "e\u0301.mp4", "b.mp4", "b.webm"]
        assert [names.add(name) for name in given] == [
            "a.mp4", "A (2).mp4", "a (2) (2).mp4", "a (3).mp4", "é.mp4", "e\u0301 (2).mp4",
            "b.mp4", "b.webm",
        ]  # fmt: skip

    def test_thousands_of_the_same_take_no_time(self):
        names = Names()
        assert len({names.add("same.mp4") for _ in range(5_000)}) == 5_000
