"""Each kind of parameter: read from a form, written back to one, and drawn."""

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import get_template

from studio.core.spec import Kind, Param
from studio.forms.fields import field_for, parts_of
from studio.forms.motion import CURVES, JSON, WORDS, Row, TypedMotion, curve, without_row
from studio.forms.orders import all_capabilities
from studio.forms.sections import SECTIONS
from tests.sellers import FULL, LAB

CHOICES = {Kind.CHOICE: (5, 10), Kind.SET: ("a", "b", "c")}
ELBOW = {"name": "elbow", "angles": [[0, 0.2], [1, 0.4]]}
PATH = {"name": "arm", "points": [[0, 0, 0, 0]]}


def param(kind, **more):
    return Param(name="it", label="It", kind=kind, choices=CHOICES.get(kind, ()), **more)


def sent(*pairs):
    data = QueryDict(mutable=True)
    for name, text in pairs:
        data.appendlist(name, text)
    return data


def read(field, data):
    """What the field makes of a form's data, after its own judgement."""
    return field.clean(field.widget.value_from_datadict(data, {}, "it"))


# A value of each kind, as an order has it.
VALUES = [
    (Kind.TEXT, "words"),
    (Kind.CHOICE, 10),
    (Kind.WHOLE, 7),
    (Kind.NUMBER, 0.25),
    (Kind.FLAG, True),
    (Kind.FLAG, False),
    (Kind.CAMERA, {"pan": 4.0, "zoom": -3.0}),
    (Kind.SEED, 2**31),
    (Kind.SET, ["a", "c"]),
    (Kind.SET, []),
    (Kind.LINK, "https://example.org/a.glb"),
    (Kind.LINKS, ["https://example.org/a", "https://example.org/b"]),
    (Kind.OBJECT, {"a": {"b": [1, None]}}),
    (Kind.OBJECTS, [{"a": 1}, {}]),
    (Kind.MOTION, {"joints": [ELBOW]}),
    (Kind.MOTION, {"joints": [ELBOW], "paths": [PATH]}),
]


class TestEveryKind:
    def test_is_in_this_table(self):
        assert {kind for kind, _ in VALUES} == set(Kind)

    @pytest.mark.parametrize(("kind", "value"), VALUES)
    def test_what_is_written_into_a_form_is_read_from_it(self, kind, value):
        field = field_for(param(kind))
        written = field.written(value)
        assert read(field, sent(*written)) == value
        assert {name for name, _ in written} <= set(parts_of(param(kind)))

    @pytest.mark.parametrize(("kind", "value"), VALUES)
    def test_what_was_typed_is_handed_on_as_it_is(self, kind, value):
        field = field_for(param(kind))
        typed = field.widget.value_from_datadict(sent(*field.written(value)), {}, "it")
        assert read(field, sent(*field.written(typed))) == value

    @pytest.mark.parametrize("kind", Kind)
    def test_a_form_without_it_says_nothing_about_it(self, kind):
        assert read(field_for(param(kind)), sent()) in (None, {}, "")

    @pytest.mark.parametrize("one", [*FULL.params, *LAB.params], ids=lambda one: one.name)
    def test_has_a_template(self, one):
        get_template(f"compose/controls/_{field_for(one).control}.html")


class TestControls:
    @pytest.mark.parametrize(
        ("one", "control"),
        [
            (param(Kind.WHOLE, low=1, high=4), "choice"),
            (param(Kind.WHOLE, low=1, high=5), "number"),
            (param(Kind.WHOLE, low=5, high=15, step=5), "choice"),
            (param(Kind.WHOLE, low=60), "number"),
            (param(Kind.FLAG), "choice"),
            (param(Kind.FLAG, default=False), "flag"),
            (param(Kind.TEXT, high=200), "line"),
            (param(Kind.TEXT, high=2500), "text"),
            (Param(name="route", label="Route", kind=Kind.CHOICE, choices="abcde"), "select"),
            (Param(name="constraints", label="Limits", kind=Kind.OBJECT), "pairs"),
            (
                Param(
                    name="scene_type",
                    label="Scene type",
                    kind=Kind.CHOICE,
                    choices=("motion_control", "template_effect", "lip_sync"),
                ),
                "select",
            ),
        ],
    )
    def test_fit_how_much_there_is_to_choose_from(self, one, control):
        assert field_for(one).control == control

    def test_steps_are_kept_where_all_values_are_shown(self):
        ten = param(Kind.WHOLE, low=5, high=15, step=5, required=True)
        assert [text for text, _ in field_for(ten).options] == ["5", "10", "15"]

    def test_what_need_not_be_said_can_be_not_set(self):
        texts = [text for text, _ in field_for(param(Kind.CHOICE)).options]
        assert texts == ["", "5", "10"]
        assert [text for text, _ in field_for(param(Kind.FLAG)).options] == ["", "on", "off"]


