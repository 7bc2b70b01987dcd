"""The audit: a studio in order passes, and each way to break one row is found and named."""

import json

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from studio import ledger
from studio.core.status import JobStatus
from studio.models import Asset, AssetKind, Attempt, Job
from studio.pipeline.save import KINDS
from studio.services import audit
from tests import factories
from tests.services.auditing import House, named

S = JobStatus


@pytest.fixture
def house(db, tmp_path):
    return House(tmp_path)


# What is done to the studio, as SQL with the house's rows filled in; then which check finds it,
# and which row it names.
BREAKS = {
    "success that nobody accepted": (
        "UPDATE studio_attempt SET outcome = 'refused' WHERE job_id = {done.pk}",
        "attempts", "Job {done.pk} is succeeded, and 0 of its attempts were accepted",
    ),
    "success that was accepted twice": (
        "INSERT INTO studio_attempt (job_id, number, reference, remote_id, outcome, secret, calls,"
        " raw, created_at) SELECT job_id, 2, 'again', 'again', outcome, 'x', 0, '', created_at"
        " FROM studio_attempt WHERE job_id = {done.pk}",
        "attempts", "Job {done.pk} is succeeded, and 2 of its attempts were accepted",
    ),
    "uncertain job that was accepted": (
        "UPDATE studio_attempt SET outcome = 'accepted' WHERE job_id = {lost.pk}",
        "attempts", "Job {lost.pk} is uncertain, and 1 of its attempts were accepted",
    ),
    "one order of two jobs": (
        "UPDATE studio_attempt SET remote_id = 'theirs' WHERE outcome = 'accepted'",
        "orders", "Order theirs of animatic belongs to 4 attempts, of jobs {free.pk} to {failed.pk}",
    ),
    "uncertain job that was never sent": (
        "UPDATE studio_attempt SET sent_at = NULL WHERE job_id = {lost.pk}",
        "marks", "Job {lost.pk} is uncertain, though r{lost.pk} was never marked as sent",
    ),
    "take that its provider did not make": (
        """UPDATE studio_attempt SET answer = '{{"results": [1]}}' WHERE job_id = {done.pk}""",
        "takes", "Job {done.pk} succeeded with 2 of 1 takes",
    ),
    "take too few": (
        "DELETE FROM studio_take WHERE job_id = {done.pk} AND number = 2",
        "takes", "Job {done.pk} succeeded with 1 of 2 takes",
    ),
    "take of a failed job": (
        "UPDATE studio_take SET job_id = {failed.pk} WHERE id = {take.pk}",
        "takes", "Job {failed.pk} is failed and has 1 takes",
    ),
    "order that can not be read": (
        """UPDATE studio_job SET "order" = '[]' WHERE id = {running.pk}""",
        "takes", "Job {running.pk} has an order that can not be read",
    ),
    "title that is not found": (
        "UPDATE studio_clip SET title = 'Blue gate' WHERE id = {done.clip_id}",
        "texts", "Clip {done.clip_id}: the words by which it is found are not those that it has",
    ),
    "clip that is not found": (
        "DELETE FROM studio_search WHERE rowid = {done.clip_id}",
        "texts", "Clip {done.clip_id} can not be found by its texts",
    ),
    "text of no clip": (
        "INSERT INTO studio_search (rowid, words, notes, facts) VALUES (999999, 'a', '', '')",
        "texts", "Clip 999999 can be found, but there is none",
    ),
    "hole in the numbers": (
        "UPDATE studio_take SET number = 3 WHERE job_id = {done.pk} AND number = 2",
        "numbers", "Clip {done.clip_id} has 2 takes, numbered from 1 to 3",
    ),
    "numbers that begin at zero": (
        "UPDATE studio_take SET number = 0 WHERE id = {take.pk}",
        "numbers", "Clip {done.clip_id} has 2 takes, numbered from 0 to 2",
    ),
    "take in another clip": (
        "UPDATE studio_take SET clip_id = {failed.clip_id} WHERE id = {take.pk}",
        "parts", "Take {take.pk} is in clip {failed.clip_id}",
    ),
    "poster that is a video": (
        "UPDATE studio_take SET poster_id = video_id WHERE id = {take.pk}",
        "parts", "Take {take.pk} has a poster that is not its team's poster",
    ),
    "take without length": (
        "UPDATE studio_take SET frames = 0 WHERE id = {take.pk}",
        "parts", "Take {take.pk} has no pixels or no length",
    ),
    "archive that is a video": (
        "UPDATE studio_stream SET file_id = {take.video_id} WHERE id = {stream.pk}",
        "streams", "Stream {stream.pk} (depth) has a file that is not its team's stream",
    ),
    "view that is an archive": (
        "UPDATE studio_stream SET view_id = file_id WHERE id = {stream.pk}",
        "streams", "Stream {stream.pk} (depth) has a file that is not its team's stream or its view",
    ),
    "stream of another kind": (
        "UPDATE studio_stream SET name = 'lidar' WHERE id = {stream.pk}",
        "streams", "Stream {stream.pk} is called lidar, which nobody knows",
    ),
    "file of no row": (
        "DELETE FROM studio_asset WHERE id = {take.strip_id}",
        "references", "of studio_take refers to a row of studio_asset",
    ),
    "review that nobody gave": (
        "UPDATE studio_take SET review = 'approved' WHERE id = {take.pk}",
        "decisions", "Take {take.pk} is “approved”, and nobody has decided about it",
    ),
    "take that waits for no decision": (
        "UPDATE studio_take SET review = '' WHERE id = {take.pk}",
        "decisions", "Take {take.pk} is “”, and nobody has decided about it",
    ),
    "decision that nothing followed": (
        "INSERT INTO studio_decision (take_id, member_id, verdict, decided_at)"
        " VALUES ({take.pk}, {author.pk}, 'reject', '2026-01-01')",
        "decisions", "Take {take.pk} is “review”, by its decisions it is “rejected”",
    ),
    "decision of a stranger": (
        "INSERT INTO studio_team (id, name, credit_price, time_zone, file_names, created_at)"
        " VALUES (999, 'Other', 1, 'UTC', 'x', '2026-01-01');"
        "INSERT INTO studio_decision (take_id, member_id, verdict, decided_at)"
        " VALUES ({take.pk}, {author.pk}, 'reject', '2026-01-01');"
        "UPDATE studio_member SET team_id = 999 WHERE id = {author.pk}",
        "decisions", "about take {take.pk} is by somebody of another team",
    ),
    "tile with another state": (
        "UPDATE studio_clip SET state = 'succeeded' WHERE id = {running.clip_id}",
        "clips", "Clip {running.clip_id}: state is succeeded",
    ),
    "tile with another job": (
        "UPDATE studio_clip SET job_id = {done.pk} WHERE id = {running.clip_id}",
        "clips", "Clip {running.clip_id}: job_id is {done.pk}",
    ),
    "tile without a cover": (
        "UPDATE studio_clip SET cover_id = NULL WHERE id = {done.clip_id}",
        "clips", "Clip {done.clip_id}: cover_id is None",
    ),
    "tile with another number of takes": (
        "UPDATE studio_clip SET take_count = 9 WHERE id = {done.clip_id}",
        "clips", "Clip {done.clip_id}: take_count is 9",
    ),
    "tile that is older than its events": (
        "UPDATE studio_clip SET rev = rev - 1 WHERE id = {done.clip_id}",
        "clips", "Clip {done.clip_id}: rev is",
    ),
    "job of another team": (
        "INSERT INTO studio_team (id, name, credit_price, time_zone, file_names, created_at)"
        " VALUES (999, 'Other', 1, 'UTC', 'x', '2026-01-01');"
        "UPDATE studio_job SET team_id = 999 WHERE id = {waiting.pk}",
        "clips", "Job {waiting.pk} is of another team",
    ),
    "state without an event": (
        "UPDATE studio_job SET status = 'saving' WHERE id = {running.pk}",
        "events", "Job {running.pk} is saving, its last event says running",
    ),
    "no events": (
        "DELETE FROM studio_event WHERE job_id = {running.pk}",
        "events", "Job {running.pk} is running, its last event says nothing",
    ),
    "second end": (
        "INSERT INTO studio_event (team_id, clip_id, job_id, status, note, at)"
        " SELECT team_id, clip_id, job_id, status, note, at FROM studio_event"
        " WHERE job_id = {done.pk} AND status = 'succeeded'",
        "moves", "Job {done.pk} went from succeeded to succeeded",
    ),
    "way that is not allowed": (
        "UPDATE studio_event SET status = 'queued'"
        " WHERE job_id = {done.pk} AND status = 'saving'",
        "moves", "Job {done.pk} went from running to queued",
    ),
    "ended job that is due": (
        "UPDATE studio_job SET next_step_at = '2026-01-01' WHERE id = {failed.pk}",
        "leases", "Job {failed.pk} is failed",
    ),
    "ended job in somebody's hands": (
        "UPDATE studio_job SET lease_owner = 'x:1:2:3' WHERE id = {done.pk}",
        "leases", "Job {done.pk} is succeeded",
    ),
    "living job with an end": (
        "UPDATE studio_job SET ended_at = '2026-01-01' WHERE id = {running.pk}",
        "leases", "Job {running.pk} is running",
    ),
    "constraint that does not hold": (
        "UPDATE studio_budget SET spent = -1", "database", "CHECK constraint failed",
    ),
}  # fmt: skip


