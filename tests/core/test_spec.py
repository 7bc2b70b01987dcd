import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import Problem
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param

PROMPT = Param(name="prompt", label="Prompt", kind=Kind.TEXT, high=20, required=True)
TEXT = Param(name="note", label="Note", kind=Kind.TEXT)
SECONDS = Param(
    name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=10, required=True, unit="s"
)
RATIO = Param(
    name="aspect", label="Ratio", kind=Kind.CHOICE, choices=("16:9", "1:1"), default="1:1"
)
SIZE = Param(name="size", label="Size", kind=Kind.CHOICE, choices=(1, 5))
WEIGHT = Param(name="weight", label="Weight", kind=Kind.NUMBER, low=0, high=1)
ANY = Param(name="any", label="Any", kind=Kind.NUMBER)
LEAST = Param(name="least", label="Least", kind=Kind.WHOLE, low=3)
MOST = Param(name="most", label="Most", kind=Kind.WHOLE, high=3)
SEED = Param(name="seed", label="Seed", kind=Kind.SEED, low=0, high=2**31 - 1)
LOOP = Param(name="loop", label="Loop", kind=Kind.FLAG)
CAMERA = Param(name="camera", label="Camera", kind=Kind.CAMERA)
ONE_AXIS = Param(name="camera", label="Camera", kind=Kind.CAMERA, high=1)
TWO_AXES = Param(name="camera", label="Camera", kind=Kind.CAMERA, high=2)
AXES = "horizontal, vertical, pan, tilt, zoom, roll, each from -10 to 10"

BAD = [
    (PROMPT, None, "Prompt is needed: at most 20 characters."),
    (PROMPT, "", "Prompt is needed: at most 20 characters."),
    (PROMPT, " \n\t", "Prompt is needed: at most 20 characters."),
    (PROMPT, "x" * 21, "Prompt is 21 characters long; it may have at most 20 characters."),
    (PROMPT, 7, "Prompt must be text."),
    (PROMPT, "a\0b", "Prompt has a character that is no text"),
    (PROMPT, "a\ud800b", "Prompt has a character that is no text"),
    (TEXT, "\udcff", "Note has a character that is no text; it may have any text."),
    (SECONDS, 0, "Duration must be 1 to 10 s, not “0”."),
    (SECONDS, 11, "Duration must be 1 to 10 s, not “11”."),
    (SECONDS, 5.0, "Duration must be 1 to 10 s, not “5.0”."),
    (SECONDS, "5", "Duration must be 1 to 10 s, not “5”."),
    (SECONDS, True, "Duration must be 1 to 10 s, not “True”."),
    (SECONDS, 10**400, "Duration must be 1 to 10 s, not “1000000"),
    (SECONDS, [5], "Duration must be 1 to 10 s, not “[5]”."),
    (RATIO, "4:3", "Ratio must be 16:9 or 1:1, not “4:3”."),
    (RATIO, "😀" * 99, "…”."),
    (RATIO, {"a": 1}, "Ratio must be 16:9 or 1:1"),
    (RATIO, "\ud800", "Ratio must be 16:9 or 1:1, not “?”."),
    (SIZE, True, "Size must be 1 or 5, not “True”."),
    (SIZE, 1.0, "Size must be 1 or 5, not “1.0”."),
    (WEIGHT, math.nan, "Weight must be 0 to 1, not “nan”."),
    (WEIGHT, float("1e400"), "Weight must be 0 to 1, not “inf”."),
    (WEIGHT, -(10**400), "Weight must be 0 to 1"),
    (WEIGHT, False, "Weight must be 0 to 1, not “False”."),
    (ANY, math.inf, "Any must be a number, not “inf”."),
    (ANY, math.nan, "Any must be a number, not “nan”."),
    (LEAST, 2, "Least must be at least 3, not “2”."),
    (MOST, 4, "Most must be at most 3, not “4”."),
    (SEED, -1, "Seed must be 0 to 2147483647, not “-1”."),
    (SEED, 2**31, "Seed must be 0 to 2147483647, not “2147483648”."),
    (LOOP, 1, "Loop must be yes or no, not “1”."),
    (LOOP, "yes", "Loop must be yes or no, not “yes”."),
    (CAMERA, "pan=1", f"Camera takes {AXES}."),
    (CAMERA, {"spin": 1}, f"Camera has no axis “spin”; it takes {AXES}."),
    (CAMERA, {"pan": 11}, "Camera: pan must be from -10 to 10, not “11”."),
    (CAMERA, {"pan": True}, "Camera: pan must be from -10 to 10, not “True”."),
    (CAMERA, {"pan": math.nan}, "Camera: pan must be from -10 to 10, not “nan”."),
    (
        ONE_AXIS,
        {"zoom": 1, "pan": 2, "roll": 0},
        "Camera moves on one axis at a time, not on pan and zoom; set the others to 0.",
    ),
    (
        TWO_AXES,
        {"zoom": 1, "pan": 2, "roll": -1},
        "Camera moves on 2 axes at a time, not on pan, zoom and roll; set the others to 0.",
    ),
    (CAMERA, {"pan": None}, "Camera: pan must be from -10 to 10, not “None”."),
]
GOOD = [
    (PROMPT, "x" * 20),
    (PROMPT, "日本語 😀 e\u0301"),
    (SECONDS, 1),
    (SECONDS, 10),
    (RATIO, "16:9"),
    (RATIO, None),
    (RATIO, ""),
    (SIZE, 5),
    (WEIGHT, 0.5),
    (WEIGHT, 1),
    (ANY, -1e300),
    (LEAST, 3),
    (MOST, -5),
    (SEED, 2**31 - 1),
    (LOOP, False),
    (CAMERA, {}),
    (CAMERA, {"pan": -10, "zoom": 10.0}),
    (ONE_AXIS, {"pan": -10, "zoom": 0}),
    (TWO_AXES, {"pan": -10, "zoom": 1}),
]


