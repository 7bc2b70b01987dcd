"""The live stream over real HTTP: who gets what, once, and when it ends."""

import json
import os
import re
import socket
import subprocess
import sys
import uuid
from html import unescape

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from studio import live as bell
from studio.core.status import JobStatus
from studio.models import Member
from studio.services import trash
from studio.views import cards, live
from studio.views import hub as hubs
from studio.views.audience import SALT, Audience, Ticket
from studio.views.frames import MOST_MISSED
from tests.factories import make_job, make_member, make_project
from tests.streaming import Viewer, address, touch_elsewhere


@pytest.fixture
def author(data_folder) -> Member:
    member = make_member()
    make_project(member.team)
    return member


class TestTicket:
    @pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
    def test_forged_is_refused(self, server, token):
        with Viewer(server.port, f"{live.PATH}?token={token}") as viewer:
            assert viewer.status == 403

    def test_of_another_purpose_is_refused(self, server):
        with Viewer(server.port, f"{live.PATH}?token={signing.dumps([1, 1, 1, 'wall'])}") as viewer:
            assert viewer.status == 403

    def test_expired_is_nothing_except_for_whoever_has_a_session(self):
        ticket = Ticket(1, Audience(1, 1, "wall"))
        assert Ticket.read(ticket.sign(), max_age=-1) is None
        assert Ticket.read(ticket.sign(), max_age=None) == ticket
        assert signing.loads(ticket.sign(), salt=SALT) == [1, 1, 1, "wall"]

    def test_of_a_member_who_left_ends_the_stream_for_good(self, server, author):
        url = address(author)
        Member.objects.filter(pk=author.pk).update(is_active=False)
        with Viewer(server.port, url) as viewer:
            assert [message.event for message in viewer.messages()] == ["gone"]


class TestStream:
    def test_says_how_it_wants_to_be_treated(self, server, author):
        with Viewer(server.port, address(author)) as viewer:
            assert viewer.status == 200
            assert viewer.response.getheader("Content-Type") == "text/event-stream; charset=utf-8"
            assert viewer.response.getheader("Cache-Control") == "no-cache"
            assert viewer.response.getheader("X-Accel-Buffering") == "no"

    def test_brings_a_commit_as_the_changed_card(self, server, author):
        job = make_job(author=author)
        with Viewer(server.port, address(author)).settle() as viewer:
            job.touch()
            card = viewer.card()
            assert card.id == bell.newest_event()
            assert card.data.strip() == cards.tile_partials([job.clip_id])[job.clip_id].strip()
            assert f'hx-target="#clip-{job.clip_id}"' in card.data

    def test_an_open_trash_gets_what_goes_in_and_loses_what_comes_out(self, server, author):
        clip = make_job(JobStatus.FAILED, author=author).clip
        client = Client()
        client.force_login(author.user)
        page = client.get("/?q=in:trash").content.decode()
        stream = unescape(re.search(r'data-stream="([^"]+)"', page)[1])
        with Viewer(server.port, stream).settle() as viewer:
            trash.put(author, [clip])
            assert 'data-state="trashed"' in viewer.card().data
            trash.restore(author, [clip])
            assert f'hx-target="#clip-{clip.pk}" hx-swap="delete"' in viewer.card().data

    def test_tells_of_a_new_clip_by_name_before_its_card(self, server, author):
        with Viewer(server.port, address(author)).settle() as viewer:
            job = make_job(author=author)
            message = viewer.next()
            facts = json.loads(message.data)
            assert (message.event, facts["id"]) == ("clip", job.clip_id)
            assert (facts["author"], facts["project"]) == (author.pk, job.clip.project_id)
            assert viewer.card().id == job.clip.rev

    def test_tells_of_an_end_but_not_of_a_touch(self, server, author):
        job = make_job(JobStatus.SAVING, author=author)
        with Viewer(server.port, address(author)).settle() as viewer:
            job.touch()
            assert viewer.next().event == ""
            job.move(JobStatus.FAILED)
            message = viewer.next()
            assert (message.event, json.loads(message.data)["status"]) == ("job", "failed")

    def test_another_team_gets_nothing(self, server, author):
        stranger = make_member()
        make_project(stranger.team)
        theirs, ours = make_job(author=stranger), make_job(author=author)
        with Viewer(server.port, address(author)).settle() as viewer:
            theirs.touch()
            ours.touch()
            message = viewer.next()
            assert message.id == bell.newest_event()
            assert f"clip-{ours.clip_id}" in message.data

    @pytest.mark.parametrize(
        ("view", "is_seen"),
        [("wall", False), ("queue", True), ("clip-{}", True), ("clip-0", False)],
    )
    def test_shows_what_its_page_shows(self, server, author, view, is_seen):
        """A page of one project, and a change in another project of the team."""
        job = make_job(author=author)
        url = address(author, view.format(job.clip_id), project=make_project(author.team))
        witness_url = address(author, "queue")
        with (
            Viewer(server.port, url).settle() as viewer,
            Viewer(server.port, witness_url).settle() as witness,
        ):
            job.touch()
            seen = witness.card().id
            server.stop()
            ids = [message.id for message in viewer.messages() if message.id]
            assert ids == ([seen] if is_seen else [])

    def test_beats_and_lets_go_of_who_is_no_member_any_more(self, author, monkeypatch, request):
        monkeypatch.setattr(hubs, "BEAT_SECONDS", 0.05)
        port = request.getfixturevalue("server").port
        with Viewer(port, address(author)).settle() as viewer:
            assert viewer.next().event == "beat"
            Member.objects.filter(pk=author.pk).update(is_active=False)
            assert {message.event for message in viewer.messages()} <= {"beat", "gone"}

    def test_two_processes_write_and_nothing_is_lost(self, server, author, data_folder):
        jobs = [make_job(author=author) for _ in range(2)]
        with Viewer(server.port, address(author)).settle() as viewer:
            writers = [touch_elsewhere(data_folder, job.pk, 15) for job in jobs]
            assert [len(one.communicate()[0].splitlines()) for one in writers] == [15, 15]
            wanted = {job.clip_id: job.clip.rev for job in map(_fresh, jobs)}
            ids = []
            for message in viewer.messages():
                ids.append(message.id)
                if message.id == max(wanted.values()):
                    break
            assert set(wanted.values()) <= set(ids)
            assert ids == sorted(set(ids))

    def test_without_the_bell_it_looks_by_itself(self, author, monkeypatch, request, tmp_path):
        monkeypatch.setattr(bell, "SOCKET", tmp_path / "no folder" / "live.sock")
        port = request.getfixturevalue("server").port
        job = make_job(author=author)
        with Viewer(port, address(author)).settle() as viewer:
            job.touch()
            assert viewer.card().id == bell.newest_event()

    def test_a_card_that_can_not_be_rendered_silences_nobody(self, server, author, monkeypatch):
        job = make_job(author=author)
        monkeypatch.setitem(cards.VIEWS, "queue", lambda _: 1 / 0)
        with (
            Viewer(server.port, address(author, "queue")).settle() as broken,
            Viewer(server.port, address(author)).settle() as whole,
        ):
            job.touch()
            assert whole.card().id == bell.newest_event()
            assert broken.next().data == ""


