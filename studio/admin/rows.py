"""The list and the page of raw rows, as fast at a million of them as at ten."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Expression, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from studio.admin.door import site
from studio.admin.filters import Filters
from studio.admin.finding import MOST, Finds, found

OLDER = "pk__lt"


class Capped(Paginator):  # type: ignore[type-arg]  # it takes none when it runs
    """Counts no further than MOST; what is older is another list, of keys below."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[:MOST].count())


class Newest(ChangeList):
    """Always the newest first: any other order would sort the whole table."""

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Expression | str]:
        return ["-pk"]

    @property
    def older(self) -> str:
        """The address of what follows this page, if more than was counted may follow."""
        last = list(self.result_list)[-1:]
        if self.result_count < MOST or not last:
            return ""
        return self.get_query_string({OLDER: last[0].pk}, ["p"])


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes none when it runs
    """Shown and never changed: there is no button, no action, and a POST is refused."""

    actions = None
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    sortable_by = ()
    ordering = ("-pk",)
    paginator = Capped
    change_list_template = "admin/raw_rows.html"
    finds: Finds = {"pk": int}
    by: Filters = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Newest

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return found(queryset, self.finds, search_term), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:  # type: ignore[override]
        """Besides the filters: what has an older key, and what belongs to another row."""
        field, _, rest = lookup.partition("__")
        known = {one.name for one in self.opts.concrete_fields if one.remote_field}
        filters = {OLDER, *(one.parameter_name for one in self.by)}
        return lookup in filters or (field in known and rest in {"", "exact", "id__exact"})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)
