"""Bad input to shoot: one sentence for each problem, and nothing is stored, held or charged."""

import json

import pytest
from django.core.management import call_command
from PIL import Image

from studio import ledger
from studio.management.commands.shoot import Command
from studio.models import Asset, Clip, Event, Job, LedgerEntry, Project, Role
from studio.services import setup
from tests import factories

PROMPT = "A red door in the snow."
ROWS = (Asset, Clip, Job, Event, LedgerEntry)

# What is said wrongly, and what the sentence must say: the field and what is allowed.
WRONG = [
    (["--provider", "foo"], ["Provider", "animatic", "foo"]),
    (["--model", "animatic-9"], ["Model", "animatic-1", "animatic-9"]),
    (["--aspect", "4:3"], ["--aspect", "16:9, 9:16 or 1:1", "4:3"]),
    (["--resolution", "8k"], ["Resolution", "720p or 1080p"]),
    (["--format", "gif"], ["Format", "mp4, mov or webm"]),
    (["--duration", "0"], ["Duration", "1 to 10 s"]),
    (["--duration", "11"], ["Duration", "1 to 10 s"]),
    (["--duration", "abc"], ["Duration", "1 to 10 s", "abc"]),
    (["--duration", "1_0"], ["Duration", "1 to 10 s", "1_0"]),
    (["--duration", "1.5"], ["Duration", "1 to 10 s", "1.5"]),
    (["--duration", "9" * 5000], ["Duration", "1 to 10 s"]),
    (["--duration", ""], ["Duration", "1 to 10 s"]),
    (["--duration"], ["--duration", "1 to 10 s"]),
    (["--count", "5"], ["--count", "1 to 4"]),
    (["--quality", "100"], ["Quality", "20 to 99"]),
    (["--seed", "-1"], ["Seed", "0 to 2147483647"]),
    (["--camera", "pan=11"], ["Camera", "pan", "-10 to 10"]),
    (["--camera", "pan=nan"], ["Camera", "pan", "-10 to 10"]),
    (["--camera", "spin=1"], ["camera", "horizontal, vertical, pan, tilt, zoom, roll"]),
    (["--camera", "pan=far"], ["camera", "pan", "-10 to 10"]),
    (["--fps", "30"], ["--fps", "--aspect", "--duration"]),
    (["--dur", "3"], ["--dur", "--duration"]),
    (["two", "words"], ["two words", "one prompt in quotation marks"]),
    (["--as", "nobody@example.org"], ["--as", "admin@localhost"]),
    (["--project", "None such"], ["--project", "First project"]),
]


@pytest.fixture
def admin(db):
    return setup.prepare()


@pytest.fixture
def shoot(admin, capsys):
    """Run shoot; say how it ended, what it answered and what it told the person."""

    def run(*arguments, prompt=PROMPT):
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            Command().run_from_argv(["manage.py", "shoot", prompt, *arguments, "--json"])
        out, err = capsys.readouterr()
        return end.value.code, json.loads(out), err

    return run


@pytest.fixture
def nothing_stored(admin, settings):
    """The rows and files are the same after the test as before."""

    def state():
        budget = ledger.team_budget(admin.team)
        files = sorted(settings.MEDIA_ROOT.rglob("*")) if settings.MEDIA_ROOT.exists() else []
        return [model.objects.count() for model in ROWS], budget.available, budget.held, files

    before = state()
    yield
    assert state() == before


@pytest.mark.usefixtures("nothing_stored")
class TestWrongValue:
    @pytest.mark.parametrize(("arguments", "words"), WRONG, ids=lambda value: str(value)[:40])
    def test_is_refused_in_one_sentence_that_says_what_is_allowed(self, shoot, arguments, words):
        code, told, err = shoot(*arguments)
        assert code == 2
        assert (told["job"], told["status"], told["takes"]) == (None, "refused", [])
        assert err == f"{told['error']}\n"
        assert len(err.splitlines()) == 1
        assert [word for word in words if word not in err] == []

    @pytest.mark.parametrize("prompt", ["", "   ", "x" * 2501])
    def test_prompt_must_have_1_to_2500_characters(self, shoot, prompt):
        code, told, _ = shoot(prompt=prompt)
        assert code == 2
        assert "Prompt" in told["error"]
        assert "2,500 characters" in told["error"]

    def test_every_problem_is_told_on_a_line_of_its_own(self, shoot):
        code, _, err = shoot("--count", "5", "--camera", "spin=1", "--aspect", "4:3")
        assert code == 2
        assert len(err.splitlines()) == 3


