import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from studio.views import health


@pytest.fixture(autouse=True)
def _fresh():
    health._require_migrations.cache_clear()
    yield
    health._require_migrations.cache_clear()


@pytest.mark.django_db
class TestHealthz:
    def test_says_ok_to_anybody_and_is_never_kept(self, client):
        answer = client.get("/healthz")

        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert "no-store" in answer["Cache-Control"]

    def test_says_so_while_a_migration_is_missing(self, client):
        newest = MigrationRecorder(connection).migration_qs.filter(app="studio").latest("pk")
        newest.delete()

        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert "migrate" in answer.content.decode()

    def test_looks_for_migrations_just_once(self, client, django_assert_num_queries):
        client.get("/healthz")

        with django_assert_num_queries(1):
            client.get("/healthz")

    def test_takes_no_changes(self, client):
        assert client.post("/healthz").status_code == 405


class TestWebProcess:
    def test_loads_nothing_that_only_pixels_need(self, tmp_path):
        code = (
            "import sys, studio.asgi, studio.management.supervise\n"
            "from django.urls import get_resolver; get_resolver().url_patterns\n"
            "print([name for name in ('numpy', 'cv2', 'av') if name in sys.modules])"
        )
        environment = {"DAILIES_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "studio.settings"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=Path(__file__).parents[2], env=environment,
            capture_output=True, text=True, check=True,
        )  # fmt: skip

        assert done.stdout == "[]\n"
