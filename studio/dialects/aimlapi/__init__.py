"""AI/ML API: Kling 2.5 Turbo Pro, one model for words and one for a picture."""

from studio.dialects.aimlapi.wire import Aimlapi

__all__ = ["Aimlapi"]
