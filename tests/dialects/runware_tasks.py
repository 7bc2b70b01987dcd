"""Tasks, items and answers of Runware for tests, with sensible defaults."""

import json
import uuid
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from studio.core.orders import Order
from studio.core.spec import Capability
from studio.core.wire import Request, Sending, Served, Update
from studio.dialects.runware import Runware
from tests.dialects.contract import answer

FIXTURES = Path(__file__).parent.parent / "fixtures" / "runware"
DOCUMENTED = ("hyperloop", "basilica", "cliff", "arcade")
# What we always say, and the document's examples leave to their defaults.
ADDED = {"outputType": "URL", "deliveryMethod": "async", "includeCost": True}
RUNWARE = Runware()
ABLE: Capability = RUNWARE.capabilities[0]
FIRST, SECOND, OTHER = (str(uuid.UUID(int=number, version=4)) for number in (1, 2, 3))
REFERENCE = f"dl-7-{uuid.UUID(FIRST).hex}"
PICTURE = "https://studio.example/a.png"
UUIDS = st.uuids(version=4).map(str)


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def order(**settings: Any) -> Order:
    whole = {**ABLE.defaults(), **settings}
    return Order(provider="runware", model="klingai:6@1", prompt="A red door.", settings=whole)


def sending(**settings: Any) -> Sending:
    return Sending(order=order(**settings), reference=REFERENCE)


def task(**fields: Any) -> dict[str, Any]:
    plain = {"taskType": "videoInference", "taskUUID": FIRST, "model": "klingai:6@1"}
    return {**plain, "positivePrompt": "A red door.", **fields}


def request(*tasks: Any, **headers: str) -> Request:
    return Request(method="POST", path="/v1", json=list(tasks), headers=headers)


def read(**fields: Any) -> Sending:
    return RUNWARE.read_order(request(task(**fields)))


def item(remote_id: str = FIRST, **fields: Any) -> dict[str, Any]:
    return {"taskType": "videoInference", "taskUUID": remote_id, **fields}


def made(number: int = 1, **fields: Any) -> dict[str, Any]:
    link = f"https://vm.runware.ai/video/{number}.mp4"
    return item(status="success", videoUUID=f"v{number}", videoURL=link, **{"cost": 0.35, **fields})


def failed(code: str = "validationFailed", **fields: Any) -> dict[str, Any]:
    return item(code=code, status="error", **{"message": "The picture is too small.", **fields})


RUNS = item(status="processing")


def poll(body: Any, *remote_ids: str, status: int = 200) -> dict[str, Update]:
    return RUNWARE.read_poll(answer(status, body), remote_ids or [FIRST])


def polled(*data: Any, errors: Any = None) -> Update:
    return poll({"data": list(data), **({"errors": errors} if errors else {})})[FIRST]


def served(update: Update, *, remote_id: str = FIRST, **settings: Any) -> Served:
    return Served(
        remote_id=remote_id, sending=sending(**settings), update=update, created_at=1_790_000_000
    )