class TestUnreadable:
    @pytest.mark.parametrize(
        ("kind", "typed", "said"),
        [
            (Kind.OBJECT, '{"a": 1,}', "It can not be read as JSON: a name in double quotes"),
            (Kind.OBJECT, '"text"', 'It must be a JSON object such as {"name": 1}.'),
            (Kind.OBJECTS, "[{]", "at line 1, column 3."),
        ],
    )
    def test_json_gets_the_name_of_the_field_and_the_place(self, kind, typed, said):
        with pytest.raises(forms.ValidationError) as raised:
            read(field_for(param(kind)), sent(("it", typed)))
        assert said in raised.value.messages[0]

    def test_lines_of_constraints_get_the_line(self):
        limits = Param(name="it", label="Limits", kind=Kind.OBJECT)
        field = field_for(Param(name="constraints", label="Limits", kind=Kind.OBJECT))
        assert read(field, sent(("it", "a = 1"))) == {"a": 1}
        with pytest.raises(forms.ValidationError, match="Limits has “fast” in line 2"):
            read(field, sent(("it", "a = 1\nfast")))
        assert field_for(limits).control == "object"


ROWS = [("it_joint", "elbow"), ("it_angles", "0:0.2, 1:0.4")]


class TestMotion:
    field = field_for(param(Kind.MOTION))

    @pytest.mark.parametrize(
        ("pairs", "value"),
        [
            (ROWS, {"joints": [ELBOW]}),
            ([("it_source", CURVES), *ROWS, ("it_joint", " "), ("it_angles", "")],
             {"joints": [ELBOW]}),
            ([("it_source", WORDS), *ROWS], None),
            ([("it_source", CURVES)], None),
            ([("it_source", JSON), *ROWS, ("it", '{"paths": []}')], {"paths": []}),
            ([("it_source", JSON), ("it", " ")], None),
            ([("it", '{"joints": []}')], {"joints": []}),
        ],
    )  # fmt: skip
    def test_one_source_counts(self, pairs, value):
        assert read(self.field, sent(*pairs)) == value

    @pytest.mark.parametrize(
        ("pairs", "said"),
        [
            ([("it_joint", ""), ("it_angles", "0:1")], "It has the waypoints “0:1” without a joint."),
            ([("it_joint", "elbow"), ("it_angles", "0:up")],
             "It of “elbow” can not be read: “0:up” is not FRACTION:ANGLE"),
            ([("it", '{"joints": [}')], "It can not be read as JSON: a value is missing"),
        ],
    )  # fmt: skip
    def test_what_can_not_be_read_is_named(self, pairs, said):
        with pytest.raises(forms.ValidationError) as raised:
            read(self.field, sent(*pairs))
        assert said in raised.value.messages[0]

    def test_joints_are_shown_as_a_table_and_paths_as_json(self):
        assert TypedMotion.of({"joints": [ELBOW]}).source == CURVES
        assert TypedMotion.of({"joints": [ELBOW]}).rows == (
            Row(joint="elbow", angles="0:0.2, 1:0.4"),
        )
        assert TypedMotion.of({"joints": [ELBOW], "paths": [PATH]}).source == JSON
        assert TypedMotion.of(None) == TypedMotion.of("nonsense") == TypedMotion(source=WORDS)

    def test_a_row_is_taken_out_by_its_number(self):
        data = sent(*ROWS, ("it_joint", "wrist"), ("it_angles", "0:1"))
        without_row(data, "it", 1)
        assert (data.getlist("it_joint"), data.getlist("it_angles")) == (["wrist"], ["0:1"])
        without_row(data, "it", 9)
        assert data.getlist("it_joint") == ["wrist"]

    @pytest.mark.parametrize(
        ("angles", "path", "said"),
        [
            ("0:0, 1:1", "M0.0 29.0 L0.0 29.0 L160.0 3.0 L160.0 3.0", "0 to 1 rad"),
            ("0.5:2", "M0.0 29.0 L80.0 29.0 L160.0 29.0", "2 to 2 rad"),
            ("1:2, 0:1", "", ""),
            ("0:up", "", ""),
        ],
    )
    def test_a_curve_is_drawn_as_far_as_it_is_one(self, angles, path, said):
        row = Row(joint="elbow", angles=angles)
        assert (row.path, row.said_range) == (path, said)
        assert curve([]) == ""


# What a form says about itself beside the values of the model.
OWN_NAMES = {
    "dock", "look", "drawn_for", "kept", "edit", "from", "take", "key", "model", "ask", "close",
    "shown_price", "redraw", "start", "slot", "swap_frames", "remove_frame", "remove_joint",
    "first_frame", "last_frame", "scene", "csrfmiddlewaretoken",
}  # fmt: skip


class TestSections:
    def test_each_parameter_stands_in_one_of_them_at_most(self):
        names = [name for section in SECTIONS for name in section.params]
        assert len(names) == len(set(names))

    def test_no_parameter_has_a_name_that_the_form_uses_for_itself(self, sellers):
        names = {
            part for able in all_capabilities() for one in able.params for part in parts_of(one)
        }
        files = {f"{name}_file" for name in ("first_frame", "last_frame", "scene", "motion")}
        assert names & (OWN_NAMES | files) == set()
