"""The recipes that were tried for the paper's tables, by their error on training images held out; never test images."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from aae import data, runs, training
from aae.config import SEMI, Config

RESULTS = Path(__file__).parent / "results" / "search.json"
HELD_OUT = 5000  # the last training images


class Trial(NamedTuple):
    """A recipe, and the seeds with which it was tried; each draws labels of its own."""

    text: str
    config: Config
    seeds: tuple[int, ...]


HEADS = {"head_norm": True, "regularizer_weight": (50.0, 50.0)}
FEW = replace(SEMI, n_labeled=100, n_validation=HELD_OUT)
EARLIER = replace(FEW, shift=2, distortion=0.15, pseudo_confidence=0.9, averaging=0.99, epochs=40)
SOONER = replace(EARLIER, pseudo_confidence=0.7, pseudo_from=0.2)
NORMED = replace(SOONER, **HEADS)
TRUSTING = replace(NORMED, pseudo_confidence=0.5, pseudo_from=0.1, distortion=0.3)
CLUSTERS = replace(NORMED, labels="unused", n_labeled=None, n_categories=16, style_dim=5, distortion=0.0, epochs=30)
TRIALS = (
    Trial("100 labels, plain", replace(FEW, epochs=30), (1,)),
    Trial("batch norm on the heads, weight 50, batch 250", replace(FEW, epochs=30, batch_size=250, **HEADS), (1,)),
    Trial("100 labels, shifts, distortions, pseudo-labels", EARLIER, (0, 1, 2)),
    Trial("distortions of .3", replace(EARLIER, distortion=0.3), (0, 1)),
    Trial("55 epochs", replace(EARLIER, epochs=55), (1,)),
    Trial("the teacher believed from 20 %, above .7", SOONER, (0,)),
    Trial("and batch norm on the heads, weight 50", NORMED, (0, 2)),
    Trial("and the teacher from 10 %, above .5, distortions of .3", TRUSTING, (2,)),
    Trial("and batch 500", replace(TRUSTING, batch_size=500), (2,)),
    Trial("and batch 250, 30 epochs", replace(TRUSTING, batch_size=250, epochs=30), (2,)),
    Trial("and batch 500, 36 epochs", replace(TRUSTING, batch_size=500, epochs=36), (8,)),
    Trial("16 clusters, no distortions", CLUSTERS, (0,)),
    Trial("16 clusters, distortions of .3", replace(CLUSTERS, distortion=0.3), (0,)),
)  # fmt: skip


def measure(config: Config) -> tuple[float, float]:
    """The error on the held-out images after the last epoch, in percent, and the CPU seconds; nothing is kept."""
    state = training.start(config)
    for record in training.train(state, data.load(config.dataset, config.n_validation)):
        print(f"epoch {record['epoch']}/{config.epochs}: {error(record):.2f} %", flush=True)
    return error(state.history[-1]), sum(record["seconds"] for record in state.history)


def error(record: dict[str, Any]) -> float:
    """The error of an epoch's record, of classes where there are labels, else of clusters, in percent."""
    return 100 * record.get("classification_error", record.get("clustering_error"))


def load() -> list[dict]:
    """What is known, a result for each trial and seed."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else []


def known(config: Config) -> dict | None:
    """The result of this config, seed included."""
    return next((result for result in load() if Config.from_json(result["config"]) == config), None)


def fill(trial: Trial, seed: int) -> None:
    """Train the trial with this seed unless it is known, and keep the result."""
    config = replace(trial.config, seed=seed)
    if not known(config):
        percent, seconds = measure(config)
        result = {"error": percent, "seconds": seconds, "config": config.to_json()}
        runs.write_atomically(RESULTS, (json.dumps([*load(), result], indent=1) + "\n").encode())


def line(trial: Trial) -> str:
    """A trial as a line of a Markdown table."""
    results = {seed: known(replace(trial.config, seed=seed)) for seed in trial.seeds}
    errors = [f"{result['error']:.2f} ({seed})" for seed, result in results.items() if result]
    seconds = [result["seconds"] for result in results.values() if result]
    spent = f"{sum(seconds) / len(seconds):.0f}" if seconds else ""
    return f"| {trial.text} | {trial.config.epochs} | {', '.join(errors)} | {spent} |"


def markdown() -> str:
    """All trials as a Markdown table."""
    heads = ["| recipe | epochs | error % (seed) | CPU s |", "|---|---|---|---|"]
    return "\n".join([*heads, *map(line, TRIALS)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", action="store_true", help="what is missing; default: print what is known")
    for trial in TRIALS if parser.parse_args().train else ():
        for seed in trial.seeds:
            fill(trial, seed)
    print(markdown())


if __name__ == "__main__":
    main()
