"""The models to choose from, and the form that follows the choice."""

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import Asset, Job
from studio.services import uploads
from tests.factories import make_job, make_member, make_price, make_project
from tests.sellers import BLOCKED, NEEDS, SMOOTH
from tests.storage import models as scenes
from tests.storage import pictures
from tests.views.test_orders import HX, TYPED, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sellers")]

FILM, SIMULATION = "lab/lab-film", "lab/lab-sim"
OWN = TYPED["model"]


@pytest.fixture(params=["author"])
def member(request):
    member = make_member(request.param)
    make_project(member.team)
    return member


@pytest.fixture
def signed_in(client, member):
    client.force_login(member.user)
    return client


def row(page: str, label: str) -> str:
    """The list's entry of that model, with what stands under it."""
    entries = re.split(r"(?=<label)", page[page.index('id="models"') :])
    return next(entry for entry in entries if f"{label}</small>" in entry)


def hidden(page: str) -> dict[str, list[str]]:
    from html import unescape

    found = re.findall(r'<input type="hidden"[^>]* name="([^"]+)" value="([^"]*)"', page)
    values: dict[str, list[str]] = {}
    for name, value in found:
        values.setdefault(name, []).append(unescape(value))
    return values


def chosen(model: str, *, drawn_for: str = OWN, **changes):
    """The form as a browser sends it when another model was picked."""
    return {**TYPED, "drawn_for": drawn_for, "model": model, "redraw": "1", **changes}


class TestList:
    def test_each_model_has_its_provider_and_the_price_of_this_order(self, signed_in):
        make_price(provider="lab", model="lab-sim", credits_per_second=3)
        page = signed_in.get("/").content.decode()
        assert "Animatic" in row(page, "Rough moves in seconds, no AI")
        assert "Free" in row(page, "Rough moves in seconds, no AI")
        assert "15 cr" in row(page, "Simulation")

    def test_price_follows_what_that_model_would_be_asked_for(self, signed_in):
        make_price(provider="lab", model="lab-film", credits_per_second=2)
        page = signed_in.post("/quote/", {**TYPED, "duration": "7"}).content.decode()
        assert "10 cr" in row(page, "Film")  # it makes 5 or 10 seconds

    def test_without_a_key_it_can_be_seen_but_not_chosen(self, signed_in):
        entry = row(signed_in.get("/").content.decode(), "1")
        assert 'aria-disabled="true"' in entry
        assert re.search(r'value="locked/locked-1"[^>]* disabled', entry)
        assert entry.count(NEEDS) == 2  # for the ear, and for the pointer
        assert "Needs a key" in entry
        assert "/settings/providers/" not in entry

    def test_switched_off_it_is_not_there(self, signed_in, sellers, monkeypatch):
        assert FILM in signed_in.get("/").content.decode()
        monkeypatch.setattr(type(sellers["lab"]), "is_on", False)
        monkeypatch.setattr(type(sellers["lab"]), "needs", "Lab is switched off.")
        assert FILM not in signed_in.get("/").content.decode()

    def test_without_a_price_it_says_so(self, signed_in):
        entry = row(signed_in.get("/").content.decode(), "Film")
        assert "No price set" in entry
        assert "disabled" not in entry
        assert "/settings/providers/" not in entry

    @pytest.mark.parametrize("member", ["admin"], indirect=True)
    def test_admins_are_led_to_the_settings(self, signed_in):
        page = signed_in.get("/").content.decode()
        assert 'href="/settings/prices/">No price set' in row(page, "Film")
        assert 'href="/settings/providers/">Needs a key' in row(page, "1")

    def test_a_new_form_never_starts_where_nothing_can_be_sent(self, signed_in, monkeypatch):
        make_price(provider="lab", credits_per_second=0)
        signed_in.post("/orders/", {**TYPED, "model": SIMULATION, "scene_link": "https://a.example/x",
                                    "duration": "5"})  # fmt: skip
        assert Job.objects.get().model == "lab-sim"
        assert f'value="{SIMULATION}" checked' in signed_in.get("/").content.decode()
        monkeypatch.setattr("tests.sellers.Lab.needs", NEEDS, raising=False)
        page = signed_in.get("/").content.decode()
        assert f'value="{OWN}" checked' in page

    def test_one_that_is_switched_off_leaves_the_list_at_once(self, signed_in, monkeypatch):
        assert "Simulation</small>" in signed_in.get("/").content.decode()
        monkeypatch.setattr("tests.sellers.Lab.is_on", False)
        assert "Simulation</small>" not in signed_in.get("/").content.decode()

    def test_list_costs_no_more_with_more_models(self, signed_in, django_assert_max_num_queries):
        signed_in.post("/quote/", TYPED)
        with django_assert_max_num_queries(9):
            signed_in.post("/quote/", TYPED)


