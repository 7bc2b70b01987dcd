"""Who looks at what: the signed ticket in a stream's address, and which changes it lets through."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from django.core import signing

from studio.live import Change

SALT = "studio.live"
MAX_AGE_SECONDS = 12 * 3600


@dataclass(frozen=True)
class Audience:
    """Everybody who has the same page open: what one sees, all see.

    `view` is a kind, or a kind with the pk of what it shows: "wall", "queue", "clip-12".
    """

    team: int
    project: int
    view: str

    @property
    def kind(self) -> str:
        return self.view.partition("-")[0]

    @property
    def subject(self) -> str:
        return self.view.partition("-")[2]

    def sees(self, change: Change) -> bool:
        return change.team_id == self.team and SHOWS[self.kind](self, change)


# Which of the team's changes a page of each kind shows.
SHOWS: dict[str, Callable[[Audience, Change], bool]] = {
    "wall": lambda page, change: change.project_id == page.project,
    "trash": lambda page, change: change.project_id == page.project,
    "queue": lambda _page, _change: True,
    "costs": lambda _page, _change: True,
    "clip": lambda page, change: str(change.clip_id) == page.subject,
    "sides": lambda page, change: str(change.clip_id) == page.subject,
}


@dataclass(frozen=True)
class Ticket:
    """One member's right to follow a page; proved by its signature, without the database."""

    member: int
    audience: Audience

    def sign(self) -> str:
        page = self.audience
        return signing.dumps([self.member, page.team, page.project, page.view], salt=SALT)

    @classmethod
    def read(cls, token: str, *, max_age: int | None = MAX_AGE_SECONDS) -> Self | None:
        """The ticket, or None when it is forged, too old (seconds) or nothing at all."""
        try:
            member, team, project, view = signing.loads(token, salt=SALT, max_age=max_age)
        except signing.BadSignature:
            return None
        return cls(member, Audience(team, project, view))
