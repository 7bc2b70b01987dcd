import os
import signal

import pytest

from tests.up.conftest import alive, children_of, eventually, shell

pytest.importorskip("studio.engine.animatic", reason="there is no engine to render with")

ORDER = """
import json
from studio.core.orders import Order
from studio.services import jobs, setup

member = setup.prepare()
settings = dict(duration={seconds}, aspect="16:9", resolution="{resolution}", count=1, format="mp4",
                quality=60, seed=7, camera={{}})
order = Order(provider="animatic", model="animatic-1", prompt="A red door in the snow.",
              settings=settings)
project = member.team.projects.first()
print(json.dumps([jobs.order(member, project, order).pk for _ in range({count})]))
"""


def order(folder, *, count=1, seconds=1, resolution="720p"):
    """As the web process or `shoot` would: the row, and a message into the queue."""
    return shell(folder, ORDER.format(count=count, seconds=seconds, resolution=resolution))


def statuses(studio):
    return [status for (status,) in studio.rows("SELECT status FROM studio_job ORDER BY id")]


def all_succeeded(studio):
    return set(statuses(studio)) == {"succeeded"}


def is_rendering(studio):
    return studio.rows("SELECT 1 FROM studio_job WHERE status = 'running' AND progress > 0")


def takes_per_job(studio):
    return studio.rows(
        "SELECT count(studio_take.id) FROM studio_job"
        " LEFT JOIN studio_take ON studio_take.job_id = studio_job.id GROUP BY studio_job.id"
    )


class TestJobs:
    def test_ordered_before_the_first_start_are_done_by_it(self, up, ready_folder):
        order(ready_folder)
        studio = up()
        eventually(lambda: all_succeeded(studio))

        assert takes_per_job(studio) == [(1,)]

    def test_ordered_by_another_process_are_done_at_once(self, up):
        studio = up()
        order(studio.folder)
        eventually(lambda: all_succeeded(studio))

        assert takes_per_job(studio) == [(1,)]

    def test_being_rendered_at_the_stop_go_on_at_the_next_start(self, up):
        studio = up()
        order(studio.folder, seconds=10, resolution="1080p")
        eventually(lambda: is_rendering(studio))

        assert studio.stop(signal.SIGTERM) == 0
        assert "Traceback" not in studio.output
        assert studio.rows("SELECT status, lease_owner FROM studio_job") == [("running", "")]

        again = up()
        eventually(lambda: all_succeeded(again))
        assert takes_per_job(again) == [(1,)]

    def test_after_everything_was_killed_all_end_once(self, up):
        studio = up()
        order(studio.folder, count=4)
        eventually(lambda: is_rendering(studio))
        family = [*children_of(studio.pid), studio.pid]
        for pid in family:
            os.kill(pid, signal.SIGKILL)
        studio.process.wait()
        eventually(lambda: not any(alive(pid) for pid in family))
        assert not all_succeeded(studio)

        again = up()
        eventually(lambda: all_succeeded(again))
        assert takes_per_job(again) == [(1,)] * 4
