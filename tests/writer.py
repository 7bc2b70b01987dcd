"""Touch a job so many times: a process that writes while another one serves pages.

`python -m tests.writer JOB TIMES [PAUSE_SECONDS]` prints the clock (monotonic ns) of each commit.
"""

import sys
import time

import django


def touch(job_id: int, times: int, pause: float) -> None:
    from django.db import transaction

    from studio.models import Job

    job = Job.objects.select_related("clip").get(pk=job_id)
    for _ in range(times):
        with transaction.atomic():
            transaction.on_commit(lambda: print(time.monotonic_ns(), flush=True))
            job.touch()
        time.sleep(pause)


if __name__ == "__main__":
    django.setup()
    touch(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) if sys.argv[3:] else 0)
