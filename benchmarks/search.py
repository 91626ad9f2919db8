"""The recipes tried for the paper's tables, by their figures on training images held out; never test images."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from aae import data, files, grids, training
from aae.analysis import metrics, planes
from aae.config import AAE, PRESETS, SEMI, Config
from benchmarks import report

RESULTS = Path(__file__).parent / "results" / "search.json"
HELD_OUT = 5000  # the last training images
PARZEN_IMAGES = 1500  # of them, to choose the width of the window; as many more to be scored


class Trial(NamedTuple):
    """A recipe, and the seeds with which it was tried; each draws labels of its own."""

    text: str
    config: Config
    seeds: tuple[int, ...]


HEADS: dict[str, Any] = {"head_norm": True, "regularizer_weight": (50.0, 50.0)}
FEW = replace(SEMI, n_labeled=100, n_validation=HELD_OUT)
PLAIN = replace(FEW, epochs=30, batch_size=250, **HEADS)
WIDE = replace(PLAIN, labeled_per_step=25, hidden=(1000, 1000))
EARLIER = replace(FEW, shift=2, distortion=0.15, pseudo_label_threshold=0.9, ema_decay=0.99, epochs=40)
SOONER = replace(EARLIER, pseudo_label_threshold=0.7, pseudo_label_start=0.2)
NORMED = replace(SOONER, **HEADS)
CONFIDENT = replace(NORMED, pseudo_label_threshold=0.5, pseudo_label_start=0.1, distortion=0.3)
CLUSTERS = replace(NORMED, labels="unused", n_labeled=None, n_categories=16, latent_dim=5, distortion=0.0, epochs=30)
PLANE = replace(  # codes and 20 heads of clusters in the plane
    CLUSTERS, n_categories=20, latent_dim=2, distortion=0.3, cluster_heads=True, head_distance=3.0
)
ALL = replace(SEMI, n_validation=HELD_OUT, batch_size=250, input_noise=0.5, epochs=30)
ALL_EXTRAS = replace(ALL, input_noise=0.3, shift=2, distortion=0.15, ema_decay=0.99, **HEADS)
GAUSSIAN_8D = replace(AAE, latent_dim=8, prior_std=5.0, epochs=16, n_validation=HELD_OUT)
BLURRED = replace(GAUSSIAN_8D, input_noise=0.5)
LIGHTER = replace(BLURRED, regularizer_weight=(6.0, 15.0))
SMALL_BATCHES = replace(LIGHTER, batch_size=250, epochs=48)
ENTROPY = replace(SMALL_BATCHES, likelihood="bernoulli", regularizer_weight=(15.0, 40.0))
SAMPLED = replace(ENTROPY, posterior="gaussian", epochs=72)
UNALIGNED = replace(PRESETS["clusters_16"], distribution_alignment=False, n_validation=HELD_OUT)
ALL_NOISY = replace(SEMI, n_validation=HELD_OUT, batch_size=250, hidden=(1000, 1000), hidden_noise=0.3, epochs=100)
NOISY = replace(WIDE, hidden_noise=0.3, epochs=100)
PSEUDO = replace(NOISY, pseudo_label_threshold=0.9, pseudo_label_start=0.2, ema_decay=0.99)
WIDE_EXTRAS = replace(CONFIDENT, batch_size=500, hidden=(1000, 1000), hidden_noise=0.3, epochs=80)
SPREAD = replace(SOONER, **HEADS, distortion=0.3, batch_size=500, epochs=76, unlabeled_epochs=40)
WIDE_SPREAD = replace(SPREAD, hidden=(1000, 1000), hidden_noise=0.3, epochs=100)
TRIALS = (
    Trial("Parzen, 8-D", GAUSSIAN_8D, (1,)),
    Trial("input noise of .5", BLURRED, (1,)),
    Trial("and weight 40 to 100, not 15 to 40", replace(BLURRED, regularizer_weight=(40.0, 100.0)), (1,)),
    Trial("and weight 6 to 15", LIGHTER, (1,)),
    Trial("and weight 3 to 6", replace(BLURRED, regularizer_weight=(3.0, 6.0)), (1,)),
    Trial("input noise of .8, weight 6 to 15", replace(LIGHTER, input_noise=0.8), (1,)),
    Trial("input noise of .35, weight 6 to 15", replace(LIGHTER, input_noise=0.35), (1,)),
    Trial("input noise of .5, weight 6 to 15, 1 discriminator update", replace(LIGHTER, discriminator_steps=1), (1,)),
    Trial("input noise of .5, weight 6 to 15, batch 250", replace(LIGHTER, batch_size=250), (1,)),
    Trial("and 48 epochs", SMALL_BATCHES, (11,)),
    Trial("and 144 epochs", replace(SMALL_BATCHES, epochs=144), (11,)),
    Trial("48 epochs, Gaussian posterior", replace(SMALL_BATCHES, posterior="gaussian"), (11,)),
    Trial("144 epochs, Gaussian posterior", replace(SMALL_BATCHES, epochs=144, posterior="gaussian"), (11,)),
    Trial("48 epochs, cross-entropy, weight 15 to 40", ENTROPY, (11,)),
    Trial("72 epochs, Gaussian posterior, cross-entropy, weight 15 to 40", SAMPLED, (11,)),
    Trial("the same, averaged weights of .999", replace(SAMPLED, ema_decay=0.999), (11,)),
    Trial("the same, weight 6 to 15", replace(SAMPLED, regularizer_weight=(6.0, 15.0)), (11,)),
    Trial("the same, weight 40 to 100", replace(SAMPLED, regularizer_weight=(40.0, 100.0)), (11,)),
    Trial("and 144 epochs", replace(SAMPLED, regularizer_weight=(40.0, 100.0), epochs=144), (11,)),
    Trial("48 epochs, 1000-1000 units", replace(SMALL_BATCHES, hidden=(1000, 1000)), (11,)),
    Trial("100 labels, plain", replace(FEW, epochs=30), (1,)),
    Trial("batch norm on the heads, weight 50, batch 250", PLAIN, (1,)),
    Trial("and 25 labeled images beside each batch, not 100", replace(PLAIN, labeled_per_step=25), (1,)),
    Trial("and 1000-1000 units, 100 epochs", replace(WIDE, epochs=100), (0,)),
    Trial("and noise of .3 in hidden layers", NOISY, (0,)),
    Trial("and pseudo-labels from 20 %, above .9, averaged weights", PSEUDO, (0,)),
    Trial("1000 labels, 1000-1000 units, noise in hidden layers", replace(NOISY, n_labeled=1000), (0,)),
    Trial("and pseudo-labels from 20 %, above .9, averaged weights", replace(PSEUDO, n_labeled=1000), (0,)),
    Trial("100 labels, shifts, distortions, pseudo-labels", EARLIER, (0, 1, 2)),
    Trial("distortions of .3", replace(EARLIER, distortion=0.3), (0, 1)),
    Trial("55 epochs", replace(EARLIER, epochs=55), (1,)),
    Trial("pseudo-labels from 20 %, above .7", SOONER, (0,)),
    Trial("and batch norm on the heads, weight 50", NORMED, (0, 2)),
    Trial("and pseudo-labels from 10 %, above .5, distortions of .3", CONFIDENT, (2,)),
    Trial("and batch 500", replace(CONFIDENT, batch_size=500), (2,)),
    Trial("and batch 250, 30 epochs", replace(CONFIDENT, batch_size=250, epochs=30), (2,)),
    Trial("and batch 500, 36 epochs", replace(CONFIDENT, batch_size=500, epochs=36), (8,)),
    Trial("and 1000-1000 units, noise in hidden layers, 80 epochs", WIDE_EXTRAS, (8,)),
    Trial("500-500 units, 40 epochs without labels, then labels spread", SPREAD, (8,)),
    Trial("and 1000-1000 units, noise in hidden layers", WIDE_SPREAD, (8,)),
    Trial("500-500 units, 80 epochs without labels", replace(SPREAD, epochs=152, unlabeled_epochs=80), (8,)),
    Trial("1000 labels, 1000-1000 units, noise in hidden layers", replace(WIDE_EXTRAS, n_labeled=1000), (0,)),
    Trial("and 160 epochs", replace(WIDE_EXTRAS, n_labeled=1000, epochs=160), (0,)),
    Trial("all labels, plain, batch 250, input noise of .5", ALL, (1,)),
    Trial("and input noise of .3, 1000-1000 units, noise of .3 in hidden layers", ALL_NOISY, (1,)),
    Trial("all labels, shifts, distortions of .15, batch 250", ALL_EXTRAS, (1,)),
    Trial("16 clusters, no distortions", CLUSTERS, (0,)),
    Trial("16 clusters, distortions of .3", replace(CLUSTERS, distortion=0.3), (0, 1)),
    Trial("and distribution alignment", replace(CLUSTERS, distortion=0.3, distribution_alignment=True), (1,)),
    Trial("16 clusters, as the preset, without alignment", UNALIGNED, (10, 11, 12, 13)),
    Trial("2-D, 20 clusters, distortions of .3", PLANE, (10, 11, 12, 13)),
    Trial("and 120 epochs", replace(PLANE, epochs=120), (10,)),
)  # fmt: skip


def measure(config: Config) -> dict[str, float]:
    """The figure of the held-out images after the last epoch, the nats that they cost, and the CPU seconds."""
    state, images = training.start(config), data.load(config.dataset, config.n_validation)
    for record in training.train(state, images):
        print(f"epoch {record['epoch']}/{config.epochs}", flush=True)
    return {
        "figure": figure(state, images.validation),
        "nats": state.history[-1]["reconstruction_bce"],
        "seconds": sum(record["seconds"] for record in state.history),
    }


def figure(state: training.State, held_out: data.Images) -> float:
    """The error of classes, else of clusters, in percent; without either the Parzen log-likelihood in nats."""
    record, model = state.history[-1], state.best_model.eval()
    if state.config.n_categories:
        name = "classification_error" if "classification_error" in record else "clustering_error"
        return 100 * record[name]
    to_choose, to_score = held_out.rows(slice(PARZEN_IMAGES)), held_out.rows(slice(PARZEN_IMAGES, 2 * PARZEN_IMAGES))
    samples = model.sample(planes.prior_samples(model, metrics.PARZEN_SAMPLES))
    return metrics.parzen(samples, data.Data(held_out, to_choose, to_score))["parzen"]


def load() -> list[dict]:
    """What is known, a result for each trial and seed."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else []


