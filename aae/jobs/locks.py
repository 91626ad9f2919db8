"""Locks on files between processes; each ends with the process that holds it, however that ends."""

import contextlib
import errno
import fcntl
import os
import shutil
from pathlib import Path

LOCKED = (errno.EWOULDBLOCK, errno.EACCES)
LITTLE = 50_000_000  # bytes left on the disk, below which trainings may not be saved
KEPT_ELSEWHERE = "another server keeps these jobs: here they can be watched, there they can be changed"


def try_to_lock(path: Path) -> int | None:
    """Lock a file: a descriptor, to be closed, or None where another process holds it. Raises OSError."""
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


def is_writable(folder: Path) -> bool:
    """Whether files can be made in the folder."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


class ServerLock:
    """The lock by which one of the servers on a folder keeps its jobs."""

    NAME = ".lock"

    def __init__(self, folder: Path):
        self.folder = folder
        self.held: int | None = None
        self.is_elsewhere = False  # whether another server holds it
        self._problem = ""  # why it cannot be had

    def acquire(self) -> bool:
        """Make the folder and hold it, if no other server does; whether this one does now."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.held = try_to_lock(self.folder / self.NAME)
            self.is_elsewhere, self._problem = self.held is None, ""
        except OSError as error:
            self.is_elsewhere, self._problem = False, f"cannot be written ({error.strerror})"
        return self.held is not None

    def is_held(self) -> bool:
        """Whether this server holds the folder that is there now, and not one that was removed."""
        if self.held is None:
            return False
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(self.held), os.stat(self.folder / self.NAME)):
                return True
        self.release()
        return False

    def release(self) -> None:
        """Let another server keep the folder."""
        if self.held is not None:
            os.close(self.held)
            self.held = None

    def trouble(self) -> str:
        """Why nothing can be started or changed, or may not be saved, in a line; else nothing."""
        if self.is_elsewhere:
            return KEPT_ELSEWHERE
        if self._problem or not is_writable(self.folder):
            problem = self._problem or "cannot be written"
            return f"the folder of the jobs {problem}: they can be watched, but not started or changed"
        with contextlib.suppress(OSError):
            if (free := shutil.disk_usage(self.folder).free) < LITTLE:
                return f"only {free / 1e6:.0f} MB are free on the disk: a training may not be saved"
        return ""
