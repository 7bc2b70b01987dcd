"""Days whose totals are not what SQL makes of the ledger, told by two statements for each.

It is said once more than in ledger/totals, and by the database, which adds up far faster. Whatever
is not exactly alike is only suspected: ledger/totals makes that day anew, and has the last word.
"""

from typing import Any

from django.db import connection

from studio.core.durations import STEP
from studio.core.outcome import Outcome
from studio.core.review import ReviewStatus
from studio.core.status import JobStatus
from studio.ledger.days import ENDS
from studio.models import Day, EntryKind
from studio.services.audit.dialects import WORDS

K = EntryKind

# What of which entries is a sum of a job's day. Of several takes the first has all of the one, and
# a share of the other.
WHOLE = {"held": ("held", K.HOLD), "released": ("available", K.RELEASE)}
SHARED = {
    "charged": ("spent", K.CHARGE),
    "refunded": ("-spent", K.REFUND),
    "corrected": ("spent", K.CORRECTION),
}
COUNTED = {"jobs": "status IS NOT NULL", "succeeded": f"status = '{JobStatus.SUCCEEDED}'",
           "failed": f"status = '{JobStatus.FAILED}'"}  # fmt: skip
SUMS = ("granted", *WHOLE, *SHARED, *COUNTED, "takes", "milliseconds")
KEYS = "author_id, outcome, project_id, template_id, tags, provider, model"
ENDING = ", ".join(f"'{kind}'" for kind in sorted(ENDS))
DECIDED = ", ".join(
    f"'{one}'" for one in (ReviewStatus.APPROVED, ReviewStatus.CHANGES, ReviewStatus.REJECTED)
)


def _moved(name: str, part: str, kind: str) -> str:
    return f"CAST(SUM(CASE WHEN kind = '{kind}' THEN {part} ELSE 0 END) AS bigint) AS {name}"


def _first(name: str, condition: str, amount: str) -> str:
    return f"CASE WHEN place = 0 AND {condition} THEN {amount} ELSE 0 END AS {name}"


def _share(name: str) -> str:
    """As core/money divides: larger shares first, what is below 0 as what is above."""
    share = "{0} / parts + CASE WHEN place < {0} %% parts THEN 1 ELSE 0 END"
    return (
        f"CASE WHEN parts = 1 THEN {name} WHEN {name} < 0 THEN -({share.format(f'-{name}')}) "
        f"ELSE {share.format(name)} END AS {name}"
    )


def _any(names: tuple[str, ...], condition: str = "{} <> 0") -> str:
    return " OR ".join(condition.format(name) for name in names)


