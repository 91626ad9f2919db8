"""Files: read within limits, written whole or not at all."""

import contextlib
import errno
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

PARTIAL = re.compile(r".*\.\d+-[0-9a-f]{8}\.partial", re.DOTALL)
ABANDONED = 3600  # seconds after which a partial file belongs to a writer that was killed


def read(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most so many bytes. Raises OSError."""
    if not path.is_file():  # a pipe would be waited for, a device read for ever
        raise OSError(errno.EINVAL, "no such file" if not path.exists() else "not a regular file")
    with path.open("rb") as file:
        is_short = os.fstat(file.fileno()).st_size <= limit  # else it is not read at all
        content = file.read(limit + 1) if is_short else b""
    if not is_short or len(content) > limit:
        raise OSError(errno.EFBIG, f"more than {limit:,} bytes")
    return content


def write_atomically(path: Path, content: bytes, replace: bool = True, durable: bool = True) -> None:
    """Write beside the file, then put it in place: a reader, or a crash, sees the old file or the new one.

    Not durable is faster: after a loss of power the file may be empty.
    Raises OSError; FileExistsError where there is a file that is not to be replaced.
    """
    make_folder(path.parent)
    sweep(path.parent)
    partial = path.with_name(f"{path.name[:40]}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        if replace:
            partial.replace(path)
        else:
            _link(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _link(partial: Path, path: Path) -> None:
    """Give the file its name unless another has it; without hard links, look first and rename then."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        partial.replace(path)


def sweep(folder: Path) -> None:
    """Remove what killed writers left in a folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if PARTIAL.fullmatch(entry.name) and time.time() - entry.stat().st_mtime > ABANDONED:
                os.unlink(entry)


def check_place(path: Path) -> None:
    """Raise OSError unless a file can be written there; leaves nothing behind."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with contextlib.suppress(FileNotFoundError):
        path.stat()  # which refuses loops, and files in the place of folders
    folder = path.parent
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    for name in path.relative_to(folder).parts:
        with contextlib.suppress(FileNotFoundError):
            (folder / name).lstat()  # which refuses long names
    with tempfile.TemporaryFile(dir=folder):
        pass


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, unless they are there. Raises OSError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def stamps(paths: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """Path, time of change (ns) and size of those of the files that are there."""
    kept = []
    for path in paths:
        with contextlib.suppress(OSError):
            stat = path.stat()
            kept.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(kept)
