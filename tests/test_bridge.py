import hashlib
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MEGABYTE = 1024 * 1024

# A server with the bridge in a process of its own: it says its port, and at the end its memory.
SERVER = """
import hashlib, resource, socket, sys, threading
from pathlib import Path
import uvicorn
from studio.bridge import Bridge

closed = []
released = threading.Event()

class Film:
    def __init__(self, pieces):
        self.pieces, self.served = pieces, 0
    def __iter__(self):
        return self
    def __next__(self):
        if self.served == self.pieces:
            raise StopIteration
        self.served += 1
        return bytes(1024 * 1024)
    def close(self):
        closed.append(self.served)

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/film":
        start_response("200 OK", [("Content-Type", "video/mp4"), ("Content-Length", str(200 * 1024 * 1024))])
        return Film(200)
    if path == "/upload":
        digest, size = hashlib.sha256(), 0
        while block := environ["wsgi.input"].read(65536):
            digest.update(block)
            size += len(block)
        body = f"{size} {digest.hexdigest()}"
    elif path == "/closed":
        body = repr(closed)
    elif path == "/packed":
        released.wait()
        body = "packed"
    elif path == "/release":
        released.set()
        body = ""
    elif path == "/memory":
        body = str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    elif path == "/file":
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](open(sys.argv[2], "rb"), 4096)
    elif path == "/broken":
        raise ValueError("on purpose")
    else:
        keys = ["PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_X_TWICE", "HTTP_UNDER_SCORE", "CONTENT_TYPE"]
        body = repr({key: environ.get(key) for key in keys})
    data = body.encode("latin-1")
    start_response("200 OK", [("Content-Length", str(len(data)))])
    return [data]

async def app(scope, receive, send):
    await bridge(scope, receive, send)

bridge = Bridge(application, threads=2, scratch=Path(sys.argv[1]), body_limit=300 * 1024 * 1024,
                aside=lambda scope: scope["path"] == "/packed")
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
config = uvicorn.Config(app, lifespan="off", ws="none", log_level="critical")
uvicorn.Server(config).run(sockets=[listener])
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bridge")
    (folder / "file").write_bytes(os.urandom(3 * MEGABYTE))
    (folder / "scratch").mkdir()
    command = [sys.executable, "-c", SERVER, str(folder / "scratch"), str(folder / "file")]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    yield int(server.stdout.readline())
    server.kill()
    server.communicate()


def ask(port, path, method="GET", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("latin-1")
    finally:
        connection.close()


def slow_reader(port, path):
    """A visitor who asks and then reads nothing."""
    visitor = socket.create_connection(("127.0.0.1", port))
    visitor.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return visitor


def eventually(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return answer


class TestRequest:
    def test_path_and_query_arrive_as_wsgi_wants_them(self, port):
        _, seen = ask(port, "/caf%C3%A9%2Fx?a=%20b")

        assert "'PATH_INFO': '/cafÃ©/x', 'QUERY_STRING': 'a=%20b'" in seen

    def test_repeated_headers_are_joined_and_underscores_dropped(self, port):
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            visitor.sendall(
                b"GET / HTTP/1.1\r\nHost: x\r\nCookie: a=1\r\nCookie: b=2\r\nX-Twice: 1\r\n"
                b"X-Twice: 2\r\nUnder_Score: spoofed\r\nConnection: close\r\n\r\n"
            )
            seen = b"".join(iter(lambda: visitor.recv(65536), b"")).decode()

        assert "'HTTP_COOKIE': 'a=1; b=2', 'HTTP_X_TWICE': '1,2', 'HTTP_UNDER_SCORE': None" in seen

    def test_a_body_arrives_whole(self, port):
        body = os.urandom(3 * MEGABYTE)

        assert ask(port, "/upload", "POST", body)[1] == sized(body)

    def test_a_chunked_body_arrives_whole(self, port):
        body = os.urandom(MEGABYTE)
        chunks = [body[start : start + 10_000] for start in range(0, len(body), 10_000)]

        assert ask(port, "/upload", "POST", iter(chunks))[1] == sized(body)

    def test_a_body_over_the_limit_is_refused_before_it_is_read(self, port):
        headers = {"Content-Length": str(301 * MEGABYTE)}

        assert ask(port, "/upload", "POST", b"", headers) == (413, "That is too large.")


class TestAnswer:
    def test_an_error_of_the_application_is_a_500(self, port):
        assert ask(port, "/broken")[0] == 500

    def test_a_file_arrives_whole(self, port):
        assert len(ask(port, "/file")[1]) == 3 * MEGABYTE


class TestAside:
    def test_long_work_there_holds_no_thread_of_pages(self, port):
        visitors = [slow_reader(port, "/packed") for _ in range(3)]

        assert ask(port, "/")[0] == 200, "there are just two threads"
        assert ask(port, "/release")[0] == 200
        for visitor in visitors:
            assert visitor.recv(65536).endswith((b"packed", b"\r\n\r\n", b"6\r\n"))
            visitor.close()


class TestSlowNetwork:
    def test_holds_no_thread_whether_it_reads_or_writes(self, port):
        visitors = [slow_reader(port, "/film") for _ in range(6)]
        for _ in range(6):
            visitor = socket.create_connection(("127.0.0.1", port))
            visitor.sendall(b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
            visitors.append(visitor)

        assert ask(port, "/")[0] == 200, "there are just two threads"
        for visitor in visitors:
            visitor.close()

    def test_a_visitor_who_leaves_ends_the_film(self, port):
        before = len(eval(ask(port, "/closed")[1]))
        slow_reader(port, "/film").close()
        closed = eventually(lambda: eval(ask(port, "/closed")[1])[before:])

        assert closed[-1] < 200

    def test_two_hundred_megabytes_each_way_stay_out_of_memory(self, port):
        before = int(ask(port, "/memory")[1])
        block, digest = os.urandom(MEGABYTE), hashlib.sha256()
        for _ in range(200):
            digest.update(block)
        headers = {"Content-Length": str(200 * MEGABYTE)}
        body = (block for _ in range(200))
        _, seen = ask(port, "/upload", "POST", body, headers)
        received = download(port, "/film")

        assert seen == f"{200 * MEGABYTE} {digest.hexdigest()}"
        assert received == 200 * MEGABYTE
        assert int(ask(port, "/memory")[1]) - before < 30


def sized(body):
    return f"{len(body)} {hashlib.sha256(body).hexdigest()}"


def download(port, path):
    """How many bytes came, read in small pieces."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer, received = connection.getresponse(), 0
    while block := answer.read(65536):
        received += len(block)
    connection.close()
    return received
