"""A folder on disk for what this server need not keep: it goes when the server does, however that ends."""

import atexit
import fcntl
import functools
import shutil
import tempfile
from pathlib import Path
from typing import IO

PREFIX = "aae-server-"
LOCK = ".lock"  # held as long as the folder's server lives
_held: list[IO] = []


@functools.cache
def folder(name: str) -> Path:
    """A folder of this name in the server's own."""
    path = _root() / name
    path.mkdir()
    return path


@functools.cache
def _root() -> Path:
    """The server's folder, removed at its end; folders of servers that were killed are removed now."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        _remove_if_left(left)
    made = Path(tempfile.mkdtemp(prefix="aae-new-"))
    _held.append(_lock(made))  # before it has the name that others look for
    path = made.rename(made.with_name(PREFIX + made.name.removeprefix("aae-new-")))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _lock(path: Path) -> IO:
    """The folder's lock, to be kept open. Raises BlockingIOError where another process holds it."""
    file = (path / LOCK).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    return file


def _remove_if_left(path: Path) -> None:
    """Remove a folder whose server no longer lives."""
    try:
        with _lock(path):
            shutil.rmtree(path, ignore_errors=True)
    except OSError:  # it is in use, or another user's
        return