# Parts of jobs are added to the totals that are stored, which count as less than nothing: so all
# sums of a combination are 0, and it is stored once at most. `marks` says how often, and once more
# for what should not be stored at all.
TOTALS = """
WITH moved AS (
  SELECT job_id, CAST(SUM(granted) AS bigint) AS granted, {moved},
    MAX(CASE WHEN kind IN ({ending}) THEN 1 ELSE 0 END) AS ends
  FROM studio_ledgerentry WHERE team_id = %(team)s AND day = %(day)s GROUP BY job_id
), part AS MATERIALIZED (
  SELECT m.*, c.project_id, j.author_id, j.provider, j.model, v.template_id, j.status,
    {tags} AS tags,
    CASE
      WHEN j.id IS NULL THEN ''
      WHEN t.id IS NULL AND p.key IS NULL AND j.status IN ('{failed}', '{cancelled}') THEN j.status
      WHEN t.id IS NULL AND p.key IS NULL AND j.status <> '{succeeded}' THEN '{open}'
      WHEN j.intended IS NOT NULL THEN '{rehearsal}'
      WHEN COALESCE(t.review, {review}) IN ({decided}) THEN COALESCE(t.review, {review})
      WHEN c.looked_at IS NOT NULL THEN '{undecided}' ELSE '{unseen}'
    END AS outcome,
    CASE WHEN t.id IS NULL THEN COALESCE(p.key, 0) WHEN t."index" = 0 THEN 0 ELSE (
      SELECT COUNT(*) FROM studio_take b WHERE b.job_id = t.job_id AND b."index" < t."index"
    ) END AS place,
    CASE WHEN t.id IS NULL THEN COALESCE(NULLIF({purged}, 0), 1) ELSE (
      SELECT COUNT(*) FROM studio_take b WHERE b.job_id = t.job_id
    ) END AS parts,
    COALESCE(CAST(ROUND(t.seconds * 1000) AS bigint), {milliseconds}) AS milliseconds
  FROM moved m
    LEFT JOIN studio_job j ON j.id = m.job_id
    LEFT JOIN studio_clip c ON c.id = j.clip_id
    LEFT JOIN studio_templateversion v ON v.id = j.template_id
    LEFT JOIN studio_take t ON t.job_id = j.id
    LEFT JOIN {purged_takes} p ON 1 = 1
), side AS (
  SELECT author_id, outcome, project_id, template_id, COALESCE(tags, '') AS tags,
    COALESCE(provider, '') AS provider, COALESCE(model, '') AS model, {parts},
    CASE WHEN milliseconds IS NULL THEN 0 ELSE ends END AS takes,
    COALESCE(ends * milliseconds, 0) AS milliseconds, 0 AS marks
  FROM part
  UNION ALL
  SELECT {keys}, {stored},
    CASE WHEN spent = charged + corrected - refunded AND ({something}) THEN 1 ELSE 2 END
  FROM studio_dailytotal WHERE team_id = %(team)s AND day = %(day)s
)
SELECT 1 FROM side GROUP BY {keys} HAVING SUM(marks) > 1 OR {different} LIMIT 1
"""

TIMES = """
WITH ended AS (
  SELECT provider, {seconds} AS seconds FROM studio_job
  WHERE status = '{succeeded}' AND started_at IS NOT NULL AND ended_at IS NOT NULL AND id IN (
    SELECT job_id FROM studio_ledgerentry
    WHERE team_id = %(team)s AND day = %(day)s AND kind IN ({ending})
  )
), side AS (
  SELECT provider, 1 AS jobs, 0 AS marks,
    CAST(ROUND(LN(CASE WHEN seconds < 1 THEN 1 ELSE seconds END) / %(step)s) AS bigint) AS bucket
  FROM ended
  UNION ALL
  SELECT provider, -jobs, CASE WHEN jobs = 0 THEN 2 ELSE 1 END, bucket
  FROM studio_dailytime WHERE team_id = %(team)s AND day = %(day)s
)
SELECT 1 FROM side GROUP BY provider, bucket HAVING SUM(marks) > 1 OR SUM(jobs) <> 0 LIMIT 1
"""

FILLED = {
    "moved": ", ".join(_moved(name, *of) for name, of in (WHOLE | SHARED).items()),
    "parts": ", ".join((
        *(_first(name, "1 = 1", name) for name in ("granted", *WHOLE)),
        *map(_share, SHARED),
        *(_first(name, condition, "ends") for name, condition in COUNTED.items()),
    )),
    "stored": ", ".join(f"-{name}" for name in SUMS),
    "something": _any(SUMS), "different": _any(SUMS, "SUM({}) <> 0"),
    "keys": KEYS, "ending": ENDING, "decided": DECIDED,
    **{one.name.lower(): one.value for one in Outcome}, "succeeded": JobStatus.SUCCEEDED.value,
}  # fmt: skip


def is_suspect(day: Day) -> bool:
    """Whether its totals have to be made anew to see if they are right."""
    values = {
        "team": day.team_id, "step": STEP,
        "day": connection.ops.adapt_datefield_value(day.date),
    }  # fmt: skip
    return any(_found(statement, values) for statement in (TOTALS, TIMES))


def _found(statement: str, values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**FILLED, **WORDS[connection.vendor]), values)
        return cursor.fetchone() is not None
