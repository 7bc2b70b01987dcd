"""Which column of a bill says what, and how; and what is known of each provider's own tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from studio.core.bills import values
from studio.core.money import USD

# What a column may say; the names are those of `Columns`.
ROLES = {
    "reference": "Our reference",
    "remote_id": "Their id",
    "at": "Time",
    "amount": "Amount",
    "unit_in": "Currency",
    "kept_in": "Kind of row",
}


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The names of columns, "" for what the bill does not say.

    `unit` is what amounts are in where no column says it; `decimals` their decimal sign; `way` how
    times are written (a key of values.WAYS). Where there is a column `kept_in`, only rows count
    whose value there is among `kept`, in any case of its letters.
    """

    reference: str = ""
    remote_id: str = ""
    at: str = ""
    amount: str = ""
    unit_in: str = ""
    kept_in: str = ""
    kept: tuple[str, ...] = ()
    unit: str = USD
    decimals: str = "."
    way: str = "iso"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "kept": list(self.kept)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        return cls(**{**known, "kept": tuple(known.get("kept", ()))})

    def problem(self) -> str:
        """What is missing before a bill can be read, or ""."""
        if not self.amount:
            return "Amount must be a column of the file: without amounts there is no bill."
        if not (self.reference or self.remote_id or self.at):
            return "Our reference, Their id or Time must be a column of the file: one of them at least."
        return ""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A table that a provider gives, and the page that says so."""

    columns: Columns
    source: str
    checked_on: str


_AIMLAPI = "https://github.com/aimlapi/api-docs, docs/api-references/service-endpoints"
AIMLAPI_LOGS = Known(
    columns=Columns(
        reference="client_request_id", remote_id="inference_id", at="created",
        amount="cost.credits", kept_in="status", kept=("succeeded",), unit="AIML",
    ),
    source=f"{_AIMLAPI}/logs-v2.json", checked_on="2026-08-21",
)  # fmt: skip
# `reference_id` is the inference id of a MODEL_USAGE; `amount` never has a sign, so payments,
# bonuses and refunds are left out, which are of no request.
AIMLAPI_TRANSACTIONS = Known(
    columns=Columns(
        remote_id="reference_id", at="created_at", amount="amount.credits",
        kept_in="type", kept=("MODEL_USAGE",), unit="AIML",
    ),
    source=f"{_AIMLAPI}/billing-transactions-v2.json", checked_on="2026-08-21",
)  # fmt: skip
# Only AI/ML API documents a table of what it billed. The others' are named after the fields of
# their answers, which is what such a table is most likely to have; where a provider tells no cost
# at all, a person chooses the column.
KNOWN: dict[str, tuple[Known, ...]] = {
    "aimlapi": (AIMLAPI_LOGS, AIMLAPI_TRANSACTIONS),
    "runware": (
        Known(
            columns=Columns(remote_id="taskUUID", at="createdAt", amount="cost"),
            source="https://runware.ai/docs/models/klingai-2-5-turbo-pro", checked_on="2026-11-20",
        ),
    ),
    "trinetra": (
        Known(
            columns=Columns(
                reference="external_task_id", remote_id="id", at="created_at",
                amount="credits_charged", unit="TRINETRA",
            ),
            source="https://brahmand.bulletshorts.co/models/kling-v2.5", checked_on="2026-11-20",
        ),
    ),
    "octopusx": (
        Known(
            columns=Columns(remote_id="task_id", at="created_at", way="unix"),
            source="https://docs.octopusx.ai/en/videos/kling/generation", checked_on="2026-11-20",
        ),
    ),
    "transend": (
        Known(
            columns=Columns(remote_id="task_id"),
            source="https://www.transendai.net/docs", checked_on="2026-11-20",
        ),
    ),
}  # fmt: skip


def proposed(
    provider: str, header: Sequence[str], sample: Iterable[Sequence[str]],
    remembered: Columns | None = None, *, unit: str = USD,
) -> Columns:  # fmt: skip
    """The columns to begin with: as in the provider's last bill, else as documented.

    Whichever of them finds most of its columns in this header. How amounts and times are written
    is read off the `sample` of rows.
    """
    last = (remembered,) if remembered else ()
    documented = (known.columns for known in KNOWN.get(provider, ()))
    options = [*last, *documented, replace(_usual(header), unit=unit)]
    best = max((_found(option, header) for option in options), key=_count)
    return _as_written(best, header, list(sample))


# What such columns are mostly called, by anybody.
USUAL = {
    "reference": ("reference", "our reference", "client reference", "client_request_id"),
    "remote_id": ("id", "job id", "job_id", "task id", "task_id", "request id", "request_id"),
    "at": ("time", "date", "created", "created at", "created_at", "timestamp"),
    "amount": ("amount", "cost", "charge", "total", "credits", "price"),
    "unit_in": ("currency", "unit"),
}


def _usual(header: Sequence[str]) -> Columns:
    here = {name.casefold() for name in header}
    names = {role: [name for name in usual if name in here] for role, usual in USUAL.items()}
    found: dict[str, Any] = {role: known[0] for role, known in names.items() if known}
    return Columns(**found)


def _found(wanted: Columns, header: Sequence[str]) -> Columns:
    """With the names as this header writes them, "" for those that it has not."""
    here = {name.casefold(): name for name in header}
    names: dict[str, Any] = {role: here.get(getattr(wanted, role).casefold(), "") for role in ROLES}
    return replace(wanted, **names)


def _count(columns: Columns) -> int:
    return sum(bool(getattr(columns, role)) for role in ROLES)


def _as_written(columns: Columns, header: Sequence[str], sample: list[Sequence[str]]) -> Columns:
    def cells(name: str) -> list[str]:
        place = header.index(name)
        return [row[place] for row in sample]

    if columns.amount:
        columns = replace(columns, decimals=values.guessed_decimals(cells(columns.amount)))
    if columns.at:
        columns = replace(columns, way=values.guessed_way(cells(columns.at)))
    return columns
