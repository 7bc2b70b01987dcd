"""Keeps what the studio must remember and nobody may read: providers' keys, encrypted at rest."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from studio.core.errors import StorageFailed

# Another purpose would get another key of the same SECRET_KEY.
PURPOSE = b"dailies: provider keys, 1"


def encrypt(text: str) -> str:
    """With the present SECRET_KEY."""
    return _box().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Also what a former key encrypted. Raises StorageFailed when none of them fits."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise StorageFailed(
            "A stored key can not be read, because DAILIES_SECRET_KEY is another one now. "
            "Add the former one to DAILIES_SECRET_KEY_FALLBACKS, or enter the key again."
        ) from error


def _box() -> MultiFernet:
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(secret)) for secret in known])


def _derived(secret: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return urlsafe_b64encode(kdf.derive(secret.encode()))
