"""What a model does with a camera, in words and in the form."""

from dataclasses import replace

import pytest

from studio.core.spec import Kind, Param
from studio.forms.camera import SPOKEN, camera_of, said_rule, types_of
from studio.forms.orders import OrderForm, all_capabilities
from tests.sellers import FULL, LAB, PLAIN

OWN = all_capabilities()[0]
MANY = Param(name="camera", label="Camera", kind=Kind.CAMERA, high=3)
TYPES = FULL.param("camera_type")


class TestRule:
    @pytest.mark.parametrize(
        ("able", "said"),
        [
            (OWN, "All six camera axes go through as numbers."),
            (replace(FULL, params=(MANY,)), "Up to 3 camera axes go through as numbers."),
            (
                replace(FULL, params=(MANY, TYPES)),
                "Up to 3 camera axes go through as numbers, or one of its own moves.",
            ),
            (FULL, "It moves the camera on one axis at a time."),
            (replace(FULL, params=(TYPES,)), "This model makes its own moves only."),
            (PLAIN, "This model ignores camera control."),
            (LAB, ""),
        ],
    )
    def test_is_made_from_the_limits(self, able, said):
        assert said_rule(able) == said

    def test_a_model_without_a_camera_has_one_for_words_and_a_scene_has_none(self):
        assert camera_of(PLAIN) is SPOKEN
        assert camera_of(LAB) is None
        assert types_of(FULL) is TYPES
        assert types_of(OWN) is None


@pytest.mark.usefixtures("sellers", "db")
class TestForm:
    def control(self, able, **typed):
        return OrderForm(able, {"prompt": "A door.", **typed}, team_id=1).camera_control

    def test_a_spoken_camera_is_in_the_form_and_not_in_the_order(self):
        form = OrderForm(
            PLAIN, {"prompt": "A door.", "duration": "5", "camera_zoom": "-6"}, team_id=1
        )
        assert form.is_valid(), form.errors
        assert form.order.settings == {"duration": 5}
        assert form.camera_control.is_spoken
        assert form.camera_control.sentence == "The camera moves in strongly."
        assert form.typed()["camera"] == {"zoom": -6.0}

    def test_a_whole_move_is_said_in_its_own_words(self):
        control = self.control(FULL, camera_type="down_back", camera_zoom="-6")
        assert control.sentence == "The camera sinks and moves back."
        assert [name for _, name, _ in control.whole_moves] == ["down_back"]
        assert control.most_axes == "1"

    def test_other_models_make_no_whole_moves(self):
        assert self.control(OWN).whole_moves == []
        assert self.control(OWN).most_axes == ""
        assert self.control(LAB) is None

    def test_a_still_camera_may_be_hand_held(self):
        assert self.control(OWN, sway="on").sentence.endswith("hand-held.")
        assert self.control(OWN, sway="off").sentence == "The camera stays still."
