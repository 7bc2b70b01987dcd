import hashlib
import subprocess

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Board, Decision, Note, Tag
from studio.reports.downloads import choice
from studio.storage import carriers
from studio.views import lane_of_downloads
from tests.downloads import Read, filed_take, stored
from tests.factories import make_job, make_member, make_order, make_price, make_project
from tests.storage import videos

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    member = make_member("admin")
    make_project(member.team)
    return member


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def archive_of(client, **asked) -> Read:
    response = client.post(reverse("downloads"), asked)
    assert response.status_code == 200, response.content.decode()[:2000]
    body = response.getvalue()
    if "Content-Length" in response:
        assert int(response["Content-Length"]) == len(body)
    return Read(body)


def refusal_of(response) -> str:
    assert response.status_code == 422
    return response.content.decode().replace("&#x27;", "'")


class TestChoice:
    def test_best_take_of_each_clip_in_the_given_order(self, client, member):
        first, second = filed_take(author=member), filed_take(author=member, title="Waves")
        filed_take(first.job)
        read = archive_of(client, clips=f"{second.clip_id},{first.clip_id}")
        assert read.files == ["Waves, take 1.mp4", "A red door in the snow, take 1.mp4"]

    def test_clips_in_several_fields_come_too(self, client, member):
        takes = [filed_take(author=member) for _ in range(2)]
        assert len(archive_of(client, clips=[take.clip_id for take in takes]).files) == 2

    def test_all_takes_or_only_approved_ones(self, client, member):
        take = filed_take(author=member)
        other = filed_take(take.job, review="approved")
        clip = take.clip_id
        assert len(archive_of(client, clips=clip, which="all").files) == 2
        (only,) = archive_of(client, clips=clip, which="approved").manifest["takes"]
        assert only["take_id"] == other.pk

    def test_takes_by_themselves_once_each(self, client, member):
        take = filed_take(author=member)
        other = filed_take(take.job)
        read = archive_of(client, clips=take.clip_id, takes=f"{other.pk},{take.pk},{other.pk}")
        assert [row["take"] for row in read.manifest["takes"]] == [1, 2]

    def test_what_is_in_the_trash_is_left_out(self, client, member):
        kept, gone = filed_take(author=member), filed_take(author=member)
        gone.clip.trashed_at = timezone.now()
        gone.clip.save()
        read = archive_of(client, clips=f"{kept.clip_id},{gone.clip_id}", takes=gone.pk)
        assert [row["take_id"] for row in read.manifest["takes"]] == [kept.pk]
        said = refusal_of(client.post(reverse("downloads"), {"clips": gone.clip_id}))
        assert "in the trash" in said

    def test_order_by_title_board_and_age(self, client, member):
        titles = ["Cliff", "apple", "Boat"]
        takes = [filed_take(author=member, title=title) for title in titles]
        board = Board.objects.create(
            team=member.team, project=takes[0].clip.project, name="Cut", created_by=member
        )
        for take in (takes[1], takes[0]):
            board.placements.create(clip=take.clip, placed_by=member)
        clips = ",".join(str(take.clip_id) for take in takes[::-1])

        def order(sort):
            rows = archive_of(client, clips=clips, sort=sort).manifest["takes"]
            return [row["clip"] for row in rows]

        assert order("given") == ["Boat", "apple", "Cliff"]
        assert order("title") == ["apple", "Boat", "Cliff"]
        assert order("created") == ["Cliff", "apple", "Boat"]
        assert order("board") == ["apple", "Cliff", "Boat"]


