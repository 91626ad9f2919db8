"""The queue: the jobs that wait, in the order in which they will start."""

from aae.jobs.records import QUEUED, Job
from aae.jobs.store import Store


class Queue:
    """The ids of the waiting jobs, the next one first; their turns are written, so that the order outlives a server."""

    def __init__(self, store: Store):
        self.store = store
        self.ids: list[str] = []

    def place(self, id: str) -> int:
        """The job's place, from 1; 0 where it does not wait."""
        return self.ids.index(id) + 1 if id in self.ids else 0

    def add(self, id: str) -> None:
        """Put a job at the end. Raises OSError."""
        turn = self.store.known_progress(self.ids[-1]).turn + 1 if self.ids else 1
        self.store.report(id, QUEUED, turn=turn, error="", stage="", doing="")
        self.ids.append(id)

    def drop(self, id: str) -> None:
        """Take a job out, if it waits."""
        if id in self.ids:
            self.ids.remove(id)

    def restore(self, jobs: list[Job]) -> None:
        """Put those of the jobs that wait in the order of their turns."""
        waiting = [job for job in jobs if job.status == QUEUED]
        self.ids = [job.id for job in sorted(waiting, key=lambda job: job.progress.turn)]
