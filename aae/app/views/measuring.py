"""Runs of visitors that are measured for Evaluate: one at a time on a server, by a process that can be ended."""

import json
import os
import subprocess
import sys
import threading
import time
from typing import Any, NamedTuple

from aae.analysis.evaluation import Figure
from aae.app.runs import runcache
from aae.app.runs.runcache import Known
from aae.app.server import identity

NICE = 10  # visitors come first


class Measuring(NamedTuple):
    """A run that is being measured."""

    digest: str
    title: str
    owner: str
    process: subprocess.Popen
    since: float


_measured: dict[str, dict[str, Figure]] = {}  # by the digests of runs
_problems: dict[str, str] = {}  # likewise: why a run could not be measured
_running: list[Measuring] = []  # one at most
_lock = threading.Lock()


def of(known: Known) -> dict[str, Figure] | None:
    """What was measured of a run on this server."""
    return _measured.get(runcache.load(known).digest) if _measured else None


def problem(known: Known) -> str:
    """Why the run could not be measured; else nothing."""
    return _problems.get(runcache.load(known).digest, "") if _problems else ""


def begin(known: Known) -> None:
    """Measure a run on the test images of its data set, unless another is being measured."""
    digest, path = runcache.load(known).digest, str(known.path)
    command = [sys.executable, "-m", "aae", "evaluate", path, "--all", "--while-open"]
    with _lock:
        if _running:
            return
        _problems.pop(digest, None)
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = subprocess.Popen(command, **pipes, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        _running.append(Measuring(digest, known.title, identity.owner(), process, time.monotonic()))


def now() -> Measuring | None:
    """What is being measured, once what has ended is taken in."""
    with _lock:
        for each in [each for each in _running if each.process.poll() is not None]:
            _running.remove(each)
            _take(each)
        return next(iter(_running), None)


def _take(ended: Measuring) -> None:
    """Keep what was measured, or why nothing was."""
    found, errors = ended.process.communicate()
    code = ended.process.returncode
    if code == 0:
        figures = json.loads(found)[0]["figures"]
        _measured[ended.digest] = {name: Figure(*figure) for name, figure in figures.items()}
    else:
        said = errors.strip() or f"The process that measured it ended with code {code}: measure it again."
        _problems[ended.digest] = said.splitlines()[-1]


def cancel() -> None:
    """End what is being measured, if it is this visitor's; nothing is kept of it."""
    with _lock:
        for each in [each for each in _running if each.owner == identity.owner()]:
            _running.remove(each)
            each.process.kill()
            each.process.communicate()
