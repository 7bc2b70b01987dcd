"""Who there is: people, teams, and membership with a role."""

import hashlib
import secrets
from datetime import timedelta
from functools import cache
from typing import Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import DEFAULT_DB_ALIAS, models
from django.utils import timezone

from studio.core import filenames
from studio.core.money import MICRO
from studio.models.prepared import Prepared


class Role(models.TextChoices):
    ADMIN = "admin", "Admin"
    AUTHOR = "author", "Author"
    REVIEWER = "reviewer", "Reviewer"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person, known by e-mail; without a password the only way in is a one-time link."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]
    objects = UserManager()  # type: ignore[assignment,misc]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words = str(self).split("@")[0].replace(".", " ").split()
        return "".join(word[0] for word in words[:2]).upper() or "?"


class Team(models.Model):
    """A tenant. `credit_price` is what one credit costs, in micro-USD (0.01 USD by default).

    `file_names` is how downloads are called, as core/filenames.py reads it.
    """

    name = models.CharField(max_length=80)
    credit_price = models.PositiveBigIntegerField(default=MICRO // 100)
    time_zone = models.CharField(max_length=64, default="UTC")
    file_names = models.CharField(max_length=filenames.MOST_CHARACTERS, default=filenames.DEFAULT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(credit_price__gt=0), name="credit_has_price")
        ]

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> Self:
        return self.filter(is_active=True, user__is_active=True)


class Member(models.Model):
    """A person in a team. A member who left is kept, inactive, for the names on old work."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.AUTHOR)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="member_once")]

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of_person(cls, user_id: int) -> list[Self]:
        """The active memberships of a person, oldest first, with person and teams. One query."""
        return [cls._from_row(row) for row in _MEMBERSHIPS.rows(user=user_id)]

    @classmethod
    def _from_row(cls, row: tuple[Any, ...]) -> Self:
        own, users = len(_fields(cls)), len(_fields(User))
        member = cls.from_db(DEFAULT_DB_ALIAS, _fields(cls), row[:own])
        member.user = User.from_db(DEFAULT_DB_ALIAS, _fields(User), row[own : own + users])
        member.team = Team.from_db(DEFAULT_DB_ALIAS, _fields(Team), row[own + users :])
        return member


@cache
def _fields(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


_MEMBERSHIPS = Prepared(
    lambda user: (
        Member.objects.active()
        .filter(user_id=user)
        .order_by("pk")
        .values_list(
            *_fields(Member),
            *(f"user__{name}" for name in _fields(User)),
            *(f"team__{name}" for name in _fields(Team)),
        )
    ),
    "user",
)


def digest(token: str) -> str:
    """What is stored of a link's token, so that a copy of the database opens no door."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


class Link(models.Model):
    """A link with a secret that works once and not for ever; only the token's digest is stored."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"

    @property
    def is_usable(self) -> bool:
        return self.used_at is None and self.expires_at > timezone.now()

    @classmethod
    def known(cls, token: str) -> Self | None:
        """The link of this token, whether it can still be used or not."""
        return cls._default_manager.filter(digest=digest(token)).first()

    @classmethod
    def issue(cls, *, lifetime: timedelta, **fields: Any) -> tuple[Self, str]:
        """Store a new link; return it with its token, which is shown just this once."""
        token = secrets.token_urlsafe(32)
        expires_at = timezone.now() + lifetime
        link = cls._default_manager.create(digest=digest(token), expires_at=expires_at, **fields)
        return link, token

    @classmethod
    def find(cls, token: str) -> Self | None:
        """The link of this token if it can still be used."""
        usable = cls._default_manager.filter(used_at=None, expires_at__gt=timezone.now())
        return usable.filter(digest=digest(token)).first()

    def use(self) -> bool:
        """Spend the link; False when somebody was faster, or it has run out."""
        now = timezone.now()
        unused = type(self)._default_manager.filter(pk=self.pk, used_at=None, expires_at__gt=now)
        return bool(unused.update(used_at=now))


class Invitation(Link):
    """Lets whoever holds the link join the team in a role."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.AUTHOR)
    email = models.EmailField(blank=True)
    invited_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")


class SignInLink(Link):
    """Signs one person in without a password."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
