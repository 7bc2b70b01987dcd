"""Trinetra (Brahmand by Bulletshorts): Kling 2.5 from text or pictures."""

from studio.dialects.trinetra.wire import Trinetra

__all__ = ["Trinetra"]
