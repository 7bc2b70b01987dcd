"""Celery's own settings; messages are hints, so results are not kept and acks come late."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["dailies"] = "studio.celery.sqlite:Transport"
QUEUE_FILE = settings.DATA / "queue.sqlite3"

broker_url = settings.BROKER_URL or "dailies://localhost"  # it has no host, but kombu wants one

# Redis gives a message of a dead worker to another one only after its visibility timeout, and one
# of a slow worker too: the sweep is sooner, so this is longer than any render.
_REDIS: dict[str, Any] = {"visibility_timeout": 6 * 3600, "socket_connect_timeout": 2}
_OPTIONS: dict[str, dict[str, Any]] = {
    "dailies": {"path": str(QUEUE_FILE), "polling_interval": 0.05},
    "redis": _REDIS,
    "rediss": _REDIS,
    "amqp": {"confirm_publish": True},
    "amqps": {"confirm_publish": True},
}
broker_transport_options = _OPTIONS.get(urlsplit(broker_url).scheme, {})
broker_connection_retry_on_startup = True

task_acks_late = True
task_reject_on_worker_lost = True
task_ignore_result = True
task_default_queue = "drive"
worker_prefetch_multiplier = 1
worker_enable_remote_control = False
worker_hijack_root_logger = False
timezone = "UTC"

# The first of each beat is sent at the start: there is nothing to remember in a file.
beat_scheduler = "celery.beat:Scheduler"
SWEEP_SECONDS = 5.0
TOTALS_SECONDS = 60.0  # today's change with every job, and a report makes them itself where it must
beat_schedule: dict[str, Any] = {
    "sweep": {
        "task": "studio.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "drive", "expires": SWEEP_SECONDS},
    },
    "totals": {
        "task": "studio.totals",
        "schedule": TOTALS_SECONDS,
        "options": {"queue": "media", "expires": TOTALS_SECONDS},
    },
}