@pytest.mark.parametrize("dock", ["compose", "director"])
class TestRedraw:
    def test_stays_where_it_is_with_the_settings_of_the_new_model(self, signed_in, dock):
        page = signed_in.post("/director/", chosen(FILM, dock=dock), headers=HX).content.decode()
        assert f'name="dock" value="{dock}"' in page
        assert f'name="drawn_for" value="{FILM}"' in page
        assert f'value="{FILM}" checked' in page
        assert TYPED["prompt"] in page
        assert "needs a first frame" not in page

    def test_and_back_everything_is_as_it_was(self, signed_in, dock):
        typed = chosen(SIMULATION, dock=dock, duration="7", quality="60", camera_zoom="-6")
        there = signed_in.post("/director/", typed, headers=HX).content.decode()
        kept = json.loads(hidden(there)["kept"][0])
        assert kept["quality"] == {"was": ["60"], "now": []}
        again = chosen(OWN, drawn_for=SIMULATION, dock=dock, duration="7", kept=json.dumps(kept))
        for name in ("aspect", "resolution", "count", "format", "quality"):
            del again[name]
        back = signed_in.post("/director/", again, headers=HX).content.decode()
        assert re.search(r'name="quality"[^>]* value="60"', back)
        assert re.search(r'name="camera_zoom"[^>]* value="-6"', back)
        assert re.search(r'name="duration"[^>]* value="7"', back)

    def test_frames_stay_with_a_form_that_takes_none(self, signed_in, dock):
        sent = chosen(SIMULATION, dock=dock, first_frame_file=picture())
        there = signed_in.post("/director/", sent, headers=HX).content.decode()
        (key,) = hidden(there)["first_frame"]
        assert "slot-first_frame" not in there
        back = chosen(OWN, drawn_for=SIMULATION, dock=dock, first_frame=key)
        page = signed_in.post("/director/", back, headers=HX).content.decode()
        assert f'src="/media/{key}/first_frame.png' in page

    def test_another_model_than_the_form_was_drawn_for_is_looked_at_first(self, signed_in, dock):
        sent = chosen(FILM, dock=dock)
        del sent["redraw"]
        answer = signed_in.post("/orders/", sent)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "This is the form of Lab Film now." in page
        assert f'name="drawn_for" value="{FILM}"' in page
        assert not Job.objects.exists()

    def test_no_price_is_asked_for_a_form_that_is_being_drawn(self, signed_in, dock):
        assert signed_in.post("/quote/", chosen(FILM, dock=dock)).status_code == 204

    def test_a_model_that_there_is_not_is_told(self, signed_in, dock):
        answer = signed_in.post("/director/", chosen("nobody/x", dock=dock), headers=HX)
        assert "lab or locked, not “nobody”." in answer.content.decode()


