"""Questions about the data folder that commands ask before they read it."""

from argparse import ArgumentTypeError

from django.db import connection

from studio.models import Job


def has_a_studio() -> bool:
    """Whether the tables are there; `up` and `shoot` make them."""
    return Job._meta.db_table in connection.introspection.table_names()


def count(text: str) -> int:
    """A whole number from 1, as an argument."""
    if text.isdecimal() and int(text) >= 1:
        return int(text)
    raise ArgumentTypeError(f"must be a whole number from 1, not “{text}”")
