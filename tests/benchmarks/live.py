"""How fast and how cheaply a change reaches 1,000 open pages, beside a bare asyncio SSE server.

    python -m tests.benchmarks.live [--pages 1000] [--events 40]

Both servers are processes of their own and get each event by a datagram; the same client holds all
streams. Dailies goes the whole way: commit, bell, query, card, fan-out. The bare server writes
ready bytes. Rounds of both alternate, so that the noise of the machine hits both alike.
"""

import argparse
import asyncio
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uvloop

FOLDER = Path(os.environ.get("DAILIES_BENCHMARK") or tempfile.mkdtemp(prefix="dailies-live-"))
os.environ |= {
    "DAILIES_BENCHMARK": str(FOLDER),
    "DAILIES_DATA": str(FOLDER),
    "DJANGO_SETTINGS_MODULE": "studio.settings",
}
SECONDS_BETWEEN = 0.2
PATIENCE_SECONDS = 10
WARM = 20
BROWSER = (
    "Host: 127.0.0.1:8000\r\nConnection: keep-alive\r\nHX-Request: true\r\nHX-Source: div#live\r\n"
    "HX-Current-URL: http://127.0.0.1:8000/\r\nHX-Request-Type: partial\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36\r\nAccept: text/html, text/event-stream\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\n"
    "Referer: http://127.0.0.1:8000/\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"
    "Sec-Fetch-Dest: empty\r\nCookie: theme=dark; csrftoken=" + "c" * 32 + "; sessionid="
    + "s" * 32 + "\r\n\r\n"
)  # fmt: skip


class Page(asyncio.Protocol):
    """A client's end of one stream: notes when each event id arrives."""

    def __init__(self, path: str, arrivals: dict[int, list[float]]) -> None:
        self.request = f"GET {path} HTTP/1.1\r\n{BROWSER}".encode()
        self.arrivals = arrivals
        self.rest = b""

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        *frames, self.rest = (self.rest + data).split(b"\n\n")
        now = time.monotonic()
        for frame in frames:
            _, found, after = frame.partition(b"id: ")
            if found:
                self.arrivals.setdefault(int(after.split(b"\n")[0]), []).append(now)


class BareStream(asyncio.Protocol):
    """The floor: the bytes of a ready frame to every connection, and nothing else."""

    everybody: "set[BareStream]" = set()

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, _: bytes) -> None:
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        self.everybody.add(self)

    def connection_lost(self, _) -> None:
        self.everybody.discard(self)


async def serve_bare(listening: socket.socket, bell: Path, frame: bytes) -> None:
    loop = asyncio.get_running_loop()
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    heard.bind(str(bell))
    await loop.create_server(BareStream, sock=listening)
    while number := await loop.sock_recv(heard, 20):
        content = frame.replace(b"id: 0\n", b"id: " + number + b"\n")
        for stream in BareStream.everybody:
            stream.transport.write(content)


def serve_dailies(listening: socket.socket) -> None:
    import django
    import uvicorn

    django.setup()
    from studio.views import live

    config = uvicorn.Config(live.app, log_level="warning", access_log=False)
    uvicorn.Server(config).run([listening])


