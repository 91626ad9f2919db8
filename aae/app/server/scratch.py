"""A folder on disk for what this server need not keep: it goes when the server does, however that ends."""

import atexit
import contextlib
import functools
import shutil
import tempfile
from pathlib import Path

from aae import locks

PREFIX = "aae-server-"
LOCK = ".lock"  # held as long as the folder's server runs


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
    locks.try_to_lock(made / LOCK)  # as long as this process lives, and before it has the name that others look for
    path = made.rename(made.with_name(PREFIX + made.name.removeprefix("aae-new-")))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _remove_if_left(path: Path) -> None:
    """Remove a folder whose server no longer runs, unless it is another user's."""
    with contextlib.suppress(OSError):
        if (held := locks.try_to_lock(path / LOCK)) is not None:
            shutil.rmtree(path, ignore_errors=True)
            locks.release(held)