class TestBadInput:
    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({}, "Choose at least one clip or take"),
            ({"clips": "a"}, "Clips must be whole numbers"),
            ({"clips": "-1"}, "Clips must be whole numbers"),
            ({"clips": "9" * 400}, "Clips must be whole numbers"),
            ({"which": "worst"}, "Which takes must be best, approved or all, not “worst”"),
            ({"timeline": "aaf"}, "must be otio, edl or fcpxml, not “aaf”"),
            ({"sort": "luck"}, "Order must be given, board, created or title"),
        ],
    )
    def test_is_said_in_one_sentence(self, client, asked, sentence):
        assert sentence in refusal_of(client.post(reverse("downloads"), asked))

    def test_a_foreign_clip_or_take_is_404_also_among_ones_own(self, client, member):
        ours, theirs = filed_take(author=member), filed_take()
        clips = f"{ours.clip_id},{theirs.clip_id}"
        for route in ("downloads", "timeline", "download-new"):
            assert client.post(reverse(route), {"clips": clips}).status_code == 404
            assert client.post(reverse(route), {"takes": theirs.pk}).status_code == 404
        assert client.get(f"{reverse('download-new')}?clips={theirs.clip_id}").status_code == 404

    def test_more_takes_than_one_archive_holds(self, client, member, monkeypatch):
        monkeypatch.setattr(choice, "MOST_TAKES", 2)
        take = filed_take(author=member)
        for _ in range(2):
            filed_take(take.job)
        response = client.post(reverse("downloads"), {"clips": take.clip_id, "which": "all"})
        assert "These are 3 takes, and one download holds at most 2" in refusal_of(response)

    def test_5001_clips_are_too_many(self, client):
        clips = ",".join(map(str, range(1, 5_002)))
        for route in ("downloads", "timeline"):
            said = refusal_of(client.post(reverse(route), {"clips": clips}))
            assert "These are 5,001 takes, and one download holds at most 5,000" in said

    def test_what_was_typed_is_kept(self, client, member):
        take = filed_take(author=member)
        asked = {"clips": take.clip_id, "which": "approved", "posters": "on", "sort": "title"}
        page = refusal_of(client.post(reverse("downloads"), asked))
        assert "None of these clips has an approved take" in page
        assert f'name="clips" value="{take.clip_id}"' in page
        assert 'name="posters" checked' in page
        assert 'value="approved" checked' in page


class TestArchive:
    def test_unzip_finds_no_fault_and_every_checksum_is_right(self, client, member, tmp_path):
        takes = [filed_take(author=member, body=bytes([n]) * 300_000) for n in range(3)]
        clips = ",".join(str(take.clip_id) for take in takes)
        response = client.post(reverse("downloads"), {"clips": clips, "posters": "on"})
        path = tmp_path / "takes.zip"
        path.write_bytes(response.getvalue())
        subprocess.run(["unzip", "-tq", path], check=True, capture_output=True)
        read = Read(path.read_bytes())
        for row, take in zip(read.manifest["takes"], takes, strict=True):
            body = read.zip.read(row["file"])
            assert hashlib.sha256(body).hexdigest() == row["sha256"] == take.video.sha256
            assert len(body) == row["bytes"]
            assert read.zip.read(row["poster"]) == f"poster {take.pk}".encode()

    def test_has_a_name_and_is_kept_by_nobody(self, client, member):
        take = filed_take(author=member, title="Ana's “door”/x")
        response = client.post(reverse("downloads"), {"clips": take.clip_id})
        response.close()
        assert response["Content-Type"] == "application/zip"
        assert "%20x.zip" in response["Content-Disposition"]
        assert response["Cache-Control"] == "no-store"

    def test_same_names_are_numbered(self, client, member):
        takes = [filed_take(author=member) for _ in range(3)]
        read = archive_of(client, takes=",".join(str(take.pk) for take in takes), posters="on")
        assert [name for name in read.files if name.endswith(".mp4")] == [
            "A red door in the snow, take 1.mp4",
            "A red door in the snow, take 1 (2).mp4",
            "A red door in the snow, take 1 (3).mp4",
        ]
        assert "posters/A red door in the snow, take 1 (2).webp" in read.files

    def test_names_follow_the_teams_template(self, client, member):
        member.team.file_names = "{n}_{clip}_{status}_{seed}"
        member.team.save()
        take = filed_take(author=member, seed=42, review="approved")
        names = archive_of(client, takes=take.pk).files
        assert names == ["1_A red door in the snow_approved_42.mp4"]

    def test_a_file_that_is_gone_is_named_with_the_reason(self, client, member):
        gone, there = filed_take(author=member), filed_take(author=member, title="Waves")
        default_storage.delete(gone.video.path)
        read = archive_of(client, takes=f"{gone.pk},{there.pk}", posters="on")
        missing, found = read.manifest["takes"]
        assert missing["file"] == ""
        assert "is gone" in missing["missing"]
        assert found["file"] == "Waves, take 1.mp4"
        assert found["missing"] == ""
        assert "is gone" in read.table[0]["missing"]
        assert len(read.files) == 3  # one film, two posters

    def test_a_damaged_file_is_no_file(self, client, member):
        take = filed_take(author=member)
        take.video.size += 1
        take.video.save()
        (row,) = archive_of(client, takes=take.pk).manifest["takes"]
        assert "damaged" in row["missing"]

    def test_closing_early_frees_everything(self, client, member, settings):
        take = filed_take(author=member, body=bytes(3_000_000))
        response = client.post(reverse("downloads"), {"takes": take.pk, "clean_copies": "on"})
        archive = response._resource_closers[0].__self__
        next(iter(response))
        assert lane_of_downloads._of_member == {member.pk: 1}
        response.close()
        assert not lane_of_downloads._of_member
        assert archive.rows.file.closed
        assert [one for one in settings.SCRATCH.iterdir() if one.name != ".parts"] == []


