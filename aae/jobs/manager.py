"""The jobs of a folder, as the server has them: what visitors see, and what they may do."""

import contextlib
import functools
import time
from collections.abc import Iterator
from pathlib import Path

from aae.config import Config
from aae.jobs import records, requests, resuming
from aae.jobs.limits import Limits
from aae.jobs.listing import Listing
from aae.jobs.processes import Processes
from aae.jobs.queue import Queue
from aae.jobs.records import PAUSED, QUEUED, RUNNING, STOPPED, Job, JobError
from aae.jobs.requests import by_the_keeper, writing
from aae.jobs.rules import Rules
from aae.jobs.scheduler import Scheduler
from aae.jobs.serverlock import ServerLock
from aae.jobs.store import Store
from aae.sweeps import Plan


class Kept:
    """The jobs of a folder, at most `limit` of them running at once: what is seen of them, and what goes on by itself.

    Of several servers on one folder the first keeps the jobs, until it ends; the others ask it for what they want. Then
    one of them keeps the jobs, and those go on that ran. One_waits: whether a process is kept for the next job, with
    everything imported.
    """

    def __init__(self, folder: Path, limit: int, one_waits: bool = False):
        self.folder = Path(folder)
        self.store = Store(self.folder)
        self.processes = Processes(self.store, one_waits)
        self.queue = Queue(self.store)
        self.rules = Rules(self.store, limit)
        self.limits = Limits(self.rules)
        self.requests = requests.Requests(self.folder)
        self.server_lock = ServerLock(self.folder)
        self.listing = Listing(self.store, self.processes, self.queue, self.server_lock)
        self.scheduler = Scheduler(self.listing, self.rules, self.requests, functools.partial(requests.act_on, self))
        if self.scheduler.take_over():
            self.rules.reset()

    # What visitors see

    def all(self) -> list[Job]:
        """Every job that can be read, the newest first."""
        return self.listing.all()

    def damaged(self) -> list[str]:
        """What is in the folder and cannot be used, a line each."""
        return self.listing.damaged()

    def get(self, id: str) -> Job:
        """One job. Raises JobError."""
        return self.listing.get(id)

    def error(self, id: str) -> str:
        """Why a job failed."""
        return self.store.known_progress(id).error or self.processes.how_it_ended(id)

    def trouble(self) -> str:
        """Why nothing can be started or changed, or may not be saved, in a line; else nothing."""
        return self.server_lock.trouble()

    @property
    def is_elsewhere(self) -> bool:
        """Whether another server keeps these jobs."""
        return self.server_lock.is_elsewhere

    # What goes on by itself

    def look_after(self) -> None:
        """Tick in a thread of its own, until close()."""
        self.scheduler.look_after()

    def tick(self) -> None:
        """See which processes have ended, and start what may start."""
        self.scheduler.tick()

    def close(self) -> None:
        """Let every running job save itself, and wait for that: the server stops."""
        self.scheduler.close()


class Jobs(Kept):
    """What visitors do with the jobs."""

    @contextlib.contextmanager
    def _changing(self, what: str) -> Iterator[None]:
        """Whatever changes jobs, one at a time. Raises JobError for what cannot be changed or written."""
        with self.store.lock:
            if self.scheduler.closed.is_set():
                raise JobError("the server is ending: try again later")
            with writing(what):
                yield

    @by_the_keeper
    def submit(
        self, config: Config, name: str, owner: str, series: str = "", sweep: Plan | None = None, source: str = ""
    ) -> str:
        """Put a new job into the queue; its id. Raises JobError when there are too many, also of a network address."""
        with self._changing("the job could not be written"):
            name = records.checked_name(name)
            for job in self.crowded_out(owner, source=source):
                self._remove(job.id)
            created = max([time.time(), *(job.created + 1e-3 for job in self.all())])  # clocks are set back
            id = records.new_id()
            try:
                self.store.write_asked(id, records.Asked(name, owner, config, created, series, sweep))
                self.queue.add(id, list(self.processes.running))
            except OSError:
                self.store.discard(id)
                raise
            self.limits.addresses[id] = source
        self.tick()
        return id

    def crowded_out(self, owner: str, n: int = 1, source: str = "") -> list[Job]:
        """The ended jobs, oldest first, that make room when this visitor submits n more. Raises JobError."""
        return self.limits.crowded_out(self.all(), owner, source, n)

    @by_the_keeper
    def pause(self, id: str, owner: str) -> None:
        """Let the job save its state and end, to be resumed later."""
        self._end(id, owner, PAUSED)

    @by_the_keeper
    def stop(self, id: str, owner: str) -> None:
        """End the job; the run so far is kept."""
        self._end(id, owner, STOPPED)

    def _end(self, id: str, owner: str, wanted: str) -> None:
        with self._changing("the job could not be changed"):
            job = self.listing.own(id, owner)
            if job.status == QUEUED or id in self.listing.left:
                self.queue.drop(id)
                self.listing.left.discard(id)
                self.store.report_if_possible(id, wanted)
            elif job.status == RUNNING:
                self.processes.request(id, wanted)
            else:
                raise JobError(f"{job.name} is {job.status}: only what waits or runs can be {wanted}")

    @by_the_keeper
    def resume(self, id: str, owner: str, epochs: int = 0) -> None:
        """Queue a job from its last saved state: one that has stopped, or a finished one for so many more epochs."""
        with self._changing("the job could not be resumed"):
            job = self.listing.own(id, owner)
            changes = resuming.asked_anew(job, epochs, self.store.has_state(id))
            self.limits.check(self.all(), owner, self.limits.addresses.get(id, ""))
            self.store.ask_anew(id, **changes)
            self.queue.add(id, list(self.processes.running))
        self.tick()

    @by_the_keeper
    def put_first(self, id: str) -> None:
        """Let a waiting job be the next to start. Raises JobError."""
        with self._changing("the queue could not be changed"):
            self.queue.put_first(id)

    @by_the_keeper
    def delete(self, id: str, owner: str) -> None:
        """Remove a job and all its files."""
        with self._changing("the job could not be deleted"):
            self.listing.own(id, owner)
            self._remove(id)

    def _remove(self, id: str) -> None:
        self.processes.kill(id)
        self.store.remove(id)
        self.queue.drop(id)
        self.limits.addresses.pop(id, None)

    @by_the_keeper
    def rename(self, id: str, owner: str, name: str) -> None:
        """Give the job another name. Raises JobError."""
        with self._changing("the name could not be written"):
            self.listing.own(id, owner)
            self.store.ask_anew(id, name=records.checked_name(name))
