"""What can be found of each clip, kept true in the transaction that changes it.

One table on either database: on SQLite a full-text index (FTS5), on PostgreSQL a vector under a GIN
index. `keep` is called by what changes a clip: `Clip.record`, `Clip.touch`, and new orders.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

from studio.core.fulltext import Text, fact

TABLE = "studio_search"


class Match(Lookup):  # type: ignore[type-arg]
    """`search__found__match=Sought(…)`: the clip has what is sought."""

    lookup_name = "match"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[str]]:
        left, _ = self.process_lhs(compiler, connection)
        return f"{left} MATCH %s", [self.rhs.fts5()]

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[str]]:
        left, _ = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [self.rhs.tsquery()]


class Index(models.TextField):  # type: ignore[type-arg]
    """The column that is searched; on SQLite it bears the name of the table."""


Index.register_lookup(Match)


class SearchText(models.Model):
    """The row of a clip: its words as core/fulltext.py cuts them."""

    clip = models.OneToOneField(
        "Clip", on_delete=models.CASCADE, primary_key=True, db_column="rowid",
        db_constraint=False, related_name="search",
    )  # fmt: skip
    words = models.TextField()
    notes = models.TextField()
    facts = models.TextField()
    found = Index(db_column=TABLE)

    class Meta:
        managed = False
        db_table = TABLE

    def __str__(self) -> str:
        return self.words[:60]


def keep(clips: Collection[int]) -> None:
    """Let what is found of these clips (by their pk) be what they are now."""
    for pk, text in texts_of(clips).items():
        write(connection, pk, text)


def texts_of(clips: Collection[int]) -> dict[int, Text]:
    """In four queries, however many clips there are."""
    return gather(apps.get_app_config("studio").get_model, clips)


def gather(model: Callable[[str], Any], clips: Collection[int]) -> dict[int, Text]:
    """`model` gives the models by their names, also those that a migration knows."""
    rows = model("Clip").objects.filter(pk__in=clips).order_by("pk")
    jobs = _by_clip(model("Job"), clips, "provider", "model", "written", "stored_order", "intended")
    standing = model("Note").objects.filter(removed_at=None, parent__removed_at=None)
    notes = _by_clip(standing, clips, "text", "drawing", "attachment")
    tags = _by_clip(model("Tag").clips.through, clips, "tag")
    return {
        clip.pk: text_of(clip, jobs[clip.pk], notes[clip.pk], tags[clip.pk])
        for clip in rows.only("title", "project", "author")
    }


def _by_clip(rows: Any, clips: Collection[int], *names: str) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    rows = getattr(rows, "objects", rows)
    for clip, *values in rows.filter(clip__in=clips).order_by("pk").values_list("clip", *names):
        found[clip].append(values)
    return found


Rows = Iterable[Any]


def text_of(clip: Any, jobs: Rows, notes: Rows, tags: Rows) -> Text:
    """Names of people, tags and providers are found by who they are, as names change."""
    words = [clip.title]
    facts = [fact("project", clip.project_id), fact("by", clip.author_id)]
    facts += [fact("tag", tag) for (tag,) in tags]
    said = []
    for provider, model, written, order, intended in jobs:
        words += [written, *_prompts(order), *_prompts(intended or {})]
        facts += [fact("provider", provider), fact("model", model), *_facts(intended or order)]
    for text, drawing, attachment in notes:
        said.append(text)
        facts += ["drawing"] * bool(drawing) + ["attachment"] * bool(attachment)
    if jobs and all(job[-1] for job in jobs):
        facts.append("rehearsal")
    return Text.of(words, said, facts)


def _prompts(order: Any) -> list[str]:
    texts = _part(order, "prompt", ""), _part(_part(order, "settings", {}), "negative_prompt", "")
    return [text for text in texts if isinstance(text, str)]


def _facts(order: Any) -> list[str]:
    settings = _part(order, "settings", {})
    camera = _part(settings, "camera", None) or {}
    known = {
        "camera": any(camera.values()) or _part(settings, "camera_type", None),
        "frame": _part(order, "first_frame", None) or _part(order, "last_frame", None),
        "sound": _part(settings, "audio", None),
    }
    return [name for name, is_there in known.items() if is_there]


def _part(stored: Any, name: str, without: Any) -> Any:
    """Of an order as it is stored; one that nobody can read has no parts."""
    return stored.get(name, without) if isinstance(stored, dict) else without


def write(connection: Any, pk: int, text: Text) -> None:
    values = [pk, text.words, text.notes, text.facts]
    sql, more = WRITE[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql, values + more(text))


# How a row is written: the statement, and what it needs beside the row's own four columns.
WRITE: dict[str, tuple[str, Callable[[Text], list[str]]]] = {
    "sqlite": (
        f"REPLACE INTO {TABLE} (rowid, words, notes, facts) VALUES (%s, %s, %s, %s)",  # noqa: S608
        lambda _text: [],
    ),
    "postgresql": (
        f"INSERT INTO {TABLE} (rowid, words, notes, facts, {TABLE})"  # noqa: S608
        " VALUES (%s, %s, %s, %s, %s::tsvector) ON CONFLICT (rowid) DO UPDATE SET"
        " words = EXCLUDED.words, notes = EXCLUDED.notes, facts = EXCLUDED.facts,"
        f" {TABLE} = EXCLUDED.{TABLE}",
        lambda text: [text.vector],
    ),
}
