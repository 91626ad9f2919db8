"""Objects in a store, by their names below an fsspec URL; each is written by one request, whole or not at all."""

import contextlib
import errno
import logging
import os
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from aae.texts import one_line

SILENT = "storage does not answer"
PAUSE = 0.5  # seconds between two attempts
ANSWERS = (errno.ENOENT, errno.EEXIST, errno.EPERM, errno.EACCES, errno.EISDIR, errno.EINVAL)
OPTIONS: dict[str, dict[str, Any]] = {  # so that a store that does not answer is noticed soon
    "s3": {"config_kwargs": {"connect_timeout": 3, "read_timeout": 20, "retries": {"max_attempts": 0}}}
}
patience = 5.0  # seconds for which a request is tried again while the store does not answer


def be_patient(seconds: float) -> None:
    """Let this process wait so long for a store that does not answer."""
    global patience
    patience = seconds


class About(NamedTuple):
    """What is known of an object without its content."""

    size: int  # bytes
    mark: str  # which differs when the content does
    written: float  # seconds since 1970, as the store has it


class Objects:
    """What is below a URL."""

    def __init__(self, url: str):
        self.url, self.problem = url.rstrip("/"), ""  # why the store does not answer, in a line
        self.fs, base = _connect(self.url)
        self.base = base.rstrip("/")

    def _key(self, name: str) -> str:
        """What the store calls an object."""
        return f"{self.base}/{name}" if name not in ("", ".") else self.base

    def _call(self, act: Callable, *given: Any, within: float | None = None, **named: Any) -> Any:
        """What a request returns, tried again while the store does not answer. Raises OSError."""
        give_up = time.monotonic() + (patience if within is None else within)
        while True:
            try:
                result = act(*given, **named)
            except Exception as error:
                if is_answer(error):
                    raise
                self._note(error)
                if time.monotonic() > give_up:
                    raise OSError(errno.ETIMEDOUT, self.problem) from error
                time.sleep(PAUSE)
            else:
                self.problem = ""
                return result

    def _note(self, error: Exception) -> None:
        """Say what is wrong in the log alone: visitors need not know where the store is."""
        if not self.problem:
            logging.getLogger(__name__).warning("%s does not answer, and is asked again: %s", self.url, one_line(error))
        self.problem = SILENT

    def find(self, top: str = "", within: float | None = None) -> dict[str, About]:
        """All objects below a name, at any depth. Raises OSError."""
        found = self._call(self.fs.find, self._key(top), detail=True, within=within)
        named = {key[len(self.base) + 1 :]: about(info or self.fs.info(key)) for key, info in found.items()}
        return {name: each for name, each in named.items() if _is_sound(name)}

    def beside(self, name: str) -> list[str]:
        """The names of the objects that begin with a name and a point. Raises OSError."""
        return [each for each in self.children(name.rpartition("/")[0]) if each.startswith(f"{name}.")]

    def children(self, top: str = "", within: float | None = None) -> list[str]:
        """The names of objects and folders that are directly in a folder. Raises OSError."""
        try:
            found = self._call(self.fs.ls, self._key(top), detail=False, within=within)
        except FileNotFoundError:
            return []
        names = [key.rstrip("/")[len(self.base) + 1 :] for key in found]
        return [name for name in names if _is_sound(name)]

    def read(self, name: str) -> bytes:
        """The content of an object. Raises OSError, FileNotFoundError."""
        return self._call(self.fs.cat_file, self._key(name))

    def read_all(self, names: list[str], within: float | None = None) -> dict[str, bytes]:
        """The contents of those objects that are there. Raises OSError."""
        keys = {self._key(name): name for name in names}
        found = self._call(self._cat, [*keys], within=within) if keys else {}
        return {keys[key]: content for key, content in found.items()}

    def _cat(self, keys: list[str]) -> dict[str, bytes]:
        found = self.fs.cat(keys, on_error="return")
        for content in found.values():
            if isinstance(content, Exception) and not isinstance(content, FileNotFoundError):
                raise content
        return {key: content for key, content in found.items() if isinstance(content, bytes)}

    def write(self, name: str, content: bytes, replace: bool = True, within: float | None = None) -> About:
        """Write an object; of several writers of one that is not to be replaced, one does. Raises OSError."""
        how = {} if replace else {"mode": "create"}
        try:
            answer = self._call(self.fs.pipe_file, self._key(name), content, within=within, **how)
        except OSError as error:
            if not replace and error.errno == errno.EINVAL:  # as s3fs has a condition that does not hold
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name) from error
            raise
        mark = answer.get("ETag") if isinstance(answer, dict) else None
        return About(len(content), mark, time.time()) if mark else about(self._call(self.fs.info, self._key(name)))

    def remove(self, name: str) -> None:
        """Remove an object, if it is there. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            self._call(self.fs.rm_file, self._key(name))

    def remove_all(self, below: str) -> None:
        """Remove all objects below a name; broken off, some are left. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            self._call(self.fs.rm, self._key(below), recursive=True)


def is_answer(error: Exception) -> bool:
    """Whether this says that the store refuses, and not that it does not answer."""
    if isinstance(error, FileNotFoundError | FileExistsError | PermissionError):
        return True
    return isinstance(error, OSError) and error.errno in ANSWERS


def about(info: dict[str, Any]) -> About:
    """An object as fsspec describes it: each file system has words of its own."""
    known = {name: info[name] for name in ("ETag", "etag", "mtime", "created", "LastModified") if info.get(name)}
    when = next((known[name] for name in ("LastModified", "mtime", "created") if name in known), 0.0)
    seconds = when.timestamp() if isinstance(when, datetime) else float(when)
    return About(info["size"] or 0, str(next(iter(known.values()), "")), seconds)


def _is_sound(name: str) -> bool:
    """Whether an object's name can be that of a file below a folder."""
    return not {"", ".", ".."} & set(name.split("/")) and "\0" not in name


def _connect(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it. Raises OSError, in one line with the remedy."""
    try:
        import fsspec

        options = OPTIONS.get(url.partition("://")[0], {})
        fs, base = fsspec.url_to_fs(url, use_listings_cache=False, skip_instance_cache=True, **options)
    except ImportError as error:
        remedy = "pip install '.[cluster]', or the package of another store"
        raise OSError(errno.ENOPKG, f"{one_line(url, 100)}: cannot be opened ({error}): {remedy}") from error
    except ValueError as error:
        problem = f"{one_line(url, 100)}: cannot be opened ({one_line(error, 150)}): name another URL"
        raise OSError(errno.EINVAL, problem) from error
    if hasattr(fs, "retries"):
        fs.retries = 2  # a connection that was idle may be closed; _call tries again for longer
    return fs, base
