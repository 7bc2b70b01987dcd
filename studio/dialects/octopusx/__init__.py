"""OctopusX: Kling 2.5, 2.6 and 3.0 Omni in the format of OpenAI's videos."""

from studio.dialects.octopusx.wire import Octopusx

__all__ = ["Octopusx"]
