"""What the five strict providers share: who may ask, what was asked, and files without our key."""

import hashlib
import json
import tempfile
import traceback
from pathlib import Path
from urllib.parse import urlsplit

from tests.documents.checks import Wrong
from tests.servers import Reply, Server, said
from tests.storage.videos import video

SIZES = {"16:9": (320, 180), "9:16": (180, 320), "1:1": (240, 240)}
TYPES = {
    ".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
    ".tar": "application/x-tar", ".json": "application/json",
}  # fmt: skip
SECRETS = ("authorization", "x-api-key", "cookie")
FORBIDDEN = "a massacre"  # an order with these words is refused for what it shows


class Refused(Exception):
    """A request that the document does not allow, or one that it says is answered so."""

    def __init__(self, status, code, message, **more):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.more = status, code, message, more


class StrictProvider(Server):
    """One provider on loopback, as a `with` block.

    `orders` are the bodies that were accepted, `refusals` what was not as documented, and `leaks`
    the downloads that came with a secret. Without money it refuses to work; see `FORBIDDEN`, too.
    """

    slug = ""
    key = "key-of-the-tests"
    states = ()

    def __init__(self, *, money=True):
        super().__init__(self.serve)
        self.money = money
        self.orders, self.refusals, self.leaks, self.tasks = [], [], [], {}
        self.folder = tempfile.TemporaryDirectory(prefix="strict-provider-")

    def __exit__(self, *end):
        super().__exit__(*end)
        self.folder.cleanup()

    def handle_error(self, *_):
        """What goes wrong in here is a refusal, too, so that no test takes it for silence."""
        self.refusals.append(traceback.format_exc())

    def call(self, asked, place):
        """Answer a request to the API. Raises Refused and Wrong."""
        raise NotImplementedError

    def refusal(self, refused):
        """The answer to a request that is refused, in the shape of the document."""
        raise NotImplementedError

    def serve(self, asked):
        place = urlsplit(asked.path)
        if place.path.startswith("/files/"):
            return self.download(asked, place)
        try:
            return self.call(asked, place)
        except Wrong as wrong:
            refused = Refused(400, "invalid_parameter", str(wrong), field=wrong.where)
        except Refused as error:
            refused = error
        self.refusals.append(str(refused))
        return self.refusal(refused)

    def require_bearer(self, asked):
        self.require_header(asked, "authorization", f"Bearer {self.key}")

    def require_header(self, asked, name, value):
        if asked.headers.get(name) != value:
            raise Refused(401, "invalid_api_key", "This request requires a valid API key.")

    def require(self, asked, method, *, kind="application/json"):
        """The method, and the content type that goes with a body."""
        if asked.method != method:
            raise Refused(405, "method_not_allowed", f"Only {method}, not {asked.method}.")
        given = asked.headers.get("content-type", "").partition(";")[0]
        if method == "POST" and given != kind:
            raise Refused(415, "unsupported_media_type", f"Send {kind}, not {given!r}.")

    def require_money(self):
        if not self.money:
            raise self.no_money()

    def no_money(self):
        return Refused(402, "insufficient_credits", "You have run out of credits.")

    def read(self, asked):
        try:
            return json.loads(asked.body)
        except ValueError as error:
            raise Refused(400, "invalid_json", f"The body is no JSON: {error}.") from error

    def task(self, name):
        if name not in self.tasks:
            raise Refused(404, "not_found", f"There is nothing with the id {name!r}.")
        return self.tasks[name]

    def polled(self, task):
        """The task's state, one further at every poll; the last is that of its end."""
        task["polls"] += 1
        return self.states[min(task["polls"], len(self.states)) - 1]

    def accept(self, name, order):
        """Note an order, and that a new task makes it."""
        self.orders.append(order)
        self.tasks[name] = {"id": name, "order": order, "polls": 0}
        return self.tasks[name]

    def film(self, name, *, aspect="16:9", seconds=5):
        """Make a clip as it was ordered, though small; where it can be had."""
        path = self.path(name)
        video(path, frames=8 * int(seconds), fps=8, size=SIZES[aspect])
        return self.link(name)

    def path(self, name):
        path = Path(self.folder.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def files(self):
        """All that was made here."""
        return [path for path in Path(self.folder.name).rglob("*") if path.is_file()]

    def sum(self, path):
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def link(self, name):
        return f"{self.url}/files/{name}?Expires=9999999999&Signature=a%2Fb"

    def download(self, asked, place):
        self.leaks += [name for name in SECRETS if name in asked.headers]
        path = self.path(place.path.removeprefix("/files/"))
        if asked.method != "GET" or not path.is_file() or "Signature=a%2Fb" not in place.query:
            return said({"error": "no such file"}, status=404)
        return Reply(body=path.read_bytes(), headers={"content-type": TYPES[path.suffix]})
