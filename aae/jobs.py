"""Training jobs: each a folder and, while it runs, a process `python -m aae work`; a queue with a limit."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aae import data, runs, training
from aae.config import Config, ConfigError

ROOT = Path(__file__).resolve().parents[1]
RUN = f"run{runs.SUFFIX}"
MAX_JOBS, MAX_PER_OWNER = 40, 4  # kept; waiting or running
N_SNAPSHOTS = 50  # at most, of a whole training
PUBLISH_EVERY, LOOK_EVERY = 2.0, 0.2  # seconds between two versions of the run, and two looks at what is wanted
LOG_TAIL = 2000  # characters
RUNNING, PAUSED, STOPPED, FINISHED, FAILED = "running", "paused", "stopped", "finished", "failed"
QUEUED, INTERRUPTED = "queued", "interrupted"


class JobError(ValueError):
    """What cannot be done with jobs now; the text says why and what to do."""


@dataclass(frozen=True)
class Job:
    """One training, as its folder and its process have it."""

    id: str
    name: str
    owner: str
    config: Config
    status: str
    progress: dict[str, Any] = field(default_factory=dict)  # step, steps, history, error
    place: int = 0  # in the queue, from 1

    @property
    def is_active(self) -> bool:
        return self.status in (QUEUED, RUNNING)


# The worker: one process trains one job


def work(folder: Path) -> int:
    """Train the folder's job until it is finished, or something else is wanted of it; the exit code."""
    os.nice(10)
    orphaned = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), orphaned.set()), daemon=True).start()
    try:
        train(folder, orphaned)
    except (training.Diverged, data.DataError, ConfigError, runs.RunError, OSError) as error:
        report(folder, FAILED, error=str(error))
        return 1
    return 0


