"""Providers' bills, read by a worker: found when they are due, laid beside the ledger, taken away."""

from studio.pipeline.billing.work import due, work

__all__ = ["due", "work"]
