"""Films of chains: made once, again after a crash, and never lost."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from studio import tasks
from studio.core.errors import NotAllowed, NothingToJoin, StorageFull
from studio.models import Asset, AssetKind, Chain
from studio.pipeline import chains, lease
from studio.services import chains as services
from studio.storage import carriers, probe
from tests.chains import make_take
from tests.factories import make_member
from tests.storage import videos

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_member()


@pytest.fixture
def two(author, tmp_path):
    """Two takes of 10 and 14 frames, of which the second goes on after frame 5 of the first."""
    one = make_take(author, videos.video(tmp_path / "one.mp4", frames=10, fps=24))
    path = videos.video(tmp_path / "two.mp4", frames=14, fps=24)
    return one, make_take(author, path, after=one, cut=5)


@pytest.fixture
def asked(monkeypatch):
    """The films that workers were told of."""
    told = []
    monkeypatch.setattr(tasks, "hint_join", told.append)
    return told


@pytest.fixture
def chain(author, two, asked):
    return services.ask(author, two[1])


def film(chain):
    chain.refresh_from_db()
    return Path(default_storage.path(chain.asset.path))


class TestLinks:
    def test_run_from_the_first_take_to_this_one(self, two, author, tmp_path):
        three = make_take(author, videos.video(tmp_path / "c.mp4", frames=5, fps=24), after=two[1])
        found = services.links_to(three)
        assert [(one.take, one.frames, one.is_cut) for one in found] == [
            (two[0], 6, True), (two[1], 14, False), (three, 5, False),
        ]  # fmt: skip

    def test_end_at_the_newest_take_of_a_clip(self, two, author, tmp_path):
        path = videos.video(tmp_path / "again.mp4", frames=3, fps=24)
        newer = make_take(author, path, after=two[0], cut=5, clip=two[1].clip)
        assert services.newest_take(two[1].clip) == newer

    def test_a_frame_beyond_the_end_cuts_nothing(self, two):
        two[1].clip.came_from_frame = 99
        two[1].clip.save()
        assert [one.frames for one in services.links_to(two[1])] == [10, 14]

    def test_have_an_end(self, author, two, monkeypatch):
        monkeypatch.setattr(services, "MOST_LINKS", 1)
        assert [one.take for one in services.links_to(two[1])] == [two[1]]


class TestAsk:
    def test_tells_a_worker_after_the_commit(
        self, author, two, asked, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            chain = services.ask(author, two[1])
            assert asked == []
        assert asked == [chain.pk]
        assert (chain.takes, chain.is_being_made) == ([two[0].pk, two[1].pk], True)

    def test_twice_is_one_film(self, author, two, chain):
        assert services.ask(author, two[1]) == chain
        assert Chain.objects.count() == 1

    def test_another_cut_is_another_film(self, author, two, chain):
        two[1].clip.came_from_frame = 6
        two[1].clip.save()
        assert services.ask(author, two[1]) != chain

    def test_a_single_take_is_none(self, author, two):
        with pytest.raises(NothingToJoin):
            services.ask(author, two[0])

    def test_is_not_for_reviewers_and_strangers(self, author, two):
        for member in (make_member("reviewer", team=author.team), make_member("admin")):
            with pytest.raises(NotAllowed):
                services.ask(member, two[1])
        assert not Chain.objects.exists()


class TestMake:
    def test_every_frame_that_is_shown_is_there(self, chain):
        chains.make(chain.pk)
        facts = probe.video(film(chain))
        assert (facts.frames, float(facts.fps), facts.codec) == (20, 24, "h264")
        assert (chain.progress, chain.problem, chain.lease_owner) == (100, "", "")
        asset = chain.asset
        assert (asset.kind, asset.width, asset.height) == (AssetKind.JOINED, 320, 180)
        assert asset.name == "Shot two, joined.mp4"

    def test_it_carries_the_orders_of_all_its_takes(self, chain):
        chains.make(chain.pk)
        slate = carriers.read(film(chain))
        assert slate.prompt == "Shot two."
        assert [one.prompt for one in slate.joins] == ["Shot one.", "Shot two."]
        assert slate.joins[1].frame == 5

    def test_a_doubled_message_makes_it_once(self, chain):
        chains.make(chain.pk)
        made = Asset.objects.filter(kind=AssetKind.JOINED).get()
        chains.make(chain.pk)
        chains.make(10**9)
        assert Asset.objects.filter(kind=AssetKind.JOINED).get() == made
        chain.refresh_from_db()
        assert chain.tries == 1

    def test_another_worker_keeps_it(self, chain):
        assert chain.take_lease("elsewhere:1:2:3", timezone.now() + timedelta(minutes=1))
        chains.make(chain.pk)
        chain.refresh_from_db()
        assert (chain.is_being_made, chain.lease_owner) == (True, "elsewhere:1:2:3")

    def test_a_worker_that_is_told_to_stop_leaves_it_to_the_next(self, chain):
        chains.make(chain.pk, should_stop=lambda: True)
        assert chains.unfinished() == [chain.pk]
        chains.make(chain.pk)
        assert probe.video(film(chain)).frames == 20

    def test_a_worker_that_lost_it_writes_nothing(self, chain, monkeypatch):
        monkeypatch.setattr(chains, "HEARTBEAT_SECONDS", 0)
        monkeypatch.setattr(Chain, "keep_lease", lambda *_, **__: False)
        chains.make(chain.pk)
        chain.refresh_from_db()
        assert chain.asset is None

    def test_nothing_is_left_in_the_scratch_folder(self, chain, settings):
        chains.make(chain.pk)
        assert [one.name for one in Path(settings.SCRATCH).iterdir() if one.name != ".parts"] == []

    def test_a_take_that_is_gone_is_told(self, chain, two):
        two[0].delete()
        chains.make(chain.pk)
        chain.refresh_from_db()
        assert chain.problem == chains.GONE

    def test_a_full_disk_is_told_and_can_be_tried_again(self, chain, author, two, monkeypatch):
        def full(*_, **__):
            raise StorageFull("The disk is full.")

        with monkeypatch.context() as patch:
            patch.setattr(chains.media, "store", full)
            chains.make(chain.pk)
        chain.refresh_from_db()
        assert (chain.problem, chains.unfinished()) == ("The disk is full.", [])
        services.ask(author, two[1])
        chains.make(chain.pk)
        assert probe.video(film(chain)).frames == 20
        assert chain.problem == ""

    def test_a_damaged_file_is_told(self, chain, two):
        Path(default_storage.path(two[0].video.path)).write_bytes(bytes(1000))
        chains.make(chain.pk)
        chain.refresh_from_db()
        assert chain.problem.startswith("The takes can not be joined")


class TestCrash:
    @staticmethod
    def dead_owner():
        """A lease as a process leaves it that was killed."""
        code = (
            "import os, time; print(open('/proc/self/stat').read().rsplit(')', 1)[1].split()[19])"
        )
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        born = process.communicate()[0].strip()
        return ":".join([*lease.owner().split(":")[:1], str(process.pid), born, "1"])

    def test_kill_9_leaves_it_to_the_next_worker_at_once(self, chain):
        assert chain.take_lease(self.dead_owner(), lease.until())
        assert chains.unfinished() == []
        lease.free_the_dead()
        assert chains.unfinished() == [chain.pk]
        chains.make(chain.pk)
        assert probe.video(film(chain)).frames == 20

    def test_a_living_worker_is_left_alone(self, chain):
        assert chain.take_lease(lease.owner(), lease.until())
        lease.free_the_dead()
        assert chains.unfinished() == []

    def test_a_lost_message_costs_seconds(self, chain, asked):
        asked.clear()
        tasks.sweep()
        assert asked == [chain.pk]
        chains.make(chain.pk)
        asked.clear()
        tasks.sweep()
        assert asked == []

    def test_what_kills_every_worker_is_given_up(self, chain):
        for _ in range(chains.MOST_TRIES):
            assert chain.take_lease("gone", timezone.now() - timedelta(seconds=1))
        chains.make(chain.pk)
        chain.refresh_from_db()
        assert (chain.problem, chain.lease_owner) == (chains.GIVEN_UP, "")
