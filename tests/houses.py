"""A studio of its own for a test: data folder, database file, and processes forked into it.

Functions run `inside` a house in a child of the test's process, which has everything imported
already; so threads, processes and kills are real, and the test's own database is not touched.
"""

import gc
import os
import pickle
import shutil
import signal
import threading
import traceback
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test.utils import override_settings
from pytest_django.plugin import blocking_manager_key

from studio.models import SearchText
from studio.providers import registry
from studio.settings import _SQLITE
from tests.engines import make_providers

# A killed process loses nothing that it wrote, a power cut would: tests need not wait for disks.
PRAGMAS = _SQLITE["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")


class House:
    """`database` is the settings of Django's default database for this house.

    `providers` makes those of a house by their slugs, from its folder; those for tests, if none is given.
    """

    def __init__(self, folder, database=None, providers=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.providers = providers or make_providers
        self.database = database or {
            **_SQLITE,
            "NAME": self.folder / "studio.sqlite3",
            "OPTIONS": {**_SQLITE["OPTIONS"], "init_command": PRAGMAS},
        }

    def copy(self, folder):
        """Another house with the same rows. Nobody may be inside this one."""
        shutil.copytree(self.folder, folder)
        return House(folder, providers=self.providers)

    def move_in(self):
        """Make this process, and all threads that it starts, work in this house."""
        connections.settings = connections.configure_settings({"default": dict(self.database)})
        if hasattr(connections._connections, "default"):
            del connections["default"]
        override_settings(
            DATA=self.folder, SCRATCH=self.folder / "scratch", MEDIA_ROOT=self.folder / "media"
        ).enable()
        settings.SCRATCH.mkdir(exist_ok=True)
        known = self.providers(self.folder)
        registry.all_providers = lambda: known

    def start(self, function, *arguments):
        """Fork a child that runs the function in this house; `end` waits for its answer."""
        reading, writing = os.pipe()
        child = os.fork()
        if child:
            os.close(writing)
            return child, reading
        _live(self, function, arguments, writing)
        raise AssertionError("a child never comes here")

    def inside(self, function, *arguments):
        """Run the function in a child and return its answer, or raise what it raised."""
        answer = end(*self.start(function, *arguments))
        assert answer is not None, "the child was killed"
        return answer[0]

    def together(self, count, function, *arguments):
        """Run the function in so many children at once, as `function(number, *arguments)`."""
        children = [self.start(function, number, *arguments) for number in range(count)]
        return [answer[0] for answer in [end(*child) for child in children] if answer]


def _live(house, function, arguments, writing):
    """The whole life of a child."""
    gc.freeze()  # what it inherited may belong to threads that it has not: never tear that down
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        pytest_config().unblock()
        house.move_in()
        answer = (function(*arguments),)
    except BaseException:  # noqa: BLE001  (the test raises it again)
        answer = traceback.format_exc()
    with os.fdopen(writing, "wb") as pipe:
        pickle.dump(answer, pipe)
    connections.close_all()
    os._exit(0)


def pytest_config():
    return House.config.stash[blocking_manager_key]


def end(child, reading):
    """The child's answer as a tuple, or None when it was killed."""
    with os.fdopen(reading, "rb") as pipe:
        written = pipe.read()
    os.waitpid(child, 0)
    answer = pickle.loads(written) if written else None
    assert not isinstance(answer, str), answer
    return answer


def in_threads(count, function, *arguments):
    """Run `function(number, *arguments)` in so many threads that start at once."""
    answers = [None] * count
    gate = threading.Barrier(count)

    def run(number):
        gate.wait()
        try:
            answers[number] = function(number, *arguments)
        except BaseException as error:  # noqa: BLE001  (raised again below)
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers


def migrate():
    call_command("migrate", verbosity=0, interactive=False)


def empty():
    call_command("flush", verbosity=0, interactive=False)
    SearchText.objects.all().delete()  # flush knows only the tables that Django made
