"""Every parameter of every model, as it is said to shoot: read, refused in a sentence, remarked on."""

import json
import re

import pytest

from studio.core.spec import Kind, Param
from studio.management import values
from studio.management.arguments import parameters
from studio.management.commands.shoot import Command
from studio.models import Asset, Job
from studio.pipeline import pace
from studio.providers import registry
from studio.services import setup
from tests.engines import REMOTES
from tests.factories import make_price
from tests.sellers import BLOCKED, NEEDS, SMOOTH
from tests.storage import models

FILM = ("--provider", "lab", "--model", "lab-film")
SIMULATION = ("--provider", "lab", "--model", "lab-sim", "--scene-link", "https://a.example/x.glb")
CURVES = {"joints": [{"name": "elbow", "angles": [[0, 0.2], [1, 0.4]]}]}
CHOICES = {Kind.CHOICE: (5, 10), Kind.SET: ("a", "b", "c")}


def param(kind, **more):
    return Param(name="it", label="It", kind=kind, choices=CHOICES.get(kind, ()), **more)


@pytest.fixture
def admin(db):
    return setup.prepare()


@pytest.fixture
def shoot(admin, capsys):
    """Run shoot; say how it ended, what it answered and what it told the person."""

    def run(*arguments, prompt="A red door."):
        capsys.readouterr()
        code = 0
        try:
            Command().run_from_argv(["manage.py", "shoot", prompt, *arguments, "--json"])
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    return run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Files to name on the command line, by their plain names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "arm.json").write_text(json.dumps(CURVES))
    (tmp_path / "broken.json").write_text('{"joints": [}')
    (tmp_path / "cell.glb").write_bytes(models.glb())
    (tmp_path / "arm.obj").write_bytes(models.OBJ)
    (tmp_path / "folder").mkdir()
    return tmp_path


class TestValues:
    def test_there_is_a_reader_for_every_kind(self):
        assert set(values.READ) == set(Kind)

    @pytest.mark.parametrize(
        ("kind", "text", "value"),
        [
            (Kind.TEXT, "two words", "two words"),
            (Kind.CHOICE, "5", 5),
            (Kind.CHOICE, "7", "7"),
            (Kind.WHOLE, "-3", -3),
            (Kind.WHOLE, "1_0", "1_0"),
            (Kind.NUMBER, "0.5", 0.5),
            (Kind.NUMBER, "half", "half"),
            (Kind.FLAG, "Yes", True),
            (Kind.FLAG, "no", False),
            (Kind.FLAG, "perhaps", "perhaps"),
            (Kind.CAMERA, "pan=4,zoom=-3", {"pan": 4, "zoom": -3}),
            (Kind.SEED, "7", 7),
            (Kind.SET, "a, c", ["a", "c"]),
            (Kind.LINK, "https://a.example/x", "https://a.example/x"),
            (Kind.LINKS, "https://a.example/x,y, http://b.example/", ["https://a.example/x,y", "http://b.example/"]),
            (Kind.OBJECT, '{"a": 1}', {"a": 1}),
            (Kind.OBJECT, "@arm.json", CURVES),
            (Kind.OBJECTS, '[{"a": 1}]', [{"a": 1}]),
            (Kind.MOTION, "arm.json", CURVES),
        ],
    )  # fmt: skip
    def test_are_read_as_their_kind_needs_them(self, folder, kind, text, value):
        assert values.read(param(kind), text) == value

    @pytest.mark.parametrize(
        ("kind", "text", "said"),
        [
            (Kind.TEXT, "  ", "It must be any text, not empty."),
            (Kind.OBJECT, '{"a": }', "It can not be read as JSON: a value is missing at line 1, column 7."),
            (Kind.OBJECT, "@nothing.json", "It can not be read from “nothing.json”: No such file or directory."),
            (Kind.MOTION, "broken.json", "It can not be read as JSON: a value is missing at line 1, column 13."),
            (Kind.MOTION, "nothing.json", "It can not be read from “nothing.json”"),
            (Kind.MOTION, "folder", "It can not be read from “folder”: Is a directory."),
            (Kind.MOTION, "a\0b", "It can not be read from"),
        ],
    )  # fmt: skip
    def test_what_can_not_be_read_is_told_with_the_place(self, folder, kind, text, said):
        with pytest.raises(ValueError, match=r".") as raised:
            values.read(param(kind), text)
        assert said in str(raised.value)


