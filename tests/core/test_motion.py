import pytest

from studio.core import motion

ELBOW = {"name": "elbow", "angles": [[0, 0.4], [1, 0.42]]}
PATH = {"name": "gripper", "points": [[0, 0, 0, 0], [1, 0.2, 0, 0.1]]}


class TestJointsOf:
    def test_names_what_turns_and_not_what_follows_a_path(self):
        both = {"joints": [ELBOW, {**ELBOW, "name": "wrist"}], "paths": [PATH]}
        assert motion.joints_of(both) == ("elbow", "wrist")
        assert motion.joints_of({"paths": [PATH]}) == ()

    @pytest.mark.parametrize("value", [None, {}, "text", {"joints": "elbow"}, {"joints": [{}]}])
    def test_what_is_no_motion_has_none(self, value):
        assert motion.joints_of(value) == ()


class TestAngles:
    @pytest.mark.parametrize(
        ("text", "angles"),
        [
            ("0:0.2, 0.5:0.35, 1:0.3", [[0, 0.2], [0.5, 0.35], [1, 0.3]]),
            (" 0 : -1.5 ;\n1:2e-3,", [[0, -1.5], [1, 0.002]]),
            ("", []),
        ],
    )
    def test_waypoints_are_read_as_people_write_them(self, text, angles):
        assert motion.read_angles(text) == angles
        assert motion.read_angles(motion.write_angles(angles)) == angles

    @pytest.mark.parametrize("text", ["0.5", "0:1:2", "0:fast", "0:", ":1", "0:0.2 0.5:0.3"])
    def test_what_is_none_is_named_with_an_example(self, text):
        with pytest.raises(ValueError, match=r"“.+” is not FRACTION:ANGLE, like 0.5:0.35"):
            motion.read_angles(text)

    def test_numbers_too_large_for_a_float_are_no_angles(self):
        curve = {"name": "elbow", "angles": [[0, 10**400]]}
        assert "must be 2 numbers" in motion.problem({"joints": [curve]})
