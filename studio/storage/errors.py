"""What the disk or the bucket says, in the words of the house."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings

from studio.core.errors import StorageFailed, StorageFull, StudioError


class Numbered(Protocol):
    """An error with a number of the operating system: OSError, or FFmpeg's own."""

    errno: Any
    strerror: Any


FULL = {errno.ENOSPC, errno.EDQUOT}


def as_storage_error(error: Numbered) -> StudioError:
    """StorageFull when there is no room, else StorageFailed; each with what to do."""
    if error.errno in FULL:
        return StorageFull("The disk is full. Free some space, then press Try again.")
    return StorageFailed(f"A file could not be written: {error.strerror or error}.")


@contextmanager
def told_in_our_words() -> Iterator[None]:
    """What goes wrong inside with a file or the bucket is raised as StorageFull or StorageFailed."""
    try:
        yield
    except OSError as error:
        raise as_storage_error(error) from error
    except _bucket_errors() as error:
        raise StorageFailed(f"The bucket does not take or give the file: {error}") from error


def _bucket_errors() -> tuple[type[Exception], ...]:
    """Loading boto3 takes half a second: only a studio with a bucket pays for it."""
    if not settings.S3_BUCKET:
        return ()
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return Boto3Error, BotoCoreError, ClientError