class TestRows:
    def test_a_studio_with_a_job_in_every_state_is_in_order(self, house):
        assert list(audit.findings()) == []

    @pytest.mark.parametrize("name", BREAKS)
    def test_what_is_broken_is_found_and_named(self, house, name):
        wanted, found = named(house, *BREAKS[name])
        assert wanted, found

    def test_a_provider_that_made_fewer_takes_than_ordered_is_believed(self, house):
        Attempt.objects.filter(job=house.done).update(answer={"results": [1]})
        house.done.takes.get(number=2).delete()
        found = [one for one in audit.findings(with_files=False) if one.check == "takes"]
        assert found == []

    def test_the_same_name_at_two_providers_is_two_orders(self, house):
        factories.make_price(provider="runware")
        other = house.job(S.RUNNING, provider="runware")
        Attempt.objects.filter(job__in=[other, house.running]).update(remote_id="theirs")
        found = [one for one in audit.findings(with_files=False) if one.check == "orders"]
        assert found == []

    def test_the_number_of_queries_does_not_grow_with_the_studio(
        self, house, django_assert_num_queries, tmp_path
    ):
        with django_assert_num_queries(100, exact=False) as first:
            list(audit.findings(with_files=False))
        for _ in range(5):
            house.finish(house.job(S.RUNNING))
        with django_assert_num_queries(len(first)):
            list(audit.findings(with_files=False))


