"""shoot beside a running studio: its workers do the work."""

import json
import signal

from tests.up.conftest import SECONDS, children_of, command, eventually

HELD = "SELECT lease_owner FROM studio_job WHERE status = 'running' AND lease_owner <> ''"
STATES = "SELECT status FROM studio_job"


class TestShootBesideUp:
    def test_workers_render_and_go_on_when_nobody_watches(self, up):
        studio = up()
        shoot = command(studio.folder, "shoot", "A red door in the snow.", "--duration", "3")
        [(owner,)] = eventually(lambda: studio.rows(HELD))
        assert int(owner.split(":")[1]) in children_of(studio.pid)
        shoot.send_signal(signal.SIGINT)
        out, _ = shoot.communicate(timeout=SECONDS)
        assert shoot.returncode == 130
        assert out.decode() == "Job 1 is kept; it goes on when the studio runs.\n"
        eventually(lambda: studio.rows(STATES) == [("succeeded",)])

    def test_waits_for_them_and_tells_what_they_made(self, up):
        studio = up()
        shoot = command(studio.folder, "shoot", "A red door.", "--duration", "1", "--json")
        out, _ = shoot.communicate(timeout=SECONDS)
        told = json.loads(out)
        assert (shoot.returncode, told["status"], len(told["takes"])) == (0, "succeeded", 1)
        audit = command(studio.folder, "audit")
        assert audit.wait(SECONDS) == 0
        audit.communicate()