def text(path):
    path.write_text("I am no picture.")


def truncated(path):
    Image.effect_noise((400, 300), 90).save(path)
    path.write_bytes(path.read_bytes()[:2000])


def strip(path):
    Image.new("RGB", (1, 3000)).save(path)


def bomb(path):
    Image.new("1", (30_000, 30_000)).save(path)


def directory(path):
    path.mkdir()


def nothing(path):
    assert not path.exists()


def photograph(path):
    Image.new("RGB", (320, 180), "teal").save(path)


@pytest.mark.usefixtures("nothing_stored")
class TestWrongFrame:
    @pytest.mark.parametrize("make", [text, truncated, strip, bomb, directory, nothing])
    def test_is_refused_by_its_content_and_the_other_frame_is_not_stored(
        self, shoot, tmp_path, make
    ):
        good, bad = tmp_path / "good.png", tmp_path / "bad.png"
        photograph(good)
        make(bad)
        code, told, err = shoot("--first-frame", str(good), "--last-frame", str(bad))
        assert code == 2
        assert err == f"{told['error']}\n"
        assert err.startswith("Last frame")
        assert "bad.png" in err

    def test_last_needs_a_first(self, shoot, tmp_path):
        photograph(tmp_path / "last.png")
        code, told, _ = shoot("--last-frame", str(tmp_path / "last.png"))
        assert (code, told["error"]) == (
            2, "--last-frame: A last frame needs a first frame; add one.",
        )  # fmt: skip

    def test_a_good_frame_is_not_stored_for_a_wrong_order(self, shoot, tmp_path):
        photograph(tmp_path / "first.png")
        assert shoot("--first-frame", str(tmp_path / "first.png"), "--count", "5")[0] == 2


@pytest.mark.usefixtures("nothing_stored")
class TestNotAllowed:
    def test_over_budget_is_refused_before_a_frame_is_stored(self, shoot, tmp_path):
        factories.make_price(credits_per_second=101)
        photograph(tmp_path / "first.png")
        code, told, err = shoot("--duration", "10", "--first-frame", str(tmp_path / "first.png"))
        sentence = "This needs 1,010 credits, 1,000 are left in the budget."
        assert (code, told["status"], told["error"], err) == (
            1, "refused", sentence, f"{sentence}\n",
        )  # fmt: skip

    def test_reviewers_order_nothing(self, shoot, admin):
        reviewer = factories.make_member(Role.REVIEWER, team=admin.team)
        code, told, _ = shoot("--as", reviewer.user.email)
        assert code == 1
        assert "may not order" in told["error"]


class TestForeignProject:
    def test_is_not_known(self, shoot):
        assert shoot("--project", factories.make_project().name)[0] == 2
        assert not Job.objects.exists()


class TestOrdered:
    def test_by_whom_and_for_which_project_can_be_said(self, admin, capsys):
        author = factories.make_member(team=admin.team)
        project = Project.objects.create(team=admin.team, name="Second")
        call_command(
            "shoot", PROMPT, "--as", author.user.email.upper(), "--project", "Second", "--no-wait"
        )
        job = Job.objects.get()
        assert (job.author, job.clip.project, job.status) == (author, project, "queued")
        assert capsys.readouterr().out.startswith(f"Job {job.pk} (animatic animatic-1): queued")

    def test_a_price_is_held_and_told_in_credits(self, admin, capsys):
        factories.make_price(credits_per_second=3)
        call_command("shoot", PROMPT, "--duration", "2", "--no-wait", "--json")
        told = json.loads(capsys.readouterr().out)
        assert told["credits"] == {"quoted": 6, "held": 6, "charged": 0, "released": 0}
