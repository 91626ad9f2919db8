"""Jobs on a Ray cluster, whose nodes see the same folders: in Ray's processes, which have imported everything."""

import contextlib
import os
import signal
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import torch

from aae import cluster, locks, storage
from aae.jobs import records, waiting, worker
from aae.jobs.control import FileControl, write_wanted
from aae.texts import one_line

LOSSES = 10  # of nodes or processes, after which a job that came no further has failed
MAX_SAID = 200  # characters of Ray's message
PATIENCE = 10.0  # seconds that a process has for ending, once it is killed


class Remote:
    """Starts jobs on the cluster. Raises ClusterError."""

    def __init__(self) -> None:
        for _ in range(cluster.places()):
            cluster.submit(waiting.import_all)

    def start(self, folder: Path) -> "RemoteRun":
        """Let a node train the job of a folder as soon as one is free. Raises OSError."""
        return RemoteRun(folder)

    def keep_ready(self) -> None:
        """Ray keeps its processes."""

    def close(self) -> None:
        """Ray keeps its processes."""


class RemoteRun:
    """A job on the cluster, begun again from its saved state where its node, or its process there, is lost."""

    def __init__(self, folder: Path):
        self.folder, self.losses = folder, 0
        self.code: int | None = None
        self.is_killed, self.said = False, ""
        write_wanted(folder, records.RUNNING)
        self._begin()

    def _begin(self) -> None:
        self.step = self._step()
        self.reference = cluster.submit(train, storage.address(self.folder))
        self.outcome = self.reference.future()

    def _step(self) -> int:
        with contextlib.suppress(records.Damaged):
            return records.parse_progress(records.read_object(self.folder / records.PROGRESS)).step
        return 0

    def poll(self) -> int | None:
        """The exit code, once it has ended; what was lost begins again."""
        if self.code is None and self.outcome.done():
            error = self.outcome.exception()
            self.code = self.outcome.result() if error is None else self._failed(error)
        return self.code

    def _failed(self, error: BaseException) -> int | None:
        """The exit code; None where it begins again."""
        self.said = one_line(str(error).strip().rpartition("\n")[2], MAX_SAID)
        if self.is_killed or not cluster.is_loss(error):
            return -signal.SIGKILL
        self.losses = 1 if self._step() > self.step else self.losses + 1
        if self.losses >= LOSSES:
            return -signal.SIGKILL
        self._begin()
        return None

    def send(self, wanted: str) -> None:
        """Ask it to save itself and to end as paused or stopped."""
        write_wanted(self.folder, wanted)

    def hang_up(self) -> None:
        """Ask it to save itself and to end, to be resumed later."""
        if self.code is None:
            write_wanted(self.folder, records.INTERRUPTED)

    def end(self) -> None:
        """End it at once, and wait for that."""
        self.is_killed = True
        cluster.cancel(self.reference)
        give_up = time.monotonic() + PATIENCE
        while (self.poll() is None or locks.is_locked(self.folder / records.LOCK)) and time.monotonic() < give_up:
            time.sleep(0.02)

    def how(self) -> str:
        """How it ended, in words."""
        lost = f" ({self.losses} times before it came further)" if self.losses >= LOSSES else ""
        return f"on the cluster was lost{lost}: {self.said}" if self.said else f"ended with code {self.code}"


def train(folder: str) -> int:
    """On a node: train the job of a folder, or of a URL; the exit code."""
    torch.set_num_threads(1)
    worker.give_way()
    storage.be_patient(worker.PATIENCE)
    place = storage.place_one(folder)
    with written_into(place / records.LOG):
        try:
            return worker.run(place, FileControl(place))
        except Exception:
            traceback.print_exc()
            return 1


@contextlib.contextmanager
def written_into(path: Path) -> Iterator[None]:
    """Write what this process says into a file."""
    before = [os.dup(output) for output in (1, 2)]
    with path.open("ab") as log:
        for output in (1, 2):
            os.dup2(log.fileno(), output)
    try:
        yield
    finally:
        for output, kept in zip((1, 2), before, strict=True):
            os.dup2(kept, output)
            os.close(kept)