# What is said wrongly, and what the sentence must say: the flag or its word, and the rule.
WRONG = [
    ((*FILM, "--duration", "7"), ["Duration must be 5 or 10, not “7”."]),
    ((*FILM, "--cfg", "0.123"), ["--cfg: Stick to the prompt must be 0 to 1 in steps of 0.01, not “0.123”."]),
    ((*FILM, "--mode", "fast"), ["Mode must be std or pro, not “fast”."]),
    ((*FILM, "--negative-prompt", "x"), ["--negative-prompt: Leave out is 1 characters long"]),
    ((*FILM, "--audio", "loud"), ["--audio: Sound must be yes or no, not “loud”."]),
    ((*FILM, "--route", "z"), ["Route must be auto, a, b, c, d or e, not “z”."]),
    ((*FILM, "--upload-endpoint", "ftp://x"), ["Upload endpoint must be an address that starts with https://"]),
    ((*FILM, "--ext-info", "{"), ["Ext info can not be read as JSON", "line 1, column 2"]),
    ((*FILM, "--file-infos", "{}"), ["File infos must be a JSON list of objects"]),
    ((*FILM, "--ttl", "59"), ["--ttl: Kept for must be at least 60 s, not “59”."]),
    ((*FILM, "--quality", "60"), ["--quality: Lab Film has no setting “quality”."]),
    ((*FILM, "--option", "ttl"), ["--option “ttl” is not NAME=VALUE with a name of duration, aspect"]),
    ((*FILM, "--option", "fps=30"), ["--option “fps=30” is not NAME=VALUE with a name of"]),
    ((*FILM, "--option", "ttl=59"), ["--ttl: Kept for must be at least 60 s"]),
    ((*FILM, "--ttl", "60", "--option", "ttl=90"), ["--ttl is there twice; give it once."]),
    ((*FILM, "--scene", "cell.glb"), ["Lab Film takes no scene."]),
    ((*FILM,), ["--first-frame: Lab Film needs a first frame; add one."]),
    ((*SIMULATION, "--sensors", "rgb,sonar"), ["Sensors has no “sonar”; it takes any of rgb, depth"]),
    ((*SIMULATION, "--materials", "nonsense"), ["Materials must be addresses", "nonsense"]),
    ((*SIMULATION, "--constraints", "@nothing"), ["Constraints can not be read from “nothing”"]),
    ((*SIMULATION, "--motion", "broken.json"), ["Motion can not be read as JSON"]),
    ((*SIMULATION, "--collision-detection", "2"), ["Collision detection must be yes or no"]),
    ((*SIMULATION, "--frame-rate", "0"), ["Frame rate must be 1 to 1000 fps, not “0”."]),
    ((*SIMULATION, "--scene", "arm.obj"), ["Scene must be a .glb or .fbx scene; “arm.obj” is a text file."]),
    ((*SIMULATION, "--scene", "nothing.glb"), ["Scene must be a .glb or .fbx scene; there is no file"]),
    (("--provider", "lab", "--model", "lab-sim"), ["A scene is needed: add a file or give a link."]),
    (("--provider", "locked"), [f"--provider: {NEEDS}"]),
    (("--provider", "lab", "--model", "lab-9"), ["Model must be lab-film, lab-sim or lab-plain, not “lab-9”."]),
]  # fmt: skip


