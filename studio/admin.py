"""Raw rows for superusers: to look at, never to change or delete."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import HttpRequest, HttpResponse

from studio import permissions
from studio.core.errors import NotAllowed
from studio.models import (
    Asset,
    Attempt,
    Budget,
    Chain,
    Clip,
    Invitation,
    Job,
    JobEvent,
    Lane,
    LedgerEntry,
    Member,
    Preset,
    PriceVersion,
    Project,
    Prompt,
    SignInLink,
    Take,
    Team,
    Template,
    TemplateVersion,
    User,
    WordList,
)


class RawRows(admin.AdminSite):
    """Opens for a superuser who is admin of a team; everybody signs in at the one door."""

    site_header = "Dailies: raw rows"
    site_title = "Dailies"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        member: Member | None = getattr(request, "member", None)
        return bool(member and permissions.is_admin(member) and member.user.is_superuser)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if getattr(request, "member", None):
            raise NotAllowed("Raw rows are for whoever runs this server.")
        return redirect_to_login(request.GET.get("next") or request.path)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes none when it runs
    """`columns` are shown in the list; `joins` come with the same query."""

    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)

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


site = RawRows(name="admin")

# Model: the columns of its list, and the fields that hold secrets or digests of them.
SHOWN: dict[type[models.Model], tuple[str, ...]] = {
    Team: ("pk", "name", "created_at"),
    User: ("pk", "email", "name", "is_active", "last_login"),
    Member: ("pk", "team", "user", "role", "is_active"),
    Invitation: ("pk", "team", "role", "email", "expires_at", "used_at"),
    SignInLink: ("pk", "user", "created_at", "expires_at", "used_at"),
    Project: ("pk", "team", "name", "created_at"),
    Clip: ("pk", "team", "project", "title", "state", "rev"),
    Job: ("pk", "team", "provider", "status", "quoted", "charged", "created_at"),
    Attempt: ("pk", "job_id", "reference", "outcome", "created_at"),
    JobEvent: ("pk", "job_id", "status", "note", "at"),
    Take: ("pk", "clip", "number"),
    Asset: ("pk", "team", "kind"),
    Lane: ("provider", "slots"),
    Budget: ("pk", "team", "granted", "available", "held", "spent"),
    LedgerEntry: ("pk", "team", "job_id", "kind", "available", "held", "spent", "cause"),
    Prompt: ("pk", "project", "author", "times", "used_at"),
    Template: ("pk", "team", "author", "name", "is_private"),
    TemplateVersion: ("pk", "template", "number", "created_at"),
    WordList: ("pk", "team", "name", "changed_at"),
    Preset: ("pk", "team", "kind", "name"),
    Chain: ("pk", "team", "problem", "created_at"),
    PriceVersion: ("pk", "team", "provider", "model", "per", "amount", "valid_from"),
}
SECRETS = ("password", "digest")


def _joins(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, ...]:
    fields = {field.name for field in model._meta.get_fields() if field.many_to_one}
    return tuple(column for column in columns if column in fields)


for model, columns in SHOWN.items():
    joins = _joins(model, columns)
    options = {"list_display": columns, "list_select_related": joins or False, "exclude": SECRETS}
    site.register(model, type(f"{model.__name__}Rows", (ReadOnly,), options))
