"""Switching between models: what one knows and another does not comes back with it."""

import json

import pytest
from django.http import QueryDict

from studio.forms.kept import moved
from studio.forms.orders import all_capabilities
from tests.sellers import FULL, LAB, PLAIN

OWN = all_capabilities()[0]


def data(**values):
    typed = QueryDict(mutable=True)
    for name, value in values.items():
        typed.setlist(name, value if isinstance(value, list) else [value])
    return typed


def values(form, *names):
    return {name: form.getlist(name) for name in names}


@pytest.mark.usefixtures("sellers")
class TestMoved:
    def test_what_both_know_stays(self):
        at_lab = moved(data(prompt="A door.", aspect="9:16"), FULL, team_id=1)
        assert values(at_lab, "prompt", "aspect") == {"prompt": ["A door."], "aspect": ["9:16"]}

    def test_what_only_the_old_one_knows_comes_back_with_it(self):
        typed = data(quality="60", format="mov", seed="7")
        at_lab = moved(typed, LAB, team_id=1)
        assert values(at_lab, "quality", "format", "seed") == {
            "quality": [],
            "format": [],
            "seed": [],
        }
        back = moved(at_lab, OWN, team_id=1)
        assert values(back, "quality", "format", "seed") == values(
            typed, "quality", "format", "seed"
        )

    def test_every_part_of_camera_boxes_and_table_comes_back(self):
        typed = data(
            camera_pan="4", camera_zoom="-3", sensors=["", "rgb", "depth"], motion_source="curves",
            motion_joint=["elbow", "wrist"], motion_angles=["0:1", "0:2"], motion="",
        )  # fmt: skip
        names = [name for name in typed if name != "motion"]
        at_own = moved(typed, OWN, team_id=1)
        assert at_own.getlist("sensors") == []
        at_lab = moved(at_own, LAB, team_id=1)
        assert at_lab.getlist("camera_pan") == []
        assert values(at_lab, *names[2:]) == values(typed, *names[2:])
        assert moved(at_lab, OWN, team_id=1).getlist("camera_pan") == ["4"]

    def test_a_move_stays_beside_a_model_that_takes_words_only(self):
        at_plain = moved(data(camera_pan="4", camera_type="down_back"), PLAIN, team_id=1)
        assert values(at_plain, "camera_pan", "camera_type") == {
            "camera_pan": ["4"], "camera_type": [],
        }  # fmt: skip
        assert moved(at_plain, FULL, team_id=1).getlist("camera_type") == ["down_back"]

    def test_a_move_on_many_axes_waits_for_a_model_that_makes_it(self):
        at_film = moved(data(camera_pan="4", camera_zoom="2"), FULL, team_id=1)
        assert values(at_film, "camera_pan", "camera_zoom") == {"camera_pan": [], "camera_zoom": []}
        back = moved(at_film, OWN, team_id=1)
        assert values(back, "camera_pan", "camera_zoom") == {
            "camera_pan": ["4"], "camera_zoom": ["2"],
        }  # fmt: skip

    def test_what_the_new_one_does_not_allow_gives_way_to_its_default(self):
        at_lab = moved(data(duration="7"), FULL, team_id=1)
        assert at_lab.getlist("duration") == ["5"]
        assert moved(at_lab, OWN, team_id=1).getlist("duration") == ["7"]

    def test_what_was_typed_since_is_not_undone(self):
        at_lab = moved(data(duration="7"), FULL, team_id=1)
        at_lab["duration"] = "10"
        assert moved(at_lab, OWN, team_id=1).getlist("duration") == ["10"]

    def test_what_no_model_allows_gives_way_to_the_default_of_each(self):
        at_lab = moved(data(duration="long", aspect="2:1"), FULL, team_id=1)
        assert values(at_lab, "duration", "aspect") == {"duration": ["5"], "aspect": []}
        back = moved(at_lab, OWN, team_id=1)
        assert values(back, "duration", "aspect") == {"duration": ["5"], "aspect": ["16:9"]}

    def test_what_nobody_has_said_starts_as_the_new_one_would_have_it(self):
        at_sim = moved(data(), LAB, team_id=1)
        assert values(at_sim, "duration", "sensors", "collision_detection", "hdri") == {
            "duration": ["20"], "sensors": ["", "rgb"], "collision_detection": ["on"], "hdri": [],
        }  # fmt: skip

    def test_what_was_left_empty_before_does_too(self):
        at_lab = moved(data(cfg="", audio=""), FULL, team_id=1)
        assert values(at_lab, "cfg", "mode") == {"cfg": ["0.5"], "mode": ["std"]}

    def test_boxes_that_were_all_emptied_stay_empty(self):
        back = moved(moved(data(layers=[""]), OWN, team_id=1), FULL, team_id=1)
        assert back.getlist("layers") == [""]
        back = moved(moved(data(collision_detection="off"), OWN, team_id=1), LAB, team_id=1)
        assert back.getlist("collision_detection") == ["off"]

    def test_through_a_third_model_nothing_is_lost(self):
        typed = data(quality="60", duration="7", camera_pan="4")
        form = typed
        for able in (FULL, LAB, FULL, OWN):
            form = moved(form, able, team_id=1)
        assert values(form, *typed) == values(typed, *typed)

    @pytest.mark.parametrize(
        "kept",
        ["nonsense", "[]", '{"quality": 1}', '{"quality": {"was": 1, "now": []}}',
         '{"quality": {"was": [1], "now": []}}', '{"prompt": {"was": ["x"], "now": []}}',
         '{"csrfmiddlewaretoken": {"was": ["x"], "now": []}}', "[" * 5000],
    )  # fmt: skip
    def test_what_no_form_of_ours_has_written_is_passed_over(self, kept):
        form = moved(data(kept=kept), FULL, team_id=1)
        assert values(form, "quality", "prompt", "csrfmiddlewaretoken") == {
            "quality": [], "prompt": [], "csrfmiddlewaretoken": [],
        }  # fmt: skip
        assert json.loads(form["kept"]) == {}