def train(folder: Path, orphaned: threading.Event) -> None:
    """Train from the saved state, if there is one, publishing the run so far now and then."""
    config = Config.from_json(read(folder / "job.json")["config"])
    images = data.load(config.dataset, config.n_validation)
    saved = runs.state_path(folder / RUN)
    state = runs.load_state(saved) if saved.exists() else training.start(config)
    steps = training.steps_per_epoch(config, len(images.train.labels)) * config.epochs
    looked = published = 0.0

    def stop() -> bool:
        nonlocal looked
        if time.monotonic() - looked > LOOK_EVERY:
            looked = time.monotonic()
            report(folder, RUNNING, step=state.step, steps=steps, history=state.history)
            stop.now = orphaned.is_set() or read(folder / "job.json")["wanted"] != RUNNING
        return stop.now

    stop.now = False
    for _ in training.train(state, images, max(1, config.epochs // N_SNAPSHOTS), stop):
        if time.monotonic() - published > PUBLISH_EVERY:
            publish(folder, state, images)
            published = time.monotonic()
    wanted = FINISHED if state.step >= steps else read(folder / "job.json")["wanted"]
    publish(folder, state, images)
    if wanted == FINISHED:
        saved.unlink()
    status = INTERRUPTED if wanted == RUNNING else wanted
    report(folder, status, step=state.step, steps=steps, history=state.history)


def publish(folder: Path, state: training.State, images: data.Data) -> None:
    """Write the run as it is now, and the state from which it goes on."""
    runs.save_state(state, runs.state_path(folder / RUN))
    if state.history:
        runs.save(runs.finish(state, images, folder.name), folder / RUN)


def report(folder: Path, status: str, **progress: Any) -> None:
    """Say how far the job is."""
    told = {**read(folder / "progress.json"), **progress, "status": status}
    runs.write_atomically(folder / "progress.json", json.dumps(told).encode())


def read(path: Path) -> dict[str, Any]:
    """A JSON file, or {} where there is none."""
    return json.loads(path.read_text()) if path.exists() else {}


# The manager: one in a server


class Jobs:
    """All jobs of a folder, at most `limit` of them running at once."""

    def __init__(self, folder: Path, limit: int):
        self.folder, self.limit = Path(folder), limit
        self.processes: dict[str, subprocess.Popen] = {}
        self.queue: list[str] = []
        self.lock = threading.RLock()
        for job in self.all():
            if job.status == INTERRUPTED:
                self._want(job.id, INTERRUPTED)

    def all(self) -> list[Job]:
        """Every job, the newest first."""
        with self.lock:  # nobody deletes one meanwhile
            kept = sorted(self.folder.glob("*/job.json"), key=lambda path: read(path).get("created", 0), reverse=True)
            return [self.get(path.parent.name) for path in kept]

    def get(self, id: str) -> Job:
        """One job. Raises JobError."""
        kept, progress = read(self.folder / id / "job.json"), read(self.folder / id / "progress.json")
        if not kept:
            raise JobError(f"job {id!r} is not there any more: choose another")
        config = Config.from_json(kept["config"])
        place = self.queue.index(id) + 1 if id in self.queue else 0
        return Job(id, kept["name"], kept["owner"], config, self._status(id, kept, progress), progress, place)

    def _status(self, id: str, kept: dict, progress: dict) -> str:
        process, last = self.processes.get(id), progress.get("status")
        if process and process.poll() is None:
            return RUNNING
        if id in self.queue:
            return QUEUED
        if last in (FINISHED, FAILED, PAUSED, STOPPED):
            return last
        return FAILED if process and process.returncode not in (0, None) else INTERRUPTED

    def submit(self, config: Config, name: str, owner: str) -> str:
        """Put a new job into the queue; its id. Raises JobError when there are too many."""
        with self.lock:
            jobs = self.all()
            if len(jobs) >= MAX_JOBS:
                raise JobError(f"{len(jobs)} jobs are kept, and at most {MAX_JOBS} may be: delete one first")
            if sum(job.is_active for job in jobs if job.owner == owner) >= MAX_PER_OWNER:
                raise JobError(f"{MAX_PER_OWNER} of your jobs wait or run, which is the most: stop one, or wait")
            id = secrets.token_hex(6)
            kept = {"name": name, "owner": owner, "config": config.to_json(), "created": time.time()}
            self._write(id, {**kept, "wanted": RUNNING})
            self.queue.append(id)
        self.tick()
        return id

    def pause(self, id: str, owner: str) -> None:
        """Let the job save its state and end, to be resumed later."""
        self._end(id, owner, PAUSED)

    def stop(self, id: str, owner: str) -> None:
        """End the job; the run so far is kept."""
        self._end(id, owner, STOPPED)

    def _end(self, id: str, owner: str, status: str) -> None:
        with self.lock:
            job = self._own(id, owner)
            if job.status == QUEUED:
                self.queue.remove(id)
                report(self.folder / id, status)
            self._want(id, status)

    def resume(self, id: str, owner: str) -> None:
        """Queue a job that was paused, stopped, interrupted or failed, from its last saved state."""
        with self.lock:
            job = self._own(id, owner)
            if job.is_active or job.status == FINISHED:
                raise JobError(f"{job.name} is {job.status}: only what has stopped can be resumed")
            self._want(id, RUNNING)
            self._forget(id)
            self.queue.append(id)
        self.tick()

    def delete(self, id: str, owner: str) -> None:
        """Remove a job and all its files."""
        with self.lock:
            self._own(id, owner)
            if id in self.queue:
                self.queue.remove(id)
            self._forget(id)
            shutil.rmtree(self.folder / id)

    def _forget(self, id: str) -> None:
        """End the job's process, if it has one, at once."""
        process = self.processes.pop(id, None)
        if process:
            process.kill()
            process.wait()
            process.stdin.close()

    def rename(self, id: str, owner: str, name: str) -> None:
        """Give the job another name."""
        with self.lock:
            self._own(id, owner)
            self._write(id, {**read(self.folder / id / "job.json"), "name": name})

    def tick(self) -> None:
        """Start what may start."""
        with self.lock:
            running = sum(process.poll() is None for process in self.processes.values())
            while self.queue and running < self.limit:
                self._start(self.queue.pop(0))
                running += 1

    def _start(self, id: str) -> None:
        folder = (self.folder / id).resolve()
        report(folder, RUNNING, error=None)
        with (folder / "log.txt").open("ab") as log:
            self.processes[id] = subprocess.Popen(
                [sys.executable, "-m", "aae", "work", str(folder)],
                cwd=ROOT,
                stdin=subprocess.PIPE,  # which closes when the server dies, however it dies
                stdout=log,
                stderr=log,
                env={**os.environ, "OMP_NUM_THREADS": "1", "AAE_DATA": str(data.root().resolve())},
            )

    def error(self, id: str) -> str:
        """Why a job failed: what it said itself, else how its process ended, and the end of its log."""
        said = read(self.folder / id / "progress.json").get("error")
        if said:
            return said
        process, log = self.processes.get(id), self.folder / id / "log.txt"
        tail = log.read_text(errors="replace")[-LOG_TAIL:] if log.exists() else ""
        code = process.returncode if process else None
        how = f"killed by signal {-code}" if code and code < 0 else f"ended with code {code}"
        return f"the training process was {how}. {tail}".strip()

    def run_path(self, id: str) -> Path:
        """The run as last published."""
        return self.folder / id / RUN

    def close(self) -> None:
        """Let every running job save itself and end: the server stops."""
        for process in self.processes.values():
            process.stdin.close()

    def _own(self, id: str, owner: str) -> Job:
        job = self.get(id)
        if job.owner != owner:
            raise JobError(f"{job.name} belongs to another visitor: only they may change it")
        return job

    def _want(self, id: str, wanted: str) -> None:
        self._write(id, {**read(self.folder / id / "job.json"), "wanted": wanted})

    def _write(self, id: str, kept: dict[str, Any]) -> None:
        runs.write_atomically(self.folder / id / "job.json", json.dumps(kept).encode())
