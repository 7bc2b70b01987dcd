"""A doubt is about certain values; of the others nothing is said to whoever gave them."""

import pytest

from studio.dialects.octopusx import limits as octopusx
from studio.dialects.transend import limits as transend
from studio.dialects.trinetra import limits as trinetra

TRINETRA = trinetra.CAPABILITIES[0]
PATHS = {"joints": [], "paths": [{"name": "gripper", "points": [[0, 0, 0, 0]]}]}
SURE_AND_UNSURE = [
    (TRINETRA, "duration", [5, 10], [7]),
    (TRINETRA, "mode", ["std"], ["pro"]),
    (TRINETRA, "aspect", ["9:16"], ["16:9", "1:1"]),
    (TRINETRA, "resolution", ["720p", "1080p"], []),
    (TRINETRA, "camera", [{"zoom": 3}, {"pan": 0}], [{"pan": 1}, {"zoom": 1, "tilt": -2}]),
    (TRINETRA, "cfg", [], [0.5, 1]),
    (octopusx.OMNI, "duration", [5, 10, 15], [6]),
    (octopusx.KLING_25, "audio", [False], [True]),
    (transend.CAPABILITY, "frame_rate", [60, 120], [61]),
    (transend.CAPABILITY, "constraints", [{"joint_speed_rad": 1}], [{"force": 1}]),
    (transend.CAPABILITY, "motion", [{"joints": []}], [PATHS]),
]


@pytest.mark.parametrize(("able", "name", "sure", "unsure"), SURE_AND_UNSURE)
def test_doubt_is_about_the_doubtful_values(able, name, sure, unsure):
    param = able.param(name)
    assert param.doubt
    assert [value for value in sure if param.doubt_about(value)] == []
    assert [value for value in unsure if param.doubt_about(value) != param.doubt] == []
