"""Wiring that is done once per process."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"
    verbose_name = "Dailies"

    def ready(self) -> None:
        from studio import (
            celery,  # noqa: F401  (makes it the app that tasks are sent with)
            checks,  # noqa: F401  (registers itself)
            live,
            tasks,
        )
        from studio.models import accounts as rows
        from studio.providers import accounts
        from studio.reports import mailed

        accounts.stored = rows.stored
        live.connect()
        tasks.connect()
        mailed.connect()
