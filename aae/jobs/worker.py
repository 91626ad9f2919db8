"""The worker: one process trains one job until it is done or asked to stop."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as serialize

from aae import data, files, locks, runs, storage, sweeps, training
from aae.analysis import planes
from aae.config import ConfigError, environment
from aae.jobs import records, sweeping, waiting
from aae.jobs.control import REPORT_EVERY, Control, now_and_then
from aae.jobs.records import FAILED, FINISHED, FINISHING, RUNNING, TRAINING
from aae.training import frames

N_SNAPSHOTS, N_FRAMES = 10, 200  # at most: kept in the run; beside it, for the timeline
FRAME_SHARE, FRAME_CREDIT = 0.1, 1.0  # of the CPU time that frames may take, and seconds of it in advance
SAVE_EVERY = 5.0  # seconds between two savings of the state
PATIENCE = 60.0  # seconds for which a store that does not answer is asked again
LOCK_PATIENCE = 30.0  # seconds that a process of before has for ending
EXPECTED = (
    training.Diverged, data.DataError, ConfigError, records.Damaged, records.JobError, sweeps.SweepError
)  # fmt: skip


def work(folder: Path | None) -> int:
    """Train the folder's job until it is done or asked to stop; without a folder wait for one; the exit code."""
    give_way()
    folder = folder or waiting.wait()
    if folder is None:
        return 0
    storage.be_patient(PATIENCE)
    control = Control()
    control.listen()
    return run(Path(folder), control)


def give_way() -> None:
    """Let visitors come first, also where this process has done so before. Raises ConfigError."""
    os.nice(max(0, environment.niceness() - os.getpriority(os.PRIO_PROCESS, 0)))


def run(folder: Path, control: Control) -> int:
    """Train the folder's job, and say why where that fails; the exit code."""
    try:
        with locked(folder):
            train(folder, control)
    except EXPECTED as error:
        return fail(folder, str(error))
    except (OSError, runs.RunError) as error:
        cause = error if isinstance(error, OSError) else error.__cause__
        if not isinstance(cause, OSError):
            return fail(folder, str(error))
        remedy = "resume later" if storage.of(folder) else "make room on the disk, then resume"
        return fail(folder, f"could not be saved ({cause.strerror or cause}): {remedy}")
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "allocate" not in str(error):
            raise
        return fail(folder, f"out of memory ({error}): use a smaller network, or a smaller batch_size")
    return 0


def fail(folder: Path, why: str) -> int:
    """Say why the job failed, in the log too: it may be all that can be written."""
    with contextlib.suppress(OSError):
        print(why, file=sys.stderr, flush=True)
    with contextlib.suppress(OSError):
        records.report(folder, FAILED, error=why, stage="", doing="")
    return 1


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the one process that trains in this folder. Raises JobError."""
    give_up = time.monotonic() + LOCK_PATIENCE
    while (held := locks.try_to_lock(folder / records.LOCK)) is None:
        if time.monotonic() > give_up:
            raise records.JobError("another process, left by a server that died, still trains this job: resume later")
        time.sleep(0.1)
    try:
        yield
    finally:
        locks.release(held)


def train(folder: Path, control: Control) -> None:
    """Train from the saved state, if there is one, with frames on the way and a run at the end."""
    records.sweep(folder)
    asked = records.parse_asked(records.read_object(folder / records.ASKED))
    if asked.sweep:
        sweeping.sweep(folder, asked.sweep, control)
        return
    config = asked.config
    images = data.load_for(config, now_and_then(lambda text: records.report(folder, RUNNING, False, doing=text)))
    saved = runs.state_path(folder / records.RUN)
    state = runs.load_state(saved) if saved.exists() else training.start(config)
    if state.config != config:
        training.go_on(state, config)
    steps = training.steps_per_epoch(config, len(images.train.labels)) * config.epochs
    worker = Worker(folder, state, images, control, steps)
    worker.begin()
    for record in training.train(state, images, max(1, config.epochs // N_SNAPSHOTS), worker.look_up, worker.tell):
        worker.end_epoch(record)
    worker.finish(saved)


@dataclass
class Worker:
    """What a training process does beside training: frames, states, reports, and what the server wants of it."""

    folder: Path
    state: training.State
    images: data.Data
    control: Control
    steps: int
    reported: float = 0.0
    saved: float = field(default_factory=time.monotonic)
    spent: float = 0.0  # CPU seconds for frames

    def __post_init__(self):
        self.due = frozenset(frames.moments(self.steps, N_FRAMES))

    def begin(self) -> None:
        """Write the scene and the history so far, and report that training begins: now there is a state to save."""
        self.set_scene()
        records.write_history(self.folder, self.state.history)
        self.control.has_begun = True
        self.say(RUNNING, TRAINING)

    def set_scene(self) -> None:
        """Write what is the same in all frames: the classes of the test images, and draws of the prior."""
        labels = self.images.test.labels[: frames.MAX_CODES].to(torch.uint8)
        scene = {"labels": labels, "prior": planes.prior_samples(self.state.model).half()}
        files.write_atomically(self.folder / records.SCENE, serialize(scene))

    def look_up(self) -> bool:
        """Called before each step: whether to stop training."""
        if self.state.step in self.due and self.spent < FRAME_SHARE * time.process_time() + FRAME_CREDIT:
            self.take_frame()
        if time.monotonic() - self.reported > REPORT_EVERY:
            self.say(RUNNING, TRAINING)
        return self.control.wanted != RUNNING

    def tell(self, doing: str) -> None:
        """Say what is done between two steps."""
        self.say(RUNNING, TRAINING, doing)

    def take_frame(self) -> None:
        """Write the frame of this step."""
        begin = time.process_time()
        content = serialize(frames.frame(self.state.best_model, self.images.test))
        files.write_atomically(records.frame_path(self.folder, self.state.step), content)
        self.spent += time.process_time() - begin

    def end_epoch(self, record: dict[str, Any]) -> None:
        """Write what the epoch came to, and now and then the state from which a killed job goes on."""
        records.append_history(self.folder, record)
        if time.monotonic() - self.saved > SAVE_EVERY:
            runs.save_state(self.state, runs.state_path(self.folder / records.RUN))
            self.saved = time.monotonic()

    def finish(self, saved: Path) -> None:
        """Write the last frame, the state, and the run that the training came to."""
        wanted = FINISHED if self.state.step >= self.steps else self.control.wanted
        self.say(RUNNING, FINISHING, "measuring on the test images")
        self.take_frame()
        runs.save_state(self.state, saved)
        if self.state.history:
            runs.save(runs.finish(self.state, self.images, self.folder.name), self.folder / records.RUN)
        self.say(wanted)

    def say(self, status: str, stage: str = "", doing: str = "") -> None:
        """Say how far the training is."""
        seconds = sum(record["seconds"] for record in self.state.history)
        step = {"step": self.state.step, "steps": self.steps, "seconds": seconds}
        records.report(self.folder, status, durable=status != RUNNING, stage=stage, doing=doing, error="", **step)
        self.reported = time.monotonic()
