import hashlib
import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage, storages
from django.urls import reverse

from studio.core.slate import Slate
from studio.core.status import JobStatus
from studio.models import Asset, AssetKind, Take
from studio.storage import carriers, media
from studio.views.files import CHUNK
from tests.factories import make_job, make_member
from tests.storage import videos

pytestmark = pytest.mark.django_db
BODY = bytes(range(250)) * 4  # 1,000 bytes


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def make_asset(team, tmp_path, *, body=BODY, name="video.mp4", kind=AssetKind.VIDEO, **fields):
    path = tmp_path / name
    path.write_bytes(body)
    stored = media.store(path, team=team.pk)
    return Asset.objects.create(
        team=team, kind=kind, path=stored.path, sha256=stored.sha256, size=stored.size,
        content_type=stored.content_type, **fields,
    )  # fmt: skip


@pytest.fixture
def asset(member, tmp_path):
    return make_asset(member.team, tmp_path)


def address(asset, query=""):
    return reverse("media", args=[asset.pk, "take.mp4"]) + query


def body_of(response):
    return response.getvalue()


class TestWhoMaySee:
    def test_the_team_may(self, client, asset):
        response = client.get(address(asset))
        assert response.status_code == 200
        assert body_of(response) == BODY

    def test_another_team_and_a_stranger_get_404(self, client, asset):
        client.logout()
        assert client.get(address(asset)).status_code == 404
        client.force_login(make_member().user)
        assert client.get(address(asset)).status_code == 404

    def test_a_member_who_left_gets_404(self, client, asset, member):
        member.is_active = False
        member.save()
        assert client.get(address(asset)).status_code == 404

    def test_no_such_asset_and_a_file_that_is_gone_are_404(self, client, asset):
        assert client.get(reverse("media", args=[10**9, "a"])).status_code == 404
        Path(default_storage.path(asset.path)).unlink()
        assert client.get(address(asset)).status_code == 404

    def test_a_name_does_not_lead_elsewhere(self, client, asset):
        assert client.get(f"/media/{asset.pk}/../../etc/passwd").status_code == 404
        assert body_of(client.get(f"/media/{asset.pk}/..%5C..%5Cpasswd")) == BODY

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_it_can_only_be_read(self, client, asset, method):
        assert getattr(client, method)(address(asset)).status_code == 405


PARTS = [
    ("bytes=0-99", 0, 99),
    ("bytes=0-", 0, 999),
    ("bytes=500-", 500, 999),
    ("bytes=999-", 999, 999),
    ("bytes=0-0", 0, 0),
    ("bytes=900-5000", 900, 999),
    ("bytes=900-99999999999999999999999999", 900, 999),
    ("bytes=-1", 999, 999),
    ("bytes=-100", 900, 999),
    ("bytes=-5000", 0, 999),
    ("Bytes = 10 - 19", 10, 19),
]
WHOLE = ["bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-2-3", "items=0-5", "0-5", "",
         "bytes=0-1,5-6", "bytes=٣-٤", "bytes=+1-2", "bytes=1.5-2"]  # fmt: skip
IMPOSSIBLE = ["bytes=1000-", "bytes=1000-2000", "bytes=99999999999999999999-", "bytes=-0"]