@pytest.mark.usefixtures("sellers", "folder")
class TestRefusal:
    @pytest.mark.parametrize(("arguments", "said"), WRONG, ids=lambda value: " ".join(value)[-40:])
    def test_is_one_sentence_with_flag_and_rule_and_stores_nothing(self, shoot, arguments, said):
        only = [line for line in said if "first frame" in line]
        frame = () if only or "lab-film" not in arguments else ("--first-frame", "door.png")
        _picture("door.png")
        code, told, err = shoot(*arguments, *frame)
        assert (code, told["status"], told["job"]) == (2, "refused", None)
        assert err == f"{told['error']}\n"
        assert len(err.splitlines()) == 1
        assert [words for words in said if words not in err] == []
        assert not Job.objects.exists()
        assert not Asset.objects.exists()

    def test_a_joint_that_the_scene_has_not_is_told_before_it_is_stored(self, shoot, folder):
        knee = {"joints": [{"name": "knee", "angles": [[0, 1]]}]}
        (folder / "knee.json").write_text(json.dumps(knee))
        code, told, _ = shoot(*SIMULATION, "--scene", "cell.glb", "--motion", "knee.json")
        assert (code, Asset.objects.count()) == (2, 0)
        assert "The scene has no joint “knee”; it has “base”, “shoulder”" in told["error"]

    def test_a_file_that_the_provider_can_not_get_is_told(self, shoot, sellers):
        sellers["lab"].blocked = BLOCKED
        _picture("door.png")
        code, told, _ = shoot(*FILM, "--first-frame", "door.png")
        assert (code, told["error"]) == (2, f"--first-frame: {BLOCKED}")

    def test_without_a_price_it_names_the_command_that_sets_one(self, shoot):
        code, told, _ = shoot(*SIMULATION)
        assert code == 1
        assert told["error"] == (
            "There is no price for lab lab-sim; an admin can set one: "
            "manage.py price lab AMOUNT --model lab-sim --per second --unit USD"
        )

    def test_without_a_rate_too(self, shoot):
        make_price(provider="lab", unit="stone")
        code, told, _ = shoot(*SIMULATION)
        assert code == 1
        assert told["error"].endswith(
            "in Settings, Prices, Rates: manage.py price --unit stone --rate AMOUNT"
        )

    def test_one_that_is_switched_off_takes_no_orders(self, shoot, sellers):
        sellers["lab"].__class__.is_on = property(lambda _: False)
        try:
            code, told, _ = shoot(*SIMULATION)
        finally:
            del sellers["lab"].__class__.is_on
        assert code == 2
        assert "Lab is switched off; an admin can switch it on in the settings." in told["error"]

    def test_without_a_value_the_flag_says_what_it_takes(self, shoot):
        code, _, err = shoot(*SIMULATION, "--sensors")
        assert (code, err) == (
            2,
            "--sensors needs a value. Sensors: any of rgb, depth, normals, optical_flow.\n",
        )


def _picture(name, size=(320, 180)):
    from PIL import Image

    Image.new("RGB", size, "teal").save(name)


