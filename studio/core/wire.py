"""What goes over a wire and what comes back, as values: dialects write and read them, purely."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from studio.core.orders import Order


@dataclass(frozen=True, kw_only=True)
class Sending:
    """An order as it is about to be sent.

    `links` says where the provider finds each file of the order ("first_frame", "last_frame",
    "scene"): a link, a data URI, or the provider's own name of an upload, as the dialect asks for.
    A file that goes along in the request itself is in `parts` instead, by its file name. The asset
    keys in `order` mean nothing to a provider and are left out. `reference` is our own name for
    the attempt, the same at every try; `callback` the address that may wake us, or "".
    """

    order: Order
    reference: str
    links: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    callback: str = ""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request, without host and key. Either `json`, or a form with `fields` and `files`.

    `path` starts with a slash and is percent-encoded already. `files` maps the name of a form's
    part to (the order's file, its file name): {"scene": ("scene", "cell.glb")}. `read_seconds` is how
    long the answer may take to begin.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    read_seconds: float = 60


@dataclass(frozen=True, kw_only=True)
class Response:
    """One HTTP answer. `json` is its parsed body, None if that is no JSON; `text` its beginning.

    Header names are in lower case.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The provider has the order; `remote_id` is its own name for it, at most 200 characters.

    A provider that answers at once with everything says so in `update`.
    """

    remote_id: str
    update: "Update | None" = None


class Verdict(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One finished take, the `index`th of its order from 0.

    Its `files` are on this machine, or its `links` still at the provider. There is "video", and
    whatever else was made along with it: "poster", "preview", "last_frame", "strip", which are made
    from the video where they are missing; and what a simulation gives: "depth", "normals",
    "optical_flow" (archives) and "log" (JSON).
    """

    index: int
    files: Mapping[str, Path] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Update:
    """How an order stands at its provider.

    `charge` is in native micro-units of the dialect's unit, 0 for nothing, None if the provider
    does not say. Of several results some may be refused: then the others are in `results` and
    `reason` says what became of the rest. `category` is that of a ProviderError, `progress` in
    percent, `retry_after` the pause in seconds that the provider asked for, `raw` the beginning of
    its answer.
    """

    verdict: Verdict
    results: tuple[Result, ...] = ()
    reason: str = ""
    category: str = ""
    charge: int | None = None
    progress: int | None = None
    retry_after: float | None = None
    raw: str = ""

    def to_json(self) -> dict[str, Any]:
        """For a row; files on this machine are not worth remembering."""
        results = [
            {"index": result.index, "links": dict(result.links), "seed": result.seed}
            for result in self.results
        ]
        return {**{name: getattr(self, name) for name in PLAIN}, "results": results}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        plain = {name: stored[name] for name in PLAIN}
        results = tuple(Result(**result) for result in stored["results"])
        return cls(**{**plain, "verdict": Verdict(stored["verdict"]), "results": results})


PLAIN = ("verdict", "reason", "category", "charge", "progress", "retry_after", "raw")


@dataclass(frozen=True, kw_only=True)
class BillTable:
    """A table of what a provider billed, which it gives row by row: `name` is for addresses.

    `most_days` is how long a time it gives at once, None where it says nothing about that.
    """

    name: str
    label: str
    most_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class BillPage:
    """Rows of such a table by its columns; `after` says where the next page begins, "" at the end."""

    rows: tuple[Mapping[str, str], ...]
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Served:
    """A job as we serve it to another program in a dialect: the opposite of an Update.

    `created_at` and `ended_at` are Unix seconds; `started` is False while it stands in line.
    """

    remote_id: str
    sending: Sending
    update: Update
    created_at: int
    ended_at: int | None = None
    started: bool = True
