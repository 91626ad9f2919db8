"""The paper's tables, trained and measured anew over several seeds, beside the reported figures."""

import argparse
import hashlib
import json
import statistics
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch

from aae import data, files, grids, runs
from aae.__main__ import main as command_line
from aae.analysis import clusters, metrics, planes
from aae.config import PRESETS, Config, to_former
from benchmarks import report

RESULTS = Path(__file__).parent / "results" / "paper.json"
RUNS = Path("runs") / "paper"  # run files, and the states of runs that were interrupted
EXTRAS = {
    "shift": "shifts",
    "distortion": "distortions",
    "pseudo_label_threshold": "pseudo-labels",
    "ema_decay": "averaged weights",
    "hidden_noise": "noise in hidden layers",
    "unlabeled_epochs": "labels spread over features",
}
PERCENT = {"classification_error": 100.0, "clustering_error": 100.0, "hungarian_error": 100.0}


QUICK, LONG = "quick", "long"  # budgets: some 10 minutes of CPU a run, and up to 60


class Row(NamedTuple):
    """One line of a table, measured within one of the budgets."""

    table: str
    text: str
    preset: str
    metric: str
    reported: str  # in the paper, or by others; with its source where it is not the paper
    budget: str = QUICK
    changes: tuple[tuple[str, Any], ...] = ()  # of the preset's fields
    restarts: int = 1  # of these trainings one is taken: the surest of its clusters, no label seen

    def seeds(self, seed: int) -> range:
        """Those of the restarts: no two runs of the row have one in common."""
        return range(seed * self.restarts, (seed + 1) * self.restarts)

    def config(self, seed: int = 0) -> Config:
        """What a run of the row is trained with."""
        return replace(PRESETS[self.preset], seed=seed, **dict(self.changes))


LONGER = (("epochs", 120),)
WIDER = (("epochs", 100), ("hidden", (1000, 1000)))  # units as in the paper
NOISY = (*WIDER, ("hidden_noise", 0.3), ("batch_size", 250))
PSEUDO = (
    *(*WIDER, ("hidden_noise", 0.3)),
    *(("pseudo_label_threshold", 0.9), ("pseudo_label_start", 0.2), ("ema_decay", 0.99)),
)
UNALIGNED = (("distribution_alignment", False),)
BOTH = (("epochs", 80), ("hidden", (1000, 1000)), ("hidden_noise", 0.3))
SPREAD = (
    *(("epochs", 100), *BOTH[1:], ("unlabeled_epochs", 40)),
    *(("pseudo_label_threshold", 0.7), ("pseudo_label_start", 0.2)),
)
BLURRED = (
    *(("epochs", 144), ("posterior", "gaussian"), ("likelihood", "bernoulli")),
    ("regularizer_weight", (40.0, 100.0)),
)
LADDER_100, LADDER_1000 = "1.06 ± 0.37 % (Ladder)", "0.84 ± 0.08 % (Ladder)"  # Rasmus et al. 2015
ROWS = (
    Row("table1", "Parzen log-likelihood, 8-D", "gaussian_8d", "parzen", "340 ± 2"),
    Row("table1", "Parzen log-likelihood, 8-D", "gaussian_8d", "parzen", "340 ± 2", LONG, BLURRED),
    Row("table1", "10,000 real training images", "gaussian_8d", "parzen_of_images", "-"),
    Row("table2", "100 labels", "semi_100", "classification_error", "1.90 ± 0.10 %"),
    Row("table2", "100 labels", "semi_100", "classification_error", "1.90 ± 0.10 %", LONG, WIDER),
    Row("table2", "100 labels, pseudo-labels", "semi_100", "classification_error", LADDER_100, LONG, PSEUDO),
    Row("table2", "100 labels, with extras", "semi_100_extras", "classification_error", LADDER_100),
    Row("table2", "100 labels, with extras", "semi_100_extras", "classification_error", LADDER_100, LONG, SPREAD),
    Row("table2", "1000 labels", "semi_1000", "classification_error", "1.60 ± 0.08 %"),
    Row("table2", "1000 labels", "semi_1000", "classification_error", "1.60 ± 0.08 %", LONG, WIDER),
    Row("table2", "1000 labels, pseudo-labels", "semi_1000", "classification_error", LADDER_1000, LONG, PSEUDO),
    Row("table2", "1000 labels, with extras", "semi_1000_extras", "classification_error", LADDER_1000),
    Row("table2", "1000 labels, with extras", "semi_1000_extras", "classification_error", LADDER_1000, LONG, BOTH),
    Row("table2", "all labels", "semi_all", "classification_error", "0.85 ± 0.02 %"),
    Row("table2", "all labels", "semi_all", "classification_error", "0.85 ± 0.02 %", LONG, NOISY),
    Row("table2", "all labels, with extras", "semi_all_extras", "classification_error", "0.57 ± 0.02 % (Ladder)"),
    Row("table3", "16 clusters", "clusters_16", "clustering_error", "9.55 ± 2.05 %"),
    Row("table3", "16 clusters", "clusters_16", "clustering_error", "9.55 ± 2.05 %", LONG, UNALIGNED, 8),
    Row("table3", "30 clusters", "clusters_30", "clustering_error", "4.10 ± 1.13 %"),
    Row("table3", "16 clusters, matched one to one", "clusters_16", "hungarian_error", "-"),
    Row("table3", "30 clusters, matched one to one", "clusters_30", "hungarian_error", "-"),
    Row("figure11", "2-D, 1000 labels", "reduced_1000", "classification_error", "4.20 %"),
    Row("figure11", "2-D, 100 labels", "reduced_100", "classification_error", "6.08 %"),
    Row("figure11", "2-D, no labels, 20 clusters", "reduced_clusters", "clustering_error", "13.5 %"),
    Row("figure11", "2-D, no labels, 20 clusters", "reduced_clusters", "clustering_error", "13.5 %", LONG, LONGER),
    Row("figure11", "10-D, 100 labels", "reduced_10d", "classification_error", "3.90 %"),
)


