"""Runware: tasks in a JSON array, named by our own UUIDs, polled in batches."""

from studio.dialects.runware.wire import Runware

__all__ = ["Runware"]
