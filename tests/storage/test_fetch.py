import gzip
import io
import json
import tarfile
import threading
import time

import pytest

from studio.core.errors import ProviderUnavailable, StorageFailed, StorageFull
from studio.storage.fetch import MOST_REDIRECTS, fetch
from studio.storage.formats import Meant
from tests.servers import Reply, Server, free_port
from tests.storage.corpus import GIVEN_ONLY, URLS
from tests.storage.videos import video

pytestmark = pytest.mark.usefixtures("loopback")

VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0" + b"mp42isom" * 4000


def tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("0001.png"), io.BytesIO())
    return file.getvalue()


def fetched(folder, reply, *, meant=Meant.VIDEO, path="/take.mp4", **limits):
    answer = reply if callable(reply) else lambda _: reply
    with Server(answer) as server:
        return fetch(server.url + path, folder / "take", meant=meant, **limits)


class TestFile:
    @pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
    def test_has_the_suffix_of_its_content(self, tmp_path, container):
        made = video(tmp_path / f"made.{container}", frames=3, fps=24)
        path = fetched(tmp_path, Reply(body=made.read_bytes()), path="/take.exe?x=.avi")
        assert path == tmp_path / f"take.{container}"
        assert path.read_bytes() == made.read_bytes()

    @pytest.mark.parametrize(
        ("body", "meant", "name"),
        [
            (tar(), Meant.ARCHIVE, "take.tar"),
            (b'\n {"joints": []}', Meant.JSON, "take.json"),
            (b"\xef\xbb\xbf[1]", Meant.JSON, "take.json"),
        ],
    )
    def test_streams_and_logs(self, tmp_path, body, meant, name):
        path = fetched(tmp_path, Reply(body=body), meant=meant)
        assert (path.name, path.read_bytes()) == (name, body)

    def test_type_that_the_server_claims_counts_for_nothing(self, tmp_path):
        reply = Reply(body=VIDEO, headers={"content-type": "text/html"})
        assert fetched(tmp_path, reply).name == "take.mp4"

    def test_without_a_length_it_ends_with_the_connection(self, tmp_path):
        assert fetched(tmp_path, Reply(body=VIDEO, length=-1)).read_bytes() == VIDEO

    def test_packed_on_the_way_is_unpacked(self, tmp_path):
        reply = Reply(body=gzip.compress(VIDEO), headers={"content-encoding": "gzip"})
        assert fetched(tmp_path, reply).read_bytes() == VIDEO

    def test_our_key_is_not_sent(self, tmp_path):
        with Server(lambda _: Reply(body=VIDEO)) as server:
            fetch(f"{server.url}/take.mp4?signature=a%2Fb%3D", tmp_path / "take", meant=Meant.VIDEO)
        asked = server.asked[0]
        assert asked.path == "/take.mp4?signature=a%2Fb%3D"
        assert asked.headers.keys() == {
            "host", "user-agent", "accept", "accept-encoding", "connection",
        }  # fmt: skip


class TestWhatIsNoResult:
    def refused(self, folder, reply, error, **fields):
        with pytest.raises(error) as caught:
            fetched(folder, reply, **fields)
        assert list(folder.glob("take*")) == []
        return caught.value

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (401, "is locked"),
            (403, "is not there yet, or not any more"),
            (404, "is not there yet, or not any more"),
            (410, "has expired"),
            (416, "can not be had now"),
            (429, "can not be had now"),
            (500, "can not be had now"),
            (503, "can not be had now"),
            (204, "can not be had now"),
            (206, "can not be had now"),
        ],
    )
    def test_status_says_that_it_may_come(self, tmp_path, status, words):
        error = self.refused(tmp_path, Reply(status=status, body=b""), ProviderUnavailable)
        assert error.message == f"The result {words} (HTTP {status})."

    @pytest.mark.parametrize("part", range(1, 10))
    def test_cut_off_at_each_tenth(self, tmp_path, part):
        reply = Reply(body=VIDEO, cut=len(VIDEO) * part // 10, reset=part % 2 == 0)
        error = self.refused(tmp_path, reply, ProviderUnavailable)
        assert error.message == "The result did not arrive whole."

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(body=VIDEO, length=len(VIDEO) + 1, cut=len(VIDEO)),
            Reply(body=VIDEO, cut=0),
            Reply(body=VIDEO, cut=0, reset=True),
            Reply(raw=b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc"),
            Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n"),
            Reply(raw=b"SSH-2.0-OpenSSH\r\n"),
            Reply(body=b"\x1f\x8bnothing", headers={"content-encoding": "gzip"}),
        ],
    )
    def test_broken_answer(self, tmp_path, reply):
        self.refused(tmp_path, reply, ProviderUnavailable)

    @pytest.mark.parametrize(
        ("body", "found"),
        [
            (b"<!DOCTYPE html><title>Not found</title>", "a web page"),
            (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "an XML file"),
            (b'{"error": "not ready"}', "a JSON file"),
            (b"Just a moment", "a text file"),
        ],
    )
    def test_text_in_its_place_may_be_followed_by_the_file(self, tmp_path, body, found):
        error = self.refused(tmp_path, Reply(body=body), ProviderUnavailable)
        assert error.message == f"The result should be a video, but is {found}."
        assert error.raw == body.decode()

    def test_nothing_in_its_place(self, tmp_path):
        error = self.refused(tmp_path, Reply(), ProviderUnavailable)
        assert error.message == "The result is an empty file."

    @pytest.mark.parametrize(
        ("body", "meant", "sentence"),
        [
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 600, Meant.VIDEO, "a video, but is a PNG picture"),
            (b"\x7fELF" + b"\0" * 600, Meant.VIDEO, "a video, but is a program"),
            (tar(), Meant.VIDEO, "a video, but is another kind of file"),
            (VIDEO, Meant.ARCHIVE, "a tar archive, but is a video"),
            (VIDEO, Meant.JSON, "a JSON file, but is a video"),
            (gzip.compress(tar(), mtime=0), Meant.ARCHIVE, "a tar archive, but is a packed file"),
        ],
    )
    def test_another_kind_of_file_stays_one(self, tmp_path, body, meant, sentence):
        error = self.refused(tmp_path, Reply(body=body), StorageFailed, meant=meant)
        assert error.message == f"The result should be {sentence}."

    @pytest.mark.parametrize("length", [None, -1])
    def test_too_large(self, tmp_path, settings, length):
        settings.RESULT_MAX_BYTES = len(VIDEO) - 1
        error = self.refused(tmp_path, Reply(body=VIDEO, length=length), StorageFailed)
        assert "DAILIES_RESULT_MAX_BYTES" in error.message

    def test_too_large_once_unpacked(self, tmp_path, settings):
        settings.RESULT_MAX_BYTES = 1_000_000
        bomb = gzip.compress(VIDEO[:16] + b"\0" * 50_000_000)
        reply = Reply(body=bomb, headers={"content-encoding": "gzip"})
        assert len(bomb) < 100_000
        self.refused(tmp_path, reply, StorageFailed)

    def test_no_room(self, tiny_disk):
        self.refused(tiny_disk, Reply(body=VIDEO * 60), StorageFull)

    def test_silence(self, tmp_path, monkeypatch):
        monkeypatch.setattr("studio.storage.fetch.STALL_SECONDS", 0.2)
        began = time.monotonic()
        self.refused(tmp_path, Reply(until=threading.Event()), ProviderUnavailable)
        assert time.monotonic() - began < 3

    def test_trickle(self, tmp_path):
        began = time.monotonic()
        self.refused(tmp_path, Reply(body=VIDEO, pause=0.02), ProviderUnavailable, seconds=0.4)
        assert time.monotonic() - began < 3

    def test_nobody_answers(self, tmp_path):
        with pytest.raises(ProviderUnavailable):
            fetch(f"http://127.0.0.1:{free_port()}/", tmp_path / "take", meant=Meant.VIDEO)


