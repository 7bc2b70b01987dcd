"""How long to wait before a provider is asked again."""

import random
from datetime import timedelta

# A young job is asked about often, one that takes long seldom: up to that age, that pause; in
# seconds. A provider that says how long to wait is obeyed.
PAUSES = ((30, 2.5), (120, 4), (300, 6), (900, 10), (3600, 20))
LONGEST_PAUSE = 30
UNAVAILABLE_PAUSE = 30
OVERDUE_PAUSE = 120
LONGEST_ASKED_PAUSE = 3600

# Asking for an order whose answer was lost.
FIRST_SEARCH, LONGEST_SEARCH = 5, 300

JITTER = 0.2


def after(age: float) -> float:
    """Seconds until a job that was sent so many seconds ago is asked about again."""
    return next((pause for until, pause in PAUSES if age < until), LONGEST_PAUSE)


def first() -> timedelta:
    return timedelta(seconds=after(0))


def search(since_sent: float) -> timedelta:
    """The pause before the next search: half as long as it has been missing."""
    return timedelta(seconds=min(max(since_sent / 2, FIRST_SEARCH), LONGEST_SEARCH))


def spread(seconds: float) -> timedelta:
    """About so long, so that jobs that began together are not asked about together for ever."""
    return timedelta(seconds=seconds * (1 + JITTER * (random.random() - 0.5)))  # noqa: S311
