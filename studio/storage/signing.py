"""Links to stored files that open without signing in, for the providers that fetch them."""

from django.core import signing

SALT = "studio.storage.signing"
# A provider fetches a file when it begins with the order, which may stand in its line for a while.
SECONDS = 6 * 3600


def sign(asset: int) -> str:
    """What stands in the link to this asset."""
    return signing.dumps(asset, salt=SALT)


def read(token: str) -> int | None:
    """The asset of a link that is ours and not too old, else None."""
    try:
        asset: int = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return asset
