"""For health checks: does this studio answer, and is its database ready?"""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


class NotReady(Exception):
    """The database waits for `migrate`."""


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 “ok”, or 503 with the reason as a sentence."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _require_migrations()
    except NotReady as error:
        return _answer(str(error), status=503)
    except DatabaseError:
        return _answer("The database does not answer.", status=503)
    return _answer("ok", status=200)


@cache  # only a success is kept: what is applied stays so while this process lives
def _require_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("The database waits for “manage.py migrate”.")


def _answer(sentence: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
