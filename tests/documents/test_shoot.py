"""Five documents, five command lines: each order arrives as documented, and comes back as takes.

The providers are strict servers on loopback, written from the documents alone.
"""

import json

import pytest
from django.db import connection

from tests.documents.runs import PUBLIC, RUNS, WAYS
from tests.documents.shots import CHECKS, Shot
from tests.management.commandline import Folder


def environment(run, server):
    name = run.provider.upper()
    return {
        f"{name}_API_KEY": server.key, f"{name}_BASE_URL": server.url,
        "DAILIES_ALLOW_PRIVATE": "127.0.0.0/8", "DAILIES_PUBLIC_URL": PUBLIC,
    }  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
class TestShoot:
    """As a person runs it: in processes, on a folder of its own."""

    def test_every_parameter_of_the_document(self, ready_folder, files, name):
        run = RUNS[name]
        with run.server() as server:
            folder = Folder(ready_folder, **environment(run, server))
            words = {**files, "BUCKET": f"{server.url}/bucket/take"}
            flags = [words.get(flag, flag) for flag in run.flags]
            if run.said:
                assert folder.run("price", *run.said)[0] == 0
            ended = folder.run("shoot", run.prompt, "--provider", name, *flags, "--json")
            self.check(run, server, folder, ended)

    def check(self, run, server, folder, ended):
        code, out, err = ended
        shot = Shot(
            run=run, server=server, code=code, told=json.loads(out), err=err, rows=folder.rows,
            media=folder.path / "media",
        )  # fmt: skip
        for check in CHECKS:
            check(shot)
        assert folder.run("audit")[0] == 0
        if "uploadEndpoint" in run.sent:
            assert set(server.uploads) == set(map(server.sum, server.files()))


def rows(sql):
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchall()


@pytest.mark.parametrize("name", WAYS)
class TestWays:
    def test_of_sending_and_of_answering(self, order, settings, name):
        run = WAYS[name]
        with run.server() as server:
            code, told, err = order(server, *run.flags, prompt=run.prompt, public=run.public)
            shot = Shot(
                run=run, server=server, code=code, told=told, err=err, rows=rows,
                media=settings.MEDIA_ROOT,
            )  # fmt: skip
            for check in CHECKS:
                check(shot)
