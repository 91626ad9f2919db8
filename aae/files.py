"""Files: read within limits, written whole or not at all; also those of a folder that mirrors a store."""

import contextlib
import errno
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from aae import storage

PARTIAL = re.compile(r".*\.\d+-[0-9a-f]{8}\.partial", re.DOTALL)
JUST_NOW = 60  # seconds since a file was written, in which it is not written again for its time
ABANDONED = 3600  # seconds after which a partial file belongs to a writer that was killed


def read(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most so many bytes. Raises OSError."""
    fetch(path)
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
    if mirror := storage.of(path):
        return mirror.put(path, content, replace)
    make_folder(path.parent)
    sweep(path.parent)
    partial = path.with_name(f"{path.name[:40]}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        _write(partial, content, durable)
        if replace:
            partial.replace(path)
        else:
            _link(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return None


def _write(path: Path, content: bytes, durable: bool) -> None:
    """Write a file; a durable one is on the disk then."""
    with path.open("wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())


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


def append(path: Path, content: bytes) -> None:
    """Add to a file; in a store, where that cannot be done, by writing it anew. Raises OSError."""
    if mirror := storage.of(path):
        fetch(path)
        return mirror.put(path, (path.read_bytes() if path.exists() else b"") + content)
    with path.open("ab") as file:
        file.write(content)
    return None


def publish(path: Path) -> None:
    """Put what a library wrote into a mirrored folder into its store. Raises OSError."""
    if mirror := storage.of(path):
        mirror.put(path, path.read_bytes())


def fetch(path: Path) -> None:
    """Fetch the content of a file of a mirrored folder, before it is opened. Raises OSError."""
    if mirror := storage.of(path):
        mirror.fetch(path)


def pull(folder: Path) -> None:
    """Bring a mirrored folder up to date with its store. Raises OSError."""
    if mirror := storage.of(folder):
        mirror.pull(folder)


def glance(folder: Path) -> None:
    """As pull(), but not twice within a short time; where the store does not answer the folder stays as it is."""
    if mirror := storage.of(folder):
        mirror.glance(folder)


def touch(path: Path, when: float) -> None:
    """Set a file's time of change, in seconds since 1970; in a store that is when it was written, so that it is now."""
    if (mirror := storage.of(path)) and time.time() - path.stat().st_mtime > JUST_NOW:
        mirror.fetch(path)
        mirror.put(path, path.read_bytes())
    os.utime(path, (when, when))


def remove(path: Path) -> None:
    """Remove a file, if it is there. Raises OSError."""
    if mirror := storage.of(path):
        return mirror.remove(path)
    return path.unlink(missing_ok=True)


def remove_folder(folder: Path, mark: Path) -> None:
    """Remove a folder at once or not at all: as soon as there is this mark beside it, it counts as removed.

    Broken off, it is finished by finish_removal(). Raises OSError.
    """
    if mirror := storage.of(folder):
        mirror.put(mark, b"")
        finish_removal(folder, mark)
    else:
        folder.rename(mark)
        shutil.rmtree(mark, ignore_errors=True)


def finish_removal(folder: Path, mark: Path) -> None:
    """Remove what is left of a folder that has this mark. Raises OSError."""
    if mirror := storage.of(folder):
        mirror.remove_folder(folder)
        mirror.remove(mark)
    else:
        shutil.rmtree(mark, ignore_errors=True)


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
