"""The box in which a note is written: a new one, a reply, or other words for one's own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from studio.core import mentions
from studio.models import Clip, Note, Take
from studio.services.notes import people_of


@dataclass(frozen=True, kw_only=True)
class Composer:
    """`action` is where it is sent, `people` who can be named in it, as JSON.

    `typed` holds what stands in its fields, `problem` why that was refused; `answers` is the note
    that it replies to, `changes` the one that gets its words.
    """

    action: str
    take: Take
    people: str = "[]"
    typed: Mapping[str, str] | None = None
    problem: str = ""
    answers: Note | None = None
    changes: Note | None = None

    @property
    def text(self) -> str:
        if self.changes and not self._is_typed:
            return self.changes.text
        return self._said("text")

    @property
    def frame(self) -> str:
        return self._said("frame")

    @property
    def last_frame(self) -> str:
        return self._said("last_frame")

    @property
    def drawing(self) -> str:
        return self._said("drawing")

    @property
    def is_for_guests(self) -> bool:
        """A new note is for everybody, until somebody says otherwise."""
        return not self._is_typed or "for_guests" in (self.typed or {})

    @property
    def _is_typed(self) -> bool:
        """Whether it was sent; an address may name no more than a frame."""
        return bool(self.typed and "text" in self.typed)

    def _said(self, name: str) -> str:
        return self.typed.get(name, "") if self.typed else ""


def composer_for(take: Take, **more: Any) -> Composer:
    """That of the team."""
    return Composer(
        action=reverse("notes", args=[take.pk]), take=take, people=_people(take.clip), **more
    )


def _people(clip: Clip) -> str:
    """Whom a completion offers: the whole name, and what is put behind the @."""
    names = people_of(clip)
    handles = mentions.handles(names)
    rows = sorted(names.items(), key=lambda pair: pair[1].lower())
    return json.dumps([{"label": name, "handle": handles[pk]} for pk, name in rows])
