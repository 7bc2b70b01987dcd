"""Wildcards: what a prompt stands for, in order, counted without building it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import wildcards
from studio.core.errors import InvalidOrder
from studio.core.wildcards import count, escaped, longest, named, parse, pieces, resolve, some

WORDS = {"weather": ["rain", "snow", "fog"], "lens": ["35 mm"], "empty": []}
SIGNS = st.text(alphabet="{|}\\ab \n", max_size=30)
PLAIN = st.text(alphabet="abc ,.|\n", max_size=12)
NAMES = st.sampled_from(["weather", "lens"])


def _choice(inner):
    return st.lists(inner, min_size=2, max_size=3).map(lambda options: f"{{{'|'.join(options)}}}")


NO_BAR = st.text(alphabet="abc ,.", max_size=8)
PROMPTS = st.lists(
    st.one_of(PLAIN, NAMES.map(lambda name: f"{{{{{name}}}}}"), st.recursive(NO_BAR, _choice, max_leaves=6)),
    max_size=3,
).map("".join)  # fmt: skip


def all_of(text):
    return list(resolve(parse(text), WORDS))


def refused(text):
    with pytest.raises(InvalidOrder) as error:
        wildcards.require(parse(text), set(WORDS), WORDS)
    (problem,) = error.value.problems
    assert problem.field == "prompt"
    return problem.message


def parsed(text):
    """Nothing for a text that is refused on purpose."""
    try:
        return parse(text)
    except InvalidOrder:
        return ()


class TestResolve:
    @pytest.mark.parametrize(
        ("text", "texts"),
        [
            ("A red door", ["A red door"]),
            ("", [""]),
            ("a | b", ["a | b"]),
            ("at {dawn|dusk}", ["at dawn", "at dusk"]),
            ("{a|b}{1|2}", ["a1", "a2", "b1", "b2"]),
            ("{a|{b|c}d|}", ["a", "bd", "cd", ""]),
            ("{{a|b}|c}", ["a", "b", "c"]),
            ("in {{weather}}", ["in rain", "in snow", "in fog"]),
            ("{{ Weather }}!", ["rain!", "snow!", "fog!"]),
            ("{in {{weather}}|dry}", ["in rain", "in snow", "in fog", "dry"]),
            ("{{{lens}}|x}", ["35 mm", "x"]),
            (r"\{a\|b\}", ["{a|b}"]),
            (r"{a\|b|c\}}", ["a|b", "c}"]),
            (r"back\slash \\", [r"back\slash \\"]),
        ],
    )
    def test_in_order_the_left_one_slowest(self, text, texts):
        assert all_of(text) == texts

    @given(PROMPTS)
    def test_as_many_as_were_counted_and_none_longer(self, text):
        parts = parse(text)
        found = all_of(text)
        assert len(found) == count(parts, WORDS)
        assert max(map(len, found)) == longest(parts, WORDS)

    @given(SIGNS)
    def test_an_escaped_text_stands_for_itself(self, text):
        assert all_of(escaped(text)) == [text]

    @given(SIGNS)
    def test_any_text_is_read_or_refused(self, text):
        parts = parsed(text)
        words = {one.name: ["x", "y"] for one in named(parts)}
        assert len(list(resolve(parts, words))) == count(parts, words)

    @given(SIGNS)
    def test_a_plain_text_is_itself(self, text):
        if wildcards.is_plain(text):
            assert all_of(text) == [text]

    def test_says_what_varies(self):
        shown = pieces(parse("a {b|c} d"), WORDS, 1)
        assert [(piece.text, piece.varies) for piece in shown] == [
            ("a ", False), ("c", True), (" d", False),
        ]  # fmt: skip

    def test_counts_what_could_never_be_built(self):
        parts = parse("{a|b}" * 5000)
        assert count(parts, {}) == 2**5000
        assert len(some(count(parts, {}), 3, seed=1)) == 3


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("a {b|c", "the { at character 3 is not closed"),
            ("{a|{b|c}", "the { at character 1 is not closed"),
            ("a } b", "the } at character 3 closes nothing"),
            ("a {dawn} b", "“{dawn}” at character 3 is no choice"),
            ("{}", "“{}” at character 1 is no choice"),
            ("{{ }}", "the braces at character 1 name no list"),
            ("a {{wether}}", "there is no list “wether” (at character 3); the team has empty, lens, weather."),
            ("{{empty}}", "the list “empty” (at character 1) has no words yet."),
            ("{" * 12 + "a|b" + "}" * 12, "at most 10 deep"),
        ],
    )  # fmt: skip
    def test_one_sentence_with_the_place(self, text, words):
        assert words in refused(text)

    def test_a_team_without_lists(self):
        with pytest.raises(InvalidOrder, match="the team has none yet"):
            wildcards.require(parse("{{x}}"), set(), {})

    def test_names_in_the_order_of_the_text(self):
        assert [one.name for one in named(parse("{{b}} {x|{{a}}}"))] == ["b", "a"]


class TestSome:
    @given(st.integers(1, 10**30), st.integers(1, 50), st.integers(0, 99))
    def test_are_different_ones_in_order_and_the_same_again(self, total, wanted, seed):
        found = some(total, wanted, seed=seed)
        assert len(found) == min(total, wanted)
        assert found == sorted(set(found))
        assert all(0 <= number < total for number in found)
        assert found == some(total, wanted, seed=seed)

    def test_another_seed_draws_others(self):
        assert some(10**6, 5, seed=1) != some(10**6, 5, seed=2)
