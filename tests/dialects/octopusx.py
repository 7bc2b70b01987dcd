"""Orders of OctopusX, and the examples of its pages."""

import json
from pathlib import Path
from typing import Any

from studio.core.orders import Order
from studio.core.spec import Capability
from studio.core.wire import Sending
from studio.dialects.octopusx import Octopusx
from studio.dialects.octopusx.limits import KLING_25

OCTOPUSX = Octopusx()
FIXTURES = Path(__file__).parent.parent / "fixtures" / "octopusx"
FIRST, LAST = "https://studio.example/first.png", "https://studio.example/last.png"
VIDEO = "https://files.octopusx.example/task_ZOAI.mp4"
DUE = {"duration": 5, "aspect": "16:9", "resolution": "720p"}


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def make_order(able: Capability = KLING_25, **settings: Any) -> Order:
    return Order(
        provider="octopusx", model=able.model, prompt="A cat", settings={**DUE, **settings}
    )


def make_sending(able: Capability = KLING_25, **settings: Any) -> Sending:
    return Sending(order=make_order(able, **settings), reference="dl-1-" + "0" * 32)
