"""shoot: the main job from the command line, in real processes."""

import hashlib
import json
import signal
from pathlib import Path

import pytest

from tests.management.commandline import Folder, finish

pytest.importorskip("studio.engine.animatic")

RENDERING = "SELECT id FROM studio_job WHERE status = 'running' AND progress > 0"
LONGER = ("--duration", "4")


@pytest.fixture
def folder(ready_folder):
    return Folder(ready_folder)


@pytest.fixture
def nowhere(tmp_path):
    return Folder(tmp_path / "not" / "there" / "yet")


def picture(path: Path, color: str) -> str:
    from PIL import Image

    Image.new("RGB", (320, 180), color).save(path)
    return str(path)


class TestAnswer:
    def test_two_takes_between_two_frames_are_told_and_stored(self, folder, tmp_path):
        first = picture(tmp_path / "first.png", "teal")
        last = picture(tmp_path / "last.png", "orange")
        told = folder.shoot(
            "--provider", "animatic", "--model", "animatic-1", "--aspect", "1:1",
            "--resolution", "720p", "--first-frame", first, "--last-frame", last,
            "--camera", "pan=4,zoom=-3", "--count", "2", "--seed", "7", "--format", "mov",
            "--quality", "60",
        )  # fmt: skip
        takes = told.pop("takes")
        nothing = {"quoted": 0, "held": 0, "charged": 0, "released": 0}
        assert told == {
            "job": 1, "status": "succeeded", "provider": "animatic", "model": "animatic-1",
            "credits": nothing, "error": None,
        }  # fmt: skip
        assert [take["number"] for take in takes] == [1, 2]
        for take in takes:
            content = Path(take["file"]).read_bytes()
            assert take["file"].startswith(str(folder.path))
            assert take["file"].endswith(".mov")
            assert hashlib.sha256(content).hexdigest() == take["sha256"]
            assert (take["width"], take["height"]) == (720, 720)
            assert (take["fps"], take["duration"]) == (24, 1)
        assert folder.run("audit")[0] == 0

    def test_same_order_and_seed_give_the_same_bytes(self, folder):
        one, other = (folder.shoot("--seed", "3") for _ in range(2))
        assert one["job"] != other["job"]
        assert one["takes"][0]["sha256"] == other["takes"][0]["sha256"]

    def test_without_json_a_person_can_read_it(self, nowhere):
        code, out, err = nowhere.run("shoot", "A red door.", "--duration", "1")
        assert (code, err) == (0, "")
        assert out.startswith("Job 1 (animatic animatic-1): succeeded\n  Take 1: 1280x720, 24 fps")


class TestLineOfJobs:
    def test_two_at_once_on_a_folder_that_is_not_there(self, nowhere):
        command = ("shoot", "A red door.", "--duration", "1", "--json")
        both = [nowhere.start(*command) for _ in range(2)]
        ends = [finish(process) for process in both]
        assert [code for code, _, _ in ends] == [0, 0], ends
        assert {json.loads(out)["job"] for _, out, _ in ends} == {1, 2}
        assert nowhere.rows("SELECT count(*) FROM studio_team") == [(1,)]
        assert nowhere.run("audit")[0] == 0

    def test_no_wait_returns_with_a_job_in_line_that_the_next_shoot_finishes_too(self, folder):
        told = folder.shoot("--no-wait")
        assert (told["status"], told["takes"], told["error"]) == ("queued", [], None)
        assert folder.shoot()["status"] == "succeeded"
        listed = folder.json("jobs")
        assert [(job["job"], job["status"]) for job in listed] == [
            (2, "succeeded"), (1, "succeeded"),
        ]  # fmt: skip
        assert listed[0]["prompt"] == "A red door in the snow."
        assert set(listed[0]) == {*told, "prompt", "created"}
        assert listed == [*folder.json("jobs", "--limit", "1"), *listed[1:]]
        assert folder.json("jobs", "--status", "failed") == []


class TestInterruption:
    def test_ctrl_c_says_so_in_one_sentence_and_leaves_the_job_to_the_next(self, folder):
        process = folder.start("shoot", "A red door.", *LONGER, "--json")
        folder.wait_for(RENDERING, process)
        process.send_signal(signal.SIGINT)
        assert finish(process) == (130, "", "Job 1 is kept; it goes on when the studio runs.\n")
        assert folder.rows("SELECT status, lease_owner FROM studio_job") == [("running", "")]
        assert folder.shoot()["job"] == 2
        assert [job["status"] for job in folder.json("jobs")] == ["succeeded", "succeeded"]
        assert folder.run("audit")[0] == 0

    def test_the_next_shoot_finishes_what_kill_9_interrupted(self, folder):
        process = folder.start("shoot", "A red door.", *LONGER)
        folder.wait_for(RENDERING, process)
        process.kill()
        finish(process)
        assert folder.shoot()["status"] == "succeeded"
        assert [job["status"] for job in folder.json("jobs")] == ["succeeded", "succeeded"]
        assert folder.run("audit")[0] == 0


class TestExitCode:
    def test_wrong_arguments_are_2_with_one_sentence_and_an_answer(self, folder):
        code, out, err = folder.run("shoot", "A red door.", "--fps", "30", "--json")
        assert code == 2
        assert err.count("\n") == 1
        assert "--aspect" in err
        assert json.loads(out)["status"] == "refused"

    def test_wrong_values_are_2_and_nothing_is_stored(self, nowhere):
        code, out, err = nowhere.run("shoot", "A red door.", "--count", "5", "--json")
        assert (code, err) == (2, "--count: Takes must be 1 to 4, not “5”.\n")
        assert json.loads(out) | {"credits": 0} == {
            "job": None, "status": "refused", "provider": "animatic", "model": "animatic-1",
            "takes": [], "credits": 0, "error": err.strip(),
        }  # fmt: skip
        assert nowhere.json("jobs") == []
