"""The site of the raw rows, and who may see it."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from studio import permissions
from studio.core.errors import NotAllowed
from studio.models import Member


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


site = RawRows(name="admin")
