"""Training jobs: each a folder and, while it runs, a process `python -m aae work`; a queue with a limit."""

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as serialize

from aae import data, explore, runs, timeline, training
from aae.config import Config, ConfigError

ROOT = Path(__file__).resolve().parents[1]
RUN = f"run{runs.SUFFIX}"
MAX_JOBS, MAX_KEPT_PER_OWNER, MAX_PER_OWNER = 100, 8, 4  # kept in all; of one visitor: kept, and waiting or running
OLD = 24 * 3600  # seconds after which an ended job makes room, when room is wanted
CLOSING = 10  # seconds that a stopping server waits for a job to save itself
MAX_NAME = 40  # characters
N_SNAPSHOTS, N_FRAMES = 10, 200  # at most: kept in the run; beside it, for the timeline
FRAME_SHARE, FRAME_CREDIT = 0.1, 1.0  # of the CPU time that frames may take, and seconds of it in advance
SAVE_EVERY, LOOK_EVERY = 5.0, 0.2  # seconds between two savings of the state, and two looks at what is wanted
SCENE, FRAMES = f"scene{runs.SUFFIX}", "frames"
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
    created: float = 0.0  # seconds since 1970
    series: str = ""  # jobs that were started together have it in common

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
    except (training.Diverged, data.DataError, ConfigError, runs.RunError) as error:
        report(folder, FAILED, error=str(error))
        return 1
    except OSError as error:
        report(folder, FAILED, error=f"could not be saved ({error}): make room on the disk, then resume")
        return 1
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "allocate" not in str(error):
            raise
        report(folder, FAILED, error=f"out of memory ({error}): use a smaller network, or a smaller batch_size")
        return 1
    return 0


