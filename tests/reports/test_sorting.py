"""Pages of the sorted wall begin and end within an index, wherever they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.core.search import NOTHING
from studio.reports.search import Search
from studio.reports.sorting import ABOVE, BELOW, ONWARD, SORTS, Place, is_any, page
from tests.factories import make_job

PLACES = (
    ("newest", Place(5)), ("rated", Place(5, 3)), ("cost", Place(5, 10)),
    ("noted", Place(5, timezone.now())), ("noted", Place(5)),
)  # fmt: skip


def plan_of(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize("way", [BELOW, ONWARD, ABOVE])
@pytest.mark.parametrize(("sort", "place"), PLACES)
def test_reads_one_range_of_an_index(sort, place, way):
    job = make_job()
    search = Search(NOTHING, member=job.author, project=job.clip.project)
    with CaptureQueriesContext(connection) as asked:
        page(search, SORTS[sort], place, "title", most=9, way=way)
        is_any(search, SORTS[sort], place, way)
    assert len(asked.captured_queries) <= 6
    for query in asked.captured_queries:
        (step,) = plan_of(query["sql"])
        assert "SEARCH" in step
        assert "(project_id=? AND " in step, step
