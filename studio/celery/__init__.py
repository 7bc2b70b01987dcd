"""The Celery app: which queue, where, and what beats."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

app = Celery("dailies")
app.config_from_object("studio.celery.conf")
app.autodiscover_tasks(["studio"])
