"""A PostgreSQL database for the time of a test run, where there is a server."""

import os
from contextlib import contextmanager

import dj_database_url
import psycopg
import pytest
from psycopg import sql

URL = os.environ.get("DAILIES_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")


@contextmanager
def new_database():
    """Make a database and yield Django's settings for it; it is dropped in the end."""
    try:
        server = psycopg.connect(URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL: {error}")
    name = f"dailies_test_{os.getpid()}"
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield {**dj_database_url.parse(URL), "NAME": name}
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
