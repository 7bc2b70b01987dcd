"""The processes that the polling benchmark measures: `worker` or `floor`, see there."""

import asyncio
import json
import random
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from studio.core.status import JobStatus  # noqa: E402
from studio.models import Attempt, Clip, Job, Lane, Member  # noqa: E402
from studio.pipeline import drive, pace, poll  # noqa: E402
from studio.storage.session import session  # noqa: E402
from tests.factories import make_member, make_price, make_project  # noqa: E402

SLUG = "octopusx"
WARM_SECONDS = 5  # connections are opened, and Python has loaded what it loads late


def worker(jobs: int, seconds: int, every: int) -> dict[str, float]:
    call_command("migrate", verbosity=0)
    make_jobs(jobs, every)
    pace.PAUSES = ((10**9, every),)
    lags: list[float] = []
    asked = watch_lag(lags)
    run(WARM_SECONDS)
    lags.clear()
    asked.clear()
    begun, used = time.monotonic(), time.process_time()
    run(seconds)
    took, cpu = time.monotonic() - begun, time.process_time() - used
    assert Job.objects.filter(status=JobStatus.RUNNING, problem="").count() == jobs
    lags.sort()
    return {
        "seconds": took, "cpu": cpu, "asked": len(asked),
        "p50": lags[len(lags) // 2], "p95": lags[len(lags) * 95 // 100],
    }  # fmt: skip


def run(seconds: int) -> None:
    """What `studio.poll` does, for so long; nothing ever follows."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for following in drive.watch(SLUG, should_stop=lambda: time.monotonic() > end):
            assert all(decision.step == "poll" for decision in following), following


def make_jobs(number: int, every: int) -> None:
    """Running for ten minutes already, and due at any time of the next `every` seconds."""
    author = make_member()
    project, price = make_project(author.team), make_price(provider=SLUG)
    Lane.objects.update_or_create(provider=SLUG, defaults={"slots": number})
    now = timezone.now()
    clips = Clip.objects.bulk_create(
        Clip(team=author.team, project=project, author=author, title=f"Clip {one}", state="running")
        for one in range(number)
    )
    made = Job.objects.bulk_create(make_job(author, clip, price, now, every) for clip in clips)
    Attempt.objects.bulk_create(
        Attempt(
            job=job, number=1, reference=f"dl-{job.pk}", remote_id=f"task_{job.pk:022}",
            outcome="accepted", sent_at=job.started_at,
        )
        for job in made
    )  # fmt: skip


def make_job(author: Member, clip: Clip, price, now, every: int) -> Job:
    return Job(
        team=author.team, clip=clip, author=author, provider=SLUG, model="Kling-2.5",
        stored_order={}, status=JobStatus.RUNNING, price=price, quoted=0, progress=50,
        started_at=now - timedelta(minutes=10),
        next_step_at=now + timedelta(seconds=every * random.random()),
    )  # fmt: skip


def watch_lag(lags: list[float]) -> list[str]:
    """Note how late each job is asked about; the product does not need to know, and pays for it."""
    due_at = dict(Job.objects.values_list("pk", "next_step_at"))
    honest_due, honest_put_off = poll._due, poll._put_off
    asked: list[str] = []

    def due(slug):
        rows = honest_due(slug)
        now = timezone.now()
        lags.extend((now - due_at[one.job]).total_seconds() for one in rows)
        asked.extend(one.remote_id for one in rows)
        return rows

    def put_off(rows, told, now):
        honest_put_off(rows, told, now)
        pks = [one.job for one in rows]
        due_at.update(Job.objects.filter(pk__in=pks).values_list("pk", "next_step_at"))

    poll._due, poll._put_off = due, put_off
    return asked


def floor(jobs: int, seconds: int, every: int) -> dict[str, float]:
    """Bare GETs at the same pace, over the same client with the same number of connections."""
    return asyncio.run(bare(jobs // every, seconds))


async def bare(a_second: int, seconds: int) -> dict[str, float]:
    from django.conf import settings

    address = settings.PROVIDERS[SLUG]["base_url"]
    async with session(connections=100) as client:

        async def get(number: int) -> None:
            async with client.get(f"{address}/v1/videos/task_{number:022}") as answer:
                await answer.read()

        for _ in range(WARM_SECONDS):
            await asyncio.gather(*map(get, range(a_second)))
        begun, used = time.monotonic(), time.process_time()
        for second in range(1, seconds + 1):
            await asyncio.gather(*map(get, range(a_second)))
            await asyncio.sleep(max(0, begun + second - time.monotonic()))
        took, cpu = time.monotonic() - begun, time.process_time() - used
    return {"seconds": took, "cpu": cpu, "asked": a_second * seconds}


if __name__ == "__main__":
    what, *sizes = sys.argv[1:]
    print(json.dumps({"worker": worker, "floor": floor}[what](*map(int, sizes))))
