"""Claims of the literature on AE, VAE and AAE, beside measurements of several seeds of each."""

import json
import statistics
from pathlib import Path

from aae import files, grids, runs
from aae.__main__ import main as command_line
from aae.cli.arguments import between
from aae.config import RANGES
from benchmarks import report

RESULTS = Path(__file__).parent / "results" / "compare.json"
RUNS = Path("runs") / "compare"
NAMES = ("ae", "vae", "aae")
METRICS = {  # metric: (heading, digits)
    "reconstruction_mse": ("reconstruction MSE", 4),
    "prior_distance": ("distance to the prior", 3),
    "holes": ("prior mass without a code", 1),
    "seconds": ("CPU seconds", 0),
}
CLAIMS = (  # the claim, its metric, and the statistic that is compared with the VAE's
    (
        "The codes of an AAE fill the prior with fewer gaps than a VAE's (Makhzani et al. 2015, Fig. 2).",
        "holes",
        "mean",
    ),
    ("Its codes are nearer to the prior.", "prior_distance", "mean"),
    ("It takes longer to train than a VAE.", "seconds", "mean"),
    ("It is less stable: seeds differ more in how near the codes come to the prior.", "prior_distance", "sd"),
)
LARGER = {"seconds", "sd"}  # where the claim is that the AAE has more


def measure(name: str, seed: int, epochs: int) -> dict[str, float]:
    """One run's figures, trained now unless its file is there."""
    path = RUNS / f"{name}-{epochs}-seed{seed}{runs.SUFFIX}"
    if not path.exists():
        options = [f"--epochs={epochs}", f"--seed={seed}", f"--out={path}", "--snapshots=0"]
        options += ["--resume"] * runs.state_path(path).exists()
        if code := command_line(["train", name, *options]):
            raise SystemExit(code)
    run = runs.load(path)
    return {**run.metrics, "holes": 100 * (1 - run.metrics["coverage"]), "seconds": run.cpu_seconds}


def summarize(measured: dict[str, list[dict[str, float]]]) -> dict[str, dict[str, dict[str, float]]]:
    """Mean and standard deviation over seeds, by model and metric."""
    return {
        name: {
            metric: {
                "mean": statistics.mean(row[metric] for row in rows),
                "sd": statistics.stdev(row[metric] for row in rows),
            }
            for metric in METRICS
        }
        for name, rows in measured.items()
    }


def verdict(summary: dict, metric: str, statistic: str) -> str:
    """Whether the claim held here, with both figures."""
    vae, aae = (summary[name][metric][statistic] for name in ("vae", "aae"))
    held = aae > vae if LARGER & {metric, statistic} else aae < vae
    heading, digits = METRICS[metric]
    which = " (sd)" if statistic == "sd" else ""
    return f"{'Yes' if held else 'No'}: {heading}{which} {aae:.{digits + 1}f} against {vae:.{digits + 1}f}"


def markdown(summary: dict) -> str:
    """The figures, and the claims beside them, as two Markdown tables."""
    lines = ["| model | " + " | ".join(heading for heading, _ in METRICS.values()) + " |", "|---" * 5 + "|"]
    for name, row in summary.items():
        cells = [f"{row[m]['mean']:.{digits}f} ± {row[m]['sd']:.{digits}f}" for m, (_, digits) in METRICS.items()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", "| claim | here, AAE against VAE |", "|---|---|"]
    lines += [f"| {claim} | {verdict(summary, metric, statistic)} |" for claim, metric, statistic in CLAIMS]
    return "\n".join(lines)


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--seeds", type=report.SEEDS, default=3, metavar="N")
    parser.add_argument("--epochs", type=between(1, int(RANGES["epochs"][1])), default=10, metavar="N")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wanted = [(name, seed, options.epochs) for name in NAMES for seed in range(options.seeds)]
    figures = dict(grids.run_all(measure, wanted, on_gpu=True))
    measured = {name: [figures[each] for each in wanted if each[0] == name] for name in NAMES}
    summary = summarize(measured)
    result = {
        "markdown": markdown(summary),
        "about": f"{options.seeds} seeds of each, {options.epochs} epochs, the same network and data, mean ± sd. "
        "Prior mass without a code is in percent.",
        "command": "python -m benchmarks.compare",
        "summary": summary,
    }
    files.write_atomically(RESULTS, (json.dumps(result, indent=1) + "\n").encode())
    print(json.dumps(result) if options.json else result["markdown"])


if __name__ == "__main__":
    main()
