"""The plainest dialect that there can be, to test whatever speaks dialects."""

from dataclasses import replace

from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param
from studio.core.wire import Receipt, Request, Result, Update, Verdict
from studio.dialects import errors
from studio.dialects.base import Dialect, Handle, ListPrice, raw_of
from studio.providers.accounts import Account
from studio.providers.base import Brief
from studio.providers.remote import Remote

KEY = "sk-canary-0123456789abcdef"
REFERENCE = "dl-7-0123456789abcdef0123456789abcdef"
CAPABILITY = Capability(
    provider="plain",
    model="plain-1",
    label="Plain 1",
    first_frame=True,
    last_frame=True,
    scene=True,
    params=(
        Param(name="prompt", label="Prompt", kind=Kind.TEXT, high=200, required=True),
        Param(name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=10, default=5),
    ),
)
PRICES = (
    ListPrice(
        model="plain-1", per="second", amount=70_000, source="a list", checked_on="2026-11-20"
    ),
)


class Plain(Dialect):
    """POST /orders, GET /orders?ids=…, POST /files, GET /me."""

    slug = "plain"
    label = "Plain"
    address = "https://plain.example"
    capabilities = (CAPABILITY,)
    prices = PRICES
    read_seconds = 5

    def __init__(self, *ways, handle=Handle.NONE, batch=1, calls_back=False):
        able = replace(CAPABILITY, ways=ways, calls_back=calls_back)
        self.capabilities = (able,)
        self.handle = handle
        self.batch = batch

    def write_order(self, sending):
        said = {"prompt": sending.order.prompt, "reference": sending.reference,
                "callback": sending.callback, **sending.links}  # fmt: skip
        if not sending.parts:
            return self._post("/orders", json=said)
        files = {f"file_{name}": (name, shown) for name, shown in sending.parts.items()}
        return self._post("/orders", fields=said, files=files)

    def read_receipt(self, response, sending):
        return Receipt(remote_id=self._body(response)["id"])

    def write_poll(self, remote_ids):
        return Request(method="GET", path="/orders", query={"ids": ",".join(remote_ids)})

    def read_poll(self, response, remote_ids):
        body = self._body(response)
        return {one: self._update(body[one], response) for one in remote_ids if one in body}

    def _update(self, said, response):
        results = tuple(
            Result(index=index, links={"video": link}) for index, link in enumerate(said["links"])
        )
        return Update(verdict=Verdict(said["status"]), results=results, raw=raw_of(response))

    def refusal(self, response):
        return errors.refusal(self.label, response)

    def write_lookup(self, sending):
        return Request(method="GET", path="/orders", query={"reference": sending.reference})

    def read_lookup(self, response, sending):
        found = self._body(response)["found"]
        return Receipt(remote_id=found) if found else None

    def write_upload(self, name, data_uri, reference):
        return self._post("/files", json={"name": name, "data": data_uri})

    def read_upload(self, response):
        return self._body(response)["file"]

    def write_test(self):
        return Request(method="GET", path="/me")

    def read_test(self, response):
        return self._body(response)["left"]

    def read_callback(self, body):
        return body.get("id", "")

    def _post(self, path, **fields):
        return Request(method="POST", path=path, read_seconds=self.read_seconds, **fields)

    def _body(self, response):
        if response.status >= 400:
            raise self.refusal(response)
        return response.json


def remote(address, folder, dialect=None, *, key=KEY, public=False, **account):
    """A provider that speaks it at this address."""
    known = Account(key=key, base_url=address, **account)
    return Remote(
        dialect or Plain(), account=lambda: known, scratch=folder / "scratch", public=public
    )


def brief(**fields):
    order = Order(provider="plain", model="plain-1", prompt="A red door.", settings={"duration": 5})
    return Brief(**{"order": order, "reference": REFERENCE, **fields})
