"""The jobs of a folder: a queue with a limit, kept by one server at a time."""

import contextlib
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aae.config import Config
from aae.jobs import records
from aae.jobs.locks import ServerLock, is_writable
from aae.jobs.processes import Processes
from aae.jobs.records import FAILED, FINISHED, PAUSED, QUEUED, RUNNING, STOPPED, Damaged, Job, JobError
from aae.jobs.store import Store
from aae.texts import quoted, shown

MAX_JOBS, MAX_KEPT_PER_OWNER, MAX_PER_OWNER = 100, 8, 4  # kept in all; of one visitor: kept, and waiting or running
TICK = 0.3  # seconds between two looks at the queue
LITTLE = 50_000_000  # bytes left on the disk, below which trainings may not be saved
KEPT_ELSEWHERE = "another server keeps these jobs: here they can be watched, there they can be changed"


class Jobs:
    """All jobs of a folder, at most `limit` of them running at once.

    Of several servers on one folder the first keeps the jobs, until it ends; the others look on.
    """

    def __init__(self, folder: Path, limit: int):
        self.folder, self.limit = Path(folder), limit
        self.store = Store(self.folder)
        self.processes = Processes(self.store)
        self.queue: list[str] = []
        self.lock = threading.RLock()
        self._server_lock = ServerLock(self.folder)
        self._ticker: threading.Thread | None = None
        self._closed = threading.Event()
        self._take_over()

    # Looking

    def all(self) -> list[Job]:
        """Every job that can be read, the newest first."""
        return self._scan()[0]

    def damaged(self) -> list[str]:
        """What is in the folder and cannot be used, a line each."""
        return self._scan()[1]

    def _scan(self) -> tuple[list[Job], list[str]]:
        found, damaged = [], []
        with self.lock:  # so that none is deleted meanwhile
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
        with self.lock:
            try:
                return self._job(id)
            except Damaged as error:
                raise JobError(f"job {quoted(id)} is not there, or damaged ({error}): choose another") from error

    def _job(self, id: str) -> Job:
        """One job. Raises Damaged."""
        asked, progress = self.store.asked(id), self.store.known_progress(id)
        place = self.queue.index(id) + 1 if id in self.queue else 0
        elsewhere = self._server_lock.is_elsewhere
        status = progress.status if elsewhere else self.processes.status(id, progress.status)
        return Job(id, asked.name, asked.owner, asked.config, status, progress, place, asked.created, asked.series)

    def history(self, id: str) -> list[dict[str, float]]:
        """The figures of each epoch so far."""
        with self.lock:
            return self.store.history(id)

    def error(self, id: str) -> str:
        """Why a job failed."""
        return self.store.known_progress(id).error or self.processes.how_it_ended(id)

    def run_path(self, id: str) -> Path:
        """The run, once training has finished or stopped."""
        return self.store.path(id, records.RUN)

    def frames(self, id: str) -> list[int]:
        """The steps of which there are frames."""
        return records.frame_steps(self.store.path(id))

    # What visitors do

    @contextlib.contextmanager
    def _changing(self, what: str) -> Iterator[None]:
        """Whatever changes jobs, one at a time. Raises JobError for what cannot be changed or written."""
        with self.lock:
            if self._server_lock.is_elsewhere or self._closed.is_set():
                raise JobError(KEPT_ELSEWHERE if not self._closed.is_set() else "the server is ending: try again later")
            try:
                yield
            except OSError as error:
                remedy = "make room on the disk, or let its folder be written"
                raise JobError(f"{what} ({error.strerror or error}): {remedy}") from error

    def submit(self, config: Config, name: str, owner: str, series: str = "") -> str:
        """Put a new job into the queue; its id. Raises JobError when there are too many."""
        with self._changing("the job could not be written"):
            asked: dict[str, Any] = {
                "name": records.checked_name(name),
                "owner": owner,
                "config": config.to_json(),
                "series": series,
            }
            for job in self.crowded_out(owner):
                self._remove(job.id)
            asked["created"] = max([time.time(), *(job.created + 1e-3 for job in self.all())])  # clocks are set back
            id = secrets.token_hex(6)
            try:
                records.write_object(self.store.path(id, records.ASKED), asked)
                self._enqueue(id)
            except OSError:
                shutil.rmtree(self.store.path(id), ignore_errors=True)
                raise
        self.tick()
        return id

    def crowded_out(self, owner: str, n: int = 1) -> list[Job]:
        """The ended jobs, oldest first, that make room when this visitor submits n more. Raises JobError."""
        jobs = self.all()
        own = [job for job in jobs if job.belongs_to(owner)]
        self._check_active(own, n)
        gone = _oldest_ended(own, len(own) + n - MAX_KEPT_PER_OWNER)
        short = len(jobs) - len(gone) + n - MAX_JOBS
        others = _oldest_ended([job for job in jobs if job not in gone], short)
        if len(others) < short:
            raise JobError(f"{MAX_JOBS} jobs wait or run, and no more may: wait until one of them has ended")
        return gone + others

    def _check_active(self, own: list[Job], n: int = 1) -> None:
        if sum(job.is_active for job in own) + n > MAX_PER_OWNER:
            raise JobError(f"at most {MAX_PER_OWNER} of your jobs may wait or run: stop one, or wait")

    def _enqueue(self, id: str) -> None:
        turn = self.store.known_progress(self.queue[-1]).turn + 1 if self.queue else 1
        self.store.report(id, QUEUED, turn=turn, error="", stage="", doing="")
        self.queue.append(id)

    def pause(self, id: str, owner: str) -> None:
        """Let the job save its state and end, to be resumed later."""
        self._end(id, owner, PAUSED)

    def stop(self, id: str, owner: str) -> None:
        """End the job; the run so far is kept."""
        self._end(id, owner, STOPPED)

    def _end(self, id: str, owner: str, wanted: str) -> None:
        with self._changing("the job could not be changed"):
            job = self._own(id, owner)
            if job.status == QUEUED:
                self.queue.remove(id)
                self.store.report_if_possible(id, wanted)
            elif job.status == RUNNING:
                self.processes.request(id, wanted)
            else:
                raise JobError(f"{job.name} is {job.status}: only what waits or runs can be {wanted}")

    def resume(self, id: str, owner: str) -> None:
        """Queue a job that was paused, stopped, interrupted or failed, from its last saved state."""
        with self._changing("the job could not be resumed"):
            job = self._own(id, owner)
            if job.is_active or job.status == FINISHED:
                raise JobError(f"{job.name} is {job.status}: only what has stopped can be resumed")
            self._check_active([other for other in self.all() if other.belongs_to(owner)])
            self._enqueue(id)
        self.tick()

    def delete(self, id: str, owner: str) -> None:
        """Remove a job and all its files."""
        with self._changing("the job could not be deleted"):
            self._own(id, owner)
            self._remove(id)

    def _remove(self, id: str) -> None:
        self.processes.kill(id)
        self.store.remove(id)
        if id in self.queue:
            self.queue.remove(id)

    def rename(self, id: str, owner: str, name: str) -> None:
        """Give the job another name. Raises JobError."""
        with self._changing("the name could not be written"):
            self._own(id, owner)
            path = self.store.path(id, records.ASKED)
            records.write_object(path, {**records.read_object(path), "name": records.checked_name(name)})

    def _own(self, id: str, owner: str) -> Job:
        job = self.get(id)
        if not job.belongs_to(owner):
            raise JobError(f"{job.name} belongs to another visitor: only they may change it")
        return job

    # What goes on by itself

    def look_after(self) -> None:
        """Tick in a thread of its own, until close()."""
        self._ticker = threading.Thread(target=self._tick_on, name="jobs", daemon=True)
        self._ticker.start()

    def _tick_on(self) -> None:
        while not self._closed.wait(TICK):
            try:
                self.tick()
            except Exception:
                logging.getLogger(__name__).exception("an update of the queue failed")

    def tick(self) -> None:
        """See which processes have ended, and start what may start."""
        with self.lock:
            if self._closed.is_set() or not (self._server_lock.is_held() or self._take_over()):
                return
            self.processes.look()
            while self.queue and len(self.processes.running) < self.limit and is_writable(self.folder):
                self._try_to_start(self.queue[0])
                self.queue.pop(0)  # not before: it would be shown as interrupted meanwhile

    def _take_over(self) -> bool:
        """Take the folder's lock, if it is free, and restore the queue; whether this server holds it now."""
        keeps = self._server_lock.acquire()
        waiting = [job for job in self.all() if job.status == QUEUED]
        self.queue = [job.id for job in sorted(waiting, key=lambda job: job.progress.turn)]
        if keeps:
            self.store.sweep()
        return keeps

    def _try_to_start(self, id: str) -> None:
        try:
            self.processes.start(id)
        except OSError as error:
            problem = f"could not be started ({error.strerror or error}): make room, then resume"
            self.store.report_if_possible(id, FAILED, problem)

    def trouble(self) -> str:
        """Why nothing can be started or changed, or may not be saved, in a line; else nothing."""
        lock = self._server_lock
        if lock.is_elsewhere:
            return KEPT_ELSEWHERE
        if lock.trouble or not is_writable(self.folder):
            problem = lock.trouble or "cannot be written"
            return f"the folder of the jobs {problem}: they can be watched, but not started or changed"
        with contextlib.suppress(OSError):
            if (free := shutil.disk_usage(self.folder).free) < LITTLE:
                return f"only {free / 1e6:.0f} MB are free on the disk: a training may not be saved"
        return ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether another server keeps these jobs."""
        return self._server_lock.is_elsewhere

    def close(self) -> None:
        """Let every running job save itself, and wait for that: the server stops."""
        self._closed.set()
        if self._ticker:
            self._ticker.join()
        with self.lock:
            self.processes.close()
            self._server_lock.release()


def _oldest_ended(jobs: list[Job], n: int) -> list[Job]:
    """Up to n of the jobs that have ended, the oldest first."""
    return [job for job in reversed(jobs) if not job.is_active][: max(0, n)]
