"""A process that has imported everything and waits for a job: a training then begins at once, not after the imports."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, cast

from aae import data, training
from aae.config import Config
from aae.jobs.records import LOG

ROOT = Path(__file__).resolve().parents[2]
LATER = 5.0  # seconds after one was taken, in which the training has the processor to itself


def stdin_of(process: subprocess.Popen) -> IO[bytes]:
    """The pipe through which the process receives its job and commands; each has one."""
    return cast(IO[bytes], process.stdin)


def begin(log: IO[bytes] | int, *folder: str) -> subprocess.Popen:
    """A process that trains the job in a folder; without one it waits for it. Raises OSError."""
    return subprocess.Popen(
        [sys.executable, "-m", "aae", "work", *folder],
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C is the server's: it lets its jobs save themselves
        stdin=subprocess.PIPE,  # which closes when the server ends or is killed
        stdout=log,
        stderr=log,
        env={**os.environ, "OMP_NUM_THREADS": "1", "AAE_DATA": str(data.root().resolve())},
    )


class Waiting:
    """At most one process that waits, where that is wanted."""

    def __init__(self, wanted: bool):
        self.wanted = wanted
        self.process: subprocess.Popen | None = None
        self.taken = -LATER  # when one was taken or started last, by time.monotonic()

    def keep(self) -> None:
        """Start one, where none waits and none was taken just now."""
        is_here = self.process is not None and self.process.poll() is None
        if self.wanted and not is_here and time.monotonic() - self.taken >= LATER:
            self.close()
            self.taken = time.monotonic()
            with contextlib.suppress(OSError):  # without it a job starts in a process of its own
                self.process = begin(subprocess.DEVNULL)

    def take(self, folder: Path) -> subprocess.Popen | None:
        """The process that waits, which now trains the job in the folder; None where none waits."""
        process, self.process = self.process, None
        self.taken = time.monotonic()
        job = {"folder": str(folder), "data": str(data.root().resolve())}
        try:
            if process:
                stdin_of(process).write(json.dumps(job).encode() + b"\n")
                stdin_of(process).flush()
        except BrokenPipeError:  # it has ended meanwhile
            end(cast(subprocess.Popen, process))
            return None
        return process

    def close(self) -> None:
        """End the process that waits."""
        if self.process:
            end(self.process)
        self.process = None


def end(process: subprocess.Popen) -> None:
    """End a process that has nothing to save."""
    process.kill()
    process.wait()
    with contextlib.suppress(BrokenPipeError):
        stdin_of(process).close()


def wait() -> Path | None:
    """In that process: import what trainings import where they need it, and wait for a job's folder.

    From then on the process writes into the job's log. None where the server has ended.
    """
    import sklearn.datasets
    import sklearn.metrics  # noqa: F401

    training.start(Config())  # torch's optimizers import more of it
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(0, 1)  # not a byte of the commands that follow
        if not more:
            return None
        line += more
    job = json.loads(line)
    os.environ["AAE_DATA"] = job["data"]
    with (Path(job["folder"]) / LOG).open("ab") as log:
        for output in (1, 2):
            os.dup2(log.fileno(), output)
    return Path(job["folder"])
