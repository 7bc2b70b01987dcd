"""The processes that the benchmark of HTTP/2 measures: one client each, see there."""

import asyncio
import json
import ssl
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import httpx
import uvloop

WARM = 500
Get = Callable[[str], Awaitable[str]]  # what was spoken


@asynccontextmanager
async def over_httpx(*, http2: bool, connections: int):
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    context = ssl.create_default_context()
    async with httpx.AsyncClient(
        http2=http2, limits=limits, verify=context, trust_env=False, timeout=60
    ) as client:

        async def get(url):
            answer = await client.get(url)
            json.loads(answer.content)
            return answer.http_version

        yield get


@asynccontextmanager
async def over_aiohttp(*, connections: int):
    context = ssl.create_default_context()
    connector = aiohttp.TCPConnector(limit=connections, ssl=context)
    async with aiohttp.ClientSession(connector=connector) as client:

        async def get(url):
            async with client.get(url) as answer:
                json.loads(await answer.read())
                return f"HTTP/{answer.version.major}.{answer.version.minor}"

        yield get


CLIENTS = {
    "httpx over HTTP/2": lambda at_once: over_httpx(http2=True, connections=at_once),
    "httpx over HTTP/1.1": lambda at_once: over_httpx(http2=False, connections=at_once),
    "aiohttp over HTTP/1.1": lambda at_once: over_aiohttp(connections=at_once),
}


async def measure(name: str, url: str, questions: int, at_once: int) -> dict[str, object]:
    async with CLIENTS[name](at_once) as get:
        await ask(get, url, WARM, at_once)
        used = time.process_time()
        spoken = await ask(get, url, questions, at_once)
        return {"cpu": time.process_time() - used, "spoken": "/".join(sorted(spoken))}


async def ask(get: Get, url: str, questions: int, at_once: int) -> set[str]:
    spoken: set[str] = set()
    left = iter(range(questions))

    async def one_after_another() -> None:
        for number in left:
            spoken.add(await get(f"{url}/v1/videos/task_{number:022}"))

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return spoken


if __name__ == "__main__":
    name, url, *sizes = sys.argv[1:]
    print(json.dumps(uvloop.run(measure(name, url, *map(int, sizes)))))
