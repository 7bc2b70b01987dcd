"""Just enough HTTP/1.1 to misbehave on purpose: every byte of an answer is ours to cut or delay."""

import asyncio
import email.parser
import email.policy
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from studio.core.wire import Request, Response

LINE = b"\r\n"


class Cut(Exception):
    """Close the connection now, without another byte."""


@dataclass
class Raw:
    """An answer as bytes; `length` is what it claims to be, `wait` how long it lets one wait."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    headers: dict = field(default_factory=dict)
    length: int | None = None
    wait: float = 0


async def read(reader):
    """The next request and its headers, or None when the other side is done."""
    try:
        head = await reader.readuntil(LINE * 2)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    body = await _body(reader, headers)
    place = urlsplit(target)
    query = dict(parse_qsl(place.query, keep_blank_values=True))
    kind = headers.get("content-type", "")
    parts = _form(kind, body) if kind.startswith("multipart/") else {}
    return Request(
        method=method, path=place.path, query=query, headers=headers,
        json=_json(body) if kind.startswith("application/json") else None, **parts,
    )  # fmt: skip


async def _body(reader, headers):
    if headers.get("transfer-encoding") == "chunked":
        return await _chunks(reader)
    return await reader.readexactly(int(headers.get("content-length", 0)))


async def _chunks(reader):
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readline()
    return body


def _json(body):
    try:
        return json.loads(body)
    except ValueError:
        return None


def _form(kind, body):
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    fields, files = {}, {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if part.get_filename():
            files[name] = (name, part.get_filename())
        else:
            fields[name] = part.get_payload(decode=True).decode()
    return {"fields": fields, "files": files}


def raw(response: Response) -> Raw:
    body = (
        json.dumps(response.json).encode() if response.json is not None else response.text.encode()
    )
    return Raw(body, status=response.status, headers=dict(response.headers))


async def write(writer, answer: Raw):
    """Raises Cut after a body that is shorter than it claims to be."""
    if answer.wait:
        await asyncio.sleep(answer.wait)
    length = len(answer.body) if answer.length is None else answer.length
    head = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    headers = {"content-type": answer.kind, **answer.headers, "content-length": length}
    head += [f"{name}: {value}" for name, value in headers.items()]
    writer.write(LINE.join(line.encode("latin-1") for line in head) + LINE * 2 + answer.body)
    await writer.drain()
    if length > len(answer.body):
        raise Cut
