"""The form of an order: fields from parameters, and the sentences of the one check."""

import pytest

from studio.core.camera import AXIS_NAMES
from studio.core.errors import InvalidOrder
from studio.core.spec import Kind, Param
from studio.forms.fields import FIELDS, field_for
from studio.forms.orders import OrderForm, all_capabilities, capability_named, key_of
from studio.orders import check
from tests.factories import make_order

ABLE = all_capabilities()[0]


def form(**values) -> OrderForm:
    usual = dict(pair for one in ABLE.settings for pair in field_for(one).written(one.default))
    return OrderForm(ABLE, {"prompt": "A red door.", **usual, **values}, team_id=1)


class TestFields:
    def test_there_is_one_for_every_kind(self):
        assert set(FIELDS) == set(Kind)

    @pytest.mark.parametrize(
        ("kind", "typed", "read"),
        [
            (Kind.WHOLE, " 5 ", 5),
            (Kind.WHOLE, "five", "five"),
            (Kind.WHOLE, "", None),
            (Kind.NUMBER, "0.5", 0.5),
            (Kind.SEED, "7", 7),
            (Kind.TEXT, " words ", "words"),
            (Kind.FLAG, "on", True),
            (Kind.FLAG, "off", False),
            (Kind.FLAG, None, None),
            (Kind.CAMERA, {"pan": "4", "zoom": "0", "roll": "much"}, {"pan": 4.0, "roll": "much"}),
        ],
    )
    def test_what_was_typed_is_read_and_not_judged(self, kind, typed, read):
        param = Param(name="it", label="It", kind=kind, low=0, high=10)
        assert field_for(param).clean(typed) == read

    def test_few_whole_numbers_stand_side_by_side_and_many_get_a_slider(self):
        few = Param(name="count", label="Takes", kind=Kind.WHOLE, low=1, high=4, required=True)
        many = Param(name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=10)
        assert field_for(few).control == "choice"
        assert [value for value, _ in field_for(few).options] == ["1", "2", "3", "4"]
        assert field_for(many).control == "number"


@pytest.mark.django_db
class TestOrderForm:
    def test_order_is_whole_with_defaults_and_a_seed(self):
        filled = form(duration="", camera_pan="4", camera_zoom="-3", camera_roll="0")
        assert filled.is_valid(), filled.errors
        assert filled.order.seconds == ABLE.defaults()["duration"]
        assert filled.order.camera == {"pan": 4, "zoom": -3}
        assert filled.order.settings["seed"] is not None

    @pytest.mark.parametrize(
        ("field", "typed", "value"),
        [
            ("duration", "11", 11),
            ("duration", "0", 0),
            ("duration", "long", "long"),
            ("aspect", "2:1", "2:1"),
            ("format", "avi", "avi"),
            ("count", "5", 5),
            ("quality", "19", 19),
            ("seed", "-1", -1),
        ],
    )
    def test_says_what_the_command_line_says(self, field, typed, value):
        with pytest.raises(InvalidOrder) as raised:
            check(1, make_order(**{field: value}))
        assert form(**{field: typed}).errors[field] == [raised.value.message]

    @pytest.mark.parametrize(
        ("axis", "strength", "said"),
        [("pan", "11", "pan must be from -10 to 10"), ("spin", "1", "no axis “spin”")],
    )
    def test_camera_names_axis_and_limits(self, axis, strength, said):
        (sentence,) = form(**{f"camera_{axis}": strength}).errors["camera"]
        assert said in sentence

    def test_every_axis_has_a_row(self):
        control = form(camera_pan="4").camera_control
        assert control
        assert [row["axis"].name for row in control.rows] == list(AXIS_NAMES)
        assert control.sentence == "The camera turns to the right."

    def test_a_move_that_has_a_name_is_said_by_it(self):
        assert form(camera_zoom="-6").camera_control.said == "Push in"
        assert form(camera_zoom="-5").camera_control.said == "1 axis"
        assert form(camera_zoom="-5", camera_pan="1").camera_control.said == "2 axes"
        assert form().camera_control.said == "Still"

    def test_price_ignores_what_can_not_be_ordered(self):
        priced = form(duration="99", count="3", prompt="").so_far()
        assert (priced.seconds, priced.count) == (ABLE.defaults()["duration"], 3)

    def test_only_the_teams_pictures_are_frames(self):
        (sentence,) = form(first_frame="12345").errors["first_frame"]
        assert "add it again" in sentence


def test_models_are_known_by_provider_and_name():
    assert capability_named(key_of(ABLE)) is ABLE
    with pytest.raises(InvalidOrder, match="Provider must be"):
        capability_named("nobody/nothing")
    with pytest.raises(InvalidOrder, match="Model must be"):
        capability_named(f"{ABLE.provider}/nothing")
