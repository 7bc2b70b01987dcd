"""An order for another model, and what is said of the difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.adaptation import adapted, nearest
from studio.core.spec import Kind, Param
from studio.dialects.aimlapi.limits import CAPABILITIES
from studio.dialects.runware.limits import CAPABILITY as RUNWARE
from studio.dialects.transend.limits import CAPABILITY as TRANSEND
from studio.dialects.trinetra.limits import CAPABILITIES as TRINETRA
from studio.forms.orders import all_capabilities
from studio.providers.animatic import CAPABILITY as ANIMATIC
from tests.factories import make_order

FROM_TEXT, FROM_PICTURE = CAPABILITIES
SEND = {"duration": 5, "quality": 95, "seed": None}


def said(target, source=ANIMATIC, **changes):
    return list(map(str, adapted(make_order(**{**SEND, **changes}), source, target).changes))


# What is set → where it goes → what is said of it.
DIFFERENT = [
    ({"seed": 7}, RUNWARE, ["Leaves out seed 7."]),
    ({"duration": 8}, RUNWARE, ["Duration: 10 s instead of 8 s."]),
    ({"duration": 7}, RUNWARE, ["Duration: 5 s instead of 7 s."]),
    ({"resolution": "1080p"}, RUNWARE, ["Resolution: 720p instead of 1080p."]),
    ({"count": 3}, FROM_TEXT, ["Takes: 1 instead of 3."]),
    ({"first_frame": 4}, FROM_TEXT, ["Leaves out first frame."]),
    ({"first_frame": 4, "last_frame": 5}, FROM_PICTURE, ["Leaves out last frame."]),
    ({"aspect": "1:1"}, FROM_PICTURE, ["Leaves out ratio 1:1."]),
    ({"format": "mov"}, TRINETRA[0], ["Leaves out format mov."]),
    ({"camera": {"zoom": -6, "roll": 0}}, RUNWARE, ["Leaves out camera (moves in strongly)."]),
    ({"camera": {"zoom": 0}}, RUNWARE, []),
    ({}, RUNWARE, []),
    ({"duration": "long"}, RUNWARE, ["Duration: 5 s instead of long."]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "target", "sentences"), DIFFERENT)
def test_says_what_is_set_and_not_the_same_there(changes, target, sentences):
    assert said(target, **changes) == sentences


def test_what_the_source_would_do_by_itself_is_nobodys_wish():
    order = adapted(make_order(**SEND), ANIMATIC, TRANSEND).order
    assert not adapted(order, TRANSEND, ANIMATIC).changes[1:]  # a length of 20 s apart


def test_switched_off_is_a_wish_where_it_is_on_by_itself():
    order = make_order(provider="transend", collision_detection=False, **SEND)
    assert "Leaves out collision detection off." in said(
        ANIMATIC, TRANSEND, collision_detection=order.settings["collision_detection"]
    )


def test_text_is_quoted_and_cut():
    (sentence,) = said(TRANSEND, RUNWARE, negative_prompt="rain " * 40, aspect="16:9", format="mp4",
                       resolution="720p")  # fmt: skip
    assert sentence.startswith("Leaves out negative prompt “rain rain")
    assert len(sentence) < 80


def test_to_its_own_model_nothing_changes():
    order = make_order(seed=7, camera={"pan": 3}, first_frame=1, count=2)
    same = adapted(order, ANIMATIC, ANIMATIC)
    assert same.order == order
    assert same.changes == ()


@pytest.mark.parametrize("target", all_capabilities(), ids=lambda able: able.model)
@given(
    duration=st.integers(-5, 99), count=st.integers(-2, 9), quality=st.integers(-9, 200),
    aspect=st.sampled_from(["16:9", "1:1", "2:1", ""]),
)  # fmt: skip
def test_every_number_it_gets_is_one_it_allows(target, **values):
    order = adapted(make_order(**values), ANIMATIC, target).order
    for name, value in order.settings.items():
        param = target.param(name)
        assert param
        assert param.problem(value) is None


class TestNearest:
    def test_of_two_as_near_it_is_the_smaller(self):
        param = Param(name="x", label="X", kind=Kind.CHOICE, choices=(4, 8), default=8)
        assert nearest(param, 6) == 4

    def test_off_its_steps_it_is_the_default(self):
        param = Param(name="x", label="X", kind=Kind.NUMBER, low=0, high=1, step=0.5, default=0.5)
        assert nearest(param, 3.0) == 1
        assert nearest(param, 0.3) == 0.5

    def test_a_seed_has_no_nearest(self):
        assert nearest(Param(name="s", label="S", kind=Kind.SEED, low=0, high=9), 12) is None
