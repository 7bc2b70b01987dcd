"""The steps of a job; each returns Decisions and may safely run twice."""
