"""The Animatic engine: honest storyboard clips from pictures, a camera and words, without any AI."""

from studio.engine.animatic.render import render
from studio.engine.animatic.shot import FPS, SIZES, Footage, Shot, Stopped

__all__ = ["FPS", "SIZES", "Footage", "Shot", "Stopped", "render"]
