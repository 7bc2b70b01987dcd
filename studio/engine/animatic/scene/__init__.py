"""Scenes drawn from a prompt: layered landscapes with true parallax."""
