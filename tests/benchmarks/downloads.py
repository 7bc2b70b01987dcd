"""What one ZIP of thousands of takes costs, and whether pages stay fast beside slow downloads.

    python -m tests.benchmarks.downloads [--takes 5000] [--size 100] [--pages 200]

Sizes in kB. A running studio on loopback packs all takes while they are sent, with their manifest;
memory is how far its process rose above what it needed after a first, small download. The floor is
a process that copies the same files over a bare socket with one buffer. Then the wall is asked for
again and again: alone, while six people download a tenth of it slowly, and while six take all
they can get.
"""

import argparse
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

MB = 1_000_000
BUFFER = 256 * 1024
PATIENCE_SECONDS = 120
TOKEN = "t" * 32
SLOW = 1_000_000  # bytes a second
FLOOR = """
import socket, sys
from pathlib import Path
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
buffer = memoryview(bytearray(262144))
while True:
    line, _ = listener.accept()
    line.recv(65536)
    for path in sorted(Path(sys.argv[1]).iterdir()):
        with path.open("rb") as file:
            while count := file.readinto(buffer):
                line.sendall(buffer[:count])
    line.close()
"""


class Process:
    """A server of its own, whose memory can be looked at."""

    def __init__(self, command, environment):
        self.running = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def forget_peak(self):
        Path(f"/proc/{self.running.pid}/clear_refs").write_text("5")
        return self.peak()

    def peak(self):
        status = Path(f"/proc/{self.running.pid}/status").read_text()
        return 1024 * int(re.search(r"VmHWM:\s+(\d+)", status)[1])

    def cpu(self):
        fields = Path(f"/proc/{self.running.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.running.send_signal(signal.SIGTERM)
        self.running.wait(PATIENCE_SECONDS)


def asked(cookie, clips):
    body = f"clips={clips}".encode()
    return (
        f"POST /downloads/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Cookie: {cookie}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def take(port, request):
    """Read all of an answer; bytes, seconds to the first one and to the last."""
    begun, total, first = time.perf_counter(), 0, 0.0
    buffer = bytearray(BUFFER)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as line:
        line.sendall(request)
        while count := line.recv_into(buffer):
            if not total:
                first = time.perf_counter() - begun
                assert buffer[:15] != b"HTTP/1.1 200 OK" or b"content-length" in buffer[:2000]
                assert not buffer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), buffer[:300]
            total += count
    return total, first, time.perf_counter() - begun


def slow_reader(port, request, stop, under_way, speed):
    """Somebody who takes an archive at their own speed, and again, until it is enough."""
    piece, is_first = BUFFER if speed is None else speed // 20, True
    while not stop.is_set():
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as line:
            line.sendall(request)
            while not stop.is_set() and line.recv(piece):
                if is_first:
                    under_way.wait(PATIENCE_SECONDS)
                    is_first = False
                if speed is not None:
                    time.sleep(0.05)


def pages(port, cookie, count):
    line, times = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS), []
    for _ in range(count):
        begun = time.perf_counter()
        line.request("GET", "/", headers={"Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200
        times.append(time.perf_counter() - begun)
    return 1000 * statistics.median(times), 1000 * statistics.quantiles(times, n=20)[-1]


def beside(port, cookies, clips, options, speed):
    """The wall's median and p95 while six people download."""
    stop, under_way = threading.Event(), threading.Barrier(7)
    requests = [asked(cookie, clips) for cookie in cookies for _ in range(3)]
    readers = [
        threading.Thread(target=slow_reader, args=(port, request, stop, under_way, speed))
        for request in requests
    ]
    for reader in readers:
        reader.start()
    try:
        under_way.wait(PATIENCE_SECONDS)
        return pages(port, cookies[0], options.pages)
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=5_000)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--pages", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dailies-downloads-") as folder:
        environment = {
            **os.environ, "DAILIES_DATA": folder, "DJANGO_SETTINGS_MODULE": "studio.settings",
        }  # fmt: skip
        room = [sys.executable, "-m", "tests.benchmarks.downloads_room"]
        room += [str(options.takes), str(options.size * 1000)]
        done = subprocess.run(room, env=environment, check=True, stdout=subprocess.PIPE)
        measure(options, folder, environment, json.loads(done.stdout))


def measure(options, folder, environment, cookies):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "studio.asgi:app", "--port", str(port)]
    studio = Process([*command, "--no-access-log"], environment)
    floor = Process([sys.executable, "-c", FLOOR, f"{folder}/media/films"], environment)
    floor_port = int(floor.running.stdout.readline())
    try:
        wait_for(port)
        clips = ",".join(map(str, range(1, options.takes + 1)))
        take(port, asked(cookies[0], "1,2,3"))
        take(floor_port, b"GET")
        show("floor", floor, lambda: take(floor_port, b"GET"))
        show("dailies", studio, lambda: take(port, asked(cookies[0], clips)))
        pages(port, cookies[0], 20)
        few = ",".join(map(str, range(1, options.takes // 10 + 1)))
        alone = pages(port, cookies[0], options.pages)
        print(f"the wall alone: median {alone[0]:.0f} ms, p95 {alone[1]:.0f} ms")
        for name, speed in (("1 MB/s each", SLOW), ("as fast as they can", None)):
            median, late = beside(port, cookies, few, options, speed)
            print(f"beside six downloads, {name}: median {median:.0f} ms, p95 {late:.0f} ms")
    finally:
        studio.stop()
        floor.stop()


def wait_for(port):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the studio did not start")


def show(name, process, download):
    before, spent = process.forget_peak(), process.cpu()
    total, first, seconds = download()
    grown, spent = process.peak() - before, process.cpu() - spent
    print(
        f"{name}: {total / MB:,.0f} MB in {seconds:.1f} s ({total / MB / seconds:,.0f} MB/s, CPU"
        f" {spent:.1f} s, first byte after {first:.2f} s), +{grown / MB:.1f} MB"
    )


if __name__ == "__main__":
    main()