class TestOrder:
    def test_without_its_key_nothing_is_ordered(self, signed_in):
        answer = signed_in.post("/orders/", {**TYPED, "model": "locked/locked-1", "duration": "5"})
        assert answer.status_code == 422
        assert NEEDS in answer.content.decode()
        assert not Job.objects.exists()

    def test_a_frame_that_the_model_does_not_take_is_not_sent(self, signed_in):
        make_price(provider="lab", credits_per_second=0)
        sent = {**TYPED, "model": SIMULATION, "scene_link": "https://a.example/x", "duration": "5",
                "first_frame_file": picture()}  # fmt: skip
        assert signed_in.post("/orders/", sent).status_code == 302
        assert Job.objects.get().order.first_frame is None

    def test_every_kind_of_value_reaches_the_order(self, signed_in):
        make_price(provider="lab", credits_per_second=0)
        sent = {
            "model": SIMULATION, "dock": "director", "prompt": "", "duration": "5",
            "sensors": ["", "rgb", "depth"], "frame_rate": "120", "collision_detection": ["off", "on"],
            "constraints": "joint_speed_rad = 0.05", "motion_source": "curves",
            "motion_joint": ["elbow", ""], "motion_angles": ["0:0.2, 1:0.4", ""], "motion": "{",
            "scene_link": "https://a.example/x", "materials": "https://a.example/m\r\nhttps://b.example/",
            "hdri": "",
        }  # fmt: skip
        assert signed_in.post("/orders/", sent).status_code == 302
        assert Job.objects.get().order.settings == {
            "duration": 5, "sensors": ["rgb", "depth"], "frame_rate": 120,
            "collision_detection": True, "constraints": {"joint_speed_rad": 0.05},
            "motion": {"joints": [{"name": "elbow", "angles": [[0.0, 0.2], [1.0, 0.4]]}]},
            "scene_link": "https://a.example/x",
            "materials": ["https://a.example/m", "https://b.example/"],
        }  # fmt: skip


LAB_TYPED = {
    "model": FILM, "prompt": "A red door.", "duration": "5", "cfg": "0.5", "mode": "std", "key": "k",
}  # fmt: skip
# What is typed → the sentence about it, and what must still stand in the form.
BAD = [
    ({"ext_info": '{"a": 1,}'}, "Ext info can not be read as JSON: a name in double quotes is missing at line 1, column 9.", "{&quot;a&quot;: 1,}"),
    ({"ext_info": "[1]"}, "Ext info must be a JSON object such as", "[1]"),
    ({"file_infos": '{"a": 1}'}, "File infos must be a JSON list of objects", "{&quot;a&quot;: 1}"),
    ({"upload_endpoint": "ftp://x"}, "Upload endpoint must be an address that starts with https:// or http://", 'value="ftp://x"'),
    ({"cfg": "0.123"}, "Stick to the prompt must be 0 to 1 in steps of 0.01", 'value="0.123"'),
    ({"cfg": "much"}, "Stick to the prompt must be 0 to 1", 'value="much"'),
    ({"mode": "fast"}, "Mode must be std or pro", ""),
    ({"duration": "7"}, "Duration must be 5 or 10", ""),
    ({"audio": "loud"}, "Sound must be yes or no", ""),
    ({"ttl": "59"}, "Kept for must be at least 60 s", 'value="59"'),
    ({"negative_prompt": "x"}, "Leave out is 1 characters long; it may have 2 to 2,500 characters.", ">x</textarea>"),
    ({"camera_pan": "11"}, "Camera: pan must be from -10 to 10", 'value="11"'),
    ({}, "Lab Film needs a first frame; add one.", "A red door."),
]  # fmt: skip
SIM_TYPED = {
    "model": SIMULATION,
    "prompt": "Pick it.",
    "duration": "5",
    "scene_link": "https://a.example/x",
}
SIM_BAD = [
    ({"sensors": ["", "sonar"]}, "Sensors has no “sonar”", ""),
    ({"sensors": [""]}, "Sensors must have at least 1 of them, not 0.", ""),
    ({"constraints": "fast"}, "Constraints has “fast” in line 1, which is not NAME = VALUE.", ">fast</textarea>"),
    ({"materials": "https://a.example/\nnonsense"}, "Materials must be addresses", "nonsense</textarea>"),
    ({"motion": '{"joints": 1}'}, "Motion: joints must be a list of 1 to 200 curves.", "{&quot;joints&quot;: 1}"),
    ({"motion_joint": "elbow", "motion_angles": "0:up"}, "Motion of “elbow” can not be read: “0:up” is not FRACTION:ANGLE", 'value="0:up"'),
    ({"motion_joint": "elbow", "motion_angles": "1:0, 0:1"}, "“elbow” waypoint 2 must be later than the one before", 'value="1:0, 0:1"'),
    ({"frame_rate": "0"}, "Frame rate must be 1 to 1000 fps", 'value="0"'),
    ({"scene_link": ""}, "A scene is needed: add a file or give a link.", "Pick it."),
]  # fmt: skip


