"""What stands in braces."""

import pytest

from studio.core import placeholders


class TestNames:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("A {{thing}} in {{ the weather }}, {{thing}}.", ("thing", "the weather")),
            ("{dawn|dusk} {a|{b|c}}", ()),
            ("{{{weather}}|dusk}", ("weather",)),
            (r"\{{no}} \{\{no\}\}", ()),
            ("{{a|b}} {{}}", ()),
            ("{{天気}}", ("天気",)),
        ],
    )
    def test_names(self, text, expected):
        assert placeholders.names(text) == expected

    def test_filled_once_and_as_plain_text(self):
        values = {"thing": r"\1 {{weather}}", "weather": "fog"}
        found = placeholders.filled("A {{thing}} in {{ weather }}, {{other}}.", values)
        assert found == r"A \1 {{weather}} in fog, {{other}}."

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{{ }}", "has no name"),
            ("{{%s}}" % ("a" * 41), "at most 40 characters"),
            ("".join(f"{{{{p{n}}}}}" for n in range(21)), "at most 20 placeholders, not 21"),
            ("{{weather}}", ""),
        ],
    )
    def test_problems(self, text, said):
        found = placeholders.problem(text)
        assert said in found
        assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {b {c}|d} {{x}}", ["{b {c}|d}", "{{x}}"]),
        (r"\{ \| \}", [r"\{", r"\|", r"\}"]),
        (r"{a\}b}", [r"{a\}b}"]),
        ("} {z", ["}", "{z"]),
        ("none", []),
    ],
)
def test_groups(text, expected):
    assert sorted(placeholders.groups(text).elements()) == sorted(expected)
