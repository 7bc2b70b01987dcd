"""A job as it is told: its takes with their files, seeds and streams."""

import pytest
from django.core.files.storage import default_storage

from studio.core.status import JobStatus
from studio.management import answer
from studio.models import Asset, AssetKind, Job, Stream, Take
from tests.factories import make_job


@pytest.fixture
def job(db):
    """A simulation that has ended: one take with a depth stream and a log."""
    job = make_job(JobStatus.SUCCEEDED)

    def asset(kind, path):
        return Asset.objects.create(
            team=job.team, kind=kind, path=path, sha256=path, size=1, content_type="x/y"
        )

    video = asset(AssetKind.VIDEO, "1/a.mp4")
    take = Take.objects.create(
        clip=job.clip, job=job, number=1, index=0, seed=7, width=16, height=9, fps=24, frames=48,
        seconds=2, video=video, poster=video, preview=video, last_frame=video, strip=video,
    )  # fmt: skip
    for name, kind, path in (
        ("log", AssetKind.LOG, "1/c.json"),
        ("depth", AssetKind.STREAM, "1/b.tar"),
    ):
        Stream.objects.create(take=take, name=name, file=asset(kind, path))
    return job


class TestTake:
    def test_has_its_seed_and_streams_beside_what_it_always_had(self, job):
        (take,) = answer.of(job)["takes"]
        assert take == {
            "number": 1, "file": default_storage.path("1/a.mp4"), "width": 16, "height": 9,
            "fps": 24, "duration": 2, "sha256": "1/a.mp4", "seed": 7,
            "streams": [
                {"name": "depth", "file": default_storage.path("1/b.tar")},
                {"name": "log", "file": default_storage.path("1/c.json")},
            ],
        }  # fmt: skip

    def test_says_where_its_streams_are(self, job):
        lines = list(answer.lines(answer.of(job)))
        assert f"    depth: {default_storage.path('1/b.tar')}" in lines

    def test_costs_no_query_more_however_many_streams(self, job, django_assert_num_queries):
        jobs = answer.with_all_that_is_told(Job.objects.filter(pk=job.pk))
        with django_assert_num_queries(4):
            assert [len(answer.listed(one)["takes"][0]["streams"]) for one in jobs] == [2]