def _fresh(job):
    return type(job).objects.select_related("clip").get(pk=job.pk)


class TestReplay:
    def test_each_card_once_in_its_present_state_then_live(self, server, author):
        first, second = make_job(author=author), make_job(author=author)
        seen = bell.newest_event()
        second.touch()
        first.move(JobStatus.SENDING)
        first.move(JobStatus.RUNNING)
        replayed = [second.clip, first.clip]
        for clip in replayed:
            clip.refresh_from_db()
        with Viewer(server.port, address(author), last_event_id=seen) as viewer:
            told = viewer.next()
            assert (told.event, json.loads(told.data)["status"]) == ("job", "running")
            assert [viewer.card().id for _ in replayed] == [clip.rev for clip in replayed]
            second.touch()
            assert viewer.next().id == bell.newest_event()

    def test_of_nothing_is_silent(self, server, author):
        job = make_job(author=author)
        with Viewer(
            server.port, address(author, since=0), last_event_id=bell.newest_event()
        ) as viewer:
            viewer.settle()
            job.touch()
            assert viewer.next().id == bell.newest_event()

    def test_while_somebody_writes_has_no_gap_and_no_double(self, server, author, data_folder):
        """Viewers who come at any moment have all seen the same ids, from theirs on."""
        jobs = [make_job(author=author) for _ in range(30)]
        url = address(author)
        with Viewer(server.port, url).settle() as witness:
            viewers = []
            for job in jobs:
                job.touch()
                viewers.append(Viewer(server.port, url))
            newest = bell.newest_event()
            expected = _cards_until(witness, newest)
            assert len(expected) == 30
            for viewer in viewers:
                assert _cards_until(viewer, newest) == expected
                viewer.close()

    def test_of_too_much_asks_for_a_reload(self, server, author):
        job = make_job(author=author)
        since = bell.newest_event()
        for _ in range(MOST_MISSED + 1):
            job.events.create(team=job.team, clip=job.clip, status="queued")
        with Viewer(server.port, address(author, since=since)) as viewer:
            message = viewer.next()
            assert (message.event, message.id) == ("reload", bell.newest_event())
            job.touch()
            assert viewer.card().id == bell.newest_event()

    @pytest.mark.parametrize("since", ["", "-1", "x", "9" * 40, "²"])
    def test_of_nonsense_harms_nobody(self, server, author, since):
        job = make_job(author=author)
        url = address(author)
        with (
            Viewer(server.port, url, last_event_id=since) as odd,
            Viewer(server.port, url) as viewer,
        ):
            assert odd.status == 200
            viewer.settle()
            job.touch()
            assert viewer.card().id == bell.newest_event()