@pytest.mark.parametrize("dock", ["compose", "director"])
class TestBadInput:
    @pytest.mark.parametrize(("changes", "said", "kept"), BAD)
    def test_of_a_film(self, signed_in, dock, changes, said, kept):
        self._is_told(signed_in, {**LAB_TYPED, **changes}, dock, said, kept)

    @pytest.mark.parametrize(("changes", "said", "kept"), SIM_BAD)
    def test_of_a_simulation(self, signed_in, dock, changes, said, kept):
        self._is_told(signed_in, {**SIM_TYPED, **changes}, dock, said, kept)

    @staticmethod
    def _is_told(client, sent, dock, said, kept):
        answer = client.post("/orders/", {**sent, "dock": dock})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert page.count(said) == 1 or dock == "compose"
        assert kept in page or dock == "compose"
        assert not Job.objects.exists()


class TestNotes:
    def test_doubt_stands_at_its_setting_and_belongs_to_it(self, signed_in):
        page = signed_in.post("/director/", {**LAB_TYPED, "dock": "director"}).content.decode()
        assert 'id="cfg-doubt"' in page
        assert "Lab may ignore this." in page
        assert re.search(r'id="cfg"[^>]* aria-describedby="cfg-doubt"', page)

    def test_advice_is_given_and_does_not_stand_in_the_way(self, signed_in):
        make_price(provider="lab", credits_per_second=0)
        sent = {**SIM_TYPED, "dock": "director", "frame_rate": "30"}
        assert SMOOTH in signed_in.post("/director/", sent).content.decode()
        assert SMOOTH in signed_in.post("/quote/", sent).content.decode()
        assert signed_in.post("/orders/", sent).status_code == 302

    def test_without_reason_there_is_none(self, signed_in):
        sent = {**SIM_TYPED, "dock": "director", "frame_rate": "60"}
        assert SMOOTH not in signed_in.post("/director/", sent).content.decode()

    def test_rare_settings_are_folded_away_until_they_say_something(self, signed_in):
        closed = signed_in.post("/director/", {**LAB_TYPED, "dock": "director"}).content.decode()
        assert '<details class="fold">' in closed
        opened = {**LAB_TYPED, "dock": "director", "ttl": "90"}
        assert (
            '<details class="fold" open>' in signed_in.post("/director/", opened).content.decode()
        )


