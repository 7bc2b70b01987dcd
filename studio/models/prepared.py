"""Querysets that every page asks: compiled once, and then asked with other values.

Most of a small query's time goes into building its SQL, which is the same every time.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

FIRST_MARK = -(10**15)  # no row has such a key, so the marks can be found among the parameters


class Prepared:
    """`build` makes the queryset, with `values_list`, from whole numbers given by their names."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *names: str) -> None:
        self.build = build
        self.marks = {FIRST_MARK - index: name for index, name in enumerate(names)}

    def rows(self, **values: int) -> list[tuple[Any, ...]]:
        """The rows as the queryset would give them."""
        sql, parameters, convert = self._compiled
        filled = [values[parameter[0]] if isinstance(parameter, tuple) else parameter
                  for parameter in parameters]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            found = cursor.fetchall()
        return [tuple(row) for row in convert(found)]

    @cached_property
    def _compiled(self) -> tuple[str, list[Any], Callable[[Any], Any]]:
        """The SQL; its parameters, a name in a tuple for each that varies; and what reads a row."""
        marked = {name: mark for mark, name in self.marks.items()}
        compiler = self.build(**marked).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        named = [(self.marks[one],) if one in self.marks else one for one in parameters]
        converters = compiler.get_converters([chosen[0] for chosen in compiler.select])

        def convert(rows: Any) -> Any:
            return compiler.apply_converters(rows, converters) if converters else rows

        return str(sql), named, convert
