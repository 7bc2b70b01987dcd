"""The first start: tables, lanes, prices, the first team and its admin."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from studio import ledger
from studio.core.money import MICRO
from studio.models import Budget, Lane, Member, Project, Role, SignInLink, Team, User
from studio.providers.registry import all_providers
from studio.services import list_prices

FIRST_ADMIN = "admin@localhost"
FIRST_GRANT = 1_000 * MICRO  # ten dollars' worth: enough to see holds and charges work
LINK_LIFETIME = timedelta(hours=24)


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process at a time sets this data folder up."""
    with (settings.DATA / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> Member:
    """Make a data folder ready to work, whatever state it is in; return the first admin."""
    with _alone():
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            _lay_lanes()
            list_prices.take_over()
            return first_admin() or _first_team()


def _lay_lanes() -> None:
    for slug, provider in all_providers().items():
        slots = settings.RENDERERS if provider.renders_here else provider.slots
        Lane.objects.update_or_create(provider=slug, defaults={"slots": slots})


def first_admin() -> Member | None:
    admins = Member.objects.active().filter(role=Role.ADMIN).select_related("user", "team")
    return admins.order_by("pk").first()


def _first_team() -> Member:
    """A team with an admin who has no password yet: the printed link is the way in."""
    team = Team.objects.create(name="My studio")
    user, _ = User.objects.get_or_create(
        email=FIRST_ADMIN, defaults={"name": "Admin", "is_staff": True, "is_superuser": True}
    )
    user.set_unusable_password()
    user.save()
    member = Member.objects.create(team=team, user=user, role=Role.ADMIN)
    Project.objects.create(team=team, name="First project", created_by=member)
    Budget.objects.create(team=team)
    ledger.grant(team, FIRST_GRANT, actor=None, cause="first start")
    return member


def sign_in_token(user: User) -> str:
    """The token of a new one-time link for this person."""
    _, token = SignInLink.issue(lifetime=LINK_LIFETIME, user=user)
    return token
