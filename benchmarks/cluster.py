"""Trainings on a Ray cluster of this machine: what a run costs more than here, how nodes share, what kills lose."""

import contextlib
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from aae import cluster, data, grids, jobs, runs, training
from aae.config import PRESETS, Config
from aae.jobs import records
from benchmarks import faults, report

SMALL: dict[str, Any] = {"object_store_memory": 80_000_000, "include_dashboard": False}  # bytes; of each node
SHORT = replace(PRESETS["digits"], hidden=(64,), discriminator_hidden=(64,), epochs=5)
OWNER = "the benchmark"
REPEATS = 5  # runs of each engine
READY = 15.0  # seconds for imports, which a process that waits has behind it
BETWEEN = 4.0  # mean seconds between two kills
MEANINGS = {
    "overhead_seconds": "from the start of a short job to its end, on the cluster less here: medians, imports done",
    "scaling": "time of many short runs on one node of one CPU, over that on two",
    "kills": "SIGKILL of a process on the cluster that trains",
    "runs": "jobs that were killed, and ended without being resumed by hand",
    "runs_lost": "of them without a readable run",
    "runs_not_equal": "of them whose weights differ in a bit from those of a training that nobody disturbed",
}


def measure(runs: int, kills: int) -> dict[str, float]:
    """Begin a cluster, measure so many short runs and kills, and end it."""
    torch.set_num_threads(1)
    with contextlib.redirect_stdout(sys.stderr):  # where Ray says what was lost
        here = job_seconds(READY)
        with begun(1) as nodes:
            there = job_seconds(0.0)
            one = grid_seconds(runs, 1)
            nodes.add_node(num_cpus=1, **SMALL)
            two = grid_seconds(runs, 2)
            return {"overhead_seconds": there - here, "scaling": one / two, **disturb(kills)}


@contextlib.contextmanager
def begun(n: int) -> Iterator[Any]:
    """A cluster with so many nodes of one CPU, and a head that trains nothing; AAE_RAY names it."""
    import ray
    from ray.cluster_utils import Cluster

    os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"  # else it warns
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **SMALL})
    try:
        for _ in range(n):
            nodes.add_node(num_cpus=1, **SMALL)
        os.environ[cluster.ADDRESS] = nodes.address
        yield nodes
    finally:
        ray.shutdown()  # before its nodes, also where something failed
        os.environ.pop(cluster.ADDRESS, None)
        nodes.shutdown()


@contextlib.contextmanager
def serving() -> Iterator[jobs.Jobs]:
    """Jobs in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        manager = jobs.Jobs(Path(folder) / "jobs", 2, one_waits=True)
        try:
            yield manager
        finally:
            manager.close()


def job_seconds(ready: float) -> float:
    """Median seconds from the start of a short job to its end; so many before each for what is prepared."""
    with serving() as manager:
        ended(manager, SHORT)
        measured = []
        for _ in range(REPEATS):
            time.sleep(ready / 2)
            manager.tick()
            time.sleep(ready / 2)
            measured.append(ended(manager, SHORT))
        return statistics.median(measured)


def ended(manager: jobs.Jobs, config: Config) -> float:
    """Train a job; the seconds from its start to its end."""
    begin = time.monotonic()
    id = manager.submit(config, "short", OWNER)
    while manager.get(id).is_active:
        time.sleep(0.02)
        manager.tick()
    assert manager.get(id).status == jobs.FINISHED, manager.error(id)
    return time.monotonic() - begin


def grid_seconds(n: int, nodes: int) -> float:
    """Seconds of so many short runs, once processes of all nodes have imported everything."""
    used: set[int] = set()
    while len(used) < nodes:
        used = {node for _, node in grids.run_all(train, [(seed,) for seed in range(10 * nodes)])}
    begin = time.monotonic()
    assert len(list(grids.run_all(train, [(seed,) for seed in range(n)]))) == n
    return time.monotonic() - begin


def train(seed: int) -> int:
    """A short run, of which nothing is kept; the process that keeps its node."""
    torch.set_num_threads(1)
    state = training.start(replace(SHORT, seed=seed))
    list(training.train(state, data.load(SHORT.dataset)))
    return os.getppid()


def disturb(kills: int) -> dict[str, float]:
    """Train jobs in pairs, kill their processes so often, and compare what they end with."""
    dice, undisturbed = random.Random(0), {seed: faults.weights(seed) for seed in faults.SEEDS}
    figures = dict.fromkeys(list(MEANINGS)[2:], 0.0)
    while figures["kills"] < kills:
        with serving() as manager:
            ids = {manager.submit(faults.config(seed), f"seed {seed}", OWNER): seed for seed in faults.SEEDS}
            moment = next_kill(dice)
            while any(manager.get(id).is_active for id in ids):
                if time.monotonic() > moment and figures["kills"] < kills:
                    figures["kills"] += kill(dice.choice(list(ids)))
                    moment = next_kill(dice)
                time.sleep(0.1)
                manager.tick()
            for id, seed in ids.items():
                compare(manager.store.run_path(id), undisturbed[seed], figures)
    return figures


def next_kill(dice: random.Random) -> float:
    """When to kill next, by time.monotonic()."""
    return time.monotonic() + dice.expovariate(1 / BETWEEN)


def kill(id: str) -> bool:
    """Kill the process that trains a job; whether there was one."""
    pid = trainer(id)
    if pid:
        os.kill(pid, signal.SIGKILL)
    return pid is not None


def trainer(id: str) -> int | None:
    """The process that trains a job: it has its log open."""
    for folder in Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):
            if any(os.readlink(file).endswith(f"/{id}/{records.LOG}") for file in folder.iterdir()):
                return int(folder.parent.name)
    return None


def compare(path: Path, expected: dict[str, torch.Tensor], figures: dict[str, float]) -> None:
    """Note whether a run is there, and equals the one that nobody disturbed."""
    figures["runs"] += 1
    try:
        found = runs.load(path).weights
    except runs.RunError:
        figures["runs_lost"] += 1
        return
    is_equal = found.keys() == expected.keys() and all(torch.equal(found[name], expected[name]) for name in found)
    figures["runs_not_equal"] += not is_equal


if __name__ == "__main__":
    report.run(measure, MEANINGS, runs=200, kills=20)
