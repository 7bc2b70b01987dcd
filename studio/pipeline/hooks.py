"""Telling one endpoint what is due: each message once at a time, in the order of events."""

import json
import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import notices
from studio.core import signatures, slack
from studio.core.errors import StorageFailed
from studio.core.notices import Kind
from studio.models import Delivery, Endpoint, Notice
from studio.models.deliveries import end
from studio.pipeline import deliveries
from studio.providers import hooks
from studio.providers.hooks import Answer
from studio.storage.reach import CHOSEN, GIVEN, Reach

MOST_AT_ONCE = 50  # then others get their turn
HANG_SECONDS = 60  # a machine that does not answer holds up a worker only so often
GONE = 410
COMES_BACK = {429, 503}
Status = Delivery.Status


def tell(endpoint_id: int) -> None:
    """Send what is due to this endpoint, until it does not take something."""
    for _ in range(MOST_AT_ONCE):
        endpoint = deliveries.awake().filter(pk=endpoint_id).first()
        if endpoint is None or not _next(endpoint):
            return


def _next(endpoint: Endpoint) -> bool:
    """Send one; False when there is none, or it was not taken."""
    due = Delivery.objects.due().filter(endpoint=endpoint).order_by("next_at", "pk")
    taken = deliveries.take(due[:1])
    if not taken or not deliveries.about_to_send(taken):
        return False
    (delivery,) = taken
    answer = _posted(endpoint, delivery)
    _follow(endpoint, delivery, answer)
    return answer.took_it


def _posted(endpoint: Endpoint, delivery: Delivery) -> Answer:
    try:
        url, secrets = endpoint.address(), endpoint.secrets()
    except StorageFailed as error:
        return Answer(words=error.message)
    body = body_for(endpoint, delivery.notice)
    headers = {"content-type": "application/json"}
    if endpoint.format == Endpoint.Format.STANDARD:
        headers = signatures.headers(
            secrets, id=delivery.message_id, timestamp=int(time.time()), body=body
        )
    return hooks.post(url, body, headers, reach=reach_of(endpoint))


def reach_of(endpoint: Endpoint) -> Reach:
    """The team's were typed in by an admin; anybody may have one of their own."""
    return GIVEN if endpoint.member_id else CHOSEN


def body_for(endpoint: Endpoint, notice: Notice) -> bytes:
    """The same bytes at each try."""
    is_slack = endpoint.format == Endpoint.Format.SLACK
    said = _slack(notice) if is_slack else _standard(notice)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _slack(notice: Notice) -> dict[str, Any]:
    return slack.message(
        subject=notice.subject, said=notice.said, text=notice.text, url=notice.address
    )


def _standard(notice: Notice) -> dict[str, Any]:
    """{type, timestamp, data}; what is not known is not there."""
    ids = {
        "clip": notice.clip_id, "note": notice.note_id, "link": notice.share_id,
        "url": notice.address,
    }  # fmt: skip
    data = {**notice.facts, "said": notice.said, **ids}
    return {
        "type": Kind(notice.kind).wire,
        "timestamp": notice.created_at.isoformat(),
        "data": {name: value for name, value in data.items() if value not in (None, "")},
    }


def _follow(endpoint: Endpoint, delivery: Delivery, answer: Answer) -> None:
    held = deliveries.ours([delivery])
    held.update(code=answer.code)
    if answer.took_it:
        end(held, Status.SENT, answer=answer.words)
        Endpoint.objects.filter(pk=endpoint.pk).update(worked_at=timezone.now())
    elif answer.code == GONE:
        end(held, Status.FAILED, answer=answer.words)
        turn_off(endpoint, "It answered that it is gone (410).")
    elif _is_unsure(endpoint, answer):
        end(held, Status.UNSURE, answer=answer.words)
    else:
        _again(endpoint, delivery, answer)


def _is_unsure(endpoint: Endpoint, answer: Answer) -> bool:
    """It may have arrived, and would be said twice if it was sent again."""
    server_error = answer.code is not None and answer.code >= 500
    maybe = answer.maybe_arrived or (server_error and answer.code not in COMES_BACK)
    return maybe and not endpoint.dedupes


def _again(endpoint: Endpoint, delivery: Delivery, answer: Answer) -> None:
    asked = answer.retry_after if answer.code in COMES_BACK else None
    if asked or answer.code is None:
        deliveries.rest(endpoint, asked or HANG_SECONDS)
    if not deliveries.put_off([delivery], answer.words, asked=asked):
        since = delivery.notice.created_at
        if endpoint.worked_at is None or endpoint.worked_at < since:
            turn_off(endpoint, f"It took nothing for days; at last: {answer.words or answer.code}")


@transaction.atomic
def turn_off(endpoint: Endpoint, why: str) -> None:
    """Send nothing more there, keep what waits for a person, and tell its owner once."""
    why = why[:300]
    if not Endpoint.objects.on().filter(pk=endpoint.pk).update(is_on=False, off_because=why):
        return
    waiting = Delivery.objects.filter(endpoint=endpoint, status=Status.WAITING)
    waiting.update(status=Status.FAILED, answer="The webhook was off.", ended_at=timezone.now())
    endpoint.off_because = why
    notices.endpoint_off(endpoint)
