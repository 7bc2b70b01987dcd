import pytest

from studio.core.errors import ProviderUnavailable, StorageFailed
from studio.core.wire import Result
from studio.providers import deliveries
from tests.providers.plain import remote
from tests.servers import Reply, Server
from tests.storage.test_fetch import VIDEO

pytestmark = pytest.mark.usefixtures("loopback")


class TestCollected:
    def test_files_are_here_as_long_as_the_block_lasts(self, tmp_path):
        with Server(lambda _: Reply(body=VIDEO)) as server:
            provider = remote(server.url, tmp_path)
            result = Result(index=2, links={"video": f"{server.url}/a.mp4"}, seed=5)
            with provider.collected(result) as collected:
                path = collected.files["video"]
                assert path.read_bytes() == VIDEO
                assert (collected.index, collected.seed, collected.links) == (2, 5, {})
        assert not path.exists()
        assert "authorization" not in server.asked[0].headers

    @pytest.mark.parametrize("reply", [Reply(status=404), Reply(body=VIDEO, cut=50)])
    def test_link_that_does_not_work_yet(self, tmp_path, reply):
        with Server(lambda _: reply) as server:
            provider = remote(server.url, tmp_path)
            result = Result(index=0, links={"video": server.url})
            with pytest.raises(ProviderUnavailable), provider.collected(result):
                pytest.fail("there is nothing to collect")
        assert list((tmp_path / "scratch").iterdir()) == []

    def test_each_file_is_what_it_should_be(self, tmp_path):
        with Server(lambda _: Reply(body=VIDEO)) as server:
            provider = remote(server.url, tmp_path)
            result = Result(index=0, links={"video": server.url, "depth": server.url})
            with pytest.raises(StorageFailed, match="tar archive"), provider.collected(result):
                pytest.fail("a video is no archive")

    def test_what_a_killed_process_left_is_swept_away(self, tmp_path, monkeypatch):
        old = tmp_path / "scratch" / f"{deliveries.PREFIX}old"
        old.mkdir(parents=True)
        monkeypatch.setattr(deliveries, "STALE_SECONDS", -60)
        with Server(lambda _: Reply(body=VIDEO)) as server:
            result = Result(index=0, links={"video": server.url})
            with remote(server.url, tmp_path).collected(result):
                assert not old.exists()

    @pytest.mark.parametrize(
        "name", ["video", "preview", "depth", "normals", "optical_flow", "log"]
    )
    def test_whatever_a_dialect_links_to_has_a_kind(self, name):
        assert name in deliveries.MEANT