def _cards_until(viewer: Viewer, newest: int) -> list[int]:
    ids = []
    for message in viewer.messages():
        if message.id:
            ids.append(message.id)
        if message.id >= newest:
            return ids
    raise AssertionError("the stream ended")


LARGE = ("x" * 99 + "\n") * 1000


class TestSlowViewer:
    def test_gets_a_reload_instead_of_the_backlog(self, server, author, monkeypatch):
        monkeypatch.setitem(cards.VIEWS, "queue", lambda pks: dict.fromkeys(pks, LARGE))
        job = make_job(author=author)
        url = address(author, "queue")
        server.socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, 16384
        )  # connections inherit it
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.port))
        with slow, Viewer(server.port, url).settle() as quick:
            slow.sendall(f"GET {url} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            for _ in range(12):
                job.touch()
                assert quick.card().id == bell.newest_event()
            newest = bell.newest_event()
            received = _read_until(slow, f"event: reload\nid: {newest}\n".encode())
            assert len(received) < 8 * len(LARGE)
            job.touch()
            _read_until(slow, f"id: {bell.newest_event()}\n".encode())


def _read_until(connection: socket.socket, wanted: bytes) -> bytes:
    connection.settimeout(20)
    received = bytearray()
    while wanted not in received[-200_000:]:
        some = connection.recv(65536)
        assert some, "the stream ended"
        received += some
    return bytes(received)


class TestClose:
    def test_ends_every_stream_with_a_last_word_and_lets_the_server_stop(self, server, author):
        with (
            Viewer(server.port, address(author)).settle() as first,
            Viewer(server.port, address(author)).settle() as second,
        ):
            server.stop()
            for viewer in (first, second):
                assert [message.event for message in viewer.messages()] == ["bye"]

    def test_without_a_hub_is_nothing(self, monkeypatch):
        monkeypatch.setattr(live, "_hub", None)
        live.close()


class TestChanges:
    @pytest.fixture
    def client(self, author) -> Client:
        client = Client()
        client.force_login(author.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def poll(self, client, member, **query):
        token = Ticket(member.pk, Audience(member.team_id, member.team.projects.first().pk, "wall"))
        return client.get(reverse("changes"), {"token": token.sign(), **query})

    def test_brings_each_card_once_and_where_to_go_on(self, client, author):
        job, since = make_job(author=author), bell.newest_event()
        job.touch()
        job.touch()
        answer = self.poll(client, author, since=since)
        assert answer.content.decode().count("<hx-partial") == 1
        assert answer["X-Since"] == str(bell.newest_event())
        assert answer["X-Stream"].startswith(live.PATH)

    def test_brings_what_is_to_be_said(self, client, author):
        make_job(author=author)
        assert "data-news=" in self.poll(client, author, since=0).content.decode()

    def test_is_204_when_nothing_changed(self, client, author):
        make_job(author=author)
        assert self.poll(client, author, since=bell.newest_event()).status_code == 204

    def test_is_205_when_it_is_too_much_to_tell(self, client, author):
        job = make_job(author=author)
        for _ in range(MOST_MISSED + 1):
            job.events.create(team=job.team, clip=job.clip, status="queued")
        assert self.poll(client, author, since=0).status_code == 205

    def test_refuses_the_ticket_of_somebody_else(self, client, author):
        other = make_member(team=author.team)
        assert self.poll(client, other, since=0).status_code == 403
        assert client.get(reverse("changes"), {"token": "x"}).status_code == 403

    def test_asks_strangers_to_sign_in(self, author):
        assert self.poll(Client(), author).status_code == 302


@pytest.mark.services
class TestManyMachines:
    def test_postgresql_and_redis_bring_a_commit(self, tmp_path):
        """Server and writer are processes of one studio that share a database and a bell."""
        name = f"live_{uuid.uuid4().hex[:12]}"
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "studio.settings",
            "DAILIES_DATA": str(tmp_path),
            "DAILIES_DATABASE_URL": f"postgres://postgres@127.0.0.1:5432/{name}",
            "DAILIES_LIVE_URL": "redis://127.0.0.1:6379/9",
        }
        command = [sys.executable, "-m", "tests.scaled", name]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {"cards": 3, "rings": True}
