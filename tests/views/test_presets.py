"""Presets in the director: each press answers with the shelf alone, and loses nothing."""

import pytest
from django.urls import reverse

from studio.models import Preset
from studio.services import presets
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "div#shelf-camera"}
TYPED = {"prompt": "A red door.", "camera_zoom": "-6", "camera_pan": "", "camera_type": "simple"}


@pytest.fixture
def author(client):
    author = make_member(name="Ana")
    make_project(author.team)
    client.force_login(author.user)
    return author


def press(client, name, *args, **typed):
    answer = client.post(reverse(name, args=args), {**TYPED, **typed}, headers=HTMX)
    return answer.status_code, answer.content.decode()


class TestAdd:
    def test_the_axes_of_the_form_are_kept(self, client, author):
        status, page = press(client, "presets", "camera", preset_camera="Slow push")
        row = Preset.objects.get()
        assert (row.team, row.author, row.name, row.value) == (
            author.team, author, "Slow push", {"zoom": -6.0},
        )  # fmt: skip
        assert status == 200
        assert "“Slow push” is saved for the team." in page
        assert "{&quot;zoom&quot;: -6.0}" in page
        assert 'name="preset_camera" value=""' in page
        assert 'hx-target="#team-moves"' in page

    def test_a_text_too(self, client, author):
        status, page = press(
            client, "presets", "leave_out", preset_leave_out="Clean", negative_prompt="text, logo"
        )
        assert (status, Preset.objects.get().value) == (200, "text, logo")
        assert 'id="shelf-leave_out"' in page
        assert "team-moves" not in page

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"preset_camera": "Push", "camera_pan": "11"}, "pan must be from -10 to 10"),
            (
                {"preset_camera": "Push", "camera_pan": "far"},
                "pan must be from -10 to 10, not “far”",
            ),
            ({"preset_camera": "Push", "camera_zoom": "0"}, "at least one axis"),
            ({"preset_camera": ""}, "Name is needed: 1 to 40 characters."),
        ],
    )
    def test_what_can_not_be_kept_is_said_beside_its_name(self, client, author, typed, said):
        status, page = press(client, "presets", "camera", **typed)
        assert (status, Preset.objects.count()) == (422, 0)
        assert said in page
        assert f'name="preset_camera" value="{typed["preset_camera"]}"' in page
        assert 'aria-invalid="true"' in page

    def test_there_are_two_kinds(self, client, author):
        assert press(client, "presets", "music", preset_music="Push")[0] == 404


class TestChange:
    @pytest.fixture
    def row(self, author):
        return presets.add(author, kind="camera", name="Push", value={"zoom": -6})

    def test_rename(self, client, row):
        status, page = press(client, "preset-rename", row.pk, **{f"preset_{row.pk}": "Dolly"})
        assert (status, Preset.objects.get().name) == (200, "Dolly")
        assert "“Push” is “Dolly” now." in page

    def test_a_refused_name_stays_in_its_box(self, client, author, row):
        presets.add(author, kind="camera", name="Arc", value={"zoom": -6})
        status, page = press(client, "preset-rename", row.pk, **{f"preset_{row.pk}": "Arc"})
        assert status == 422
        assert "The team has “Arc” already; choose another name." in page
        assert f'name="preset_{row.pk}" value="Arc"' in page

    def test_remove(self, client, row):
        status, page = press(client, "preset-remove", row.pk)
        assert (status, Preset.objects.count()) == (200, 0)
        assert "“Push” is removed." in page
        assert "The team has no moves yet." in page

    def test_others_take_it_and_can_not_change_it(self, client, row):
        other = make_member(team=row.team)
        client.force_login(other.user)
        _, page = press(client, "presets", "camera", preset_camera="Mine")
        assert "Remove Mine" in page
        assert "Push" in page
        assert "Remove Push" not in page


def test_queries_do_not_grow_with_presets(client, author, django_assert_max_num_queries):
    presets.add(author, kind="camera", name="First", value={"zoom": -6})

    def ask():
        assert press(client, "presets", "camera", preset_camera="First")[0] == 422

    with django_assert_max_num_queries(50) as few:
        ask()
    for number in range(20):
        presets.add(author, kind="camera", name=f"Move {number}", value={"zoom": -6})
    with django_assert_max_num_queries(len(few)):
        ask()
