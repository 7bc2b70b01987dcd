"""A running studio and a provider that calls it, and fetches from it, at its public address."""

import hashlib
import json
import threading
import urllib.error
import urllib.request

import pytest

from tests.documents.trinetra import Trinetra
from tests.servers import free_port
from tests.storage.pictures import png
from tests.up.conftest import SECONDS, command, eventually

STATES = "SELECT status FROM studio_job"
ATTEMPT = "SELECT calls, outcome, remote_id FROM studio_attempt"
# As far away as the next question can be: what happens now happens because of a call.
NOT_BEFORE_TOMORROW = (
    "UPDATE studio_job SET next_step_at = datetime('now', '+1 day') WHERE status = 'running'"
)


class Caller(Trinetra):
    """As documented, but that it works until it is told to finish, fetches the first frame by its
    link, and then calls the address that came with the order."""

    def __init__(self):
        super().__init__()
        self.done = threading.Event()

    def polled(self, _job):
        return "succeeded" if self.done.is_set() else "processing"

    def fetch(self):
        """Status, type and content of the first frame, as anybody gets it who has the link."""
        with urllib.request.urlopen(self.orders[0]["image_url"], timeout=SECONDS) as answer:
            return answer.status, answer.headers["content-type"], answer.read()

    def call_back(self, address=None, body=b'{"id": "job", "status": "succeeded"}'):
        """A POST as a webhook comes: without any cookie or key of ours."""
        request = urllib.request.Request(
            address or self.orders[0]["callback_url"], data=body, method="POST",
            headers={"content-type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status


class TestPublicAddress:
    def test_a_call_brings_the_take_without_waiting_and_the_link_gives_the_frame(
        self, up, tmp_path
    ):
        port = free_port()
        public = f"http://127.0.0.1:{port}"
        frame = tmp_path / "door.png"
        frame.write_bytes(png((640, 360)))
        with Caller() as provider:
            settings = {
                "PUBLIC_URL": public, "ALLOW_PRIVATE": "127.0.0.0/8",
                "TRINETRA_API_KEY": provider.key, "TRINETRA_BASE_URL": provider.url,
            }  # fmt: skip
            studio = up("--port", str(port), **settings)
            told = ordered(studio, frame)
            assert told["status"] in {"queued", "sending", "running"}
            eventually(lambda: studio.rows(STATES) == [("running",)], lambda: studio.output)
            studio.rows(NOT_BEFORE_TOMORROW)
            self.check_order(provider, public, frame)

            provider.done.set()
            assert provider.call_back(f"{public}/in/trinetra/not-the-secret/") == 200
            assert provider.call_back() == 200
            eventually(lambda: studio.rows(STATES) == [("succeeded",)], lambda: studio.output)
        [(calls, outcome, name)] = studio.rows(ATTEMPT)
        assert (calls, outcome) == (1, "accepted")
        assert name.startswith("job_klingv25_"), "its own words, not those of the call"
        takes = studio.rows("SELECT width, height, frames FROM studio_take")
        assert takes == [(180, 320, 40)], "the film of the provider"
        assert provider.refusals == provider.leaks == []

    def check_order(self, provider, public, frame):
        """The order has both addresses, and the link gives the very picture to whoever has it."""
        [order] = provider.orders
        assert order["callback_url"].startswith(f"{public}/in/trinetra/")
        assert order["image_url"].startswith(f"{public}/given/")
        status, kind, content = provider.fetch()
        assert (status, kind) == (200, "image/png")
        assert hashlib.sha256(content).digest() == hashlib.sha256(frame.read_bytes()).digest()
        tampered = order["image_url"].replace("/given/", "/given/x")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(tampered, timeout=SECONDS)


def ordered(studio, frame):
    """What shoot says, beside the running studio."""
    shoot = command(
        studio.folder, "shoot", "A red door.", "--provider", "trinetra", "--duration", "5",
        "--first-frame", str(frame), "--no-wait", "--json", **studio.settings,
    )  # fmt: skip
    out, _ = shoot.communicate(timeout=SECONDS)
    assert shoot.returncode == 0, out.decode()
    lines = out.decode()
    return json.loads(lines[lines.index("{") :])
