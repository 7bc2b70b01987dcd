"""Remember the prompts of jobs that were ordered before there was a history.

Jobs are read and prompts written in batches; only digests are held meanwhile, about 200 bytes for
each distinct prompt of a project.
"""

import hashlib

from django.db import migrations

BATCH = 2000


def remember(apps, schema_editor):
    Job = apps.get_model("studio", "Job")
    last = {}  # (project, digest) → how often, and the job that used it last
    jobs = Job.objects.order_by("pk").values_list("pk", "clip__project", "stored_order")
    for pk, project, order in jobs.iterator(chunk_size=BATCH):
        text = order.get("prompt", "")
        if text:
            key = project, hashlib.sha256(text.encode()).digest()
            last[key] = last.get(key, (0, 0))[0] + 1, pk
    found = list(last.items())
    for start in range(0, len(found), BATCH):
        _write(apps, found[start : start + BATCH])


def _write(apps, found):
    Job, Prompt = apps.get_model("studio", "Job"), apps.get_model("studio", "Prompt")
    jobs = Job.objects.in_bulk([pk for _, (_, pk) in found])
    Prompt.objects.bulk_create(
        [
            Prompt(
                team_id=jobs[pk].team_id, project_id=project, author_id=jobs[pk].author_id,
                text=jobs[pk].stored_order["prompt"], digest=digest.hex(), times=times,
                used_at=jobs[pk].created_at,
            )
            for (project, digest), (times, pk) in found
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("studio", "0007_director")]
    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
