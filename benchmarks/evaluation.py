"""Everything that the shipped runs are measured by, kept for the page Evaluate: `python -m benchmarks.evaluation`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aae import data, files, runs
from aae.analysis import evaluation
from aae.analysis.evaluation import Figure
from aae.runs import card
from benchmarks import report

RESULTS = Path(__file__).parent / "results" / "evaluation.json"
IMAGES = "training images"  # in the place of a run, of MNIST


def main() -> None:
    """Measure every run whose file has changed since it was measured, or those that are named."""
    parser = report.parser(__doc__)
    parser.add_argument("runs", nargs="*", metavar="RUN", help="shipped runs to be measured in any case")
    parser.add_argument("--json", action="store_true", help="print all figures as one object")
    options = parser.parse_args()
    kept = load()
    for name, path in runs.shipped().items():
        run = runs.load(path)
        if name in options.runs or kept.get(name, {}).get("digest") != run.digest:
            figures = evaluation.measure(run.model(), data.load_for(run.config))
            keep(name, {"digest": run.digest, "figures": figures})
            print(name, *(f"{metric} {card.spread(metric, figure)}" for metric, figure in figures.items()), sep="  ")
    if IMAGES not in kept or IMAGES in options.runs:
        keep(IMAGES, {"digest": "", "figures": evaluation.of_images(data.load("mnist"), "mnist")})
    if options.json:
        print(json.dumps(load()))


def load() -> dict[str, Any]:
    """What was measured so far, by run: its digest, and its figures by name."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


def keep(name: str, measured: Mapping[str, Any]) -> None:
    """Put a run's figures into the file."""
    rounded = {
        metric: Figure(float(f"{figure.value:.6g}"), figure.error and float(f"{figure.error:.3g}"), figure.n)
        for metric, figure in measured["figures"].items()
    }
    everything = {**load(), name: {**measured, "figures": rounded}}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(everything[name])}" for name in sorted(everything))
    files.write_atomically(RESULTS, f"{{\n{lines}\n}}\n".encode())


if __name__ == "__main__":
    main()