@pytest.mark.usefixtures("sellers", "folder")
class TestOrdered:
    def test_everything_that_was_said_is_in_the_order(self, shoot):
        make_price(provider="lab", credits_per_second=0)
        code, told, err = shoot(
            "--provider", "lab", "--model", "lab-sim", "--scene", "cell.glb", "--duration", "5",
            "--sensors", "rgb,depth", "--frame-rate", "120", "--collision-detection", "no",
            "--constraints", '{"joint_speed_rad": 0.05}', "--motion", "arm.json",
            "--materials", "https://a.example/m,https://b.example/", "--option",
            "hdri=https://a.example/sky=1.hdr", "--no-wait",
        )  # fmt: skip
        assert (code, told["status"], err) == (0, "queued", "")
        order = Job.objects.get().order
        assert order.settings == {
            "duration": 5, "sensors": ["rgb", "depth"], "frame_rate": 120,
            "collision_detection": False, "constraints": {"joint_speed_rad": 0.05},
            "motion": CURVES, "materials": ["https://a.example/m", "https://b.example/"],
            "hdri": "https://a.example/sky=1.hdr",
        }  # fmt: skip
        assert Asset.objects.get(pk=order.scene).name == "cell.glb"

    def test_doubt_and_advice_are_remarks_and_the_answer_stays_json(self, shoot):
        make_price(provider="lab", credits_per_second=0)
        _picture("door.png")
        _, _, err = shoot(*FILM, "--cfg", "0.5", "--first-frame", "door.png", "--no-wait")
        assert err == "Note: --cfg: Lab may ignore this.\n"
        _picture("wide.png", (640, 160))
        _, _, err = shoot(*FILM, "--first-frame", "wide.png", "--no-wait")
        assert err == (
            "Note: First frame “wide.png” has 640 × 160 and may be refused: "
            "Lab elsewhere takes sides of 1:2 to 2:1.\n"
        )
        _, _, err = shoot(*SIMULATION, "--frame-rate", "30", "--no-wait")
        assert err == f"Note: {SMOOTH}\n"


class TestHelp:
    def test_every_parameter_has_its_flag_in_a_group_with_what_is_allowed(self, sellers, capsys):
        with pytest.raises(SystemExit):
            Command().run_from_argv(["manage.py", "shoot", "--help"])
        text = capsys.readouterr().out
        assert "usage: manage.py shoot PROMPT" in text
        for name in parameters():
            assert re.search(rf"^  --{name.replace('_', '-')} \S", text, re.MULTILINE), name
        plain = " ".join(text.split())
        assert "Duration: 1 to 10 s; 5 or 10; 5 to 15 s; 1 to 60 s." in plain
        assert "--scene FILE Scene, .glb or .fbx: kling2.5-simulation, lab-sim." in plain
        assert "--motion FILE Motion: a JSON file with joints and paths." in plain
        assert "lab: lab-film, lab-sim" in plain
        assert max(map(len, text.splitlines())) < 110


class TestRemote:
    """Jobs of a remote provider are sent, asked about and stored by the command itself."""

    @pytest.fixture
    def remotes(self, monkeypatch, tmp_path, db):
        monkeypatch.setattr(pace, "PAUSES", ((10**9, 0.05),))
        known = {kind.slug: kind(tmp_path / kind.slug) for kind in REMOTES}
        for slug, provider in known.items():
            monkeypatch.setitem(registry.all_providers(), slug, provider)
            make_price(provider=slug, credits_per_second=2)
        return known

    def test_is_waited_for(self, shoot, remotes):
        code, told, err = shoot("--provider", "paid")
        assert (code, told["status"], err) == (0, "succeeded", "")
        (take,) = told["takes"]
        assert (take["seed"], take["streams"]) == (None, [])
        assert told["credits"] == {"quoted": 2, "held": 0, "charged": 2, "released": 0}

    def test_what_fails_there_fails_here_with_its_reason(self, shoot, remotes):
        code, told, _ = shoot("--provider", "paid", prompt="Please fail.")
        assert (code, told["status"], told["error"]) == (1, "failed", "It did not work out.")
        assert told["credits"]["released"] == 2

    def test_what_may_have_been_sent_is_told_and_keeps_its_hold(self, shoot, remotes):
        code, told, _ = shoot("--provider", "paid", prompt="Please lose it.")
        assert (code, told["status"]) == (1, "uncertain")
        assert told["error"].startswith("No answer came back: it may have been sent.")
        assert told["credits"]["held"] == 2

    def test_what_can_be_found_again_is_waited_for(self, shoot, remotes, monkeypatch):
        monkeypatch.setattr(pace, "FIRST_SEARCH", 0.05)
        code, told, _ = shoot("--provider", "findable", prompt="Please lose it.")
        assert (code, told["status"]) == (0, "succeeded")
        assert len(remotes["findable"].accepted.read_text().splitlines()) == 1