def parzen(run: runs.Run) -> float:
    """The mean log-likelihood of the test images under 10,000 of the run's samples, in nats (Table 1)."""
    images = data.load(run.config.dataset, run.config.n_validation)
    return metrics.parzen(planes.generate(run.model(), metrics.PARZEN_SAMPLES), images)["parzen"]


def parzen_of_images(config: Config) -> float:
    """The same under 10,000 training images, drawn by the config's seed: what a perfect model would get."""
    images = data.load(config.dataset, config.n_validation)
    generator = torch.Generator().manual_seed(config.seed)
    rows = torch.randperm(len(images.train.labels), generator=generator)[: metrics.PARZEN_SAMPLES]
    return metrics.parzen(images.train.rows(rows).floats(), images)["parzen"]


def measure(row: Row, seed: int) -> tuple[float, float]:
    """The row's figure and the CPU seconds of one run."""
    if row.metric == "parzen_of_images":  # there is nothing to train
        return parzen_of_images(row.config(seed)), 0.0
    some = [trained(row, each) for each in row.seeds(seed)]
    run = min(some, key=uncertainty) if len(some) > 1 else some[0]
    value = parzen(run) if row.metric == "parzen" else run.metrics[row.metric]
    return PERCENT.get(row.metric, 1.0) * value, sum(each.cpu_seconds for each in some)


def uncertainty(run: runs.Run) -> float:
    """H(y | x) of the last 5,000 training images, in nats."""
    images = data.load(run.config.dataset, run.config.n_validation).monitored
    return clusters.conditional_entropy(metrics.encode_all(run.model(), images).y)


def trained(row: Row, seed: int) -> runs.Run:
    """The run of the row's preset and this seed, trained now unless its file is there."""
    digest = hashlib.sha256(json.dumps(to_former(config_of(row))).encode()).hexdigest()[:8]
    path = RUNS / f"{row.preset}-{digest}-seed{seed}{runs.SUFFIX}"
    if not path.exists():
        resume = ["--resume"] * runs.state_path(path).exists()
        code = command_line([*words_of(row, seed), f"--out={path}", "--snapshots=0", *resume])
        if code:
            raise SystemExit(code)
    return runs.load(path)


def words_of(row: Row, seed: int) -> list[str]:
    """The command that trains the row's preset with its changes."""
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in row.changes}
    return ["train", row.preset, f"--seed={seed}", *(f"--set={name}={value}" for name, value in values.items())]


def measure_all(rows: list[Row], seed: int) -> list[tuple[float, float]]:
    """The same of rows of one preset, which have their runs in common."""
    return [measure(row, seed) for row in rows]


def known(row: Row) -> dict[str, list[float]]:
    """What was measured of this row before, by seed: [figure, CPU seconds]; nothing once its config has changed."""
    for result in load():
        kept = Config.from_json({**result["config"], "seed": 0})  # which fills in fields that are newer than it
        if is_of(result, row) and kept == row.config() and result["restarts"] == row.restarts:
            return result["runs"]
    return {}


def is_of(result: dict, row: Row) -> bool:
    """Whether a kept result is one of this row."""
    return (result["row"], result["budget"]) == (row.text, row.budget)


def config_of(row: Row) -> dict:
    """The row's config as JSON, of no seed."""
    return json.loads(json.dumps({**row.config().to_json(), "seed": None}))


