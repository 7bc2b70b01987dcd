"""When a step cannot go on by itself: the job stays as it is, with its hold, and says why."""

import logging

from studio.core.decision import Decision, Step
from studio.core.errors import StudioError
from studio.models import Job

logger = logging.getLogger(__name__)


def keep_for_a_person(job: Job, error: StudioError) -> Decision:
    """Keep state and hold, say why, and wait for “Try again” on the queue page."""
    logger.warning("%s waits for a person: %s", job, error.message)
    Job.objects.filter(pk=job.pk).update(problem=error.message, next_step_at=None)
    job.refresh_from_db()
    if job.is_active:
        job.touch()
    return Decision(step=Step.REST, job_id=job.pk)
