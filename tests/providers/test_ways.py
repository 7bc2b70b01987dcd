import pytest

from studio.core.errors import (
    MaybeSent,
    ProviderRejected,
    ProviderUnavailable,
    StorageFailed,
    Unsupported,
)
from studio.core.spec import Way
from studio.dialects.base import Handle
from tests.providers.answers import ACCEPTED, LOST, REFUSALS, refused
from tests.providers.plain import KEY, Plain, brief, remote
from tests.servers import Hasty, Server, said

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "frame.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    return path


DATA_URI = "data:image/png;base64,iVBORw0KGgoAAA"


class TestFiles:
    def sent(self, folder, picture, *ways, answers=(), **fields):
        replies = iter([*answers, ACCEPTED])
        with Server(lambda _: next(replies)) as server:
            given = {"files": {"first_frame": picture}, **fields}
            remote(server.url, folder, Plain(*ways)).submit(brief(**given))
        return server.asked

    def test_as_a_link(self, tmp_path, picture):
        link = "https://studio.example/f/1"
        (asked,) = self.sent(tmp_path, picture, Way.LINK, Way.INLINE, links={"first_frame": link})
        assert asked.json["first_frame"] == link

    def test_inline(self, tmp_path, picture):
        (asked,) = self.sent(tmp_path, picture, Way.LINK, Way.INLINE)
        assert asked.json["first_frame"].startswith(DATA_URI)

    def test_sent_before(self, tmp_path, picture):
        there = said({"file": "file-9"})
        upload, order = self.sent(tmp_path, picture, Way.UPLOAD, answers=[there])
        assert upload.path == "/files"
        assert upload.json["data"].startswith(DATA_URI)
        assert upload.headers["authorization"] == f"Bearer {KEY}"
        assert order.json["first_frame"] == "file-9"

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("cell.glb", "cell.glb"),
            ("Zelle 3.GLB", "Zelle 3.GLB"),
            ("cell.exe", "cell.glb"),
            ("", "ab12.glb"),
            ('a"b\r\n.glb', 'a"b\r\n.glb'),
        ],
    )
    def test_as_a_part_of_a_form(self, tmp_path, given, shown):
        scene = tmp_path / "ab12.glb"
        scene.write_bytes(b"glTF" + bytes(range(256)) * 9000)
        names = {"scene": given} if given else {}
        (asked,) = self.sent(tmp_path, scene, Way.PART, files={"scene": scene}, names=names)
        kind, boundary = asked.headers["content-type"].split("; boundary=")
        assert kind == "multipart/form-data"
        escaped = shown.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        assert f'name="file_scene"; filename="{escaped}"'.encode() in asked.body
        assert b'name="prompt"\r\n\r\nA red door.\r\n' in asked.body
        assert asked.size == int(asked.headers["content-length"])
        assert asked.size > scene.stat().st_size
        assert f"--{boundary}\r\n".encode() in asked.body

    def test_without_a_way_nothing_is_sent(self, tmp_path, picture):
        with pytest.raises(Unsupported, match="DAILIES_PUBLIC_URL"):
            self.sent(tmp_path, picture, Way.LINK)

    def test_file_that_is_gone(self, tmp_path):
        for way in (Way.PART, Way.INLINE):
            with pytest.raises(StorageFailed):
                self.sent(tmp_path, tmp_path / "gone.png", way)

    def test_server_that_refuses_before_it_has_read_all(self, tmp_path):
        """It answers and closes while most of the file is still on its way."""
        scene = tmp_path / "cell.glb"
        scene.write_bytes(b"\0" * 30_000_000)
        with Hasty(b"HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\n{}") as address:
            provider = remote(address, tmp_path, Plain(Way.PART))
            with pytest.raises((ProviderRejected, MaybeSent)):
                provider.submit(brief(files={"scene": scene}))

    @pytest.mark.parametrize("how", LOST)
    def test_lost_upload_means_that_the_order_was_not_sent(self, tmp_path, picture, how):
        with Server(lambda _: LOST[how]) as server:
            caught = refused(
                remote(server.url, tmp_path, Plain(Way.UPLOAD)), ProviderUnavailable,
                files={"first_frame": picture},
            )  # fmt: skip
        assert [asked.path for asked in server.asked] == ["/files"]
        assert caught.raw

    @pytest.mark.parametrize(("reply", "error"), REFUSALS)
    def test_refused_upload_refuses_the_order(self, tmp_path, picture, reply, error):
        with Server(lambda _: reply) as server:
            provider = remote(server.url, tmp_path, Plain(Way.UPLOAD, handle=Handle.REPLAY))
            refused(provider, error, files={"first_frame": picture})
            refused(provider, MaybeSent, files={"first_frame": picture}, again=True)
        assert {asked.path for asked in server.asked} == {"/files"}


class TestFileProblem:
    def problem(self, folder, name, *ways, public=False):
        provider = remote("http://127.0.0.1", folder, Plain(*ways), public=public)
        return provider.file_problem(provider.capabilities[0], name)

    @pytest.mark.parametrize("way", [Way.INLINE, Way.UPLOAD, Way.PART])
    def test_none_where_it_goes_without_a_link(self, tmp_path, way):
        assert self.problem(tmp_path, "first_frame", Way.LINK, way) == ""

    def test_none_for_a_public_studio(self, tmp_path):
        assert self.problem(tmp_path, "first_frame", Way.LINK, public=True) == ""

    @pytest.mark.parametrize(
        ("name", "what"), [("first_frame", "pictures"), ("scene", "the scene")]
    )
    def test_link_needs_a_public_address(self, tmp_path, name, what):
        assert self.problem(tmp_path, name, Way.LINK) == (
            f"Plain 1 wants {what} as a link, and this studio has no public address; "
            "set DAILIES_PUBLIC_URL."
        )

    def test_no_way_at_all(self, tmp_path):
        assert self.problem(tmp_path, "scene") == "Plain 1 takes no scene."