class TestFiles:
    def test_limits_stand_at_the_slots_and_belong_to_them(self, signed_in):
        for dock in ("director", "bar"):
            page = signed_in.post("/director/", {**LAB_TYPED, "dock": dock}).content.decode()
            assert "Pictures: at least 100 pixels a side." in page
            assert re.search(
                r'id="slot-first_frame-file"[^>]* aria-describedby="frames-limits"', page
            )

    def test_a_picture_that_does_not_suit_the_model_stays_and_says_why(self, signed_in):
        small = SimpleUploadedFile("door.png", pictures.png((160, 90)), "image/png")
        sent = {"slot": "first_frame", "first_frame_file": small, **LAB_TYPED}
        response = signed_in.post("/frames/", sent)
        asset = Asset.objects.get()
        page = response.content.decode()
        assert response.status_code == 200
        assert f'name="first_frame" value="{asset.pk}"' in page
        assert "First frame must have at least 100 pixels a side; “door.png” has 160 × 90." in page
        swap = {**LAB_TYPED, "first_frame": asset.pk, "swap_frames": "1"}
        assert (
            "Last frame must have at least 100" in signed_in.post("/orders/", swap).content.decode()
        )

    def test_slots_are_those_of_the_model(self, signed_in):
        film = signed_in.post("/director/", {**LAB_TYPED, "dock": "director"}).content.decode()
        assert "slot-first_frame" in film
        assert "First, needed" in film
        assert "slot-scene" not in film
        simulation = signed_in.post(
            "/director/", {**SIM_TYPED, "dock": "director"}
        ).content.decode()
        assert 'id="slot-first_frame"' not in simulation
        assert "slot-scene" in simulation

    @pytest.mark.parametrize(("dock", "times"), [("compose", 2), ("director", 1)])
    def test_why_none_can_be_sent_stands_at_the_slots(self, signed_in, sellers, dock, times):
        sellers["lab"].blocked = BLOCKED
        page = signed_in.post(
            "/director/", {**LAB_TYPED, "dock": dock, "redraw": "1"}
        ).content.decode()
        assert page.count(BLOCKED) == times

    def test_what_can_not_be_sent_is_not_ordered(self, signed_in, sellers):
        make_price(provider="lab", credits_per_second=0)
        sellers["lab"].blocked = BLOCKED
        answer = signed_in.post("/orders/", {**LAB_TYPED, "first_frame_file": picture()})
        assert answer.status_code == 422
        assert BLOCKED in answer.content.decode()

    @pytest.fixture
    def scene(self, member, tmp_path):
        path = tmp_path / "cell.glb"
        path.write_bytes(scenes.glb())
        return uploads.add_at(member, "scene", path)

    def test_a_scene_offers_its_joints(self, signed_in, scene):
        sent = {**SIM_TYPED, "dock": "director", "scene": str(scene.pk), "redraw": "1"}
        page = signed_in.post("/director/", sent).content.decode()
        assert "cell.glb" in page
        assert "0.0 MB of 200, 4 joints found" in page
        assert '<option value="elbow"></option>' in page

    def test_a_scene_goes_along_unseen_in_the_compose_bar_and_into_the_order(
        self, signed_in, scene
    ):
        make_price(provider="lab", credits_per_second=0)
        sent = {**SIM_TYPED, "scene_link": "", "scene": str(scene.pk)}
        page = signed_in.post(
            "/director/", {**sent, "dock": "compose", "redraw": "1"}
        ).content.decode()
        assert hidden(page)["scene"] == [str(scene.pk)]
        assert signed_in.post("/orders/", sent).status_code == 302
        assert Job.objects.get().order.scene == scene.pk

    def test_a_joint_that_the_scene_has_not_is_told(self, signed_in, scene):
        sent = {**SIM_TYPED, "scene_link": "", "scene": str(scene.pk), "motion_joint": "knee",
                "motion_angles": "0:1", "dock": "director"}  # fmt: skip
        page = signed_in.post("/orders/", sent).content.decode()
        assert "The scene has no joint “knee”; it has “base”, “shoulder”" in page


class TestJointProblems:
    """What is wrong with a joint stands in its row, and nowhere else."""

    @staticmethod
    def rows(page: str) -> list[str]:
        return re.findall(r"<tr data-joint>.*?</tr>", page, re.DOTALL)

    def sent(self, client, *rows, **changes):
        joints, angles = zip(*rows, strict=True)
        sent = {**SIM_TYPED, "motion_joint": joints, "motion_angles": angles, "dock": "director"}
        answer = client.post("/orders/", {**sent, **changes})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert 'id="motion-problem"' not in page
        return self.rows(page)

    def test_every_row_that_can_not_be_read(self, signed_in):
        first, second, third, spare, _ = self.sent(
            signed_in, ("base", "0:up"), ("elbow", "0:1"), ("", "0:2")
        )
        assert "Motion of “base” can not be read" in first
        assert "hidden" not in first.split("data-joint-problem")[0].split("joint-problem")[1]
        assert 'aria-invalid="true"' in first
        assert "aria-invalid" not in second + spare
        assert "has the waypoints “0:2” without a joint" in third

    def test_every_row_whose_curve_is_wrong(self, signed_in):
        first, second, *_ = self.sent(signed_in, ("base", "1:0, 0:1"), ("elbow", "0:1"))
        assert "“base” waypoint 2 must be later" in first
        assert "aria-invalid" not in second

    def test_a_joint_that_the_scene_has_not(self, signed_in, member, tmp_path):
        path = tmp_path / "cell.glb"
        path.write_bytes(scenes.glb())
        scene = uploads.add_at(member, "scene", path).pk
        first, second, *_ = self.sent(
            signed_in, ("elbow", "0:1"), ("knee", "0:1"), scene=str(scene), scene_link=""
        )
        assert "aria-invalid" not in first
        assert "The scene has no joint “knee”" in second

    def test_in_json_it_stands_under_the_text(self, signed_in):
        text = '{"joints": [{"name": "elbow", "angles": [[2, 0]]}]}'
        answer = signed_in.post("/orders/", {**SIM_TYPED, "motion": text, "dock": "director"})
        page = answer.content.decode()
        assert "“elbow” waypoint 1 must be later" in page[page.index('id="motion-problem"') :]

    def test_what_the_provider_said_of_a_joint_stands_there_when_it_is_tried_again(
        self, signed_in, member
    ):
        curves = [{"name": name, "angles": [[0, 0], [1, 1]]} for name in ("base", "elbow")]
        refused = "Transend refused it: too fast (joint elbow). Reduce joint speeds."
        make_price(provider="lab", credits_per_second=0)
        settings = {"duration": 5, "motion": {"joints": curves}}
        order = Order(provider="lab", model="lab-sim", prompt="Pick it.", settings=settings)
        job = make_job(JobStatus.FAILED, author=member, order=order, error=refused)
        page = signed_in.get(f"/director/?from={job.pk}").content.decode()
        first, second, *_ = self.rows(page)
        assert refused not in first
        assert refused in second


