"""The steps of a job; each returns Decisions and may safely run twice.

Locks are taken in one order everywhere: lane, clip, job, budget, limit, request.
"""
