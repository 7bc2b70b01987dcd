"""What the contract of dialects is made with: orders, answers, and what happens to them on the wire."""

import copy
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.errors import ProviderError
from studio.core.orders import Order
from studio.core.spec import FILES, Capability
from studio.core.wire import Receipt, Request, Response, Result, Sending, Served, Update, Verdict
from studio.dialects.base import Dialect
from tests.dialects.sendings import LINKS, sendings

# Inherited tests are run by one class per dialect, which is what the first check warns of.
examples = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
MODERATED = (
    "Failure to pass the risk control system",
    "Your prompt violates our content policy.",
    "Blocked by moderation",
    "sensitive content detected",
    "NSFW content",
)
CHARGES = st.integers(0, 10**8).map(lambda hundredths: hundredths * 10_000)
REASONS = ("The picture is too small.", "Zeitüberschreitung beim Rendern", "no worker: 3/3")


def answer(status: int, json_: Any = None, text: str | None = None, **headers: str) -> Response:
    """An HTTP answer as the remote provider hands it to a dialect."""
    body = json.dumps(json_) if text is None else text
    return Response(
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        json=json_,
        text=body,
    )


def received(response: Response) -> Response:
    """What we wrote as a provider, after it went over the wire."""
    return answer(response.status, through(response.json), **dict(response.headers))


def through(value: Any) -> Any:
    return json.loads(json.dumps(value, allow_nan=False))


def arrived(request: Request) -> Request:
    """A request that we wrote, after it went over the wire."""
    return replace(request, json=through(request.json))


class Material:
    """A subclass sets `dialect`, and what else is different there.

    `links` are the names of the links in a Result; `ids` makes remote ids; `uploads` what stands
    for a picture that was sent before. `documented` has rows (status, body, class) of errors from
    the provider's document. `charges` makes charges that its numbers can say.
    """

    dialect: ClassVar[Dialect]
    links: ClassVar[tuple[str, ...]] = ("video",)
    ids: ClassVar[st.SearchStrategy[str]] = st.sampled_from(
        ["60ac7c34-1:klingai/v2.5-turbo/pro", "a/b:c", "job_1", "ä b", "50%2F+&?#"]
    )
    uploads: ClassVar[st.SearchStrategy[str]] = LINKS
    charges: ClassVar[st.SearchStrategy[int]] = CHARGES
    keeps_seeds: ClassVar[bool] = False
    documented: ClassVar[Sequence[tuple[int, Any, type[ProviderError]]]] = ()

    def suited(self, order: Order) -> Order:
        """Mend what the model's rules would refuse most of the time."""
        return order

    def remote_id(self, sending: Sending, drawn: str) -> str:
        """The provider's name of the order, for one that does not choose it itself."""
        return drawn

    def has_a_picture(self, result: Result) -> bool:
        """Whether a take can be made of it."""
        return bool(result.links.get("video"))

    def sending(self, data: st.DataObject, able: Capability | None = None) -> Sending:
        able = able or data.draw(st.sampled_from(self.dialect.capabilities))
        return data.draw(sendings(able, suited=self.suited, uploads=self.uploads))

    def written(self, data: st.DataObject, able: Capability | None = None) -> Request:
        return arrived(self.dialect.write_order(self.sending(data, able)))

    def able(self, order: Order) -> Capability:
        return next(able for able in self.dialect.capabilities if able.model == order.model)

    def results(self, data: st.DataObject, order: Order) -> tuple[Result, ...]:
        seeds = st.integers(0, 2**31 - 1) if self.keeps_seeds else st.none()
        return tuple(
            Result(
                index=index,
                links={name: f"{data.draw(LINKS)}#{name}{index}" for name in self.links},
                seed=data.draw(seeds),
            )
            for index in range(order.count)
        )

    def served(
        self, data: st.DataObject, verdict: Verdict | None = None, *, drawn: str | None = None
    ) -> Served:
        verdict = verdict or data.draw(st.sampled_from(Verdict))
        sending = self.sending(data)
        ended = verdict != Verdict.RUNNING
        return Served(
            remote_id=self.remote_id(sending, drawn or data.draw(self.ids)),
            sending=sending,
            update=self.update(data, verdict, sending.order),
            created_at=1_790_000_000,
            ended_at=1_790_000_060 if ended else None,
            started=ended or data.draw(st.booleans()),
        )

    def update(self, data: st.DataObject, verdict: Verdict, order: Order) -> Update:
        succeeded, failed = verdict == Verdict.SUCCEEDED, verdict == Verdict.FAILED
        return Update(
            verdict=verdict,
            results=self.results(data, order) if succeeded else (),
            reason=data.draw(st.sampled_from(REASONS)) if failed else "",
            category=data.draw(st.sampled_from(["rejected", "provider"])) if failed else "",
            charge=data.draw(self.charges) if succeeded else None,
        )

    def polled(self, *served: Served) -> dict[str, Update]:
        """What we read of what we serve."""
        ids = [one.remote_id for one in served]
        return self.dialect.read_poll(received(self.dialect.write_poll_answer(served)), ids)

    def remembered(self, sending: Sending) -> Sending:
        """What is left of it on the wire."""
        order = replace(sending.order, **dict.fromkeys(FILES, None))
        forgotten = dict.fromkeys(self.dialect.forgets, "")
        return replace(sending, order=order, **forgotten)

    def order_path(self, able: Capability) -> str:
        for sending in one(sendings(able, suited=self.suited, uploads=self.uploads)):
            return self.dialect.write_order(sending).path
        raise AssertionError

    def receipt(self, served: Served) -> Receipt:
        response = received(self.dialect.write_receipt(served))
        assert 200 <= response.status < 300
        return self.dialect.read_receipt(response, served.sending)

    def callbacks(self, served: Served) -> list[Any]:
        """The bodies that a provider posts to our address about it."""
        return [received(self.dialect.write_poll_answer([served])).json]


def one(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """One value of a strategy, outside of a property."""
    found: list[Any] = []

    @settings(max_examples=1, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def take(value: Any) -> None:
        found.append(value)

    take()
    return found[:1]


def with_one_changed(data: st.DataObject, whole: Any, instead: Any) -> Any:
    """A copy with something else, or nothing, in one of its places."""
    changed = copy.deepcopy(whole)
    found = list(places(changed))
    if not found:
        return instead
    holder, key = data.draw(st.sampled_from(found))
    if data.draw(st.booleans()):
        holder[key] = instead
    else:
        del holder[key]
    return changed


def places(value: Any) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)
