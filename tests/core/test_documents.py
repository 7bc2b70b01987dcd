import pytest

from studio.core import documents

BROKEN = [
    ('{"a": 1,}', "a name in double quotes is missing at line 1, column 9"),
    ("{a: 1}", "a name in double quotes is missing at line 1, column 2"),
    ("[1, 2", "a comma or a closing bracket is missing at line 1, column 6"),
    ('{"a": 1\n "b": 2}', "a comma or a closing bracket is missing at line 2, column 2"),
    ('{"a" 1}', "a colon is missing at line 1, column 6"),
    ('{"a": "x}', "a text without its closing quote begins at line 1, column 7"),
    ('{"a": 1} and more', "there is more after its end at line 1, column 10"),
    ('{"a": 1, "a": 2}', "“a” is there twice"),
    ('{"a": NaN}', "NaN is no number"),
    ('{"a": ' + "9" * 5000 + "}", "has too many digits"),
    ("[" * 100_000, "it is nested too deeply"),
    ("[" + "1," * 600_000 + "1]", "is longer than 1,000,000 characters"),
    ('{"a": \x01}', "a value is missing at line 1, column 7"),
]  # fmt: skip


class TestRead:
    @pytest.mark.parametrize(("text", "said"), BROKEN, ids=lambda text: text[:20])
    def test_what_is_no_json_gets_the_place_where_it_breaks(self, text, said):
        with pytest.raises(ValueError, match=r"^(can not be read as JSON|is longer)") as raised:
            documents.read(text)
        assert said in str(raised.value)

    @pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True]}, [], "text", {"ü": {"b": {}}}])
    def test_what_was_written_is_read(self, value):
        assert documents.read(documents.write(value)) == value


class TestPairs:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("joint_speed_rad = 0.05", {"joint_speed_rad": 0.05}),
            ("a = 1\n\n b=two words \nc = true", {"a": 1, "b": "two words", "c": True}),
            ('{"a": 1}', {"a": 1}),
            ("a = x = 2", {"a": "x = 2"}),
        ],
    )
    def test_lines_or_json_are_an_object(self, text, value):
        assert documents.read_pairs(text) == value

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a = 1\nfast", "has “fast” in line 2, which is not NAME = VALUE."),
            ("= 1", "“= 1” in line 1"),
            ("a =", "“a =” in line 1"),
            ("a = 1\na = 2", "“a” is there twice"),
            ('{"a": }', "a value is missing at line 1, column 7"),
        ],
    )
    def test_what_is_neither_is_named(self, text, said):
        with pytest.raises(ValueError, match=r".") as raised:
            documents.read_pairs(text)
        assert said in str(raised.value)

    @pytest.mark.parametrize(
        ("value", "lines"),
        [
            ({"speed": 0.05, "name": "arm", "on": True}, "speed = 0.05\nname = arm\non = true"),
            ({"text": "12"}, '{\n  "text": "12"\n}'),
            ({"a": {"b": 1}}, 'a = {"b": 1}'),
            ({"a\nb": 1}, '{\n  "a\\nb": 1\n}'),
            ({}, ""),
        ],
    )
    def test_lines_are_written_only_where_they_say_the_same(self, value, lines):
        written = documents.write_pairs(value)
        assert written == lines
        assert documents.read_pairs(written) == value
