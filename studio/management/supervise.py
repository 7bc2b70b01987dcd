"""`manage.py up`: a whole studio from one process, until it is told to stop."""

import asyncio
import logging
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import uvicorn
from django.conf import settings

from studio import tasks
from studio.celery.conf import QUEUE_FILE
from studio.celery.sqlite import queue_file
from studio.management import addresses
from studio.management.crew import JOB_THREADS, Crew, Worker
from studio.management.lock import only_one
from studio.models import Member, Role
from studio.pipeline import lease, sweep
from studio.services import setup

STREAMS_SECONDS = 3  # what a film that is being watched may still take when the studio stops

Say = Callable[[str], object]


def run(host: str, port: int, *, say: Say) -> None:
    """Start everything, and come back when it has stopped. Raises AlreadyRunning, CannotListen."""
    with addresses.listen(host, port) as listener:
        here = addresses.url(host, listener.getsockname()[1])
        with only_one(settings.DATA, address=f"{here}/"):
            settings.ALLOWED_HOSTS += addresses.names(host)
            link = prepare(settings.PUBLIC_URL or here)
            crew = Crew(renderers=settings.RENDERERS)
            web = Web(crew, say=say, greeting=greeting(here, link))
            with told_by_signals(web, crew):
                serve(web, crew, listener)
            say("Stopped.")


def prepare(address: str) -> str:
    """Bring the data folder up to date, and free what a crash left; the first sign-in link or ""."""
    setup.prepare()
    take_up()
    admin = admin_without_a_door()
    return f"{address}/door/{setup.sign_in_token(admin.user)}/" if admin else ""


def admin_without_a_door() -> Member | None:
    """The first admin, while no admin has a password to come in with."""
    admins = Member.objects.active().filter(role=Role.ADMIN).select_related("user").order_by("pk")
    if any(admin.user.has_usable_password() for admin in admins):
        return None
    return admins.first()


def take_up(pid: int | None = None) -> None:
    """Free what dead workers held (None: everything in the queue), tidy up, and sweep at once."""
    if not settings.BROKER_URL:
        queue_file(str(QUEUE_FILE)).free(pid)
    lease.free_the_dead()
    sweep.leftovers()
    tasks.hint_sweep()


def greeting(here: str, link: str) -> str:
    renderers = f"{settings.RENDERERS} renderer{'s' * (settings.RENDERERS != 1)}"
    lines = {
        "Web": f"{settings.PUBLIC_URL or here}/",
        "Workers": f"{JOB_THREADS} threads for jobs and files, {renderers}",
        "Data": str(settings.DATA),
        "Sign in": link and f"{link}  (works once, within 24 hours)",
    }
    shown = [f"{name:<8} {text}" for name, text in lines.items() if text]
    return "\n".join(["Dailies is ready; Ctrl-C stops it.", *shown])


class Web(uvicorn.Server):
    """The server of pages and streams, which looks after the crew between two ticks."""

    def __init__(self, crew: Crew, *, say: Say, greeting: str) -> None:
        from studio.asgi import app

        super().__init__(
            uvicorn.Config(
                app, loop="uvloop", http="httptools", ws="none", lifespan="on", log_config=None, access_log=False,
                backlog=addresses.BACKLOG, proxy_headers=bool(settings.PUBLIC_URL), server_header=False,
                timeout_graceful_shutdown=STREAMS_SECONDS,
            )
        )  # fmt: skip
        self.crew = crew
        self.say = say
        self.greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """The first page does not have to wait for the workers."""
        await super().startup(sockets)
        self.say(self.greeting)

    async def on_tick(self, counter: int) -> bool:
        if not self.should_exit:
            fallen: list[Fall] = []
            self.crew.look_after(on_fall=lambda *fall: fallen.append(Fall(*fall)))
            for fall in fallen:
                self.say(fall.sentence())
                await asyncio.to_thread(take_up, fall.process.pid)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Workers and streams first: neither would end by itself."""
        from studio.views import live

        self.say("Stopping; what is being rendered goes on at the next start.")
        self.crew.tell_to_stop()
        live.close()
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: uvicorn would raise them again when it has stopped, before the workers have."""
        yield


def _is_news(record: logging.LogRecord) -> bool:
    """A film that somebody has paused is cut when the studio stops; that is no error to report."""
    cut = record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cut and "timeout graceful shutdown exceeded" not in record.getMessage()


@dataclass(frozen=True)
class Fall:
    """A worker that ended though nobody told it to."""

    worker: Worker
    process: subprocess.Popen[bytes]

    def sentence(self) -> str:
        code = self.process.returncode
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        return f"The worker “{self.worker.title}” {how}; it is started again."


@contextmanager
def told_by_signals(web: Web, crew: Crew) -> Iterator[None]:
    """SIGINT, SIGTERM or a closed terminal stop the studio; a second one does not wait."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if web.should_exit:
            web.force_exit = True
            crew.kill()
        web.should_exit = True

    told_by = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # nohup wants to outlive its terminal
        told_by.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in told_by}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve(web: Web, crew: Crew, listener: socket.socket) -> None:
    try:
        web.run(sockets=[listener])
    finally:
        crew.tell_to_stop()
        crew.wait()