class TestRange:
    @pytest.mark.parametrize(("header", "first", "last"), PARTS)
    def test_a_part_is_sent(self, client, asset, header, first, last):
        response = client.get(address(asset), headers={"Range": header})
        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes {first}-{last}/1000"
        assert response["Content-Length"] == str(last - first + 1)
        assert body_of(response) == BODY[first : last + 1]

    @pytest.mark.parametrize("header", WHOLE)
    def test_what_is_no_single_range_gets_everything(self, client, asset, header):
        response = client.get(address(asset), headers={"Range": header})
        assert response.status_code == 200
        assert "Content-Range" not in response
        assert body_of(response) == BODY

    @pytest.mark.parametrize("header", IMPOSSIBLE)
    def test_a_range_outside_the_file_is_416(self, client, asset, header):
        response = client.get(address(asset), headers={"Range": header})
        assert response.status_code == 416
        assert response["Content-Range"] == "bytes */1000"
        assert response.content == b""

    def test_an_empty_file_has_no_ranges(self, client, member, tmp_path):
        empty = make_asset(member.team, tmp_path, body=b"")
        assert body_of(client.get(address(empty))) == b""
        for header in ("bytes=0-", "bytes=-5"):
            assert client.get(address(empty), headers={"Range": header}).status_code == 416

    def test_parts_put_together_are_the_file(self, client, member, tmp_path):
        body = os.urandom(3 * CHUNK + 17)
        large = make_asset(member.team, tmp_path, body=body)
        step = CHUNK + 1
        parts = [
            body_of(client.get(address(large), headers={"Range": f"bytes={at}-{at + step - 1}"}))
            for at in range(0, len(body), step)
        ]
        assert hashlib.sha256(b"".join(parts)).hexdigest() == large.sha256

    def test_no_more_than_a_chunk_is_held(self, client, member, tmp_path):
        large = make_asset(member.team, tmp_path, body=os.urandom(3 * CHUNK))
        response = client.get(address(large))
        assert [len(chunk) for chunk in response.streaming_content] == [CHUNK] * 3

    def test_head_tells_and_sends_nothing(self, client, asset):
        response = client.head(address(asset), headers={"Range": "bytes=0-9"})
        assert response.status_code == 200
        assert (response["Content-Length"], response["Accept-Ranges"]) == ("1000", "bytes")
        assert response.content == b""


class TestEtag:
    def test_what_the_browser_has_is_not_sent_again(self, client, asset):
        etag = client.head(address(asset))["ETag"]
        assert etag == f'"{asset.sha256}"'
        for header in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            response = client.get(address(asset), headers={"If-None-Match": header})
            assert response.status_code == 304
            assert response.content == b""
            assert response["ETag"] == etag
        other = client.head(address(asset), headers={"If-None-Match": '"x"'})
        assert other.status_code == 200

    @pytest.mark.parametrize(
        ("given", "status"),
        [("{etag}", 206), ('"other"', 200), ("W/{etag}", 200),
         ("Fri, 20 Nov 2026 10:00:00 GMT", 200)],
    )  # fmt: skip
    def test_a_part_of_another_version_is_not_sent(self, client, asset, given, status):
        if_range = given.format(etag=f'"{asset.sha256}"')
        response = client.get(address(asset), headers={"Range": "bytes=0-9", "If-Range": if_range})
        assert response.status_code == status
        assert len(body_of(response)) == (10 if status == 206 else 1000)


class TestHeaders:
    def test_nothing_in_a_file_can_run(self, client, asset):
        response = client.head(address(asset))
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["Content-Security-Policy"].startswith("default-src 'none'")
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Cache-Control"] == "private, max-age=31536000, immutable"

    @pytest.mark.parametrize(
        ("content_type", "disposition"),
        [("video/mp4", "inline"), ("image/png", "inline"), ("text/html", "attachment"),
         ("image/svg+xml", "attachment"), ("application/octet-stream", "attachment")],
    )  # fmt: skip
    def test_only_pictures_and_videos_are_shown_in_place(
        self, client, asset, content_type, disposition
    ):
        Asset.objects.filter(pk=asset.pk).update(content_type=content_type)
        response = client.head(address(asset))
        assert response["Content-Type"] == content_type
        assert response["Content-Disposition"].split(";")[0] == disposition

    @pytest.mark.parametrize(
        ("name", "saved"),
        [
            ("door.png", 'attachment; filename="door.mp4"'),
            ("evil.html", 'attachment; filename="evil.mp4"'),
            ('a"b/c\r\nX-Evil: 1', 'attachment; filename="c X-Evil 1.mp4"'),
            ("Tür.png", "attachment; filename*=utf-8''T%C3%BCr.mp4"),
        ],
    )
    def test_a_download_has_a_harmless_name(self, client, asset, name, saved):
        Asset.objects.filter(pk=asset.pk).update(name=name)
        response = client.head(address(asset, "?download=1"))
        assert response["Content-Disposition"] == saved

    def test_a_take_is_downloaded_under_its_title_and_number(self, client, member, tmp_path):
        job = make_job(JobStatus.SUCCEEDED, author=member)
        files = {
            part: make_asset(member.team, tmp_path, body=part.encode(), kind=kind)
            for part, kind in [("video", AssetKind.VIDEO), ("poster", AssetKind.POSTER),
                               ("preview", AssetKind.PREVIEW), ("strip", AssetKind.FILMSTRIP),
                               ("last_frame", AssetKind.LAST_FRAME)]
        }  # fmt: skip
        Take.objects.create(
            clip=job.clip, job=job, number=2, index=1, width=1, height=1, fps=24, frames=24,
            seconds=1, **files,
        )  # fmt: skip
        names = {
            part: client.head(address(files[part], "?download=1"))["Content-Disposition"]
            for part in ("video", "last_frame")
        }
        assert names["video"] == 'attachment; filename="A red door in the snow, take 2.mp4"'
        assert names["last_frame"].endswith('take 2, last frame.mp4"')


