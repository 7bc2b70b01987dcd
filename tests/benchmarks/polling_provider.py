"""A provider with no news: every job is being made, whatever it is called. Prints its address."""

import asyncio
import json

import httptools
import uvloop

ANSWER_SECONDS = 0.1
JOB = {
    "object": "video", "model": "kling-2.5-720p-noref-audio", "status": "processing",
    "progress": 50, "created_at": 1774494511,
}  # fmt: skip


class Talk(asyncio.Protocol):
    """One connection that stays open."""

    def connection_made(self, transport):
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)
        self.path = b""

    def data_received(self, data):
        self.parser.feed_data(data)

    def on_url(self, url):
        self.path += url

    def on_message_complete(self):
        name = self.path.rpartition(b"/")[2].decode()
        self.path = b""
        body = json.dumps({"id": name, **JOB}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        asyncio.get_running_loop().call_later(ANSWER_SECONDS, self.answer, head.encode() + body)

    def answer(self, data):
        if not self.transport.is_closing():
            self.transport.write(data)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Talk, "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
