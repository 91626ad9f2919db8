"""The list of jobs: what files, processes and the queue together say of each."""

from aae.jobs.processes import Processes
from aae.jobs.queue import Queue
from aae.jobs.records import INTERRUPTED, RUNNING, Damaged, Job, JobError
from aae.jobs.serverlock import ServerLock
from aae.jobs.store import Store
from aae.texts import quoted, shown


class Listing:
    """The jobs of a store, each as it is now."""

    def __init__(self, store: Store, processes: Processes, queue: Queue, server_lock: ServerLock):
        self.store, self.processes, self.queue, self.server_lock = store, processes, queue, server_lock
        self.left: set[str] = set()  # jobs that run, or ran, under another server: they go on if it ends

    def all(self) -> list[Job]:
        """Every job that can be read, the newest first."""
        return self._scan()[0]

    def damaged(self) -> list[str]:
        """What is in the folder and cannot be used, a line each."""
        return self._scan()[1]

    def _scan(self) -> tuple[list[Job], list[str]]:
        found, damaged = [], []
        with self.store.lock:  # so that none is deleted meanwhile
            for id in self.store.ids():
                try:
                    found.append(self._job(id))
                except Damaged as error:
                    damaged.append(f"{shown(id)}: {error} (left out)")
                    continue
                try:
                    self.store.progress(id)
                except Damaged as error:
                    damaged.append(f"{id}: {error} (the job is shown without it)")
        return sorted(found, key=lambda job: job.created, reverse=True), sorted(damaged)

    def get(self, id: str) -> Job:
        """One job. Raises JobError."""
        with self.store.lock:
            try:
                return self._job(id)
            except Damaged as error:
                raise JobError(f"job {quoted(id)} is not there, or damaged ({error}): choose another") from error

    def own(self, id: str, owner: str) -> Job:
        """One job of this visitor. Raises JobError."""
        job = self.get(id)
        if not job.belongs_to(owner):
            raise JobError(f"{job.name} belongs to another visitor: only they may change it")
        return job

    def _job(self, id: str) -> Job:
        """One job. Raises Damaged."""
        asked, progress, place = self.store.asked(id), self.store.known_progress(id), self.queue.place(id)
        elsewhere = self.server_lock.is_elsewhere
        status = progress.status if elsewhere else self.processes.status(id, progress.status)
        status = RUNNING if id in self.left and status == INTERRUPTED else status
        about = asked.created, asked.series, asked.sweep
        return Job(id, asked.name, asked.owner, asked.config, status, progress, place, *about)
