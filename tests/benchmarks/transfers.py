"""How much memory a worker needs to send a large scene and to fetch a large result.

    python -m tests.benchmarks.transfers [--scene 200] [--result 500]

Sizes in MB. A worker of its own sends the scene to a server on loopback, as TransendAI takes it,
and then fetches the result from there. The floor is a process that does the same with bare sockets
and one buffer. Printed is how far each rose above what it needed after a first, small transfer.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MB = 1_000_000
BUFFER = 256 * 1024
PATH = "/v1/videos/kling2.5/generation"
WORKERS = ("floor", "dailies")
HEAD = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"


def peak():
    """The most memory that was resident since `forget_peak`, in bytes."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(re.search(r"VmHWM:\s+(\d+)", status)[1])


def forget_peak():
    Path("/proc/self/clear_refs").write_text("5")


def measured(step, *arguments):
    """Bytes that it took above what was there before, and seconds."""
    forget_peak()
    before, began = peak(), time.monotonic()
    step(*arguments)
    return peak() - before, time.monotonic() - began


class Floor:
    """Bare sockets, one buffer, and no look at what goes through."""

    def __init__(self, port, folder):
        self.port = port
        self.folder = folder

    def send(self, scene):
        with scene.open("rb") as file, self._connected() as line:
            head = (
                f"POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: {scene.stat().st_size}\r\n\r\n"
            )
            line.sendall(head.encode())
            while chunk := file.read(BUFFER):
                line.sendall(chunk)
            line.recv(BUFFER)

    def fetch(self, size):
        buffer = bytearray(BUFFER)
        with self._connected() as line, (self.folder / "floor").open("wb") as file:
            line.sendall(f"GET /{size} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            while size > 0 and (count := line.recv_into(buffer)):
                file.write(memoryview(buffer)[:count])
                size -= count

    def _connected(self):
        return socket.create_connection(("127.0.0.1", self.port))


class Dailies:
    """What a worker of the studio does."""

    def __init__(self, port, folder):
        import django

        django.setup()
        from studio.dialects.transend import Transend
        from studio.providers.accounts import Account
        from studio.providers.remote import Remote

        account = Account(key="sk-benchmark", base_url=f"http://127.0.0.1:{port}")
        self.port = port
        self.remote = Remote(Transend(), account=lambda: account, scratch=folder / "scratch")

    def send(self, scene):
        from studio.core.orders import Order
        from studio.providers.base import Brief

        able = self.remote.capabilities[0]
        order = Order(
            provider="transend", model=able.model, prompt="Pick", settings=able.defaults(), scene=1
        )
        brief = Brief(order=order, reference="dl-1-" + "0" * 32, files={"scene": scene})
        assert self.remote.submit(brief).remote_id == "task_1"

    def fetch(self, size):
        from studio.core.wire import Result

        result = Result(index=0, links={"video": f"http://127.0.0.1:{self.port}/{size}"})
        with self.remote.collected(result) as collected:
            assert collected.files["video"].stat().st_size == size


def work(kind, port, folder, scene, result):
    """In the worker: a small transfer each way, then the large ones."""
    small = folder / "small.glb"
    small.write_bytes(b"glTF" + bytes(100_000))
    worker = {"floor": Floor, "dailies": Dailies}[kind](port, folder)
    worker.send(small)
    worker.fetch(MB)
    sent, fetched = measured(worker.send, scene), measured(worker.fetch, result)
    print(json.dumps([sent, fetched]))


def answer(asked):
    from tests.servers import Reply, said

    if asked.method == "POST":
        return said({"task_id": "task_1", "status": "queued"})
    return Reply(body=bytes_of(int(asked.path[1:])), headers={"content-length": asked.path[1:]})


def bytes_of(size):
    yield HEAD
    size -= len(HEAD)
    block = bytes(BUFFER)
    while size > 0:
        yield block[:size]
        size -= BUFFER


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", type=int, default=200)
    parser.add_argument("--result", type=int, default=500)
    parser.add_argument("--worker", choices=WORKERS, help=argparse.SUPPRESS)
    parser.add_argument("--at", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        port, folder = int(options.at[0]), Path(options.at[1])
        work(options.worker, port, folder, folder / "scene.glb", options.result * MB)
        return
    compare(options)


def compare(options):
    from tests.servers import Server

    with tempfile.TemporaryDirectory() as folder, Server(answer) as server:
        with (Path(folder) / "scene.glb").open("wb") as scene:
            scene.write(b"glTF")
            scene.truncate(options.scene * MB)
        print(f"{'':10}{f'send {options.scene} MB':>24}{f'fetch {options.result} MB':>24}")
        for kind in WORKERS:
            show(kind, worker(kind, server.port, folder, options))
            assert max(asked.size for asked in server.asked) >= options.scene * MB
            server.asked.clear()


def worker(kind, port, folder, options):
    command = [sys.executable, "-m", "tests.benchmarks.transfers", "--worker", kind,
               "--at", str(port), folder, "--result", str(options.result)]  # fmt: skip
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "studio.settings",
        "DAILIES_DATA": f"{folder}/data",
        "DAILIES_ALLOW_PRIVATE": "127.0.0.1/32",
    }
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def show(kind, figures):
    cells = [f"+{grown / MB:.1f} MB in {seconds:.1f} s" for grown, seconds in figures]
    print(f"{kind:10}" + "".join(f"{cell:>24}" for cell in cells))


if __name__ == "__main__":
    main()
