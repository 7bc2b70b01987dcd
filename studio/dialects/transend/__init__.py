"""TransendAI's Kling 2.5: footage of a simulated scene, with depth, normals and optical flow."""

from studio.dialects.transend.wire import Transend

__all__ = ["Transend"]