def gone(path):
    path.unlink()


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-1])


def longer(path):
    path.write_bytes(path.read_bytes() + b"!")


def changed(path):
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)


def a_folder(path):
    path.unlink()
    path.mkdir()


class TestFiles:
    @pytest.mark.parametrize("part", KINDS)
    @pytest.mark.parametrize("break_it", [gone, cut_off, longer, changed, a_folder])
    def test_every_part_of_a_take_is_read(self, house, part, break_it, tmp_path):
        asset = getattr(house.take, part)
        break_it(tmp_path / "media" / asset.path)
        [found] = audit.findings()
        name = f"Asset {asset.pk} ({part} of take 1 of clip {house.done.clip_id})"
        assert str(found).startswith(f"files: {name}: {asset.path} ")

    def test_rows_can_be_proved_without_reading_files(self, house):
        default_storage.delete(house.take.video.path)
        assert list(audit.findings(with_files=False)) == []

    def test_uploaded_frames_are_read_too(self, house):
        Asset.objects.create(
            team=house.author.team, kind=AssetKind.UPLOAD, path="1/aa/nothing.png", name="door.png",
            sha256="0" * 64, size=1, content_type="image/png",
        )  # fmt: skip
        [found] = audit.findings()
        assert "(upload “door.png”): 1/aa/nothing.png is not there" in found.message

    def test_a_stream_is_named_with_its_take(self, house):
        default_storage.delete(house.stream.file.path)
        [found] = audit.findings()
        name = f"(depth of take 1 of clip {house.done.clip_id})"
        assert name in found.message

    def test_a_path_out_of_the_media_folder_is_not_followed(self, house):
        Asset.objects.filter(pk=house.take.video_id).update(path="../../../etc/passwd")
        [found] = audit.findings()
        assert "can not be read" in found.message


class TestCommand:
    def test_in_order_is_one_line_and_exit_code_0(self, house, capsys):
        call_command("audit")
        out = capsys.readouterr().out
        assert out.startswith(f"All is in order: {Job.objects.count()} jobs, 3 takes, ")
        assert out.count("\n") == 1

    def test_each_finding_is_a_line_and_the_exit_code_1(self, house, capsys):
        ledger.grant(house.author.team, 1, actor=None, cause="test")
        default_storage.delete(house.take.video.path)
        Job.objects.filter(pk=house.done.pk).update(lease_owner="x:1:2:3")
        with pytest.raises(SystemExit) as end:
            call_command("audit")
        lines = capsys.readouterr().out.splitlines()
        assert end.value.code == 1
        assert [line.split(":")[0] for line in lines] == ["leases", "files"]

    def test_json_has_the_findings_and_what_was_looked_at(self, house, capsys):
        Job.objects.filter(pk=house.done.pk).update(lease_owner="x:1:2:3")
        with pytest.raises(SystemExit):
            call_command("audit", "--json", "--no-files")
        told = json.loads(capsys.readouterr().out)
        assert (told["ok"], told["looked_at"]["takes"]) == (False, 3)
        assert [finding["check"] for finding in told["findings"]] == ["leases"]


@pytest.mark.django_db(transaction=True)
class TestMoment:
    def test_ends_with_the_audit_also_when_nobody_hears_it_out(self, tmp_path):
        factories.make_price()  # tests with transactions of their own leave no rows of migrations behind
        house = House(tmp_path)
        Job.objects.filter(pk=house.done.pk).update(charged=1, lease_owner="x:1:2:3")
        findings = audit.findings()
        assert next(findings).check == "charges"
        findings.close()
        Job.objects.filter(pk=house.done.pk).update(charged=house.done.charged, lease_owner="")
        assert list(audit.findings()) == []
