"""What should happen to a job next: pipeline steps return it, tasks follow it."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    SEND = "send"  # fill the lane's free slots
    TRACK = "track"  # ask the provider
    RENDER = "render"  # make the pixels here
    SAVE = "save"  # store the results
    REST = "rest"  # nothing to do now; the sweep or a person comes back to it


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The next step for one job, after so many seconds (0: at once)."""

    step: Step
    job_id: int
    after_seconds: float = 0
