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
