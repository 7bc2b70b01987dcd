"""AI/ML API, klingai/v2.5-turbo/pro, by its pages and its published schemas (2026-08-21)."""

import itertools
from datetime import datetime, timedelta
from urllib.parse import parse_qs, parse_qsl

from tests.documents import checks
from tests.documents.provider import FORBIDDEN, Refused, StrictProvider
from tests.servers import said

PATHS = ("/v2/generate/video/kling/generation", "/v2/video/generations")
TEXT = "klingai/v2.5-turbo/pro/text-to-video"
IMAGE = "klingai/v2.5-turbo/pro/image-to-video"
BOTH = {
    "model": checks.text(),
    "prompt": checks.text(1),
    "duration": checks.one_of(5, 10),
    "negative_prompt": checks.text(),
    "cfg_scale": checks.number(0, 1),
    "provider": checks.one_of("kling", "klingai", "fal", "auto"),
}
BODIES = {
    TEXT: checks.fields("model prompt", **BOTH, aspect_ratio=checks.one_of("16:9", "9:16", "1:1")),
    IMAGE: checks.fields("model prompt image_url", **BOTH, image_url=checks.text(1)),
}
LIMIT = checks.like(r"[1-9][0-9]?|100")
MOMENT = checks.like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
# usage-logs.md and billing-transactions-v2.json: what each takes in its query.
TABLES = {
    "/v2/logs": checks.fields(
        "start end limit",
        start=MOMENT,
        end=MOMENT,
        limit=LIMIT,
        offset=checks.like(r"\d+"),
        status=checks.one_of("succeeded", "failed"),
        model=checks.text(1),
        key_prefix=checks.text(1),
    ),
    "/v2/billing/transactions": checks.fields(
        "limit",
        **{"from": MOMENT},
        to=MOMENT,
        limit=LIMIT,
        cursor=checks.text(1),
        direction=checks.one_of("TOPUP", "CHARGE"),
        type=checks.one_of("PAYMENT", "BONUS", "REFUND", "ADJUSTMENT", "MODEL_USAGE"),
    ),
}
LONGEST_WINDOW = timedelta(days=92)
REQUEST_ID = checks.like(r"[A-Za-z0-9._:-]{1,128}")
CREDITS_A_DOLLAR = 2_000_000


