"""What can be asked for by name: one table for reading, for completing and for what is explained."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from studio.core.search.values import NAMED, Span, days_of
from studio.core.words import listed

Value = str | Span
Read = Callable[[str], Value]  # raises ValueError

MOST_STARS = 5
MOST_SECONDS = 86_400
_WHOLE = re.compile(r"-?[0-9]{1,18}")


def _words(text: str) -> str:
    return text


def _seed(text: str) -> str:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return str(int(text))


def _stars(text: str) -> Span:
    span = Span.read(text)
    if any(end > MOST_STARS or end % 1 for end in span.ends):
        raise ValueError(text)
    return span


def _seconds(text: str) -> Span:
    span = Span.read(text)
    if any(end > MOST_SECONDS for end in span.ends):
        raise ValueError(text)
    return span


def _count(text: str) -> Span:
    span = Span.read(text)
    if any(end % 1 for end in span.ends):
        raise ValueError(text)
    return span


def _day(text: str) -> str:
    word = text.casefold()
    days_of(word, date(2000, 1, 1))
    return word


@dataclass(frozen=True, kw_only=True)
class Field:
    """`means` is what the list of fields says of it, `takes` which values it has.

    `choices` are those that can be chosen from, by all words for each. A field of `people`,
    `tags`, … has the values that the team has.
    """

    means: str
    takes: str
    read: Read
    choices: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    values: str = ""
    exact: bool = False  # whether quotes mean something else than words without them
    has_letters: bool = False  # a value of signs alone is none


def _one_of(means: str, choices: Mapping[str, str], offers: tuple[str, ...] = ()) -> Field:
    def read(text: str) -> str:
        word = text.casefold()
        if word not in choices:
            raise ValueError(text)
        return choices[word]

    names = tuple(dict.fromkeys(choices.values()))
    return Field(
        means=means, takes=listed(list(names), "or"), read=read, choices=choices, offers=names
    )


def _text(
    means: str, example: str, *, values: str = "", exact: bool = False, has_letters: bool = True
) -> Field:
    takes = f"words, such as {example}"
    return Field(
        means=means, takes=takes, read=_words, values=values, exact=exact, has_letters=has_letters
    )


def _numbers(means: str, takes: str, read: Read, *offers: str) -> Field:
    return Field(means=means, takes=takes, read=read, offers=offers)


def _days(means: str) -> Field:
    takes = "a day, such as 2026-11-30, 2026-11 or 2026, or today, yesterday, week or month"
    return Field(means=means, takes=takes, read=_day, offers=tuple(NAMED))


def _same(*words: str, **others: str) -> dict[str, str]:
    """Words that stand for themselves, and others for one of them."""
    return {**{word: word for word in words}, **others}


FIELDS: Mapping[str, Field] = {
    "status": _one_of(
        "what was decided, or what its job does",
        _same(
            "review", "approved", "changes", "rejected", "progress", "done", "failed", "cancelled",
            "waiting", "queued", "sending", "generating", "saving", "uncertain",
            approve="approved", reject="rejected", canceled="cancelled", running="generating",
            succeeded="done",
        ),
    ),
    "by": _text("who made it", "by:ana, by:ana@example.org or by:me", values="people"),
    "needs": _one_of("waits for a decision of yours", _same("me")),
    "is": _one_of(
        "favorite, rehearsal or mine",
        _same("favorite", "rehearsal", "mine", favourite="favorite"),
    ),
    "has": _one_of(
        "notes, drawings, a camera move, …",
        _same(
            "note", "drawing", "attachment", "camera", "frame", "sound", notes="note",
            drawings="drawing", attachments="attachment", frames="frame", audio="sound",
        ),
    ),
    "rating": _numbers(
        "stars of its best take", "0 to 5 stars, such as rating:>=4, rating:5 or rating:2..4",
        _stars, ">=4", "5", ">=3", "0",
    ),
    "note": _text("words in notes and replies", "note:logo", exact=True),
    "tag": _text("a tag", 'tag:hero or tag:"first cut"', values="tags", has_letters=False),
    "board": _text(
        "a board of the project or a collection", 'board:"Act I"', values="boards",
        has_letters=False,
    ),
    "provider": _text("who generated it", "provider:runware", values="providers"),
    "model": _text("what generated it", "model:kling", values="models"),
    "cost": _numbers(
        "credits charged", "credits, such as cost:>30, cost:<=5 or cost:10..30",
        Span.read, ">30", ">100", "0",
    ),
    "length": _numbers(
        "seconds of its best take", "seconds, such as length:5, length:>=8 or length:3..6",
        _seconds, "5", "10", ">5",
    ),
    "takes": _numbers(
        "how many takes it has", "a number, such as takes:>1 or takes:2..4", _count, ">1", "0",
    ),
    "seed": Field(means="the seed of a take", takes="one whole number, such as seed:42", read=_seed),
    "on": _days("made on that day"),
    "after": _days("made on that day or later"),
    "before": _days("made before that day"),
    "in": _one_of("what was thrown away", _same("trash")),
}  # fmt: skip

# What people call a field that has another name.
MEANT: Mapping[str, str] = {
    "attachment": "has", "author": "by", "collection": "board", "comment": "note", "credits": "cost",
    "date": "on", "day": "on", "duration": "length", "engine": "provider", "favorite": "is",
    "favourite": "is", "from": "after", "person": "by", "price": "cost", "seconds": "length",
    "since": "after", "star": "rating", "stars": "rating", "state": "status", "until": "before",
    "user": "by",
}  # fmt: skip
