"""The trials of a sweep on a cluster, as many at once as it has places; the journal is written here alone."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from aae import cluster, data
from aae.config import Config
from aae.sweeps.study import Sweep
from aae.sweeps.trials import Moment, Stopped, next_trial, run_trial, train_here

if TYPE_CHECKING:
    from optuna.trial import Trial

LOOK_EVERY = 0.2  # seconds between two looks at the epochs of a trial


def spread(sweep: Sweep, stop: Callable[[], bool]) -> Iterator[Moment]:
    """Run the trials that are left, yielding as each ends; return early once stop() is true. Raises ClusterError."""
    running: dict[Future, int] = {}
    places = cluster.places()
    with ThreadPoolExecutor(max(1, places)) as threads:
        while True:
            while len(running) < places and not stop() and (trial := next_trial(sweep, running.values())):
                running[threads.submit(finish, sweep, trial, stop)] = trial.number
            if not running:
                return
            for ended in wait(running, return_when=FIRST_COMPLETED).done:
                ended.result()
                del running[ended]
            n_ended = sum(trial.state.is_finished() for trial in sweep.study.get_trials(deepcopy=False))
            yield Moment(n_ended - 1, 0, 0, 0, 1.0)


def finish(sweep: Sweep, trial: "Trial", stop: Callable[[], bool]) -> None:
    """Run a trial to its end, or until stop() is true."""

    def train(config: Config, model: Path | None) -> Iterator[dict[str, Any]]:
        return train_there(config, model, sweep.folder, stop)

    try:
        for _ in run_trial(sweep, trial, train):
            pass
    except Stopped:
        return


def train_there(config: Config, model: Path | None, folder: Path, stop: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    """Train a config on a node, an epoch's record at a time, until stop() is true. Raises Diverged."""
    history, n, is_done = folder / f"{secrets.token_hex(6)}.partial", 0, False
    history.touch()
    reference = cluster.submit(train_on_node, config, model, history, retries=cluster.RETRIES)
    try:
        while not (is_done or stop()):
            is_done = cluster.is_done(reference)  # before its last epochs are read
            records = read(history)[n:]  # none while a run that was lost catches up
            n += len(records)
            yield from records
            time.sleep(0.0 if is_done else LOOK_EVERY)
        if is_done:
            cluster.result(reference)
    finally:
        if not is_done:
            cluster.cancel(reference)
        history.unlink(missing_ok=True)


def train_on_node(config: Config, model: Path | None, history: Path) -> None:
    """On a node: train a config, write its epochs as they come, and keep its model.

    Raises Diverged, and FileNotFoundError where nobody waits for the epochs any more.
    """
    torch.set_num_threads(1)
    images = data.load_training(config)
    with history.open("r+") as file:
        file.truncate()  # what a lost run wrote
        for record in train_here(config, model, images, bool):
            file.write(json.dumps(record) + "\n")
            file.flush()


def read(history: Path) -> list[dict[str, Any]]:
    """The epochs that were written so far."""
    if not history.exists():
        return []
    return [json.loads(line) for line in history.read_text().splitlines(keepends=True) if line.endswith("\n")]
