"""Celery's own settings; messages are hints, so results are not kept and acks come late."""

from typing import Any

from django.conf import settings

broker_url = settings.BROKER_URL or "memory://"
task_acks_late = True
task_reject_on_worker_lost = True
task_ignore_result = True
task_default_queue = "drive"
worker_prefetch_multiplier = 1
worker_enable_remote_control = False
worker_hijack_root_logger = False
broker_connection_retry_on_startup = True
timezone = "UTC"

SWEEP_SECONDS = 5.0
beat_schedule: dict[str, Any] = {
    "sweep": {
        "task": "studio.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "drive", "expires": SWEEP_SECONDS},
    },
}
