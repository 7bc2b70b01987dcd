"""Over budget: what to ask for, and whom."""

from dataclasses import dataclass

from studio import ledger
from studio.models import Cap, Member
from studio.reports.budgets import granters

MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Asking:
    """`missing` micro-credits; `names` of the admins who can grant them. `is_self`: one of them.

    `cap` is the limit that lacks them, None: the team's budget.
    """

    missing: int
    names: tuple[str, ...]
    is_self: bool = False
    cap: Cap | None = None

    @property
    def budget(self) -> str:
        return ledger.name_of(self.cap) if self.cap else "the budget"

    @property
    def whom(self) -> str:
        """On the button: the name of the only one, else “an admin”."""
        return self.names[0] if len(self.names) == 1 else "an admin"

    @property
    def label(self) -> str:
        """What the button says before the amount."""
        return "Let it wait" if self.is_self else f"Ask {self.whom}"

    @property
    def grants(self) -> str:
        return "grant" if self.is_self else "grants"

    @property
    def who_can(self) -> str:
        """“Mei”, “Mei or Ana”, “Mei, Ana, Jo or another admin”."""
        if self.is_self:
            return "you"
        named = [*self.names[:MOST_NAMED]]
        if len(self.names) > MOST_NAMED or not named:
            named.append("another admin" if named else "an admin")
        *most, last = named
        return f"{', '.join(most)} or {last}" if most else last


def asking_of(member: Member, missing: int, *, cap: Cap | None = None) -> Asking:
    admins = granters(member.team, cap)
    names = tuple(str(admin) for admin in admins)
    is_self = member.pk in {one.pk for one in admins}
    return Asking(missing=missing, names=names, is_self=is_self, cap=cap)
