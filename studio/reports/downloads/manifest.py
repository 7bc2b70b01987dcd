"""The manifest of an archive, as JSON for programs and as a table for people."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from studio.core.cells import MARK, safe
from studio.core.money import CREDIT

FORMAT = 1
Row = Mapping[str, Any]


def as_json(head: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """One object, one take a line, however many there are."""
    begin = json.dumps({"dailies": FORMAT, **head}, ensure_ascii=False)[:-1]
    yield f'{begin}, "takes": ['.encode()
    joint = "\n"
    for row in rows:
        yield f"{joint}{json.dumps(row, ensure_ascii=False)}".encode(errors="replace")
        joint = ",\n"
    yield b"\n]}\n"


def as_csv(rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with its mark, as spreadsheets want it; only columns that somebody told of."""
    columns: list[str] = []
    for row in rows:
        if not columns:
            columns = [title for title, group, _ in COLUMNS if group in row]
            yield MARK.encode() + _line(columns)
        yield _line(safe(read(row)) for _, group, read in COLUMNS if group in row)


def _line(cells: Iterable[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode(errors="replace")


def _plain(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _in(group: str, name: str) -> Callable[[Row], Any]:
    return lambda row: row[group].get(name)


def _as_text(name: str) -> Callable[[Row], str]:
    return lambda row: json.dumps(row[name], ensure_ascii=False) if row[name] else ""


def _listed(name: str) -> Callable[[Row], str]:
    return lambda row: ", ".join(row[name])


def _decisions(row: Row) -> str:
    told = (f"{one['by']}: {one['verdict']}, {one['at']}" for one in row["decisions"])
    return "\n".join(told)


def _notes(row: Row) -> str:
    return "\n".join(line for note in row["notes"] for line in _told(note))


def _told(note: Row) -> Iterator[str]:
    where = f"{note['timecode']} " if note["timecode"] else ""
    done = " (resolved)" if note["resolved"] else ""
    yield f"{where}{note['by']}: {note['text'] or '(a drawing)'}{done}"
    for reply in note["replies"]:
        yield f"  {reply['by']}: {reply['text']}"


# The title of a column, the fact that it needs, and how it is read.
COLUMNS: tuple[tuple[str, str, Callable[[Row], Any]], ...] = (
    *((name, name, _plain(name)) for name in ("file", "poster", "missing", "sha256", "bytes")),
    *((name, name, _plain(name)) for name in (
        "clip", "clip_id", "take", "take_id", "project", "width", "height", "fps", "frames",
        "seconds", "length", "created",
    )),
    ("prompt written", "prompt", _in("prompt", "written")),
    ("prompt sent", "prompt", _in("prompt", "sent")),
    ("leave out", "prompt", _in("prompt", "leave_out")),
    *((name, name, _plain(name)) for name in ("provider", "model")),
    ("settings", "settings", _as_text("settings")),
    ("seed", "seed", _plain("seed")),
    ("first frame sha256", "sha256_of", _in("sha256_of", "first_frame")),
    ("last frame sha256", "sha256_of", _in("sha256_of", "last_frame")),
    ("scene sha256", "sha256_of", _in("sha256_of", "scene")),
    ("author", "author", _plain("author")),
    (f"cost in {CREDIT}s", "cost", _in("cost", "credits")),
    ("cost", "cost", _in("cost", "native")),
    ("unit", "cost", _in("cost", "unit")),
    ("status", "status", _plain("status")),
    ("stars", "stars", _plain("stars")),
    ("tags", "tags", _listed("tags")),
    ("boards", "boards", _listed("boards")),
    ("decisions", "decisions", _decisions),
    ("open notes", "open_notes", _plain("open_notes")),
    ("notes", "notes", _notes),
)  # fmt: skip
