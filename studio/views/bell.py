"""Hearing that something changed: the other end of `studio.live.ring`."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from django.conf import settings

from studio import live

logger = logging.getLogger(__name__)

RECONNECT_SECONDS = 1.0
Heard = Callable[[], None]


@asynccontextmanager
async def listening(heard: Heard) -> AsyncIterator[None]:
    """Call `heard` at each ring. A bell that can not be heard is logged: others look by themselves."""
    listen = _redis if urlsplit(settings.LIVE_URL).scheme else _socket
    task = asyncio.create_task(listen(heard))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _socket(heard: Heard) -> None:
    """The last process that binds hears the bell; one that lost it looks by itself."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as bell:
        try:
            live.SOCKET.unlink(missing_ok=True)
            bell.bind(str(live.SOCKET))
        except OSError as error:
            logger.warning("The bell at %s can not be heard: %s", live.SOCKET, error)
            return
        while True:
            await loop.sock_recv(bell, 1)
            heard()


async def _redis(heard: Heard) -> None:
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    while True:
        try:
            async with Redis.from_url(settings.LIVE_URL) as client, client.pubsub() as bell:
                await bell.subscribe(live.CHANNEL)
                async for _ in bell.listen():
                    heard()
        except (RedisError, OSError) as error:
            logger.warning("Redis does not ring: %s", error)
        await asyncio.sleep(RECONNECT_SECONDS)