class TestProblem:
    @pytest.mark.parametrize(("param", "value", "said"), BAD, ids=range(len(BAD)))
    def test_bad_value_gets_one_sentence_with_field_and_allowed_values(self, param, value, said):
        sentence = param.problem(value)
        assert said in sentence
        assert "\n" not in sentence
        assert sentence.encode()

    def test_a_number_of_thousands_of_digits(self):
        said = "Duration must be 1 to 10 s, not “a very long number”."
        assert SECONDS.problem(10**5000) == said

    @pytest.mark.parametrize(("param", "value"), GOOD, ids=range(len(GOOD)))
    def test_allowed_value_has_none(self, param, value):
        assert param.problem(value) is None

    @given(
        st.sampled_from([PROMPT, SECONDS, RATIO, WEIGHT, SEED, LOOP, CAMERA]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ),
    )
    def test_no_json_value_is_too_strange(self, param, value):
        sentence = param.problem(value)
        assert sentence is None or sentence.startswith(param.label)

    def test_a_single_choice(self):
        one = Param(name="a", label="A", kind=Kind.CHOICE, choices=("b",))
        assert one.problem("c") == "A must be b, not “c”."

    def test_whole_number_without_ends(self):
        assert Param(name="a", label="A", kind=Kind.WHOLE).allowed == "a whole number"


def forbid_cats(order):
    return Problem("prompt", "No cats.") if "cat" in order.prompt else None


ABLE = Capability(
    provider="p", model="m", label="Model", params=(PROMPT, SECONDS, RATIO), rules=(forbid_cats,)
)
KIND_OF_MOVE = Param(
    name="move", label="Move", kind=Kind.CHOICE, choices=("simple", "by axes", "down_back")
)
MOVES = Capability(
    provider="p", model="c", label="Moves", params=(
        Param(name="camera", label="Camera", kind=Kind.CAMERA,
              beside={"move": ("simple", "by axes"), "gone": ("a",)}),
        KIND_OF_MOVE,
    ),
)  # fmt: skip
FRAMES = Capability(
    provider="p", model="f", label="Frames", params=(PROMPT,), first_frame=True, last_frame=True
)


def order(prompt="A dog", **changes):
    settings = {"duration": 5, **changes.pop("settings", {})}
    return Order(provider="p", model="m", prompt=prompt, settings=settings, **changes)


class TestCapability:
    def test_good_order_has_no_problems(self):
        assert ABLE.problems(order()) == []

    def test_every_problem_is_found_at_once(self):
        found = ABLE.problems(order(" ", settings={"duration": 0, "aspect": "x", "speed": 3}))
        assert [problem.field for problem in found] == ["prompt", "duration", "aspect", "speed"]
        assert found[-1].message == "Model has no setting “speed”."

    def test_a_prompt_among_the_settings_is_not_dropped_in_silence(self):
        found = ABLE.problems(order(settings={"prompt": "another"}))
        assert found == [Problem("prompt", "Model has no setting “prompt”.")]

    def test_rules_between_values(self):
        assert ABLE.problems(order("A cat")) == [Problem("prompt", "No cats.")]

    @pytest.mark.parametrize(
        ("able", "frames", "fields"),
        [
            (ABLE, {"first_frame": 1}, ["first_frame"]),
            (ABLE, {"first_frame": 1, "last_frame": 2}, ["first_frame", "last_frame"]),
            (FRAMES, {"first_frame": 1}, []),
            (FRAMES, {"first_frame": 1, "last_frame": 2}, []),
            (FRAMES, {"last_frame": 2}, ["last_frame"]),
        ],
    )
    def test_frames(self, able, frames, fields):
        wanted = Order(
            provider="p", model="m", prompt="A dog",
            settings={"duration": 5} if able is ABLE else {}, **frames,
        )  # fmt: skip
        assert [problem.field for problem in able.problems(wanted)] == fields

    def test_settings_are_all_but_the_prompt(self):
        assert ABLE.settings == (SECONDS, RATIO)
        assert ABLE.defaults() == {"aspect": "1:1"}


class TestBeside:
    @pytest.mark.parametrize(
        "chosen",
        [
            {},
            {"camera": {"pan": 1}},
            {"camera": {"pan": 1}, "move": ""},
            {"camera": {"pan": 1}, "move": "simple"},
            {"camera": {}, "move": "down_back"},
            {"move": "down_back"},
        ],
    )
    def test_what_goes_together_is_sent(self, chosen):
        assert MOVES.problems(Order(provider="p", model="c", prompt="", settings=chosen)) == []

    def test_what_does_not_is_told_at_the_one_that_is_choosy(self):
        settings = {"camera": {"pan": 1}, "move": "down_back"}
        found = MOVES.problems(Order(provider="p", model="c", prompt="", settings=settings))
        assert found == [
            Problem(
                "camera",
                "Camera can not be set beside Move “down_back”: choose simple or by axes there, "
                "or clear Camera.",
            )
        ]
