"""Raw rows for superusers: to look at, never to change or delete."""

from studio.admin.door import site
from studio.admin.rows import ReadOnly
from studio.admin.tables import SHOWN

__all__ = ["site"]

for model, rows in SHOWN.items():
    site.register(model, type(f"{model.__name__}Rows", (ReadOnly,), rows.options(model)))
