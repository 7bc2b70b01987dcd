import os
import re
import shutil
import signal
import socket
import subprocess

import pytest

from tests.up.conftest import ROOT, SECONDS, alive, children_of, command, eventually


def crew_of(studio):
    """Jobs and one renderer, once both are at work."""
    return eventually(lambda: len(children_of(studio.pid)) == 2 and children_of(studio.pid))


class TestFirstStart:
    @pytest.fixture(autouse=True)
    def _nothing_there_yet(self, ready_folder):
        shutil.rmtree(ready_folder)

    def test_answers_when_it_says_that_it_is_ready(self, up):
        studio = up()

        assert studio.get("/healthz") == (200, "ok\n")

    def test_prints_the_way_in_once(self, up):
        studio = up()
        links = re.findall(rf"{studio.url}/door/(\S+)/", studio.output)

        assert len(links) == 1
        assert studio.rows("SELECT count(*) FROM studio_signinlink") == [(1,)]

    def test_is_calm(self, up):
        studio = up()
        crew_of(studio)
        studio.stop()
        lines = studio.output.splitlines()

        assert [line[:8].strip() for line in lines[:-2]] == [
            "Dailies", "Web", "Workers", "Data", "Sign in",
        ]  # fmt: skip
        assert lines[-2:] == [
            "Stopping; what is being rendered goes on at the next start.",
            "Stopped.",
        ]


class TestStart:
    def test_prints_no_link_when_an_admin_has_a_password(self, up):
        studio = up()
        studio.stop()
        studio.rows("UPDATE studio_user SET password = 'md5$salt$hash'")
        again = up()

        assert "/door/" not in again.output

    def test_a_second_one_on_the_same_folder_names_the_first(self, up):
        first = up()
        second = up(ready=False)

        assert second.process.wait(SECONDS) == 1
        assert second.output.count("\n") == 1
        assert f"at {first.url}/ (process {first.pid})" in second.output
        assert first.get("/healthz")[0] == 200

    def test_a_port_that_is_taken_is_one_sentence(self, up, tmp_path):
        port = up().url.rsplit(":", 1)[1]
        other = command(tmp_path / "other", "up", "--port", port)
        printed, _ = other.communicate(timeout=SECONDS)

        assert other.returncode == 1
        assert printed.decode().startswith(
            f"Cannot listen on 127.0.0.1:{port}: Address already in use"
        )
        assert printed.count(b"\n") == 1

    def test_a_real_address_answers_to_itself_only(self, up):
        studio = up("--host", "127.0.0.2")

        assert studio.url.startswith("http://127.0.0.2:")
        assert studio.get("/healthz")[0] == 200
        assert status_for(studio, "elsewhere.example") == 400

    def test_everywhere_answers_to_the_names_of_this_machine(self, up):
        studio = up("--host", "0.0.0.0")

        assert status_for(studio, os.uname().nodename.lower()) == 200
        assert status_for(studio, "elsewhere.example") == 400


class TestStop:
    def test_ctrl_c_ends_everything_without_complaint(self, up):
        studio = up()
        crew = crew_of(studio)

        assert studio.stop(signal.SIGINT) == 0
        assert not [pid for pid in crew if alive(pid)]
        assert "Traceback" not in studio.output

    def test_ctrl_c_while_the_workers_are_just_starting(self, up):
        studio = up()

        assert studio.stop(signal.SIGINT) == 0
        assert not children_of(studio.pid)
        assert "Traceback" not in studio.output

    def test_a_visitor_in_the_middle_of_an_upload_is_cut_without_complaint(self, up):
        studio = up()
        host, port = studio.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as visitor:
            head = f"POST /sign-in/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\nhalf"
            visitor.sendall(head.encode())
            assert studio.get("/healthz")[0] == 200

            assert studio.stop(signal.SIGINT) == 0
        assert studio.output.splitlines()[-1] == "Stopped."
        assert not re.search("Traceback|ERROR", studio.output)

    def test_a_second_signal_does_not_wait(self, up):
        studio = up()
        crew = crew_of(studio)
        for pid in crew:
            os.kill(pid, signal.SIGSTOP)  # a worker that never hears
        studio.tell(signal.SIGTERM)
        eventually(lambda: "Stopping" in studio.output)

        assert studio.stop(signal.SIGTERM) == 0
        assert not [pid for pid in crew if alive(pid)]

    def test_a_killed_studio_leaves_no_workers(self, up):
        studio = up()
        crew = crew_of(studio)
        studio.stop(signal.SIGKILL)

        eventually(lambda: not [pid for pid in crew if alive(pid)])

    def test_a_killed_studio_starts_again(self, up):
        first = up()
        crew_of(first)
        first.stop(signal.SIGKILL)
        second = up()

        assert second.get("/healthz")[0] == 200
        assert second.rows("SELECT count(*) FROM studio_team") == [(1,)]


class TestCrew:
    def test_a_worker_that_falls_is_started_again(self, up):
        studio = up()
        crew = crew_of(studio)
        fallen = min(crew)
        os.kill(fallen, signal.SIGKILL)
        eventually(lambda: "was killed by SIGKILL; it is started again." in studio.output)

        assert fallen not in eventually(
            lambda: len(children_of(studio.pid)) == 2 and crew_of(studio)
        )
        assert studio.get("/healthz")[0] == 200


def status_for(studio, host):
    """What is answered to a request that asks for this host."""
    port = studio.url.rsplit(":", 1)[1]
    address = studio.url.removesuffix(f":{port}")
    asked = subprocess.run(
        ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Host: {host}:{port}",
         f"{address}:{port}/healthz"],
        cwd=ROOT, capture_output=True, check=True, timeout=SECONDS,
    )  # fmt: skip
    return int(asked.stdout)
