"""The classification error of an encoder's classifier that is trained on the labels alone, by the number of labels."""

import copy
import json
import statistics
from pathlib import Path
from typing import Any

import torch

from aae import data, files, grids
from aae.analysis import metrics
from aae.config import PRESETS, Config
from aae.data import UNLABELED, Data, Images
from aae.data.augment import corrupted
from aae.models import losses
from aae.models.autoencoder import AutoEncoder
from aae.training.adam import Adam
from aae.training.batches import known_labels, seeded
from aae.training.loop import set_rates, update
from benchmarks import report

RESULTS = Path(__file__).parent / "results" / "labels_only.json"
PRESET = {"100": "semi_100", "1000": "semi_1000", "all": "semi_all"}
STEPS = {"100": 600, "1000": 1500, "all": 2200}
N_VALIDATION = 5000
CHECKS = 20  # of the validation error in a training
ABOUT = (
    "The encoder of semi_100, semi_1000 and semi_all (500-500, batch normalization, inputs with Gaussian noise of 0.3) "
    "trained by the cross-entropy of q(y|x) on its labels alone: no other image, no reconstruction, no discriminator. "
    f"The weights with the lowest error of {CHECKS} checks on {N_VALIDATION:,} held-out training images, whose labels "
    "are used for that alone; error in percent of the 10,000 test images of MNIST, each seed with labels of its own "
    "drawing."
)


def train(config: Config, images: Data, steps: int) -> AutoEncoder:
    """The encoder of a config with the labels that it may see, at its lowest validation error."""
    torch.manual_seed(config.seed)
    model = AutoEncoder(config)
    labels = known_labels(config, images.train.labels)
    known = Images(images.train.pixels, labels).rows((labels != UNLABELED).nonzero().squeeze(1))
    optimizer = Adam(model.encoder.parameters(), config.learning_rate)
    lowest, best = float("inf"), copy.deepcopy(model)
    for step in range(steps):
        set_rates({"autoencoder": optimizer}, config, step / steps)
        update(optimizer, loss(model, known, seeded(config.seed, step, 1)))
        if (step + 1) % (steps // CHECKS) == 0 and (error := error_of(model, images.monitored)) < lowest:
            lowest, best = error, copy.deepcopy(model)
    return best


def loss(model: AutoEncoder, known: Images, generator: torch.Generator) -> torch.Tensor:
    """Cross-entropy of q(y | x) on a minibatch of labelled images, corrupted as the config says []."""
    config = model.config
    size = config.batch_size if config.label_count is None else config.labeled_per_step
    batch = known.rows(torch.randint(len(known.labels), (size,), generator=generator))
    inputs = corrupted(batch.floats(), config, generator)
    return losses.classification(model.train().encode(inputs).y_logits, batch.labels)


def error_of(model: AutoEncoder, images: Images) -> float:
    """The share of images that are given another class than theirs."""
    return metrics.classification_error(metrics.encode_all(model.eval(), images).y_logits, images.labels)


def measure(n_labels: str, seed: str) -> float:
    """The error on test images in percent."""
    config = Config.from_json({**PRESETS[PRESET[n_labels]].to_json(), "seed": int(seed)})
    images = data.load("mnist", N_VALIDATION)
    return 100 * error_of(train(config, images, STEPS[n_labels]), images.test)


def load() -> dict[str, Any]:
    """What was measured so far: errors by the number of labels, and by seed."""
    return json.loads(RESULTS.read_text())["errors"] if RESULTS.exists() else {}


def result(errors: dict[str, dict[str, float]]) -> dict[str, Any]:
    """What is kept."""
    return {
        "command": "python -m benchmarks.labels_only",
        "about": ABOUT,
        "dataset": "mnist",
        "errors": errors,
    }


def fill(seeds: int) -> dict[str, Any]:
    """Measure what is not known yet, keeping each figure as it comes."""
    errors = {n_labels: load().get(n_labels, {}) for n_labels in PRESET}
    missing = [(n, str(seed)) for n in PRESET for seed in range(seeds) if str(seed) not in errors[n]]
    for (n_labels, seed), error in grids.run_all(measure, missing):
        errors[n_labels] = dict(sorted({**errors[n_labels], seed: round(error, 3)}.items()))
        files.write_atomically(RESULTS, (json.dumps(result(errors), indent=1) + "\n").encode())
    return result(errors)


def markdown(kept: dict[str, Any]) -> str:
    """The errors as a Markdown table."""
    rows = ["| labels | error (%) | runs |", "|---|---|---|"]
    for n_labels, by_seed in kept["errors"].items():
        figures = list(by_seed.values())
        spread = f" ± {statistics.stdev(figures):.2f}" if len(figures) > 1 else ""
        rows.append(f"| {n_labels} | {statistics.mean(figures):.2f}{spread} | {len(figures)} |")
    return "\n".join(rows)


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--seeds", type=report.SEEDS, default=5, metavar="N", help="draws of labels (default: 5)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    kept = fill(options.seeds)
    print(json.dumps(kept) if options.json else markdown(kept))


if __name__ == "__main__":
    main()
