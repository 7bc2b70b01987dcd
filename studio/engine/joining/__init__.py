"""Joining takes into one film."""