class TestManifest:
    @pytest.fixture
    def take(self, member):
        make_price(credits_per_second=3)
        order = make_order(prompt="=1+1 door", negative_prompt="rain")
        job = make_job(JobStatus.SUCCEEDED, author=member, order=order, written="a {door|gate}")
        return filed_take(job, seed=7, review="approved", stars=4)

    def test_tells_what_was_asked_for_said_and_paid(self, client, member, take):
        Tag.objects.create(team=member.team, name="hero").clips.add(take.clip)
        now = timezone.now()
        Decision.objects.create(take=take, member=member, verdict="approve", decided_at=now)
        note = Note.objects.create(
            clip=take.clip, take=take, member=member, frame=30, text="+ too dark"
        )
        Note.objects.create(clip=take.clip, take=take, member=member, parent=note, text="agreed")
        read = archive_of(client, takes=take.pk)
        (row,) = read.manifest["takes"]
        assert row["prompt"] == {
            "written": "a {door|gate}", "sent": "=1+1 door", "leave_out": "rain",
        }  # fmt: skip
        assert row["settings"]["camera"] == {}
        assert row["seed"] == 7
        assert row["cost"] == {"credits": 3.0, "native": 3.0, "unit": "credit"}
        assert (row["status"], row["stars"], row["tags"]) == ("approved", 4, ["hero"])
        assert row["decisions"][0]["verdict"] == "approve"
        assert row["decisions"][0]["by"] == str(member)
        assert row["open_notes"] == 1
        assert row["notes"][0]["timecode"] == "00:00:01:06"
        assert row["notes"][0]["replies"][0]["text"] == "agreed"
        assert (row["fps"], row["frames"], row["length"]) == (24.0, 120, "00:00:05:00")

    def test_no_cell_is_a_formula(self, client, take):
        (row,) = archive_of(client, takes=take.pk).table
        assert row["prompt sent"] == "'=1+1 door"
        assert row["cost in credits"] == "3.0"

    def test_costs_of_takes_of_one_order_add_up(self, client, take):
        filed_take(take.job)
        filed_take(take.job)
        rows = archive_of(client, clips=take.clip_id, which="all").manifest["takes"]
        assert sum(row["cost"]["credits"] for row in rows) == pytest.approx(3)

    def test_a_reviewer_reads_prompts_and_no_costs(self, client, member, take):
        reviewer = make_member("reviewer", team=member.team)
        client.force_login(reviewer.user)
        read = archive_of(client, takes=take.pk)
        (row,) = read.manifest["takes"]
        assert row["prompt"]["sent"] == "=1+1 door"
        assert "cost" not in row
        assert "cost" not in read.table[0]
        assert "unit" not in read.table[0]

    def test_one_with_clean_copies_tells_of_files_only(self, client, take):
        read = archive_of(client, takes=take.pk, clean_copies="on")
        (row,) = read.manifest["takes"]
        assert not {"prompt", "settings", "seed", "cost", "notes", "decisions", "author"} & set(row)
        assert row["file"]
        assert row["sha256"]