class TestMotion:
    def test_its_rows_are_drawn_with_their_curves(self, signed_in):
        sent = {
            **SIM_TYPED,
            "dock": "director",
            "motion_joint": "elbow",
            "motion_angles": "0:0, 1:1",
        }
        page = signed_in.post("/director/", sent).content.decode()
        assert 'd="M0.0 29.0 L0.0 29.0 L160.0 3.0 L160.0 3.0"' in page
        assert "0 to 1 rad" in page
        assert page.count('name="motion_joint"') == 3  # with an empty one, and the one to copy

    def test_a_row_is_taken_out_without_scripts(self, signed_in):
        sent = {**SIM_TYPED, "dock": "director", "motion_joint": ["elbow", "wrist"],
                "motion_angles": ["0:0", "0:1"], "remove_joint": "1"}  # fmt: skip
        page = signed_in.post("/director/", sent).content.decode()
        assert 'value="wrist"' in page
        assert 'value="elbow"' not in page

    def test_a_file_takes_the_place_of_what_was_typed(self, signed_in):
        from django.core.files.uploadedfile import SimpleUploadedFile

        text = b'{"joints": [{"name": "elbow", "angles": [[0, 1]]}]}'
        sent = {**SIM_TYPED, "dock": "director", "motion_joint": "wrist", "motion_angles": "0:1",
                "motion_file": SimpleUploadedFile("arm.json", text)}  # fmt: skip
        page = signed_in.post("/director/", sent).content.decode()
        assert "&quot;elbow&quot;" in page
        assert 'name="motion_source" value="json" checked' in page

    def test_a_file_that_is_too_long_is_told(self, signed_in):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("arm.json", b"[" + b"1," * 600_000 + b"1]")
        answer = signed_in.post("/orders/", {**SIM_TYPED, "motion_file": file})
        assert answer.status_code == 422
        assert "Motion is longer than 1,000,000 characters." in answer.content.decode()


class TestSpokenCamera:
    """A model that takes no camera gets the move in the words of the prompt."""

    PLAIN = "lab/lab-plain"

    def said(self, signed_in, **typed):
        sent = chosen(self.PLAIN, drawn_for=self.PLAIN, dock="director", **typed)
        page = signed_in.post("/director/", sent).content.decode()
        return html.unescape(re.search(r"<textarea[^>]* id=\"prompt\"[^>]*>([^<]*)<", page)[1])

    def test_the_panel_says_so_and_keeps_the_move(self, signed_in):
        sent = chosen(self.PLAIN, dock="director", camera_zoom="-6")
        page = signed_in.post("/director/", sent, headers=HX).content.decode()
        assert "This model ignores camera control. You can say the move in the prompt." in page
        assert re.search(r'name="camera_zoom"[^>]* value="-6"', page)

    def test_a_press_puts_the_words_behind_the_prompt_once(self, signed_in):
        once = self.said(signed_in, camera_zoom="-6", say_move="1")
        assert once == f"{TYPED['prompt']} The camera moves in strongly."
        assert self.said(signed_in, prompt=once, camera_zoom="-6", say_move="1") == once
        assert self.said(signed_in, camera_zoom="-6") == TYPED["prompt"]
