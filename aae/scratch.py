"""A folder on disk for what this process need not keep: it goes when the process does, however that ends."""

import atexit
import contextlib
import fcntl
import functools
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "aae-process-"
LOCK = ".lock"  # held as long as the folder's process runs


@functools.cache
def folder(name: str) -> Path:
    """A folder of this name in the process's own."""
    path = _root() / name
    path.mkdir(exist_ok=True)
    return path


@functools.cache
def _root() -> Path:
    """The process's folder, removed at its end; folders of processes that were killed are removed now."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        _remove_if_left(left)
    made = Path(tempfile.mkdtemp(prefix="aae-new-"))
    _lock(made)  # as long as this process lives, and before it has the name that others look for
    path = made.rename(made.with_name(PREFIX + made.name.removeprefix("aae-new-"))).resolve()
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _lock(path: Path) -> int:
    """Hold a folder until this is closed. Raises OSError where its process lives, or it is another user's."""
    held = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise
    return held


def _remove_if_left(path: Path) -> None:
    """Remove a folder whose process no longer runs, unless it is another user's."""
    with contextlib.suppress(OSError):
        held = _lock(path)
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)