class TestBucket:
    @pytest.fixture
    def bucket(self, settings, monkeypatch):
        """S3 signs links by itself: no network is needed."""
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        settings.S3_BUCKET = "clips"
        options = {"bucket_name": "clips", "signature_version": "s3v4"}
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
        }
        return storages["default"]

    def test_the_browser_is_sent_to_a_link_that_does_not_last(self, client, asset, bucket):
        response = client.get(address(asset, "?download=1"), headers={"Range": "bytes=0-9"})
        assert response.status_code == 302
        link = response["Location"]
        assert asset.path in link
        assert "X-Amz-Expires=900" in link
        assert "response-content-type=video%2Fmp4" in link
        assert "response-content-disposition=attachment" in link
        assert response["Cache-Control"] == "private, max-age=600"

    def test_a_script_gets_the_bytes_from_here(self, client, asset, bucket, settings):
        copy = settings.SCRATCH / "fetched" / asset.path.replace("/", "-")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(BODY)  # as if it had been fetched already
        response = client.get(address(asset, "?here=1"))
        assert response.status_code == 200
        assert body_of(response) == BODY

    def test_strangers_get_no_link(self, client, asset, bucket):
        client.logout()
        assert client.get(address(asset)).status_code == 404


class TestCleanCopy:
    @pytest.fixture
    def marked(self, member, tmp_path):
        """A video as it is stored, and the one that it was."""
        plain = videos.video(tmp_path / "plain.mp4", frames=5, fps=24)
        path = tmp_path / "marked.mp4"
        slate = Slate(provider="animatic", model="animatic-1", prompt="A secret plan")
        carriers.write(plain, slate, target=path)
        return make_asset(member.team, tmp_path, body=path.read_bytes())

    def test_carries_nothing_and_has_a_name(self, client, marked, tmp_path):
        response = client.get(address(marked, "?clean=1"))
        clean = tmp_path / "clean.mp4"
        clean.write_bytes(body_of(response))
        assert carriers.read(clean) is None
        assert b"A secret plan" not in clean.read_bytes()
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert int(response["Content-Length"]) == clean.stat().st_size

    def test_is_gone_once_it_is_sent(self, client, marked, settings):
        client.get(address(marked, "?clean=1")).close()
        assert [one for one in settings.SCRATCH.iterdir() if one.name != ".parts"] == []

    def test_goes_on_where_a_download_was_cut_off(self, client, marked):
        whole = client.get(address(marked, "?clean=1"))
        rest = client.get(
            address(marked, "?clean=1"),
            headers={"Range": "bytes=100-", "If-Range": whole["ETag"]},
        )
        assert (rest.status_code, body_of(rest)) == (206, body_of(whole)[100:])
        again = client.get(address(marked, "?clean=1"), headers={"If-None-Match": whole["ETag"]})
        assert again.status_code == 304

    def test_is_not_taken_for_the_file_itself(self, client, marked):
        plain, clean = client.get(address(marked)), client.get(address(marked, "?clean=1"))
        assert plain["ETag"] != clean["ETag"]
        assert body_of(plain) != body_of(clean)
        plain.close()

    def test_of_a_file_that_is_gone_is_404_and_of_strangers_too(self, client, marked):
        Path(default_storage.path(marked.path)).unlink()
        assert client.get(address(marked, "?clean=1")).status_code == 404
        client.force_login(make_member().user)
        assert client.get(address(marked, "?clean=1")).status_code == 404
