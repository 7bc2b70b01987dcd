"""A small studio to be audited, and a careless hand with a shell."""

from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Asset, Attempt, Stream, Take
from studio.pipeline import settle, streams
from studio.pipeline.save import KINDS
from studio.services import audit
from studio.storage import media
from tests import factories

S = JobStatus


class House:
    """A small studio with a job in every state; `done` has two takes, `free` cost nothing."""

    def __init__(self, folder):
        self.folder = folder
        self.author = factories.make_member()
        self.free = self.finish(self.job(S.RUNNING))
        factories.make_price(credits_per_second=3)
        self.done = self.finish(self.job(S.RUNNING, count=2))
        self.running = self.job(S.RUNNING)
        self.waiting = self.job(S.WAITING)
        self.failed = self.job(S.RUNNING)
        settle.fail(self.failed, "No.")
        self.dropped = self.job(S.WAITING)
        settle.cancel(self.dropped, actor=self.author, when=lambda job: True)
        self.lost = self.job(S.UNCERTAIN)
        self.take = self.done.takes.get(number=1)
        self.stream = Stream.objects.create(
            take=self.take, name="depth", file=self.asset(self.done, "depth", 0)
        )

    def job(self, status, **order):
        job = factories.make_job(
            status, author=self.author, order=factories.make_order(**order),
            next_step_at=timezone.now(),
        )  # fmt: skip
        if status in {S.RUNNING, S.UNCERTAIN}:
            self.send(job, outcome="accepted" if status == S.RUNNING else "")
        return job

    def send(self, job, *, outcome):
        Attempt.objects.create(
            job=job, number=1, reference=f"r{job.pk}", outcome=outcome, sent_at=timezone.now(),
            remote_id=f"theirs-{job.pk}" if outcome else "",
        )  # fmt: skip

    def finish(self, job):
        job.move(S.SAVING)
        settle.succeed(job, charge=None, write=lambda: self.write_takes(job))
        return job

    def write_takes(self, job):
        for index in range(job.order.count):
            files = {part: self.asset(job, part, index) for part in KINDS}
            Take.objects.create(
                clip=job.clip, job=job, number=index + 1, index=index, seed=index, width=1280,
                height=720, fps=24, frames=24, seconds=1, **files,
            )  # fmt: skip

    def asset(self, job, part, index):
        path = self.folder / f"{job.pk}-{part}-{index}.bin"
        path.write_text(f"{part} {index} of job {job.pk}")
        stored = media.store(path, team=job.team_id)
        return Asset.objects.create(
            team=job.team, kind={**KINDS, **streams.KINDS}[part], path=stored.path,
            sha256=stored.sha256,
            size=stored.size, content_type="application/octet-stream",
        )  # fmt: skip


@contextmanager
def broken(statements):
    """The database after a careless hand with a shell was there; all is undone afterwards."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            for statement in statements.split(";"):
                cursor.execute(statement)
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        yield
        transaction.set_rollback(True)


def named(house, statements, check, words):
    """What the audit finds when these statements have run; the finding that was wanted, if any."""
    with broken(statements.format_map(vars(house))):
        found = list(audit.findings(with_files=False))
    wanted = words.format_map(vars(house))
    return [str(one) for one in found if one.check == check and wanted in one.message], found
