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


class TestWrongs:
    def test_each_curve_that_is_wrong_is_told_with_its_name(self):
        late = {"name": "wrist", "angles": [[1, 0], [0, 1]]}
        odd = {"name": "gripper", "points": [[0, 0]]}
        found = motion.wrongs({"joints": [ELBOW, late], "paths": [odd]})
        assert [wrong.curve for wrong in found] == ["wrist", "gripper"]
        assert "waypoint 2 must be later" in found[0].sentence
        assert motion.problem({"joints": [ELBOW, late]}) == found[0].sentence

    def test_what_is_wrong_with_all_of_it_names_none(self):
        assert [wrong.curve for wrong in motion.wrongs({"joints": []})] == [None]

    def test_a_name_that_is_there_twice_is_that_curves(self):
        assert [wrong.curve for wrong in motion.wrongs({"joints": [ELBOW, ELBOW]})] == ["elbow"]


class TestNamedIn:
    @pytest.mark.parametrize(
        ("sentence", "names"),
        [
            ("Joint elbow exceeds 0.05 rad/s.", ("elbow",)),
            ("ELBOW, wrist.l: too fast", ("elbow", "wrist.l")),
            ("elbows and wristband", ()),
            ("", ()),
        ],
    )
    def test_only_whole_words_count(self, sentence, names):
        both = {"joints": [ELBOW, {**ELBOW, "name": "wrist.l"}]}
        assert motion.named_in(sentence, both) == names


class TestFastest:
    def test_tells_the_steepest_part_and_when_it_begins(self):
        assert motion.fastest([[0, 0], [0.5, 1], [0.6, 2], [1, 2]], 10) == pytest.approx((1, 5))

    @pytest.mark.parametrize("waypoints", [[[0, 1]], [[0.5, 1], [1, 1]]])
    def test_what_does_not_turn_is_not_fast(self, waypoints):
        assert motion.fastest(waypoints, 10)[0] == 0

    def test_the_largest_numbers_do_no_harm(self):
        huge = int(motion.LARGEST)
        assert motion.fastest([[0, -huge], [1, huge]], 1)[0] == float("inf")
