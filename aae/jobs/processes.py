"""The running jobs: start, send commands, and handle their end."""

import time

from aae.jobs import engine, records
from aae.jobs.records import FAILED, FINISHED, INTERRUPTED, PAUSED, PAUSING, RUNNING, STARTING, STOPPED, STOPPING
from aae.jobs.store import Store

CLOSING = 10  # seconds that a stopping server waits for its jobs to save themselves
PATIENCE = 30  # seconds that a job has for saving itself when it is to pause or to stop


class Processes:
    """The running jobs of a store. Raises ClusterError where the cluster that is asked for cannot be used."""

    def __init__(self, store: Store, one_waits: bool = False):
        self.store = store
        self.engine = engine.make(one_waits)
        self.running: dict[str, engine.Run] = {}
        self.requested: dict[str, tuple[str, float]] = {}  # what a running job is to become, and since when

    def start(self, id: str) -> None:
        """Start the job. Raises OSError."""
        self.store.report(id, RUNNING, stage=STARTING, error="", doing="")
        self.running[id] = self.engine.start(self.store.path(id).resolve())

    def status(self, id: str, status: str) -> str:
        """The status of a job of which the last one that was written is this."""
        run = self.running.get(id)
        if run and run.poll() is None:
            wanted, _ = self.requested.get(id, (RUNNING, 0))
            return {PAUSED: PAUSING, STOPPED: STOPPING}.get(wanted, RUNNING)
        if status != RUNNING:
            return status
        return FAILED if run else INTERRUPTED

    def request(self, id: str, wanted: str) -> None:
        """Ask the job to pause or stop; before it trains there is nothing to save."""
        if self.store.known_progress(id).stage == STARTING:
            self.kill(id, wanted)
            return
        self.requested[id] = wanted, time.monotonic()
        self.running[id].send(wanted)

    def kill(self, id: str, status: str = STOPPED) -> None:
        """End the job, if it runs, at once."""
        if id in self.running:
            self.requested[id] = status, time.monotonic()
            self.running[id].end()
            self._collect(id)

    def look(self) -> list[str]:
        """Handle jobs that have ended, and end those that did not pause or stop in time; the jobs that ended."""
        ended = []
        for id, run in list(self.running.items()):
            wanted, since = self.requested.get(id, ("", 0))
            if run.poll() is not None:
                self._collect(id)
                ended.append(id)
            elif wanted and time.monotonic() - since > PATIENCE:
                run.end()
        return ended

    def _collect(self, id: str) -> None:
        """Forget a job that has ended; write the status that it could not write itself."""
        self.store.refresh(id)
        said, (wanted, _) = self.store.known_progress(id).status, self.requested.get(id, ("", 0))
        if wanted and said not in (wanted, FINISHED, FAILED):
            self.store.report_if_possible(id, wanted)
        elif said == RUNNING and self.running[id].poll():
            self.store.report_if_possible(id, FAILED, self.how_it_ended(id))
        elif said == RUNNING:
            self.store.report_if_possible(id, INTERRUPTED)
        self.running.pop(id).hang_up()
        self.requested.pop(id, None)

    def how_it_ended(self, id: str) -> str:
        """How the job ended, and the last line that it wrote."""
        how = self.running[id].how() if id in self.running else "has ended"
        return f"the training process {how}. {records.log_tail(self.store.path(id))}".strip()

    def close(self) -> None:
        """Let every job save itself and end, and wait for that."""
        self.engine.close()
        give_up = time.monotonic() + CLOSING
        for id, run in self.running.items():
            run.hang_up()
            if self.store.known_progress(id).stage == STARTING:
                run.end()
        while any(run.poll() is None for run in self.running.values()) and time.monotonic() < give_up:
            time.sleep(0.02)
