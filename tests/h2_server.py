"""A server on loopback that speaks HTTP/2 over TLS, on a real socket, and ends streams as it is told."""

import contextlib
import json
import socketserver
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded


@dataclass(kw_only=True)
class Asked:
    """A request of one stream, and the address of the machine that the connection came to."""

    headers: dict[str, str]
    address: str
    body: bytes = b""

    @property
    def json(self):
        return json.loads(self.body)


End = Callable[[H2Connection, int], None]


def answer(value, status=200) -> End:
    def end(connection, stream):
        headers = [(":status", str(status)), ("content-type", "application/json")]
        connection.send_headers(stream, headers)
        connection.send_data(stream, json.dumps(value).encode(), end_stream=True)

    return end


def goaway(connection, stream):
    """Says that it has looked at no stream, though it has."""
    connection.close_connection(last_stream_id=0)


def reset(connection, stream):
    connection.reset_stream(stream, error_code=7)  # REFUSED_STREAM


class H2Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, end: End, *, tls: ssl.SSLContext, protocols=("h2", "http/1.1")):
        self.end = end
        self.tls = tls
        self.tls.set_alpn_protocols(list(protocols))
        self.asked: list[Asked] = []
        self.spoken: list[str | None] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        with (
            contextlib.suppress(OSError),
            self.server.tls.wrap_socket(self.request, server_side=True) as connection,
        ):
            self.server.spoken.append(connection.selected_alpn_protocol())
            if connection.selected_alpn_protocol() == "h2":
                self.talk(connection)

    def talk(self, connection):
        self.address = connection.getsockname()[0]
        state = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        streams: dict[int, Asked] = {}
        while data := connection.recv(65536):
            for event in state.receive_data(data):
                self.hear(event, state, streams)
            connection.sendall(state.data_to_send())

    def hear(self, event, state, streams):
        if isinstance(event, RequestReceived):
            streams[event.stream_id] = Asked(headers=dict(event.headers), address=self.address)
        elif isinstance(event, DataReceived):
            streams[event.stream_id].body += event.data
            state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamEnded):
            self.server.asked.append(streams[event.stream_id])
            self.server.end(state, event.stream_id)
