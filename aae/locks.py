"""Locks on files between processes; each ends with the process that holds it, however that ends."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from aae import files

LOCKED = (errno.EWOULDBLOCK, errno.EACCES)


def try_to_lock(path: Path) -> int | None:
    """Lock a file: a descriptor, to be closed, or None where it is held, in this process or another. Raises OSError."""
    try:
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:  # another user's, or of a disk that cannot be written: it may be locked all the same
        try:
            held = os.open(path, os.O_RDONLY)
        except OSError:
            raise error from None
    if _lock(held):
        return held
    os.close(held)
    return None


def _lock(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in LOCKED  # where the file system knows no locks there is no better way
    return True


def is_locked(path: Path) -> bool:
    """Whether a process holds the file; a missing one is not held."""
    with contextlib.suppress(OSError):
        held = os.open(path, os.O_RDONLY)
        free = _lock(held)
        os.close(held)
        return not free
    return False


def is_of(held: int, path: Path) -> bool:
    """Whether the descriptor is of the file that is there now, and not of one that was removed."""
    with contextlib.suppress(OSError):
        return os.path.samestat(os.fstat(held), os.stat(path))
    return False


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file, and remove it at the end.

    Raises BlockingIOError where another process, or another caller in this one, holds it, and other OSErrors.
    """
    files.make_folder(path.parent)
    with path.open("ab"):  # refused where it could not be removed either
        held = try_to_lock(path)
    if held is None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
    try:
        if not is_of(held, path):
            raise BlockingIOError(errno.EAGAIN, "was just removed by its last holder", str(path))
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(held)
