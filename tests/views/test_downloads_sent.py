"""Archives on their way: slow visitors, ones who leave, and files that come out of a bucket."""

import contextlib
import hashlib
import os
import socket
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from studio.views import lane_of_downloads
from tests.downloads import Read, filed_take
from tests.factories import make_member, make_project
from tests.servers import Reply, Server
from tests.views.test_downloads import archive_of

MEGABYTE = 1024 * 1024
TOKEN = "t" * 32
PATIENCE_SECONDS = 20


def asked(member, take) -> bytes:
    """The request of a signed-in browser."""
    client = Client()
    client.force_login(member.user)
    body = f"takes={take.pk}".encode()
    return (
        f"POST /downloads/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}\r\n"
        f"X-CSRFToken: {TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def begun(port: int, request: bytes) -> socket.socket:
    """Somebody who has the head of an archive, and reads no further."""
    visitor = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    visitor.sendall(request)
    head = visitor.recv(15)
    assert head == b"HTTP/1.1 200 OK"
    return visitor


def eventually(condition) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        os.sched_yield()


def open_files() -> list[str]:
    """What this process holds open now."""
    held = []
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # it was the folder itself
            held.append(str(entry.readlink()))
    return held


class TestOverTheNetwork:
    @pytest.fixture
    def member(self, data_folder):
        member = make_member("admin")
        make_project(member.team)
        return member

    @pytest.fixture
    def take(self, member):
        return filed_take(author=member, body=os.urandom(40 * MEGABYTE))

    def test_who_leaves_frees_everything(self, server, member, take, settings):
        visitors = [begun(server.port, asked(member, take)) for _ in range(3)]
        assert lane_of_downloads._of_member == {member.pk: 3}
        for visitor in visitors:
            visitor.close()
        eventually(lambda: not lane_of_downloads._of_member)
        films = f"{settings.MEDIA_ROOT}/"
        assert not [name for name in open_files() if name.startswith(films)]

    def test_six_who_read_nothing_hold_up_nobody(self, server, member, take):
        other = make_member("reviewer", team=member.team)
        visitors = [
            begun(server.port, asked(one, take)) for one in (member, other) for _ in range(3)
        ]
        with socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as page:
            page.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert page.recv(15) == b"HTTP/1.1 200 OK"
        for visitor in visitors:
            visitor.close()


class TestFromABucket:
    @pytest.fixture
    def member(self, db):
        member = make_member("admin")
        make_project(member.team)
        return member

    @pytest.fixture
    def bucket(self, settings, monkeypatch):
        """A server that gives objects as S3 does; what it gives can be set."""
        objects: dict[str, bytes] = {}

        def answer(request):
            body = objects.get(request.path.partition("?")[0].removeprefix("/clips/"))
            if body is None:
                return Reply(status=404)
            headers = {"etag": '"1"', "content-length": str(len(body))}
            return Reply(body=b"" if request.method == "HEAD" else body, headers=headers, length=-1)

        for name, value in {
            "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "eu-central-1",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        with Server(answer) as server:
            settings.S3_BUCKET = "clips"
            options = {"bucket_name": "clips", "endpoint_url": server.url}
            backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
            settings.STORAGES = {**settings.STORAGES, "default": backend}
            yield objects

    def given(self, objects, take, body: bytes):
        objects[take.video.path] = body
        take.video.size, take.video.sha256 = len(body), hashlib.sha256(body).hexdigest()
        take.video.save()

    def test_films_come_as_they_are_sent_and_what_is_gone_is_named(
        self, client, member, settings, request
    ):
        takes = [filed_take(author=member, title=title) for title in ("Door", "Waves", "Dune")]
        objects = request.getfixturevalue("bucket")
        self.given(objects, takes[0], b"door" * 100_000)
        self.given(objects, takes[1], b"waves")
        objects[takes[1].video.path] = b"wave"  # damaged
        client.force_login(member.user)
        asked_for = ",".join(str(take.pk) for take in takes)
        response = client.post(reverse("downloads"), {"takes": asked_for})
        assert "Content-Length" not in response
        read = Read(response.getvalue())
        assert read.files == ["Door, take 1.mp4"]
        assert read.zip.read("Door, take 1.mp4") == b"door" * 100_000
        door, waves, dune = read.manifest["takes"]
        assert door["sha256"] == hashlib.sha256(b"door" * 100_000).hexdigest()
        assert "damaged: it has 4 of 5 bytes" in waves["missing"]
        assert "is gone" in dune["missing"]

    def test_clean_copies_leave_nothing_in_the_scratch_folder(
        self, client, member, settings, request
    ):
        take = filed_take(author=member)
        objects = request.getfixturevalue("bucket")
        self.given(objects, take, b"no film at all")
        client.force_login(member.user)
        read = archive_of(client, takes=take.pk, clean_copies="on")
        assert read.zip.read(read.files[0]) == b"no film at all"
        assert list(settings.SCRATCH.iterdir()) == []


class TestSpoiledOnTheWay:
    @pytest.mark.django_db
    def test_what_breaks_off_after_a_length_was_promised_breaks_the_answer(self, client):
        member = make_member("admin")
        make_project(member.team)
        take = filed_take(author=member)
        client.force_login(member.user)
        response = client.post(reverse("downloads"), {"takes": take.pk})
        default_storage.delete(take.video.path)
        with pytest.raises(Exception, match="went away while it was being sent"):
            response.getvalue()
        response.close()
        assert not lane_of_downloads._of_member
