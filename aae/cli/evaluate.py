"""python -m aae evaluate: the metrics of runs, measured anew."""

import argparse
import json
import os
import threading
from typing import Any

from aae import data, runs
from aae.analysis import evaluation, metrics, quality
from aae.cli.arguments import Commands
from aae.runs import card
from aae.texts import one_line

REPORTED = (
    "reconstruction_mse", "reconstruction_bce", "psnr", "ssim", "prior_distance", "prior_distance_floor", "coverage",
)  # fmt: skip


def add_to(commands: Commands) -> None:
    """The command and its options."""
    command = commands.add_parser("evaluate", help="measure runs on the test images of their data set")
    command.set_defaults(command=evaluate)
    command.add_argument("runs", nargs="+", metavar="RUN", help="a run file, or a shipped run's name")
    command.add_argument("--json", action="store_true", help="print a list with one object a run")
    command.add_argument("--all", action="store_true", help="likewise, of all figures that the page Evaluate shows")
    command.add_argument("--while-open", action="store_true", help="end at once where standard input ends: the app's")
    command.add_argument("--card", action="store_true", help="measure everything and print a model card in Markdown")


def evaluate(options: argparse.Namespace) -> int:
    """Measure every run anew; a table, or JSON."""
    if options.while_open:
        threading.Thread(target=end_with_input, daemon=True).start()
    found = [runs.load(runs.find(name)) for name in options.runs]
    if options.card:
        print("\n".join(card.card(run, measure_all(run)) for run in found), end="")
        return 0
    if options.all:
        print(json.dumps([{"run": run.name, "figures": measure_all(run)} for run in found], indent=2))
        return 0
    if options.json:
        print(json.dumps([measure(run) for run in found], indent=2))
        return 0
    heads = "".join(f"{name:>22}" for name in REPORTED)
    print(f"{'run':<20}{'data':<20}{'seed':>5}{'epochs':>7}{'CPU s':>7}{'wrong':>9}{heads}")
    for run in found:
        row = measure(run)
        first = f"{row['run']:<20}{one_line(row['data'], 18):<20}"
        first += f"{row['seed']:>5}{row['epochs']:>7}{row['cpu_seconds']:>7.0f}"
        print(f"{first}{wrong(row):>9}" + "".join(f"{figure(row, name):>22}" for name in REPORTED), flush=True)
    return 0


def end_with_input() -> None:
    """End this process as soon as its standard input ends."""
    while os.read(0, 1000):
        pass
    os._exit(1)


def measure_all(run: runs.Run) -> dict[str, evaluation.Figure]:
    """Every figure of a run, each with its standard error."""
    return evaluation.measure(run.model(), data.load_for(run.config))


def figure(values: dict[str, Any], name: str) -> str:
    """A metric with four decimals; - where there are too few test images."""
    return f"{values[name]:.4f}" if name in values else "-"


def wrong(values: dict[str, Any]) -> str:
    """The share of images in a wrong class, or in a cluster of another one, in percent; - where there is no y."""
    error = values.get("classification_error", values.get("clustering_error"))
    return "-" if error is None else f"{100 * error:.2f} %"


def measure(run: runs.Run) -> dict[str, Any]:
    """A run's metrics on the test images, as stored and as just now."""
    config = run.config
    about: dict[str, Any] = {
        "run": run.name,
        "dataset": config.dataset,
        "data": run.description.title,
        "classes": run.class_names,
    }
    about |= {"seed": config.seed, "epochs": config.epochs}
    images = data.load_for(config)
    measured = {**metrics.evaluate(run.model(), images), **quality.measure(run.model(), images.test)}
    return {**about, "cpu_seconds": run.cpu_seconds, **measured, "recorded": run.metrics}
