"""What the disk says, in the words of the house."""

import errno

from studio.core.errors import StorageFailed, StorageFull, StudioError

FULL = {errno.ENOSPC, errno.EDQUOT}


def as_storage_error(error: OSError) -> StudioError:
    """StorageFull when there is no room, else StorageFailed; each with what to do."""
    if error.errno in FULL:
        return StorageFull("The disk is full. Free some space, then press Try again.")
    return StorageFailed(f"A file could not be written: {error.strerror or error}.")