def known(config: Config) -> dict | None:
    """The result of this config, seed included."""
    return next((result for result in load() if Config.from_json(result["config"]) == config), None)


def fill(trials: Iterable[Trial]) -> None:
    """Train the trials with the seeds that are not known yet, keeping each result as it comes."""
    configs = [replace(trial.config, seed=seed) for trial in trials for seed in trial.seeds]
    for (config,), measured in grids.run_all(measure, [(config,) for config in configs if not known(config)]):
        result = {**measured, "config": config.to_json()}
        files.write_atomically(RESULTS, (json.dumps([*load(), result], indent=1) + "\n").encode())


def line(trial: Trial) -> str:
    """A trial as a line of a Markdown table, with -log p(x | z) of the held-out images where it was kept."""
    results = {seed: known(replace(trial.config, seed=seed)) for seed in trial.seeds}
    digits = 2 if trial.config.n_categories else 0
    nats = {seed: f", {result['nats']:.1f} nats" for seed, result in results.items() if result and "nats" in result}
    figures = [
        f"{result['figure']:.{digits}f} ({seed}{nats.get(seed, '')})" for seed, result in results.items() if result
    ]
    seconds = [result["seconds"] for result in results.values() if result]
    spent = f"{sum(seconds) / len(seconds):.0f}" if seconds else ""
    return f"| {trial.text} | {trial.config.epochs} | {', '.join(figures)} | {spent} |"


def markdown() -> str:
    """All trials as a Markdown table."""
    heads = ["| recipe | epochs | error %, or nats (seed) | CPU s |", "|---|---|---|---|"]
    return "\n".join([*heads, *map(line, TRIALS)])


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--train", action="store_true", help="what is missing; default: print what is known")
    if parser.parse_args().train:
        fill(TRIALS)
    print(markdown())


if __name__ == "__main__":
    main()