class TestLink:
    @pytest.mark.parametrize("url", [*URLS, *GIVEN_ONLY])
    def test_out_of_reach(self, tmp_path, names, settings, connections, url):
        settings.ALLOW_PRIVATE = []
        with Server(lambda _: Reply(body=VIDEO)) as canary:
            with pytest.raises((StorageFailed, ProviderUnavailable)):
                fetch(url.replace("{port}", str(canary.port)), tmp_path / "t", meant=Meant.VIDEO)
            assert connections == []
            assert canary.connections == 0

    @pytest.mark.parametrize("link", ["", "take.mp4", "https://", "http://[::1", "https://a b/"])
    def test_no_address(self, tmp_path, link):
        with pytest.raises((StorageFailed, ProviderUnavailable)):
            fetch(link, tmp_path / "take", meant=Meant.VIDEO)

    def test_name_and_password_in_it(self, tmp_path, connections):
        with pytest.raises(StorageFailed, match="name and password"):
            fetch("https://user:secret@127.0.0.1/", tmp_path / "take", meant=Meant.VIDEO)
        assert connections == []

    def test_redirects_are_followed_to_their_end(self, tmp_path):
        def answer(asked):
            step = int(asked.path[1:])
            to = {"location": f"/{step + 1}"}
            return Reply(body=VIDEO) if step == MOST_REDIRECTS else Reply(status=302, headers=to)

        assert fetched(tmp_path, answer, path="/0").read_bytes() == VIDEO

    def test_too_many_redirects(self, tmp_path):
        round_and_round = Reply(status=307, headers={"location": "/again"})
        with Server(lambda _: round_and_round) as server:
            with pytest.raises(ProviderUnavailable, match="too many redirects"):
                fetch(server.url, tmp_path / "take", meant=Meant.VIDEO)
            assert len(server.asked) == MOST_REDIRECTS + 1

    @pytest.mark.parametrize(
        "place", ["http://[::1]:{port}/", "http://127.0.0.2:{port}/", "http://0x7f000002:{port}/",
                  "http://user@127.0.0.1:{port}/", "file:///etc/passwd", "http://10.0.0.1/"],
    )  # fmt: skip
    def test_redirect_out_of_reach(self, tmp_path, connections, place):
        with Server(lambda _: Reply(body=VIDEO), host="0.0.0.0") as canary:
            to = place.replace("{port}", str(canary.port))
            with Server(lambda _: Reply(status=302, headers={"location": to})) as server:
                with pytest.raises((StorageFailed, ProviderUnavailable)):
                    fetch(server.url, tmp_path / "take", meant=Meant.VIDEO)
                assert connections == [("127.0.0.1", server.port)]
            assert canary.connections == 0

    def test_redirect_to_nowhere(self, tmp_path):
        with pytest.raises(ProviderUnavailable):
            fetched(tmp_path, Reply(status=302, headers={"location": "http://[half"}))


def test_json_is_kept_as_it_came(tmp_path):
    """The log of a simulation is read by people and programs of their own."""
    log = json.dumps({"contacts": list(range(1000))}, indent=1).encode()
    assert fetched(tmp_path, Reply(body=log), meant=Meant.JSON).read_bytes() == log
