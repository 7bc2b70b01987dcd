"""What people do with their own account: set it up, rename it, change its password."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.core.errors import LinkSpent, NameTaken
from studio.models import SignInLink, User


def open_door(link: SignInLink) -> User:
    """Spend a one-time sign-in link and say who may come in. Raises LinkSpent."""
    if not (link.user.is_active and link.use()):
        raise LinkSpent("This sign-in link was used or has expired. Ask an admin for a new one.")
    return link.user


def new_account(*, name: str, email: str, password: str) -> User:
    """Raises NameTaken when somebody has this e-mail."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError as error:
        raise NameTaken(TAKEN) from error


def set_up_account(user: User, *, name: str, email: str, password: str) -> None:
    """First run: a person whom a link let in gets a name, an e-mail and a password."""
    user.name, user.email = name, email
    try:
        with transaction.atomic():
            user.save(update_fields=["name", "email"])
            change_password(user, password)
    except IntegrityError as error:
        raise NameTaken(TAKEN) from error


TAKEN = "This e-mail can not be used here. If it is yours, sign in with it first."


def rename(user: User, *, name: str) -> None:
    user.name = name
    user.save(update_fields=["name"])


def change_password(user: User, password: str) -> None:
    """Every other session of the person ends, and so do sign-in links that were not used."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        user.sign_in_links.filter(used_at=None).update(expires_at=timezone.now())