class Aimlapi(StrictProvider):
    """Charges a little less than its list price, as volume customers know it: 0.066 USD a second.

    `billed` are (our reference, its id, when, credits) of requests, newest first, as both of its
    tables tell them; `log` and `ledger` turn one into a row.
    """

    slug = "aimlapi"
    states = ("generating", "completed")
    numbers = itertools.count(1)
    billed = ()

    def call(self, asked, place):
        self.require_bearer(asked)
        if place.path in TABLES:
            return self.table(asked, place)
        if place.path not in PATHS:
            raise Refused(404, "not_found", f"Cannot {asked.method} {place.path}")
        return self.fetch(asked, place) if asked.method == "GET" else self.create(asked, place)

    def create(self, asked, place):
        self.require(asked, "POST")
        body = self.read(asked)
        checks.object_("body", body)
        checks.one_of(*BODIES)("model", body.get("model"))
        BODIES[body["model"]]("", body)
        checks.fields()("query", parse_qs(place.query))
        said_id = asked.headers.get("x-client-request-id", "none")
        REQUEST_ID("X-Client-Request-Id", said_id)
        self.require_money()
        uuid = f"60ac7c34-3224-4b14-8e7d-{next(self.numbers):012}"
        task = self.accept(f"{uuid}:{body['model']}", body)
        told = {"x-inference-id": task["id"], "x-client-request-id": said_id}
        return said(self.document(task, "queued"), status=201, headers=told)

    def fetch(self, asked, place):
        query = parse_qs(place.query)
        checks.fields("generation_id", generation_id=checks.items(checks.text(), 1, 1))("", query)
        task = self.task(query["generation_id"][0])
        state = self.polled(task)
        return said(self.ended(task) if state == "completed" else self.document(task, state))

    def document(self, task, status, **more):
        empty = {"video": None, "error": None, "meta": None}
        return {"id": task["id"], "status": status, **empty, **more}

    def ended(self, task):
        order = task["order"]
        if FORBIDDEN in order["prompt"]:
            why = {"name": "KlingError", "message": "Failure to pass the risk control system"}
            return self.document(task, "error", error=why)
        name, seconds = f"{task['id'].partition(':')[0]}.mp4", order.get("duration", 5)
        url = self.film(name, aspect=order.get("aspect_ratio", "16:9"), seconds=seconds)
        size = self.path(name).stat().st_size
        video = {"url": url, "content_type": "video/mp4", "file_name": name, "file_size": size}
        used = seconds * 66 * CREDITS_A_DOLLAR // 1000
        usage = {"usage": {"credits_used": used}}
        return self.document(task, "completed", video=video, meta=usage)

    def table(self, asked, place):
        """One page of what was billed in the window, newest first."""
        self.require(asked, "GET")
        query = dict(parse_qsl(place.query, strict_parsing=True))
        TABLES[place.path]("query", query)
        if place.path == "/v2/logs":
            return said(self.log(query))
        return said(self.ledger(query))

    def log(self, query):
        since, until = (datetime.fromisoformat(query[name]) for name in ("start", "end"))
        if not timedelta() <= until - since <= LONGEST_WINDOW:
            raise Refused(400, "bad_request", "The window must not exceed 92 days.")
        rows = [row for row in self.billed if since <= row[2] <= until]
        first, limit = int(query.get("offset", 0)), int(query["limit"])
        shown = rows[first : first + limit]
        return {
            "data": [_logged(*row) for row in shown],
            "pagination": {"limit": limit, "offset": first, "total": len(rows),
                           "has_more": first + limit < len(rows)},
        }  # fmt: skip

    def ledger(self, query):
        """The cursor is taken "only in the exact form we issued"."""
        since, until = (datetime.fromisoformat(query[name]) for name in ("from", "to"))
        rows = [row for row in self.billed if since <= row[2] < until]
        cursor, limit = query.get("cursor", "at-0"), int(query["limit"])
        checks.like(r"at-\d+")("cursor", cursor)
        first = int(cursor.removeprefix("at-"))
        more = first + limit < len(rows)
        return {
            "data": [_moved(*row) for row in rows[first : first + limit]],
            "pagination": {
                "next_cursor": f"at-{first + limit}" if more else None,
                "has_more": more,
            },
        }

    def no_money(self):
        return Refused(403, "out_of_credits", "You've run out of credits. Please top up.")

    def refusal(self, refused):
        told = {
            "message": refused.message, "path": PATHS[0], "statusCode": refused.status,
            "requestId": "2f6a5ea6-60e5-4b9d-a1d5-0a8d4d3b1d55",
            "timestamp": "2026-11-20T10:00:00.000Z",
        }  # fmt: skip
        return said(told, status=refused.status)


def _logged(reference, name, at, credits):
    """One row of logs-v2.json, with every field that it requires."""
    return {
        "created": _moment(at), "status": "succeeded", "origin": "api", "model": TEXT,
        "cost": {"usd": credits / CREDITS_A_DOLLAR, "credits": credits},
        "tokens": {"input": 0, "output": 0, "total": 0}, "request_id": f"req-{name}",
        "inference_id": name, "client_request_id": reference or None,
    }  # fmt: skip


def _moved(_reference, name, at, credits):
    """One row of billing-transactions-v2.json."""
    return {
        "created_at": _moment(at), "direction": "CHARGE", "type": "MODEL_USAGE",
        "amount": {"usd": credits / CREDITS_A_DOLLAR, "credits": credits}, "model": TEXT,
        "reference_id": name,
    }  # fmt: skip


def _moment(at):
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
