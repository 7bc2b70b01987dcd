"""What the address of a comparison may say, and what becomes of nonsense."""

import pytest

from studio.core import comparing
from studio.core.comparing import Look, Mode


def look(frames=120, sides=2, **asked):
    return comparing.look(asked, frames=frames, sides=sides)


class TestKeys:
    @pytest.mark.parametrize(
        ("text", "found", "words"),
        [
            ("12,15", [12, 15], ""),
            (" 12 , 15,", [12, 15], ""),
            ("12,12,15", [12, 15], ""),
            ("1,2,3,4,5", [1, 2, 3, 4], "At most 4"),
            ("12,abc", [12], "“abc” is no take."),
            ("-3", [], "“-3” is no take."),
            ("²", [], "no take"),
            ("9" * 40, [], ""),
            ("", [], ""),
        ],
    )
    def test_numbers_each_once_and_at_most_four(self, text, found, words):
        keys, problems = comparing.keys(text)
        assert keys == found
        assert words in " ".join(problems)
        assert bool(problems) == bool(words)


class TestLook:
    def test_nothing_asked_is_what_is_usual(self):
        assert look() == (Look(), [])

    def test_everything_asked_is_what_is_seen(self):
        found, problems = look(
            mode="wipe", frame="83", wipe="40", mix="20", flick="b", sound="b", loop="0",
            **{"in": "10", "out": "90"},
        )  # fmt: skip
        assert found == Look(
            mode=Mode.WIPE, frame=83, wipe=40, mix=20, flick="b", sound="b", loop=False, first=10, last=90
        )  # fmt: skip
        assert problems == []

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({"mode": "zigzag"}, "mode: “zigzag” is not one of side, wipe, flick, overlay, difference or four; side is used."),
            ({"frame": "abc"}, "frame: “abc” is not a whole number from 0 to 119; 0 is used."),
            ({"frame": "1e3"}, "frame: “1e3” is not"),
            ({"frame": "99999999999999999999"}, "is not a whole number"),
            ({"wipe": "٣"}, "wipe: “٣” is not"),
            ({"sound": "c"}, "sound: “c” is not one of a or b; a is used."),
            ({"loop": "maybe"}, "loop: “maybe” is not one of 1 or 0; 1 is used."),
            ({"in": "50", "out": "50"}, "out: frame 50 is not after frame 50; all is played."),
            ({"in": "x", "out": "0"}, "in: “x” is not"),
        ],
    )  # fmt: skip
    def test_nonsense_is_the_usual_with_a_sentence(self, asked, sentence):
        found, problems = look(**asked)
        assert found == Look()
        assert sentence in problems[0]

    def test_too_far_is_as_far_as_there_is(self):
        found, problems = look(frame="10000", wipe="-5")
        assert (found.frame, found.wipe) == (119, 0)
        assert len(problems) == 2

    def test_half_a_range_goes_to_the_end(self):
        assert (look(**{"in": "30"})[0].first, look(**{"in": "30"})[0].last) == (30, 119)
        assert (look(out="30")[0].first, look(out="30")[0].last) == (0, 30)

    def test_a_third_side_can_be_heard_where_there_is_one(self):
        assert look(sides=3, sound="c")[0].sound == "c"
        assert look(sound="")[0].sound == ""


def test_offsets_of_all_sides_within_reason():
    found, problems = comparing.offsets({"a": "0", "b": "-2", "c": "5000", "d": "x"})
    assert found == (0, -2, 1000, 0)
    assert len(problems) == 2
