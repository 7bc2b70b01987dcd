"""What should happen to a job next: pipeline steps return it, tasks follow it."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    SEND = "send"  # fill the lane's free slots, or send a job that has one
    RESOLVE = "resolve"  # find out whether the provider has an order that may have been sent
    POLL = "poll"  # ask a remote provider about its jobs
    TRACK = "track"  # look how far an engine here is
    RENDER = "render"  # make the pixels here
    SAVE = "save"  # store the results
    REST = "rest"  # nothing to do now; the sweep or a person comes back to it


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The next step for one job, after so many seconds (0: at once).

    POLL is for all jobs of a `lane` together, and names no job.
    """

    step: Step
    job_id: int = 0
    lane: str = ""
    after_seconds: float = 0