def train(folder: Path, orphaned: threading.Event) -> None:
    """Train from the saved state, if there is one, with frames on the way and a run at the end."""
    config = Config.from_json(read(folder / "job.json")["config"])
    images = data.load_for(config)
    saved = runs.state_path(folder / RUN)
    state = runs.load_state(saved) if saved.exists() else training.start(config)
    steps = training.steps_per_epoch(config, len(images.train.labels)) * config.epochs
    worker = Worker(folder, state, images, orphaned, steps)
    worker.set_scene()
    for _ in training.train(state, images, max(1, config.epochs // N_SNAPSHOTS), worker.look_up):
        worker.save_now_and_then()
    wanted = FINISHED if state.step >= steps else read(folder / "job.json")["wanted"]
    worker.take_frame()
    runs.save_state(state, saved)
    if state.history:
        runs.save(runs.finish(state, images, folder.name), folder / RUN)
    if wanted == FINISHED:
        saved.unlink()
    worker.say(INTERRUPTED if wanted == RUNNING else wanted)


@dataclass
class Worker:
    """What a training process does beside training: frames, states, and looking up at what is wanted of it."""

    folder: Path
    state: training.State
    images: data.Data
    orphaned: threading.Event
    steps: int
    looked: float = 0.0
    saved: float = field(default_factory=time.monotonic)
    spent: float = 0.0  # CPU seconds for frames
    unwanted: bool = False

    def __post_init__(self):
        self.due = frozenset(timeline.moments(self.steps, N_FRAMES))

    def set_scene(self) -> None:
        """Write what is the same in all frames: the classes of the test images, and draws of the prior."""
        labels = self.images.test.labels[: timeline.MAX_CODES].to(torch.uint8)
        scene = {"labels": labels, "prior": explore.prior_samples(self.state.model).half()}
        runs.write_atomically(self.folder / SCENE, serialize(scene))

    def look_up(self) -> bool:
        """Called before each step: whether to stop training."""
        if self.state.step in self.due and self.spent < FRAME_SHARE * time.process_time() + FRAME_CREDIT:
            self.take_frame()
        if time.monotonic() - self.looked > LOOK_EVERY:
            self.looked = time.monotonic()
            self.say(RUNNING)
            self.unwanted = self.orphaned.is_set() or read(self.folder / "job.json")["wanted"] != RUNNING
        return self.unwanted

    def take_frame(self) -> None:
        """Write the frame of this step."""
        begin = time.process_time()
        content = serialize(timeline.frame(self.state.best_model, self.images.test))
        runs.write_atomically(frame_path(self.folder, self.state.step), content)
        self.spent += time.process_time() - begin

    def save_now_and_then(self) -> None:
        """Write the state from which a killed job goes on."""
        if time.monotonic() - self.saved > SAVE_EVERY:
            runs.save_state(self.state, runs.state_path(self.folder / RUN))
            self.saved = time.monotonic()

    def say(self, status: str) -> None:
        """Say how far the training is."""
        report(self.folder, status, step=self.state.step, steps=self.steps, history=self.state.history)


def frame_path(folder: Path, step: int) -> Path:
    """Where the frame of a step is kept."""
    return folder / FRAMES / f"{step}{runs.SUFFIX}"


def report(folder: Path, status: str, **progress: Any) -> None:
    """Say how far the job is."""
    told = {**read(folder / "progress.json"), **progress, "status": status}
    runs.write_atomically(folder / "progress.json", json.dumps(told).encode())


def read(path: Path) -> dict[str, Any]:
    """A JSON file, or {} where there is none."""
    return json.loads(path.read_text()) if path.exists() else {}


# The manager: one in a server


def checked_name(name: str) -> str:
    """The name without what surrounds it; other visitors see it. Raises JobError."""
    name = " ".join(name.split())
    if not re.fullmatch(rf"[\w .,+-]{{1,{MAX_NAME}}}", name):
        raise JobError(f"name={name[:60]!r}: must have 1 to {MAX_NAME} letters, digits, spaces, or any of .,+-_")
    return name


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
            found = [self._get_or_none(path.parent.name) for path in self.folder.glob("*/job.json")]
            return sorted((job for job in found if job), key=lambda job: job.created, reverse=True)

    def _get_or_none(self, id: str) -> Job | None:
        """One job, or None where another version wrote what this one cannot read."""
        try:
            return self.get(id)
        except (JobError, ConfigError, KeyError, ValueError):
            return None

    def get(self, id: str) -> Job:
        """One job. Raises JobError."""
        kept, progress = read(self.folder / id / "job.json"), read(self.folder / id / "progress.json")
        if not kept:
            raise JobError(f"job {id!r} is not there any more: choose another")
        config = Config.from_json(kept["config"])
        place = self.queue.index(id) + 1 if id in self.queue else 0
        status = self._status(id, kept, progress)
        created, series = kept.get("created", 0.0), kept.get("series", "")
        return Job(id, kept["name"], kept["owner"], config, status, progress, place, created, series)

    def _status(self, id: str, kept: dict, progress: dict) -> str:
        process, last = self.processes.get(id), progress.get("status")
        if process and process.poll() is None:
            return RUNNING
        if id in self.queue:
            return QUEUED
        if last in (FINISHED, FAILED, PAUSED, STOPPED):
            return last
        return FAILED if process and process.returncode not in (0, None) else INTERRUPTED

    def submit(self, config: Config, name: str, owner: str, series: str = "") -> str:
        """Put a new job into the queue; its id. Raises JobError when there are too many."""
        with self.lock:
            self.check_room(owner)
            id = secrets.token_hex(6)
            kept = {"name": checked_name(name), "owner": owner, "config": config.to_json(), "series": series}
            kept["created"] = time.time()
            try:
                self._write(id, {**kept, "wanted": RUNNING})
            except OSError as error:
                raise JobError(f"the job could not be written ({error}): make room on the disk") from error
            self.queue.append(id)
        self.tick()
        return id

    def check_room(self, owner: str, n: int = 1) -> None:
        """Raise JobError unless this visitor may submit so many jobs; the oldest ended ones make room."""
        jobs = self.all()
        while len(jobs) + n > MAX_JOBS and not jobs[-1].is_active and time.time() - jobs[-1].created > OLD:
            self.delete(jobs[-1].id, jobs.pop().owner)
        own = [job for job in jobs if job.owner == owner]
        if len(own) + n > MAX_KEPT_PER_OWNER:
            raise JobError(f"{len(own)} of your jobs are kept, and at most {MAX_KEPT_PER_OWNER} may be: delete one")
        if len(jobs) + n > MAX_JOBS:
            raise JobError(f"{len(jobs)} jobs are kept, and at most {MAX_JOBS} may be: somebody must delete one first")
        self._check_active(own, n)

    def _check_active(self, own: list[Job], n: int = 1) -> None:
        if sum(job.is_active for job in own) + n > MAX_PER_OWNER:
            raise JobError(f"at most {MAX_PER_OWNER} of your jobs may wait or run: stop one, or wait")

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
            self._check_active([other for other in self.all() if other.owner == owner])
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
        """Give the job another name. Raises JobError."""
        with self.lock:
            self._own(id, owner)
            self._write(id, {**read(self.folder / id / "job.json"), "name": checked_name(name)})

    def tick(self) -> None:
        """Start what may start."""
        with self.lock:
            running = sum(process.poll() is None for process in self.processes.values())
            while self.queue and running < self.limit:
                self._try_to_start(self.queue[0])
                self.queue.pop(0)  # not before: whoever looks meanwhile would take it for interrupted
                running += 1

    def _try_to_start(self, id: str) -> None:
        try:
            self._start(id)
        except OSError as error:
            with contextlib.suppress(OSError):
                report(self.folder / id, FAILED, error=f"could not be started ({error}): make room, then resume")

    def _start(self, id: str) -> None:
        folder = (self.folder / id).resolve()
        report(folder, RUNNING, error=None)
        with (folder / "log.txt").open("ab") as log:
            self.processes[id] = subprocess.Popen(
                [sys.executable, "-m", "aae", "work", str(folder)],
                cwd=ROOT,
                start_new_session=True,  # Ctrl-C is the server's: it lets its jobs save themselves
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
        how += " (by hand, or for want of memory: try a smaller network or batch)" if code == -signal.SIGKILL else ""
        return f"the training process was {how}. {tail}".strip()

    def run_path(self, id: str) -> Path:
        """The run, once training has finished or stopped."""
        return self.folder / id / RUN

    def frames(self, id: str) -> list[int]:
        """The steps of which there are frames."""
        return sorted(int(path.stem) for path in (self.folder / id / FRAMES).glob(f"*{runs.SUFFIX}"))

    def close(self) -> None:
        """Let every running job save itself, and wait for that: the server stops."""
        for process in self.processes.values():
            process.stdin.close()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(CLOSING)

    def _own(self, id: str, owner: str) -> Job:
        job = self.get(id)
        if job.owner != owner:
            raise JobError(f"{job.name} belongs to another visitor: only they may change it")
        return job

    def _want(self, id: str, wanted: str) -> None:
        self._write(id, {**read(self.folder / id / "job.json"), "wanted": wanted})

    def _write(self, id: str, kept: dict[str, Any]) -> None:
        runs.write_atomically(self.folder / id / "job.json", json.dumps(kept).encode())
