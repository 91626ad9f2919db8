"""Kills of trainings and of their server at random moments, and while they save: what is lost, and what differs."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from aae import data, jobs, runs, training
from aae.config import PRESETS, Config
from aae.jobs.store import Store
from benchmarks import report
from benchmarks.browser import ROOT

CONFIG = replace(PRESETS["digits"], hidden=(64,), discriminator_hidden=(64,), epochs=150)
SEEDS = (0, 1)  # of the jobs that run at once
OWNER = "the benchmark"
BETWEEN = 4.0  # mean seconds between two kills: some are longer than a job needs for a start and a saving
OF_SERVER = 0.3  # share of the kills that hit the server
SAVING = 0.3  # share of the kills that wait for a file that is being written
PATIENCE = 30  # seconds that a process has for ending after its server
MEANINGS = {
    "kills_of_jobs": "SIGKILL of a process that trains",
    "kills_of_servers": "SIGKILL of the server, of which the trainings then save themselves and end",
    "kills_while_saving": "of both, those that came while a file was being written",
    "runs": "trainings that were killed, resumed, and ended",
    "runs_lost": "of them without a readable run",
    "runs_not_equal": "of them whose weights differ in a bit from those of a training that nobody disturbed",
    "unreadable_files": "found after kills, in all folders of jobs",
    "left_files": "half-written files in folders of jobs that had ended",
    "orphans": f"processes that trained for {PATIENCE} s after the end of their server",
}


def measure(kills: int) -> dict[str, float]:
    """Kill what trains, or its server, so often; start and resume it; compare all runs."""
    torch.set_num_threads(1)  # as a job does: another number rounds otherwise
    figures, dice = dict.fromkeys(MEANINGS, 0.0), random.Random(0)
    undisturbed = {seed: weights(seed) for seed in SEEDS}
    while (done := figures["kills_of_jobs"] + figures["kills_of_servers"]) < kills:
        with tempfile.TemporaryDirectory() as folder:
            Disturbed(Path(folder) / "jobs", figures, dice).train(kills - int(done), undisturbed)
    return figures


def config(seed: int) -> Config:
    """What a job trains."""
    return replace(CONFIG, seed=seed)


def weights(seed: int) -> dict[str, torch.Tensor]:
    """Those of a training that nobody disturbs."""
    state, images = training.start(config(seed)), data.load(CONFIG.dataset)
    list(training.train(state, images))
    return runs.finish(state, images, "x").weights


def keep(folder: str) -> None:
    """In a process of its own: a server that resumes whatever was interrupted or killed."""
    manager = jobs.Jobs(Path(folder), len(SEEDS))
    while True:
        manager.tick()
        for job in manager.all():
            if job.status in (jobs.INTERRUPTED, jobs.FAILED):
                manager.resume(job.id, OWNER)
        time.sleep(0.1)


class Disturbed:
    """Some jobs, their server, and what happens to them."""

    def __init__(self, folder: Path, figures: dict[str, float], dice: random.Random):
        self.folder, self.figures, self.dice = folder, figures, dice
        self.store = Store(folder)
        self.left: dict[int, float] = {}  # processes whose server was killed, and when

    def train(self, kills: int, undisturbed: dict[int, dict[str, torch.Tensor]]) -> None:
        """Queue the jobs, kill at most so often, and compare what they end with."""
        before = jobs.Jobs(self.folder, limit=0)
        ids = {before.submit(config(seed), f"seed {seed}", OWNER): seed for seed in SEEDS}
        before.close()
        self.server = self.start()
        while not self.have_ended(ids):
            if kills > 0 and self.kill():
                kills -= 1
                self.look()
            time.sleep(0.05)
        self.server.kill()
        self.server.wait()
        for id, seed in ids.items():
            self.compare(id, undisturbed[seed])

    def start(self) -> subprocess.Popen:
        """A server that keeps the folder."""
        code = f"from benchmarks import faults; faults.keep({str(self.folder)!r})"
        return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)

    def have_ended(self, ids) -> bool:
        """Whether all jobs have a run, or cannot have one."""
        return all(self.store.known_progress(id).status == jobs.FINISHED for id in ids)

    def kill(self) -> bool:
        """Wait, then kill a training or the server; whether there was one."""
        time.sleep(min(self.dice.expovariate(1 / BETWEEN), 5 * BETWEEN))
        is_saving = self.dice.random() < SAVING and self.is_saving()
        workers = children(self.server.pid)
        if self.dice.random() < OF_SERVER:
            self.server.kill()
            self.server.wait()
            self.left |= dict.fromkeys(workers, time.monotonic())
            self.server = self.start()
            self.figures["kills_of_servers"] += 1
        elif workers:
            os.kill(self.dice.choice(workers), signal.SIGKILL)
            self.figures["kills_of_jobs"] += 1
        else:
            return False
        self.figures["kills_while_saving"] += is_saving
        return True

    def is_saving(self) -> bool:
        """Wait a little until a file is being written; whether one is."""
        give_up = time.monotonic() + BETWEEN
        while time.monotonic() < give_up:
            if any(self.folder.rglob("*.partial")):
                return True
        return False

    def look(self) -> None:
        """Count the files that cannot be read, and the processes that go on without their server."""
        self.figures["unreadable_files"] += sum(not is_readable(path) for path in self.files())
        for pid, since in list(self.left.items()):
            if not is_alive(pid):
                del self.left[pid]
            elif time.monotonic() - since > PATIENCE:
                self.figures["orphans"] += 1
                del self.left[pid]

    def files(self) -> Iterator[Path]:
        """What the jobs have written whole."""
        for suffix in (".json", runs.SUFFIX):
            yield from self.folder.rglob(f"*{suffix}")

    def compare(self, id: str, expected: dict[str, torch.Tensor]) -> None:
        """Note whether a job's run is there, and equals the one that nobody disturbed."""
        self.figures["runs"] += 1
        self.figures["left_files"] += len(list(self.store.path(id).rglob("*.partial")))
        try:
            found = runs.load(self.store.run_path(id)).weights
        except runs.RunError:
            self.figures["runs_lost"] += 1
            return
        is_equal = found.keys() == expected.keys() and all(torch.equal(found[name], expected[name]) for name in found)
        self.figures["runs_not_equal"] += not is_equal


def is_readable(path: Path) -> bool:
    """Whether a file is whole."""
    try:
        if path.suffix == ".json":
            return isinstance(json.loads(path.read_bytes()), dict)
        with safe_open(path, "pt") as file:
            return all(file.get_tensor(name) is not None for name in file.keys())  # noqa: SIM118
    except FileNotFoundError:  # it went after it was listed
        return True
    except (OSError, ValueError, SafetensorError):
        return False


def children(pid: int) -> list[int]:
    """The processes that a server has started."""
    return [int(line) for line in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True).stdout.split()]


def is_alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    report.run(measure, MEANINGS, kills=200)
