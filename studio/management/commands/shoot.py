"""`manage.py shoot "PROMPT"`: the main job without a browser, through the same services."""

import json
import signal
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from studio.core.errors import InvalidOrder, StudioError
from studio.core.status import JobStatus
from studio.management import answer, arguments, ordering
from studio.management.answer import Answer
from studio.management.interrupts import interrupt
from studio.management.progress import Bar
from studio.management.waiting import Wait, obstacle
from studio.models import Job
from studio.services import setup

NOT_MADE = 1
BAD_INPUT = 2
STOPPED = 128 + signal.SIGINT


class Command(BaseCommand):
    help = "Order takes and wait for them. Exit code 0 only if they were made, 2 for bad input."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Wrong arguments get one sentence, as wrong values do, instead of a page of usage."""
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        parser.error = arguments.explain  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        arguments.add(parser)

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except InvalidOrder as error:
            self.refuse(error, {"json": "--json" in argv, "provider": "", "model": ""})
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")
            sys.exit(STOPPED)

    def handle(self, *_args: Any, **options: Any) -> None:
        jobs = self.order(options)
        if not options["no_wait"]:
            for job in jobs:
                self.wait(job)
        self.tell([_told(job) for job in jobs], options)
        if not options["no_wait"] and any(job.status != JobStatus.SUCCEEDED for job in jobs):
            sys.exit(NOT_MADE)

    def order(self, options: dict[str, Any]) -> list[Job]:
        try:
            admin = setup.prepare()
            request = ordering.understand(options, first_admin=admin)
            jobs = ordering.place(request)
        except StudioError as error:
            self.refuse(error, options)
        for remark in request.remarks:
            self.stderr.write(f"Note: {remark}")
        return jobs

    def wait(self, job: Job) -> None:
        bar = Bar(sys.stderr)
        with interrupt() as stop:
            try:
                Wait(job, stop=stop, show=bar.show).until_the_end()
            finally:
                bar.clear()
        if stop.is_set() and job.is_active:
            self.stderr.write(f"Job {job.pk} is kept; it goes on when the studio runs.")
            sys.exit(stop.exit_code)

    def tell(self, told: list[Answer], options: dict[str, Any]) -> None:
        """One job is an object; with --wildcards there is a list of them, however many."""
        if not options["json"]:
            self.stdout.write("\n".join(line for one in told for line in answer.lines(one)))
            return
        self.stdout.write(json.dumps(told if options.get("wildcards") else told[0], indent=2))

    def refuse(self, error: StudioError, options: dict[str, Any]) -> NoReturn:
        """One sentence per problem; with --json also an answer of the usual shape."""
        sentences = arguments.sentences(error)
        self.stderr.write("\n".join(sentences))
        if options["json"]:
            asked = options["provider"], arguments.model_of(options)
            self.tell([answer.refusal(*asked, " ".join(sentences))], {"json": True})
        sys.exit(BAD_INPUT if isinstance(error, InvalidOrder) else NOT_MADE)


def _told(job: Job) -> Answer:
    told = answer.of(job)
    told["error"] = told["error"] or obstacle(job)
    return told
