"""A local folder that mirrors what is below a URL; the store is the truth.

Here are the names, sizes and times of all its files, and the content of the small ones; that of a large one comes when
it is read. What is written goes to the store first. Reading asks the store nothing but the content of large files.
"""

import contextlib
import os
import shutil
import tempfile
import threading
import time
import zlib
from pathlib import Path, PurePosixPath
from typing import Protocol

from aae import scratch
from aae.storage import shared
from aae.storage.objects import About, Objects

SMALL = 100_000  # bytes up to which a file's content comes with its name
UNREAD = 0o200  # the mode of a file whose content has not come yet
ATTEMPTS = 5  # to read what is written meanwhile
GLANCE = 0.3  # seconds between two glances at a folder
HOT = 30.0  # seconds after a change in which each look is at its folder
SHARE = 20  # looks at everything are at least so many times as far apart as one of them takes
MAX_GLANCED = 1000  # folders of which the time of the last glance is known


class Holder(Protocol):
    """What permits writing below a folder."""

    path: Path
    folder: Path

    def check(self) -> None:
        """Raise OSError unless this process may write."""


class Mirror:
    """What is below a URL, in a local folder of this process."""

    def __init__(self, url: str):
        self.objects = Objects(url)
        self.folder = Path(tempfile.mkdtemp(dir=scratch.folder("mirrors")))
        self.holders: list[Holder] = []
        self._lock = threading.RLock()
        self._known: dict[str, tuple[int, str]] = {}  # size and mark of the store's files, by their names
        self._unread: set[str] = set()
        self._changed: dict[str, float] = {}  # when this process wrote or removed a file, by time.monotonic()
        self._hot: dict[str, float] = {}  # when something in a folder was seen to change
        self._glanced: dict[Path, float] = {}
        self._due = 0.0  # when to look at everything

    def name(self, path: Path) -> str:
        """A file's name in the store."""
        return path.relative_to(self.folder).as_posix()

    # Reading

    def pull(self, folder: Path, within: float | None = None) -> None:
        """Bring a folder up to date with the store. Raises OSError."""
        began, top = time.monotonic(), self.name(folder)
        there, contents = self._there(top, within)
        for name, about in there.items():
            if self._known.get(name) != about[:2] and (about.size > SMALL or name in contents):
                self._take(name, about, contents.get(name), began)
        for name in [name for name in [*self._known] if name not in there and PurePosixPath(name).is_relative_to(top)]:
            self._drop(name, began)

    def _there(self, top: str, within: float | None) -> tuple[dict[str, About], dict[str, bytes]]:
        """All files below a folder, and what is in those small ones that are new; no content is newer than the names.

        A job that says that it has finished has its run, then. What changes at each attempt comes with the next look.
        """
        there, contents = self.objects.find(top, within), dict[str, bytes]()
        for _ in range(ATTEMPTS):
            new = [n for n, about in there.items() if self._known.get(n) != about[:2] and n not in contents]
            if not (small := [n for n in new if there[n].size <= SMALL]):
                break
            contents, again = contents | self.objects.read_all(small, within), self.objects.find(top, within)
            contents = {n: content for n, content in contents.items() if n in again and again[n].mark == there[n].mark}
            there = again
        return there, contents

    def _take(self, name: str, about: About, content: bytes | None, began: float) -> None:
        """Take a file over from the store, unless this process wrote it meanwhile."""
        with self._lock:
            if self._changed.get(name, 0.0) < began:
                size = about.size if content is None else len(content)
                parts = zlib.crc32(repr(about).encode()) % 10**9  # another content has another time
                self._place(name, content, size, int(about.written) * 10**9 + parts)
                self._known[name] = about[:2]
                self._hot[name.split("/")[0]] = time.monotonic()

    def _place(self, name: str, content: bytes | None, size: int = 0, when: int | None = None) -> None:
        """Put content, or a file of this size that has none yet, into the local folder at once."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{threading.get_ident()}.coming")
        with partial.open("wb") as file:
            file.truncate(size) if content is None else file.write(content)
        partial.chmod(UNREAD if content is None else 0o600)
        if when is not None:
            os.utime(partial, ns=(when, when))
        partial.replace(path)
        (self._unread.add if content is None else self._unread.discard)(name)

    def _drop(self, name: str, began: float) -> None:
        """Remove what is no longer in the store, and a folder of which nothing is left there."""
        with self._lock:
            if self._changed.get(name, 0.0) < began:
                self._forget(name)
                top = name.split("/")[0]
                self._hot[top] = time.monotonic()
                if top != name and not any(each.startswith(f"{top}/") for each in self._known):
                    shutil.rmtree(self.folder / top, ignore_errors=True)

    def _forget(self, name: str) -> None:
        self._known.pop(name, None)
        self._unread.discard(name)
        (self.folder / name).unlink(missing_ok=True)

    def fetch(self, path: Path) -> None:
        """Fetch the content of a file, unless it is here. Raises OSError."""
        name = self.name(path)
        with self._lock if name in self._unread else contextlib.nullcontext():
            if name in self._unread:
                self._place(name, shared.content(self.objects, name, *self._known[name]), when=path.stat().st_mtime_ns)

    def glance(self, folder: Path) -> None:
        """Pull a folder, unless that was just now, or the store does not answer."""
        now = time.monotonic()
        if now - self._glanced.get(folder, 0.0) > GLANCE:
            if len(self._glanced) >= MAX_GLANCED:
                self._glanced.clear()
            self._glanced[folder] = now
            with contextlib.suppress(OSError):  # which is noted
                self.pull(folder, within=0)

    def look(self) -> None:
        """Pull the folders in which something happens, and now and then everything."""
        began = time.monotonic()
        with contextlib.suppress(OSError):  # which is noted
            if began >= self._due:
                self.pull(self.folder, within=0)
                self._due = began + SHARE * (time.monotonic() - began)
                return
            folders = {name.split("/")[0] for name in [*self._known] if "/" in name}
            there = {name for name in self.objects.children(within=0) if name not in self._known}
            hot = {top for top, when in [*self._hot.items()] if began - when < HOT}
            for top in (folders ^ there) | (hot & folders):  # came, went, or may change
                self.pull(self.folder / top, within=0)

    # Writing

    def check(self, path: Path) -> None:
        """Raise OSError where another process has taken over what this one wrote into."""
        for holder in [*self.holders]:
            if path.is_relative_to(holder.folder):
                holder.check()

    def put(self, path: Path, content: bytes, replace: bool = True) -> None:
        """Write a file, in the store and then here. Raises OSError, FileExistsError."""
        name = self.name(path)
        self.check(path)
        with self._lock:
            about = self.objects.write(name, content, replace)
            self._place(name, content)
            self._known[name], self._changed[name] = about[:2], time.monotonic()

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there. Raises OSError."""
        self.check(path)
        with self._lock:
            self.objects.remove(self.name(path))
            self._forget(self.name(path))
            self._changed[self.name(path)] = time.monotonic()

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that is in it; broken off, some of it is left. Raises OSError."""
        top = self.name(folder)
        with self._lock:
            self.objects.remove_all(top)
            for name in [name for name in self._known if name.startswith(f"{top}/")]:
                self._forget(name)
                self._changed[name] = time.monotonic()
            shutil.rmtree(folder, ignore_errors=True)