class Side:
    """One of the two servers, with its pages and what was measured."""

    def __init__(self, name: str, path: str, frame: bytes = b"") -> None:
        self.name, self.path = name, path
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.bell = FOLDER / "bare.sock"
        self.arrivals: dict[int, list[float]] = {}
        self.sent: dict[int, float] = {}
        command = [sys.executable, "-m", "tests.benchmarks.live", "--serve", name]
        command += ["--descriptor", str(self.socket.fileno()), "--bell", str(self.bell)]
        self.process = subprocess.Popen(
            command, pass_fds=[self.socket.fileno()], stdin=subprocess.PIPE
        )
        self.process.stdin.write(frame)
        self.process.stdin.close()

    async def open(self, count: int) -> None:
        port = self.socket.getsockname()[1]
        loop = asyncio.get_running_loop()
        for _ in range(count):
            await loop.create_connection(lambda: Page(self.path, self.arrivals), "127.0.0.1", port)

    def memory(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def arrived(self, event: int, count: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.arrivals.get(event, ())) < count and time.monotonic() < deadline:
            await asyncio.sleep(0.005)

    def figures(self) -> dict[str, float]:
        late = sorted(
            1000 * (at - self.sent[event])
            for event, times in self.arrivals.items()
            for at in (times if event in self.sent else ())
        )
        cuts = statistics.quantiles(late, n=100)
        return {"delivered": len(late), "p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}


async def measure(pages: int, events: int) -> None:
    path, touch, frame = await asyncio.to_thread(prepare)
    dailies = Side("dailies", path)
    bare = Side("bare", "/", frame)
    event = await warm(dailies, touch)
    number = await warm(bare, ring_bare := ringer(bare))
    before = dailies.memory(), bare.memory()
    for side in (dailies, bare):
        await side.open(pages - WARM)
        await asyncio.sleep(2)
    dailies.sent.clear()
    bare.sent.clear()
    cpu = dailies.cpu(), bare.cpu()
    for _ in range(events):
        for side, act in ((dailies, touch), (bare, ring_bare)):
            event, at = await asyncio.to_thread(act)
            side.sent[event] = at
            await asyncio.sleep(SECONDS_BETWEEN / 2)
    await dailies.arrived(max(dailies.sent), pages)
    await bare.arrived(max(bare.sent), pages)
    cpu = dailies.cpu() - cpu[0], bare.cpu() - cpu[1]
    report(dailies, bare, pages=pages, events=events, before=before, cpu=cpu, frame=len(frame))
    for side in (dailies, bare):
        side.process.terminate()
        side.process.wait()
    assert number


async def warm(side: Side, act) -> int:
    """A few pages and events first, so that memory counts viewers and not the first card."""
    for _ in range(100):
        try:
            await side.open(1)
            break
        except OSError:
            await asyncio.sleep(0.1)
    await side.open(WARM - 1)
    await asyncio.sleep(3)
    for _ in range(5):
        event, _at = await asyncio.to_thread(act)
        await side.arrived(event, WARM)
    assert len(side.arrivals.get(event, ())) == WARM, f"{side.name} does not answer"
    return event


def prepare():
    """A studio with a running job; how to touch it; and the frame that a touch sends."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from studio import live
    from studio.views.audience import Audience
    from studio.views.frames import frames, pictures
    from tests.factories import make_job, make_member, make_project
    from tests.streaming import address

    call_command("migrate", verbosity=0)
    author = make_member()
    project = make_project(author.team)
    job = make_job("running", author=author)

    def touch() -> tuple[int, float]:
        stamps: list[float] = []
        with transaction.atomic():
            transaction.on_commit(lambda: stamps.append(time.monotonic()))
            job.touch()
        return job.clip.rev, stamps[0]

    touch()
    audience = Audience(author.team_id, project.pk, "wall")
    changes = live.events_since(live.newest_event() - 1)
    frame = frames(audience, changes, pictures(changes, [audience]))
    ready = frame.replace(b"id: %d\n" % changes[-1].pk, b"id: 0\n")
    return address(author), touch, ready


def ringer(side: Side):
    numbers = iter(range(1, 1_000_000))

    def ring() -> tuple[int, float]:
        number, at = next(numbers), time.monotonic()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
            bell.sendto(str(number).encode(), str(side.bell))
        return number, at

    return ring


def report(dailies: Side, bare: Side, *, pages, events, before, cpu, frame) -> None:
    expected = pages * events
    ours, floor = dailies.figures(), bare.figures()
    kilobytes = [
        (side.memory() - was) / (pages - WARM)
        for side, was in zip((dailies, bare), before, strict=True)
    ]
    micros = [1e6 * used / expected for used in cpu]
    print(f"{pages} pages, {events} events at {1 / SECONDS_BETWEEN:.0f}/s, frame {frame} bytes")
    print(
        f"{'':10}{'delivered':>16}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'kB/page':>9}{'µs CPU':>9}"
    )
    for side, figures, memory, used in zip(
        (dailies, bare), (ours, floor), kilobytes, micros, strict=True
    ):
        print(
            f"{side.name:10}{figures['delivered']:>8}/{expected}"
            f"{figures['p50']:9.1f}{figures['p95']:9.1f}{figures['p99']:9.1f}{memory:9.1f}{used:9.1f}"
        )
    ratios = {name: round(ours[name] / floor[name], 2) for name in ("p50", "p95", "p99")}
    print("times the bare server:", json.dumps(ratios), "(goal: p95 at most 3, 20 kB a page)")


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--events", type=int, default=40)
    options.add_argument("--serve", choices=["bare", "dailies"], help=argparse.SUPPRESS)
    options.add_argument("--descriptor", type=int, help=argparse.SUPPRESS)
    options.add_argument("--bell", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if not chosen.serve:
        uvloop.run(measure(chosen.pages, chosen.events))
        return
    listening = socket.socket(fileno=chosen.descriptor)
    if chosen.serve == "dailies":
        serve_dailies(listening)
    else:
        uvloop.run(serve_bare(listening, chosen.bell, sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
