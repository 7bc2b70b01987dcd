import multiprocessing
import os
import signal
import time

import pytest

from studio.celery.queue_file import QueueFile

spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def queue(tmp_path):
    return QueueFile(tmp_path / "queue.sqlite3")


def fill(path, name, count):
    queue = QueueFile(path)
    for number in range(count):
        queue.put("drive", f"{name}-{number}", f"{name}-{number}")


def drain(path, taken):
    queue = QueueFile(path)
    while body := queue.take("drive"):
        taken.put(body)
        queue.finish(body)


def take_and_hang(path, taken):
    taken.put(QueueFile(path).take("drive"))
    time.sleep(60)


class TestOrder:
    def test_messages_come_out_as_they_went_in(self, queue):
        for tag in "abc":
            queue.put("drive", tag, tag)

        assert [queue.take("drive") for _ in range(4)] == ["a", "b", "c", None]

    def test_queues_do_not_mix(self, queue):
        queue.put("render", "r", "r")
        queue.put("drive", "d", "d")

        assert queue.take("drive") == "d"
        assert queue.take("drive") is None
        assert queue.size("render") == 1

    def test_a_message_given_back_is_first_again(self, queue):
        for tag in "ab":
            queue.put("drive", tag, tag)
        queue.take("drive")
        queue.give_back("a")

        assert queue.take("drive") == "a"


class TestTidiness:
    def test_nothing_is_left_of_finished_messages(self, queue):
        for tag in "abc":
            queue.put("drive", tag, tag)
            queue.take("drive")
            queue.finish(tag)

        assert queue.free() == 0
        assert queue.size("drive") == 0

    def test_expired_messages_are_dropped_when_one_is_taken(self, queue):
        queue.put("drive", "late", "late", expires_at=time.time() - 1)
        queue.put("drive", "fresh", "fresh", expires_at=time.time() + 60)

        assert queue.take("drive") == "fresh"
        assert queue.take("drive") is None

    def test_expired_messages_do_not_pile_up_while_nobody_works(self, queue):
        for number in range(50):
            queue.put("drive", f"{number}", "sweep", expires_at=time.time() - 1)

        assert queue.size("drive") == 1

    def test_a_message_in_work_is_not_dropped_when_it_expires(self, queue):
        queue.put("drive", "a", "a", expires_at=time.time() + 0.05)
        queue.take("drive")
        while queue._run("SELECT 1 WHERE ? < (SELECT expires_at FROM message)", time.time()):
            pass
        queue.put("drive", "b", "b", expires_at=time.time() + 60)

        assert queue.free() == 1

    def test_purge_drops_what_waits(self, queue):
        for tag in "abc":
            queue.put("drive", tag, tag)
        queue.take("drive")

        assert queue.purge("drive") == 2
        assert queue.free() == 1


class TestSeveralProcesses:
    def test_first_starts_at_once_and_every_message_has_one_taker(self, tmp_path):
        path = tmp_path / "queue.sqlite3"
        writers = [spawn.Process(target=fill, args=(path, name, 60)) for name in "abc"]
        run(writers)
        taken = spawn.Queue()
        takers = [spawn.Process(target=drain, args=(path, taken)) for _ in range(3)]
        for taker in takers:
            taker.start()
        bodies = [taken.get(timeout=30) for _ in range(180)]
        for taker in takers:
            taker.join(30)

        assert len(set(bodies)) == 180
        assert taken.empty()
        assert QueueFile(path)._run("SELECT 1 FROM message") == []

    def test_a_killed_process_loses_nothing(self, tmp_path, queue):
        for tag in "ab":
            queue.put("drive", tag, tag)
        taken = spawn.Queue()
        worker = spawn.Process(target=take_and_hang, args=(queue.path, taken))
        worker.start()
        assert taken.get(timeout=30) == "a"
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(30)

        assert queue.size("drive") == 1
        assert queue.free(os.getpid()) == 0, "this process has taken nothing"
        assert queue.free(worker.pid) == 1
        assert [queue.take("drive"), queue.take("drive")] == ["a", "b"]

    @pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
    def test_a_fork_has_its_own_connection(self, queue):
        queue.put("drive", "parent", "parent")
        child = os.fork()
        if child == 0:
            queue.put("drive", "child", "child")
            os._exit(0)
        os.waitpid(child, 0)

        assert [queue.take("drive"), queue.take("drive")] == ["parent", "child"]


def run(processes):
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
