"""`manage.py jobs`: what was ordered, newest first, with its takes."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from studio.core.status import JobStatus
from studio.management import answer, folder
from studio.models import Job

CHUNK = 500  # rows in memory at one time
COLUMNS = "{job:>7}  {status:<9}  {model:<22}  {takes:>5}  {charged:>9}  {created:<25}  {prompt}"
PROMPT_SHOWN = 60


class Command(BaseCommand):
    help = "List jobs with their status and takes, newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="A JSON list of shoot's answers.")
        parser.add_argument("--status", choices=[*JobStatus], help="Only jobs in this state.")
        parser.add_argument("--limit", type=folder.count, metavar="N", help="At most so many.")
        parser.add_argument("--data", metavar="FOLDER", help="The data folder.")

    def handle(self, *_args: Any, **options: Any) -> None:
        jobs = _wanted(status=options["status"], limit=options["limit"])
        for line in (_as_json if options["json"] else _as_table)(jobs):
            self.stdout.write(line)


def _wanted(*, status: str | None, limit: int | None) -> Iterator[answer.Listed]:
    if not folder.has_a_studio():
        return
    jobs = Job.objects.order_by("-pk")
    jobs = jobs.filter(status=status) if status else jobs
    shown = answer.with_all_that_is_told(jobs[:limit])
    yield from map(answer.listed, shown.iterator(chunk_size=CHUNK))


def _as_json(jobs: Iterator[answer.Listed]) -> Iterator[str]:
    """One list, one job a line, however many there are."""
    before = "["
    for job in jobs:
        yield before + json.dumps(job)
        before = ","
    yield "]" if before == "," else "[]"


def _as_table(jobs: Iterator[answer.Listed]) -> Iterator[str]:
    titles = ("job", "status", "model", "takes", "charged", "created", "prompt")
    yield COLUMNS.format(**{title: title.capitalize() for title in titles})
    for job in jobs:
        prompt = " ".join(job["prompt"].split())
        yield COLUMNS.format(
            job=job["job"], status=job["status"], model=job["model"], takes=len(job["takes"]),
            charged=f"{job['credits']['charged']:,g}", created=job["created"],
            prompt=prompt if len(prompt) <= PROMPT_SHOWN else f"{prompt[: PROMPT_SHOWN - 1]}…",
        )  # fmt: skip
