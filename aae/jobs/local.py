"""Jobs as processes of this machine; one has imported everything and waits for the next job."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, cast

from aae import data, storage
from aae.jobs.records import LOG

ROOT = Path(__file__).resolve().parents[2]
LATER = 5.0  # seconds after one was taken, in which the training has the processor to itself


class Process(subprocess.Popen):
    """A process that trains a job, or waits for one."""

    @property
    def commands(self) -> IO[bytes]:
        """The pipe through which it receives its job and commands."""
        return cast(IO[bytes], self.stdin)

    def write(self, line: str) -> None:
        """Write a line into its pipe. Raises BrokenPipeError where it has ended."""
        self.commands.write(line.encode() + b"\n")
        self.commands.flush()

    def send(self, wanted: str) -> None:
        """Ask it to save itself and to end as paused or stopped."""
        with contextlib.suppress(BrokenPipeError):
            self.write(wanted)

    def hang_up(self) -> None:
        """Close its pipe: it saves itself and ends, to be resumed later."""
        with contextlib.suppress(BrokenPipeError):
            self.commands.close()

    def end(self) -> None:
        """End it at once, and wait for that."""
        self.kill()
        self.wait()

    def how(self) -> str:
        """How it ended, in words."""
        code = self.poll()
        how = f"was killed by signal {-code}" if code and code < 0 else f"ended with code {code}"
        by_hand = " (by hand, or for want of memory: try a smaller network or batch)"
        return how + by_hand * (code == -signal.SIGKILL)


def begin(log: IO[bytes] | int, *folder: str) -> Process:
    """A process that trains the job in a folder; without one it waits for it. Raises OSError."""
    return Process(
        [sys.executable, "-m", "aae", "work", *folder],
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C is the server's: it lets its jobs save themselves
        stdin=subprocess.PIPE,  # which closes when the server ends or is killed
        stdout=log,
        stderr=log,
        env={**os.environ, "OMP_NUM_THREADS": "1", "AAE_DATA": storage.address(data.root())},
    )


class Local:
    """Starts processes; at most one waits, where that is wanted."""

    def __init__(self, one_waits: bool):
        self.one_waits = one_waits
        self.process: Process | None = None
        self.taken = -LATER  # when one was taken or started last, by time.monotonic()

    def start(self, folder: Path) -> Process:
        """Train the job of a folder. Raises OSError."""
        with (folder / LOG).open("ab") as log:
            return self.take(folder) or begin(log, storage.address(folder))

    def keep_ready(self) -> None:
        """Let one wait, where none waits and none was taken just now."""
        is_here = self.process is not None and self.process.poll() is None
        if self.one_waits and not is_here and time.monotonic() - self.taken >= LATER:
            self.close()
            self.taken = time.monotonic()
            with contextlib.suppress(OSError):  # without it a job starts in a process of its own
                self.process = begin(subprocess.DEVNULL)

    def take(self, folder: Path) -> Process | None:
        """The process that waits, which now trains the job in the folder; None where none waits."""
        process, self.process = self.process, None
        self.taken = time.monotonic()
        if process:
            try:
                job = {"folder": storage.address(folder), "data": storage.address(data.root())}
                process.write(json.dumps({**job, "log": str(folder / LOG)}))
            except BrokenPipeError:  # it has ended meanwhile
                process.end()
                process.hang_up()
                return None
        return process

    def close(self) -> None:
        """End the process that waits."""
        if self.process:
            self.process.end()
            self.process.hang_up()
        self.process = None
