"""`manage.py up`: start the studio, web and workers, with one command."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from studio.management.addresses import CannotListen
from studio.management.lock import AlreadyRunning


class Command(BaseCommand):
    help = "Start the studio: prepares the data folder, then runs web and workers until Ctrl-C."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="where to listen; 0.0.0.0 is everywhere"
        )
        parser.add_argument("--port", type=int, default=8000, help="0 picks a free one")
        parser.add_argument("--data", metavar="FOLDER", help="where everything is kept (manage.py)")

    def handle(self, *_: Any, **options: Any) -> None:
        from studio.management import supervise  # a server, which `help` can do without

        try:
            supervise.run(options["host"], options["port"], say=self._say)
        except (AlreadyRunning, CannotListen) as error:
            self.stderr.write(str(error))
            sys.exit(1)
        except KeyboardInterrupt:  # before there was anything to stop
            sys.exit(130)

    def _say(self, line: str) -> None:
        """At once, also where the output is a file or a pipe."""
        self.stdout.write(line)
        self.stdout.flush()
