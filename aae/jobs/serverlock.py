"""The lock by which one of the servers on a folder keeps its jobs."""

import contextlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from aae import files, locks, storage

if TYPE_CHECKING:
    from aae.storage.leases import Lease

LITTLE = 50_000_000  # bytes left on the disk, below which trainings may not be saved


def is_writable(folder: Path) -> bool:
    """Whether files can be made in the folder."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


class ServerLock:
    """A lock in the folder, until the server releases it or ends."""

    NAME = ".lock"

    def __init__(self, folder: Path):
        self.folder = folder
        self.held: int | Lease | None = None
        self.is_elsewhere = False  # whether another server holds it
        self._problem = ""  # why it cannot be had

    def acquire(self) -> bool:
        """Make the folder and hold it, if no other server does; whether this one does now."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.held = locks.try_to_lock(self.folder / self.NAME)
            self.is_elsewhere, self._problem = self.held is None, ""
            if self.held is not None:
                files.pull(self.folder)  # what the server before wrote last
        except OSError as error:
            self.is_elsewhere, self._problem = False, f"cannot be written ({error.strerror})"
        return self.held is not None

    def is_held(self) -> bool:
        """Whether this server holds the folder that is there now, and not one that was removed."""
        if self.held is not None and not locks.is_of(self.held, self.folder / self.NAME):
            self.release()
        return self.held is not None

    def release(self) -> None:
        """Let another server keep the folder."""
        if self.held is not None:
            locks.release(self.held)
            self.held = None

    def trouble(self) -> str:
        """Why nothing can be started or changed, or may not be saved, in a line; else nothing."""
        if problem := storage.problem(self.folder):
            return f"{problem}: jobs are shown as they were last seen"
        if self._problem or not is_writable(self.folder):
            problem = self._problem or "cannot be written"
            return f"the folder of the jobs {problem}: they can be watched, but not started or changed"
        with contextlib.suppress(OSError):
            if (free := shutil.disk_usage(self.folder).free) < LITTLE:
                return f"only {free / 1e6:.0f} MB are free on the disk: a training may not be saved"
        return ""