class TestCleanCopies:
    @pytest.fixture
    def take(self, member, tmp_path):
        take = filed_take(author=member)
        plain = videos.video(tmp_path / "plain.mp4", frames=5, fps=24)
        marked = tmp_path / "marked.mp4"
        slate = carriers.Slate(provider="animatic", model="animatic-1", prompt="A secret plan")
        carriers.write(plain, slate, target=marked)
        stored(take.video, marked.read_bytes(), ".mp4")
        return take

    def test_carry_nothing_and_have_their_own_checksum(self, client, take, tmp_path):
        read = archive_of(client, takes=take.pk, clean_copies="on")
        (row,) = read.manifest["takes"]
        path = tmp_path / "out.mp4"
        path.write_bytes(read.zip.read(row["file"]))
        assert carriers.read(path) is None
        assert b"A secret plan" not in b"".join(map(read.zip.read, read.zip.namelist()))
        assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest() != take.video.sha256
        assert row["bytes"] == path.stat().st_size

    def test_of_a_file_that_is_gone_are_named(self, client, take):
        default_storage.delete(take.video.path)
        read = archive_of(client, takes=take.pk, clean_copies="on")
        assert read.files == []
        assert "is gone" in read.manifest["takes"][0]["missing"]


class TestManyAtOnce:
    def test_one_person_has_three_and_the_others_go_on(self, client, member):
        take = filed_take(author=member)
        asked = {"takes": take.pk}
        running = [client.post(reverse("downloads"), asked) for _ in range(3)]
        refused = client.post(reverse("downloads"), asked)
        assert refused.status_code == 429
        assert "3 archives already" in refused.content.decode()
        client.force_login(make_member("reviewer", team=member.team).user)
        other = client.post(reverse("downloads"), asked)
        assert other.status_code == 200
        for response in (*running, other):
            response.close()
        client.force_login(member.user)
        assert len(archive_of(client, **asked).files) == 1

    def test_what_is_refused_takes_no_place(self, client):
        for _ in range(4):
            assert client.post(reverse("downloads"), {}).status_code == 422

    def test_a_studio_has_so_many(self, client, member, monkeypatch):
        monkeypatch.setattr(lane_of_downloads, "MOST_AT_ONCE", 1)
        leave = lane_of_downloads.enter(0)
        response = client.post(reverse("downloads"), {"takes": filed_take(author=member).pk})
        assert response.status_code == 429
        leave()


class TestPage:
    def test_says_what_each_choice_comes_to(self, client, member):
        take = filed_take(author=member, body=bytes(2000))
        filed_take(take.job, body=bytes([1]) * 2000)
        page = client.get(f"{reverse('download-new')}?clips={take.clip_id}").content.decode()
        assert "2 takes, 3.9" in page.replace("\xa0", " ")
        assert f'name="clips" value="{take.clip_id}"' in page

    def test_thousands_of_clips_come_by_post(self, client, member):
        take = filed_take(author=member)
        response = client.post(reverse("download-new"), {"clips": take.clip_id})
        assert response.status_code == 200

    def test_without_clips_leads_to_the_wall(self, client):
        page = client.get(reverse("download-new")).content.decode()
        assert "No clip is chosen" in page

    def test_clip_page_offers_all_of_it(self, client, member):
        take = filed_take(author=member)
        page = client.get(reverse("clip", args=[take.clip_id])).content.decode()
        for offered in ("?download=1", "?clean=1", "All takes as ZIP", "Timeline…", "Poster"):
            assert offered in page
