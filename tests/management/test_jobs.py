"""jobs: the list, for programs and for people, however long it is."""

import json

import pytest
from django.core.management import CommandError, call_command

from studio.core.status import JobStatus
from tests import factories
from tests.management.commandline import Folder


@pytest.fixture
def listed(db, capsys):
    def run(*arguments):
        capsys.readouterr()
        call_command("jobs", *arguments)
        return capsys.readouterr().out

    return run


@pytest.fixture
def author(db):
    return factories.make_member()


class TestJson:
    def test_an_empty_studio_is_an_empty_list(self, listed):
        assert json.loads(listed("--json")) == []

    def test_has_newest_first_with_prompt_and_time(self, listed, author):
        for prompt in ("A red door.", "Ein rotes Tor, „schnee“."):
            factories.make_job(author=author, order=factories.make_order(prompt=prompt))
        newest, oldest = json.loads(listed("--json"))
        assert newest["job"] > oldest["job"]
        assert newest["prompt"] == "Ein rotes Tor, „schnee“."
        assert newest["created"].endswith("+00:00")
        assert newest["error"] is None

    def test_tells_why_a_job_waits_or_failed(self, listed, author):
        factories.make_job(JobStatus.SAVING, author=author, problem="The disk is full.")
        factories.make_job(JobStatus.FAILED, author=author, error="Too dark.")
        factories.make_job(JobStatus.CANCELLED, author=author)
        told = [job["error"] for job in json.loads(listed("--json"))]
        assert told == ["The job was cancelled.", "Too dark.", "The disk is full."]

    def test_can_be_limited_to_a_state_and_a_number(self, listed, author):
        for status in (JobStatus.QUEUED, JobStatus.FAILED, JobStatus.FAILED):
            factories.make_job(status, author=author)
        assert len(json.loads(listed("--json", "--limit", "2"))) == 2
        assert len(json.loads(listed("--json", "--status", "failed"))) == 2
        assert len(json.loads(listed("--json", "--status", "failed", "--limit", "1"))) == 1

    @pytest.mark.parametrize("limit", ["0", "-1", "many"])
    def test_a_limit_is_a_whole_number_from_1(self, listed, limit):
        with pytest.raises(CommandError, match="must be a whole number from 1"):
            listed(f"--limit={limit}")

    def test_asks_the_same_number_of_questions_for_any_number_of_jobs(
        self, listed, author, django_assert_num_queries
    ):
        factories.make_job(author=author)
        with django_assert_num_queries(100, exact=False) as first:
            listed("--json")
        for _ in range(9):
            factories.make_job(author=author)
        with django_assert_num_queries(len(first)):
            listed("--json")


class TestTable:
    def test_has_one_aligned_line_for_each_job(self, listed, author):
        prompt = "A door\nin the snow, " + "and then another one, " * 9
        factories.make_job(author=author, order=factories.make_order(prompt=prompt))
        head, line = listed().splitlines()
        assert head.index("Prompt") == line.index("A door in the snow,")
        assert head.index("Created") == line.index("20")
        assert line.endswith("…")


class TestNoStudio:
    def test_has_no_jobs_and_can_not_be_proved(self, tmp_path):
        nothing = Folder(tmp_path / "mistyped")
        assert nothing.json("jobs") == []
        code, _, err = nothing.run("audit")
        assert code == 1
        assert err == f"There is no studio in {nothing.path}; `manage.py up` makes one.\n"
