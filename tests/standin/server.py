"""The stand-in's server: one dialect, one port, any number of accounts (each key is one)."""

import asyncio
import json
import threading
from urllib.parse import unquote

from studio.core.errors import StudioError
from studio.core.wire import Response
from tests.standin import faults
from tests.standin.orders import SCRIPT, Made, content_of, new_id
from tests.standin.wire import Cut, Raw, raw, read, write

FILES = "/files/"


class Standin:
    """`price` is what one second of one take costs, in native micro-units."""

    def __init__(self, dialect, *, price=70_000):
        self.dialect = dialect
        self.price = price
        self.made: dict[str, Made] = {}
        self.refused: dict[tuple[str, str], int] = {}
        self.asked: dict[str, int] = {}  # requests for each key
        self.port = 0

    # Running

    def start(self, port=0):
        """Serve from a thread of its own until the process ends; return the address."""
        ready = threading.Event()
        threading.Thread(target=self._run, args=(port, ready), daemon=True).start()
        assert ready.wait(10)
        return self.address

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def _run(self, port, ready):
        async def serve():
            server = await asyncio.start_server(
                self._talk, "127.0.0.1", port, limit=2**24, backlog=1024
            )
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await server.serve_forever()

        asyncio.run(serve())

    async def _talk(self, reader, writer):
        try:
            while request := await read(reader):
                await write(writer, await self._answer(request))
        except (Cut, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    # Answering

    async def _answer(self, request):
        if request.path.startswith(FILES):
            return self._file(request.path)
        key = request.headers.get("x-api-key") or request.headers.get("authorization", "")[7:]
        self.asked[key] = self.asked.get(key, 0) + 1
        if ids := self.dialect.read_poll_request(request):
            return self._poll(key, ids)
        if request.path == "/v2/logs":
            return self._logs(key)
        if request.method != "POST":
            return raw(
                self.dialect.write_refusal(StudioError("There is no such thing."), status=404)
            )
        return await self._create(key, request)

    async def _create(self, key, request):
        try:
            sending = self.dialect.read_order(request)
        except StudioError as error:
            return raw(self.dialect.write_refusal(error, status=error.http_status))
        word = dict(SCRIPT.findall(sending.order.prompt)).get("create", "")
        if known := self._known(key, sending.reference):
            known.creates += 1
            return self._again(known, word)
        if word in faults.REFUSALS and not self._refused_before(key, sending, word):
            return faults.refusal(self.dialect, word)
        if word == "close":
            raise Cut
        made = self._accept(key, sending)
        return await faults.lose(word, raw(self.dialect.write_receipt(made.served(self._link))))

    def _accept(self, key, sending):
        """Where the same order is never made twice, its name is the reference itself."""
        remote_id = sending.reference if self.dialect.handle == "replay" else new_id(sending)
        able = next(a for a in self.dialect.capabilities if a.model == sending.order.model)
        made = Made(
            key=key, sending=sending, remote_id=remote_id, price=self.price,
            tells_cost=able.tells_cost,
        )  # fmt: skip
        self.made[made.remote_id] = made
        return made

    def _known(self, key, reference):
        """Only a provider that promises so knows its references; the others make it again."""
        if self.dialect.handle != "replay":
            return None
        return next(
            (m for m in self.made.values() if m.key == key and m.sending.reference == reference),
            None,
        )

    def _again(self, made, word):
        """The same order once more: some answer with an error that proves nothing."""
        if word == "replay_429" and made.creates == 2:
            return faults.refusal(self.dialect, "busy")
        if word == "replay_4xx" and made.creates == 2:
            return faults.refusal(self.dialect, "refused")
        error = {"code": "conflictTaskUUID", "message": "taskUUID was used before.",
                 "taskUUID": made.remote_id}  # fmt: skip
        return Raw(json.dumps({"errors": [error]}).encode(), status=400)

    def _refused_before(self, key, sending, word):
        """Busy, a bad key and an empty account pass; a verdict does not."""
        about = (key, sending.order.prompt)
        self.refused[about] = self.refused.get(about, 0) + 1
        return word in faults.ONCE and self.refused[about] > 1

    def _poll(self, key, ids):
        found = [made for asked in ids if (made := self._find(key, asked))]
        if not found:
            return raw(self.dialect.write_refusal(StudioError("There is no such job."), status=404))
        for made in found:
            made.polls += 1
        answer = raw(self.dialect.write_poll_answer([made.served(self._link) for made in found]))
        return faults.garbled(found[0].says("poll"), found[0].polls, answer)

    def _find(self, key, asked):
        """By their own name, or by ours where a provider looks for that as well."""
        mine = [made for made in self.made.values() if made.key == key]
        names = (made for made in mine if asked in (made.remote_id, made.sending.reference))
        return next(names, None)

    def _logs(self, key):
        rows = [
            {"client_request_id": made.sending.reference, "inference_id": made.remote_id}
            for made in self.made.values()
            if made.key == key and made.says("lag") != "forever"
        ]
        return raw(Response(status=200, json={"data": rows, "logs": rows}))

    def _file(self, path):
        remote_id, index, name = unquote(path.removeprefix(FILES)).rsplit("/", 2)
        made = self.made[remote_id]
        times = made.fetched[index, name] = made.fetched.get((index, name), 0) + 1
        content, kind = content_of(name.split(".")[0])
        return faults.link(made.says("link"), times, content, kind)

    def _link(self, made, index, name):
        if made.says("link") == "none" and name == "video":
            return ""
        return f"{self.address}{FILES}{made.remote_id}/{index}/{name}"

    # Counting

    def of(self, key):
        return [made for made in self.made.values() if made.key == key]