def load() -> list[dict]:
    """The rows measured so far."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else []


def extras(row: Row) -> str:
    """What the row's recipe has that a plain adversarial autoencoder of the paper has not."""
    config = row.config()
    used = [name for field, name in EXTRAS.items() if getattr(config, field)]
    used += [f"the surest of {row.restarts} trainings"] * (row.restarts > 1)
    return ", ".join(used) if used and row.metric != "parzen_of_images" else "-"


def summarize(row: Row, measured: dict[str, list[float]]) -> dict:
    """The row as the results file keeps it."""
    figures, seconds = zip(*measured.values(), strict=True)
    return {
        "table": row.table,
        "row": row.text,
        "budget": row.budget,
        "metric": row.metric,
        "reported": row.reported,
        "extras": extras(row),
        "restarts": row.restarts,
        "mean": statistics.mean(figures),
        "sd": statistics.stdev(figures) if len(figures) > 1 else None,
        "n": len(figures),
        "seconds": statistics.mean(seconds),
        "runs": measured,
        "config": config_of(row),
        "command": f"python -m benchmarks.paper {row.table}",
    }


def keep(row: Row, result: dict) -> None:
    """Put the row's result into the file, in the order of ROWS."""
    results = [result, *(each for each in load() if not is_of(each, row))]
    ordered = [each for other in ROWS for each in results if is_of(each, other)]
    files.write_atomically(RESULTS, (json.dumps(ordered, indent=1) + "\n").encode())


def fill(rows: list[Row], seeds: int) -> list[dict]:
    """Measure the rows' seeds that are not known yet, keeping each as it comes."""
    by_preset = [[row for row in rows if row.preset == name] for name in dict.fromkeys(row.preset for row in rows)]
    unknown = [
        ([row for row in some if str(seed) not in known(row)], seed) for some in by_preset for seed in range(seeds)
    ]
    wanted = [each for each in unknown if each[0]]
    for (some, seed), measured in grids.run_all(measure_all, wanted, on_gpu=True):
        for row, figures in zip(some, measured, strict=True):
            runs_of_row = sorted({**known(row), str(seed): list(figures)}.items(), key=lambda each: int(each[0]))
            keep(row, summarize(row, dict(runs_of_row)))
    return [summarize(row, known(row)) for row in rows]


def cell(result: dict | None) -> str:
    """A result as a cell of a Markdown table: mean ± standard deviation, how many runs, and the CPU seconds of one."""
    if result is None:
        return "-"
    unit = " %" if result["metric"] in PERCENT else ""
    digits = 2 if unit else 1
    spread = "" if result["sd"] is None else f" ± {result['sd']:.{digits}f}"
    runs_of = "1 run" if result["n"] == 1 else f"{result['n']} runs"
    return f"{result['mean']:.{digits}f}{spread}{unit} ({runs_of}, {result['seconds']:.0f} s)"


def line(text: str, results: list[dict]) -> str:
    """The results of a row, of each budget, as a line of a Markdown table."""
    of = {result["budget"]: result for result in results if result["row"] == text}
    first = next(iter(of.values()))
    cells = [text, first["reported"], cell(of.get(QUICK)), cell(of.get(LONG)), extras_of(of)]
    return f"| {' | '.join(cells)} |"


def extras_of(results: dict[str, dict]) -> str:
    """The extras of a row's results, by budget; of both where they differ."""
    each = {budget: result["extras"] for budget, result in results.items()}
    if len(set(each.values())) == 1:
        return next(iter(each.values()))
    return "; ".join(f"{budget}: {text}" for budget, text in each.items() if text != "-")


def markdown(results: list[dict]) -> str:
    """Results as a Markdown table: a line for each row, a column for each budget."""
    heads = ["| row | reported | quick | long | extras |", "|---|---|---|---|---|"]
    return "\n".join([*heads, *(line(text, results) for text in dict.fromkeys(each["row"] for each in results))])


def is_wanted(row: Row, options: argparse.Namespace) -> bool:
    """Whether the options call for this row."""
    return options.row in (None, row.text) and options.budget in (None, row.budget)


def main() -> None:
    tables = sorted({row.table for row in ROWS})
    parser = report.parser(__doc__)
    parser.add_argument("table", nargs="?", choices=tables, help="default: print what is known of all")
    parser.add_argument("--row", choices=sorted({row.text for row in ROWS}), help="only this row")
    parser.add_argument("--budget", choices=(QUICK, LONG), help="only this one: some 10 minutes of CPU a run, or 60")
    parser.add_argument("--seeds", type=report.SEEDS, default=5, metavar="N", help="label draws or seeds (default: 5)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.row and not options.table:
        parser.error(f"--row={options.row!r}: needs the table that it is in before it")
    wanted = [row for row in ROWS if options.table == row.table and is_wanted(row, options)]
    results = fill(wanted, options.seeds) if options.table else load()
    print(json.dumps(results) if options.json else markdown(results))


if __name__ == "__main__":
    main()
