import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from studio.celery.sqlite import queue_file

WORKER = """
import sys, time
from celery import Celery
import studio.celery.conf
from pathlib import Path

folder = Path(sys.argv[1])
app = Celery("test", broker="dailies://localhost")
app.conf.update(
    broker_transport_options={"path": str(folder / "queue.sqlite3"), "polling_interval": 0.01},
    task_acks_late=True, worker_prefetch_multiplier=1, worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
)

@app.task(name="note", ignore_result=True)
def note(name, until):
    with (folder / "started").open("a") as started:
        started.write(f"{name}\\n")
    while until and not (folder / until).exists():
        time.sleep(0.01)
    with (folder / "done").open("a") as done:
        done.write(f"{name}\\n")

app.worker_main(["--quiet", "worker", "-l", "ERROR", "-Q", "notes", "--without-gossip",
                 "--without-mingle", "--without-heartbeat", *sys.argv[2:]])
"""
SOLO = ("-P", "solo", "-c", "1")
THREADS = ("-P", "threads", "-c", "3")


@pytest.fixture
def app(tmp_path):
    import studio.celery.conf  # noqa: F401  (the transport's name)

    app = Celery("test", broker="dailies://localhost", set_as_current=False)
    app.conf.broker_transport_options = {"path": str(tmp_path / "queue.sqlite3")}
    return app


@pytest.fixture
def work(tmp_path):
    """Starts real workers; none of them outlives the test."""
    workers = []

    def start(*options):
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-c", WORKER, str(tmp_path), *options]
        root = Path(__file__).parents[2]
        workers.append(
            subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL)
        )
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def send(app, *names, until="", **options):
    for name in names:
        app.send_task("note", (name, until), queue="notes", **options)


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def eventually(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def rows(tmp_path):
    return queue_file(str(tmp_path / "queue.sqlite3"))._run("SELECT taken_by FROM message")


class TestWorker:
    def test_does_tasks_in_order_and_leaves_no_rows(self, app, work, tmp_path):
        names = [f"{number:02}" for number in range(20)]
        send(app, *names)
        work(*SOLO)
        eventually(lambda: lines(tmp_path / "done") == names)
        eventually(lambda: rows(tmp_path) == [])

    def test_of_two_none_does_what_the_other_did(self, app, work, tmp_path):
        names = [f"{number:03}" for number in range(100)]
        send(app, *names)
        work(*THREADS)
        work(*SOLO)
        eventually(lambda: len(lines(tmp_path / "done")) >= 100)
        eventually(lambda: rows(tmp_path) == [])

        assert sorted(lines(tmp_path / "started")) == names

    @pytest.mark.parametrize("pool", [SOLO, THREADS])
    def test_killed_in_the_middle_of_a_task_loses_nothing(self, app, work, tmp_path, pool):
        send(app, *"abcd", until="go")
        worker = work(*pool)
        eventually(lambda: lines(tmp_path / "started"))
        worker.kill()
        worker.wait()
        assert len(rows(tmp_path)) == 4

        (tmp_path / "go").touch()
        queue_file(str(tmp_path / "queue.sqlite3")).free(worker.pid)
        work(*pool)
        eventually(lambda: set(lines(tmp_path / "done")) == set("abcd"))
        eventually(lambda: rows(tmp_path) == [])

    def test_told_to_stop_gives_back_what_it_has_not_begun(self, app, work, tmp_path):
        send(app, *"abc", until="go")
        send(app, "later", countdown=60)
        worker = work(*SOLO)
        eventually(lambda: lines(tmp_path / "started") == ["a"])
        worker.send_signal(signal.SIGTERM)
        (tmp_path / "go").touch()

        assert worker.wait(30) == 0
        assert rows(tmp_path) == [(None,)] * (4 - len(lines(tmp_path / "done")))

    def test_does_not_see_what_has_expired(self, app, work, tmp_path):
        send(app, "late", expires=0.01)
        time_is_up = time.time() + 0.01
        eventually(lambda: time.time() > time_is_up)
        send(app, "fresh")
        work(*SOLO)
        eventually(lambda: lines(tmp_path / "done") == ["fresh"])
        eventually(lambda: rows(tmp_path) == [])


class TestPublishing:
    def test_into_a_folder_that_is_gone_is_the_error_that_tasks_expect(self, app, tmp_path):
        gone = str(tmp_path / "gone" / "queue.sqlite3")
        app.conf.broker_transport_options = {"path": gone}

        with pytest.raises(OperationalError):
            app.send_task("note", ("a", ""), queue="notes", retry=False)
