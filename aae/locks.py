"""Locks on files between processes; each ends with the process that holds it, however that ends.

Of a local file it is a descriptor; in a store, where there are none, a lease.
"""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aae import files, storage

if TYPE_CHECKING:
    from aae.storage.leases import Lease

LOCKED = (errno.EWOULDBLOCK, errno.EACCES)


def try_to_lock(path: Path) -> "int | Lease | None":
    """Lock a file: what is to be released, or None where it is held, in this process or another. Raises OSError."""
    if mirror := storage.of(path):
        return _leases().take(mirror, path)
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


def release(held: "int | Lease") -> None:
    """Release a lock."""
    if isinstance(held, int):
        os.close(held)
    else:
        held.release()


def free(path: Path) -> None:
    """Release the lock of a process that has ended for certain. Raises OSError."""
    if mirror := storage.of(path):
        _leases().free(mirror, path)


def _leases():
    from aae.storage import leases

    return leases


def _lock(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in LOCKED  # where the file system knows no locks there is no better way
    return True


def is_locked(path: Path) -> bool:
    """Whether a process holds the file; a missing one is not held."""
    if mirror := storage.of(path):
        try:
            return _leases().is_held(mirror, path)
        except OSError:
            return True  # for all that is known
    with contextlib.suppress(OSError):
        held = os.open(path, os.O_RDONLY)
        free = _lock(held)
        os.close(held)
        return not free
    return False


def is_of(held: "int | Lease", path: Path) -> bool:
    """Whether what is held is the file that is there now: that was not removed, nor taken over by another process."""
    if not isinstance(held, int):
        return not held.is_lost
    with contextlib.suppress(OSError):
        return os.path.samestat(os.fstat(held), os.stat(path))
    return False


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file, and remove it at the end.

    Raises BlockingIOError where another process, or another caller in this one, holds it, and other OSErrors.
    """
    files.make_folder(path.parent)
    with contextlib.nullcontext() if storage.of(path) else path.open("ab"):  # refused where it could not be removed
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
        release(held)
