"""Contents of large objects that the processes of this machine share: each comes over the network once.

They are in a folder that is this user's alone, under digests of what they are.
"""

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
import time
from pathlib import Path
from typing import IO

from aae.storage.objects import Objects

ROOM = 2_000_000_000  # bytes; what was used longest ago goes
UNUSED = 86_400.0  # seconds after which one goes


def content(objects: Objects, name: str, size: int, mark: str) -> bytes:
    """The content of an object, asked for unless a process of this machine has it already. Raises OSError."""
    file = _open(f"{objects.url}/{name} {mark}") if mark else None  # without a mark it may be another one later
    if file is None:
        return objects.read(name)
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)  # whoever comes second waits for the first
        found = file.read()
        if len(found) != size:  # new, or left by a process that was killed
            found = objects.read(name)
            with contextlib.suppress(OSError):
                file.seek(0)
                file.truncate()
                file.write(found)
    return found


def _open(what: str) -> IO[bytes] | None:
    """The file of an object, empty at first; None where the folder is another user's, or the disk is full."""
    with contextlib.suppress(OSError):
        folder = _folder()
        _sweep(folder)
        path = folder / hashlib.sha256(what.encode()).hexdigest()
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        os.utime(path)
        return file
    return None


def _folder() -> Path:
    """The folder. Raises OSError where another user has made it."""
    folder = Path(tempfile.gettempdir()) / f"aae-shared-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if about.st_uid != os.getuid() or not stat.S_ISDIR(about.st_mode):
        raise PermissionError(folder)
    return folder


def _sweep(folder: Path) -> None:
    """Remove what was not used for long, and what there is no room for."""
    used = sorted(((file.stat().st_mtime, file.stat().st_size, file) for file in folder.iterdir()), reverse=True)
    total = 0
    for when, size, file in used:
        total += size
        if total > ROOM or time.time() - when > UNUSED:
            file.unlink(missing_ok=True)
