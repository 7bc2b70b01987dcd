"""One turn of the search benchmark: fills a data folder, then asks for pages and searches."""

# ruff: noqa: E402  (Django is set up before the models are imported)

import gc
import json
import sqlite3
import sys
import time
import wsgiref.util
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.models import F
from django.test import Client

from studio.core.search import read
from studio.reports import counts
from studio.reports.search import Search
from studio.reports.sorting import NEWEST, SORTS, Place, text_of
from studio.services.setup import prepare
from tests.benchmarks.search_fill import Fill

LAST_WEEK = f"status:failed after:{datetime.now(UTC).date() - timedelta(days=7)}"  # as on a Sunday

# The views whose pages are measured: search, and sort.
VIEWS = (
    *(("", name) for name in SORTS),
    *((search, NEWEST) for search in (
        "status:review", "status:approved", LAST_WEEK, "status:progress",
        "by:ana", "needs:me", "is:favorite", "has:note", "tag:hero", "provider:runware",
        'board:"Act I"', "red", "far",
    )),
    ("status:approved", "rated"), ("status:review", "cost"),
)  # fmt: skip

# Every kind of term, common and rare words, several together, and such as find nothing.
SEARCHES = (
    "red", "far", "far ahead", "fo", "snow lighthouse", '"red door"', "red car -dunes", "-draft",
    "-red -door -snow", "r50", "u50007", "u5", "zebra", "hero", "ana", "runware", "kling 2.6",
    "note:logo", "note:zebra", 'note:"too dark"', "tag:hero", 'tag:"first cut"', "tag:nothing",
    'board:"Act I"', '-board:"Act I"', "provider:runware", "model:kling", "-provider:runware",
    "by:ana", "by:me", "-by:me", "by:nobody", "status:review", "status:approved", "status:failed",
    "status:progress", "status:failed on:week", "-status:done", "status:rejected rating:5",
    "rating:>=4", "rating:5", "takes:4", "takes:9", "length:10", "length:7", "cost:>30", "cost:>99.9",
    "cost:200", "seed:777", "seed:123456789", "has:drawing", "has:note", "has:camera",
    "has:attachment", "is:favorite", "-is:favorite", "is:rehearsal", "is:mine", "needs:me",
    "on:today", "on:week", "before:2020-01-01", "before:month", "after:month", "on:2020", "in:trash",
    "red status:approved by:ana provider:runware rating:>=4",
    "red tag:hero note:logo rating:5 takes:4", "rating:5 takes:1 length:3 cost:99 by:ana",
    "status:approved rating:5 length:3 cost:>98", "far takes:1 cost:3", "zebra status:failed",
    "far length:7", "needs:me rating:5 length:7", "status:changes seed:42 -red",
)  # fmt: skip


class Visitor:
    """Asks as a signed-in browser does."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(prepare().user)
        client.get("/")
        self.cookies = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())

    def __call__(self, path: str, query: str = "", *, target: str = "") -> bytes:
        environ = {
            "HTTP_HOST": "127.0.0.1", "HTTP_COOKIE": self.cookies, "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": "GET", "SERVER_NAME": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1", "wsgi.input": BytesIO(),
            **({"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": target} if target else {}),
        }  # fmt: skip
        wsgiref.util.setup_testing_defaults(environ)
        statuses: list[str] = []
        answer = self.application(environ, lambda status, _headers: statuses.append(status))
        body = b"".join(answer)
        answer.close()  # type: ignore[attr-defined]
        assert statuses == ["200 OK"], (statuses, path, query)
        return body


class Room:
    def __init__(self, rounds: int) -> None:
        self.rounds, self.visit = rounds, Visitor()
        self.member = prepare()
        self.project = self.member.team.projects.get()

    def search(self, text: str) -> Search:
        return Search(read(text), member=self.member, project=self.project)

    def pages(self) -> dict[str, list[float]]:
        """Milliseconds of CPU for the first page and the deepest one of each view."""
        found = {}
        for text, sort in VIEWS:
            query = urlencode({"q": text, "sort": sort})
            place = urlencode({"before": self.deepest(text, sort)})
            first = self.cpu(lambda query=query: self.visit("/", query))
            last = self.cpu(
                lambda query=query, place=place: self.visit(
                    "/", f"{query}&{place}", target="p#older"
                )
            )
            found[f"{text or 'everything'}, {SORTS[sort].label.lower()}"] = [first, last]
        return found

    def deepest(self, text: str, sort: str) -> str:
        """The place after which 48 clips come, and no more."""
        column = SORTS[sort].column
        order = [F(column).desc(nulls_last=True)] if column else []
        rows = self.search(text).clips.order_by(*order, "-pk").values_list(column or "pk", "pk")
        whole = list(rows)
        assert len(whole) > 48, f"{text} finds {len(whole)}"
        value, pk = whole[-49]
        return text_of(Place(pk, value), SORTS[sort])

    def cpu(self, act: Callable[[], bytes]) -> float:
        act(), act()
        gc.collect()
        taken = []
        for _ in range(self.rounds):
            begun = time.process_time_ns()
            act()
            taken.append((time.process_time_ns() - begun) / 1e6)
        return min(taken)

    def searches(self) -> dict[str, list[float]]:
        """Of a whole page with each: milliseconds of CPU, and by the clock."""
        return {
            text: self.both(lambda text=text: self.visit("/", urlencode({"q": text})))
            for text in SEARCHES
        }

    def both(self, act: Callable[[], object]) -> list[float]:
        """The best of three."""
        taken = []
        for _ in range(3):
            begun, began = time.process_time(), time.perf_counter()
            act()
            taken.append(
                ((time.process_time() - begun) * 1000, (time.perf_counter() - began) * 1000)
            )
        return [min(one) for one in zip(*taken, strict=True)]

    def floor(self, text: str) -> list[float]:
        """The page's own statement, asked of SQLite without anything around it."""
        clips = self.search(text).clips.order_by("-pk").values_list("pk")[:49]
        sql, parameters = clips.query.get_compiler(connection=connection).as_sql()
        connection.ensure_connection()
        bare = sqlite3.connect(settings.DATABASES["default"]["NAME"])
        return self.both(lambda: bare.execute(sql.replace("%s", "?"), parameters).fetchall())

    def counts(self) -> list[float]:
        """All views, counted anew."""

        def ask() -> None:
            counts._kept.clear()
            self.visit("/views/", target="div#views")

        return self.both(ask)


def main() -> None:
    count, rounds = int(sys.argv[1]), int(sys.argv[2])
    Fill(count)()
    room = Room(rounds)
    found: dict[str, object] = {"pages": room.pages()}
    if count > 1_000:
        searches = room.searches()
        slowest = max(searches, key=lambda text: searches[text][0])
        found |= {"searches": searches, "floor": room.floor(slowest), "counts": room.counts()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
