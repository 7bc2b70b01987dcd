"""What one question costs over HTTP/2 beside HTTP/1.1: why polling speaks the latter.

    python -m tests.benchmarks.polling_http2 [--questions 5000] [--at-once 64]

A server in a process of its own (hypercorn, TLS with a certificate made for it) offers both and
answers at once. Each client runs in a process of its own, keeps its connections, and has asked some
questions before it is measured; its CPU time counts the loop, TLS, HTTP and reading the answer. The
share is that of a core for 5,000 jobs that are asked about every ten seconds.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import trustme

JOBS, EVERY = 5000, 10
SERVER = "tests.benchmarks.polling_http2_server"
CLIENTS = ("httpx over HTTP/2", "httpx over HTTP/1.1", "aiohttp over HTTP/1.1")


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of a question over HTTP/2 and HTTP/1.1")
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--at-once", type=int, default=64)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="dailies-http2-") as folder,
        server(Path(folder)) as url,
    ):
        for name in CLIENTS:
            command = [sys.executable, "-m", "tests.benchmarks.polling_http2_clients", name, url]
            sizes = [str(asked.questions), str(asked.at_once)]
            environment = {**os.environ, "SSL_CERT_FILE": f"{folder}/authority.pem"}
            done = subprocess.run([*command, *sizes], env=environment, check=True,
                                  stdout=subprocess.PIPE, text=True)  # fmt: skip
            told = json.loads(done.stdout)
            each = told["cpu"] / asked.questions
            print(f"{name:22} {told['spoken']:9} {1000 * each:6.2f} ms of CPU a question, "
                  f"{each * JOBS / EVERY:.2f} of a core for {JOBS:,} jobs")  # fmt: skip


@contextmanager
def server(folder: Path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    proof = authority.issue_cert("127.0.0.1")
    proof.private_key_pem.write_to_path(str(folder / "key.pem"))
    for part in proof.cert_chain_pems:
        part.write_to_path(str(folder / "proof.pem"), append=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([
        sys.executable, "-m", "hypercorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "uvloop",
        "--certfile", str(folder / "proof.pem"), "--keyfile", str(folder / "key.pem"),
        "--log-level", "WARNING", "--config", f"python:{SERVER}", f"{SERVER}:answers",
    ])  # fmt: skip
    try:
        _wait_for(port)
        yield f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    main()
