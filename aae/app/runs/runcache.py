"""Run files: each checked once, and loaded when it is needed; how much of them is in memory is bounded."""

import functools
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from aae import files, runs
from aae.config import Config
from aae.runs import Run, RunError, titles

MAX_LOADED = 150_000_000  # bytes of the files whose runs are in memory; those not used for the longest time go first
_loaded: OrderedDict[tuple, Run] = OrderedDict()
_loading, _lock = threading.Lock(), threading.Lock()


class Known(NamedTuple):
    """A run file that was found sound."""

    name: str  # to choose by
    path: Path
    stamp: tuple[int, int]  # time of change (ns) and size: what the check was of
    config: Config
    group: str = ""  # of choosers, where it is no shipped run

    @property
    def entry(self) -> titles.Entry:
        """How it is offered."""
        return titles.entry(self.name, self.config, self.group)

    @property
    def title(self) -> str:
        """For people."""
        return self.entry.title


def look(path: Path, name: str) -> Known:
    """What a run file is, looked at again when it has changed. Raises RunError."""
    try:
        files.fetch(path)  # here, where that it fails is not remembered
        stat = path.stat()
    except OSError as error:
        raise RunError(f"{path.name}: cannot be read ({error.strerror})") from error
    found = _check(path, name, (stat.st_mtime_ns, stat.st_size))
    if isinstance(found, Known):
        return found
    raise RunError(found)


@functools.lru_cache(maxsize=1024)
def _check(path: Path, name: str, stamp: tuple[int, int]) -> Known | str:
    """The file, or why it is none that can be used."""
    try:
        return Known(name, path, stamp, _load(path, name, stamp).config)
    except RunError as error:
        return str(error)
    except Exception as error:  # whatever a damaged file raises: it is left out, and the others are shown
        return f"{path.name}: cannot be opened ({type(error).__name__}: {error})"


def load(known: Known) -> Run:
    """The run of a file that was found sound. Raises RunError where it is gone."""
    return _load(known.path, known.name, known.stamp)


def _load(path: Path, name: str, stamp: tuple[int, int]) -> Run:
    key = (path, name, stamp)
    if run := _find(key):  # what is loaded does not wait for what is being loaded
        return run
    with _loading:  # once for all who ask at the same time
        return _find(key) or _keep(key, replace(runs.load(path), name=name))


def _find(key: tuple) -> Run | None:
    with _lock:
        if key in _loaded:
            _loaded.move_to_end(key)
        return _loaded.get(key)


def _keep(key: tuple, run: Run) -> Run:
    with _lock:
        _loaded[key] = run
        while sum(size for _, _, (_, size) in _loaded) > MAX_LOADED and len(_loaded) > 1:
            _loaded.popitem(last=False)
    return run
