"""When a delivery that did not work is tried again.

The pauses are those of the Standard Webhooks document (1.0.0, “Deliverability and reliability”):
after the last one a person may send it again by hand.
"""

from datetime import timedelta

MINUTE, HOUR = 60, 3600
PAUSES = (
    5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
)  # fmt: skip
MOST_TRIES = len(PAUSES) + 1
JITTER = 0.1  # so that a receiver that comes back is not met by all of them at once
LONGEST_ASKED = 24 * HOUR


def pause(tries: int, *, dice: float, asked: float | None = None) -> timedelta | None:
    """How long to wait after so many tries, None when it was the last one.

    `dice` is from 0 to 1. What the receiver asked for is obeyed, up to a day.
    """
    if tries >= MOST_TRIES:
        return None
    planned = PAUSES[tries - 1] * (1 + JITTER * (2 * dice - 1))
    return timedelta(seconds=max(planned, min(asked or 0, LONGEST_ASKED)))
