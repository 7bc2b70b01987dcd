import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import camera

moves = st.dictionaries(
    st.sampled_from(camera.AXIS_NAMES), st.floats(-10, 10).filter(lambda value: value != 0)
)


class TestReadAndWrite:
    @given(moves)
    def test_what_is_written_reads_back_to_the_last_digit(self, wanted):
        assert camera.read(camera.write(wanted)) == wanted

    def test_zeros_are_left_out_and_axes_have_their_order(self):
        assert camera.write({"roll": 1, "horizontal": -2.5, "zoom": 0}) == "horizontal=-2.5,roll=1"

    @pytest.mark.parametrize("text", ["pan=4,zoom=-3", " pan = 4 , zoom = -3 ,", "zoom=-3,pan=4.0"])
    def test_spaces_and_order_do_not_matter(self, text):
        assert camera.read(text) == {"pan": 4, "zoom": -3}

    def test_nothing_is_a_still_camera(self):
        assert camera.read("") == camera.read(" , ") == {}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("spin=1", "“spin=1” is not AXIS=VALUE with an axis of horizontal, vertical, pan"),
            ("pan", "“pan” is not AXIS=VALUE"),
            ("=4", "“=4” is not AXIS=VALUE"),
            ("pan=fast", "pan takes a number from -10 to 10, not “fast”"),
            ("pan=", "pan takes a number from -10 to 10, not “”"),
            ("pan=1,pan=2", "pan is there twice"),
            ("x" * 500, "…” is not AXIS=VALUE"),
        ],
    )
    def test_bad_text_names_the_axis_and_what_is_allowed(self, text, said):
        with pytest.raises(ValueError, match=r"^camera: ") as caught:
            camera.read(text)
        assert said in str(caught.value)
        assert len(str(caught.value)) < 200


class TestSentence:
    @pytest.mark.parametrize(
        ("move", "said"),
        [
            ({}, "The camera stays still."),
            ({"pan": 0}, "The camera stays still."),
            (
                {"horizontal": 2, "vertical": 1, "pan": -4, "zoom": -6},
                "The camera moves in strongly, turns to the left, slides a little right and "
                "rises a touch.",
            ),
            ({"tilt": -0.5}, "The camera looks a touch down."),
            ({"zoom": 10, "roll": -9}, "The camera moves back very strongly and rolls very "
                                       "strongly anticlockwise."),
        ],
    )  # fmt: skip
    def test_strongest_first_in_plain_words(self, move, said):
        assert camera.sentence(move) == said

    def test_a_still_camera_may_sway(self):
        assert camera.sentence({}, sways=True) == "The camera stays in its place, hand-held."
        assert camera.sentence({"zoom": -6}, sways=True) == "The camera moves in strongly."
