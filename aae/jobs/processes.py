"""The processes of running jobs, one each: start, send commands, and handle their end."""

import contextlib
import signal
import subprocess
import time

from aae.jobs import records
from aae.jobs.records import FAILED, FINISHED, INTERRUPTED, PAUSED, PAUSING, RUNNING, STARTING, STOPPED, STOPPING
from aae.jobs.store import Store
from aae.jobs.waiting import Waiting, begin, stdin_of

CLOSING = 10  # seconds that a stopping server waits for its jobs to save themselves
PATIENCE = 30  # seconds that a job has for saving itself when it is to pause or to stop


class Processes:
    """The running jobs of a store."""

    def __init__(self, store: Store, one_waits: bool = False):
        self.store = store
        self.waiting = Waiting(one_waits)
        self.running: dict[str, subprocess.Popen] = {}
        self.requested: dict[str, tuple[str, float]] = {}  # what a running job is to become, and since when

    def start(self, id: str) -> None:
        """Start the job's process. Raises OSError."""
        folder = self.store.path(id).resolve()
        self.store.report(id, RUNNING, stage=STARTING, error="", doing="")
        with (folder / records.LOG).open("ab") as log:
            self.running[id] = self.waiting.take(folder) or begin(log, str(folder))

    def status(self, id: str, status: str) -> str:
        """The status of a job of which the last one that was written is this."""
        process = self.running.get(id)
        if process and process.poll() is None:
            wanted, _ = self.requested.get(id, (RUNNING, 0))
            return {PAUSED: PAUSING, STOPPED: STOPPING}.get(wanted, RUNNING)
        if status != RUNNING:
            return status
        return FAILED if process else INTERRUPTED

    def request(self, id: str, wanted: str) -> None:
        """Ask the job to pause or stop; before it trains there is nothing to save."""
        if self.store.known_progress(id).stage == STARTING:
            self.kill(id, wanted)
            return
        self.requested[id] = wanted, time.monotonic()
        process = self.running[id]
        with contextlib.suppress(BrokenPipeError):
            stdin_of(process).write(f"{wanted}\n".encode())
            stdin_of(process).flush()

    def kill(self, id: str, status: str = STOPPED) -> None:
        """End the job's process, if it has one, at once."""
        if id in self.running:
            self.requested[id] = status, time.monotonic()
            self.running[id].kill()
            self.running[id].wait()
            self._collect(id)

    def look(self) -> list[str]:
        """Handle processes that have ended, and end those that did not pause or stop in time; the jobs that ended."""
        ended = []
        for id, process in list(self.running.items()):
            wanted, since = self.requested.get(id, ("", 0))
            if process.poll() is not None:
                self._collect(id)
                ended.append(id)
            elif wanted and time.monotonic() - since > PATIENCE:
                process.kill()
        return ended

    def _collect(self, id: str) -> None:
        """Forget a process that has ended; write the status that it could not write itself."""
        said, (wanted, _) = self.store.known_progress(id).status, self.requested.get(id, ("", 0))
        if wanted and said not in (wanted, FINISHED, FAILED):
            self.store.report_if_possible(id, wanted)
        elif said == RUNNING and self.running[id].returncode:
            self.store.report_if_possible(id, FAILED, self.how_it_ended(id))
        elif said == RUNNING:
            self.store.report_if_possible(id, INTERRUPTED)
        stdin_of(self.running.pop(id)).close()
        self.requested.pop(id, None)

    def how_it_ended(self, id: str) -> str:
        """How the job's process ended, and the last line that it wrote."""
        process = self.running.get(id)
        code = process.poll() if process else None
        how = f"was killed by signal {-code}" if code and code < 0 else f"ended with code {code}"
        how += " (by hand, or for want of memory: try a smaller network or batch)" if code == -signal.SIGKILL else ""
        return f"the training process {how}. {records.log_tail(self.store.path(id))}".strip()

    def close(self) -> None:
        """Let every job save itself and end, and wait for that."""
        self.waiting.close()
        give_up = time.monotonic() + CLOSING
        for id, process in self.running.items():
            with contextlib.suppress(BrokenPipeError):
                stdin_of(process).close()
            if self.store.known_progress(id).stage == STARTING:
                process.kill()
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, give_up - time.monotonic()))
