"""The plain three-phase loop: the project's shared step must learn as well."""

import statistics
from dataclasses import replace

import pytest
import torch
from torch.utils.data import TensorDataset

from aae import data, training
from aae.analysis import metrics
from aae.config import PRESETS
from benchmarks import peers, plain, report, step
from benchmarks import training as benchmark

CONFIG = replace(
    PRESETS["digits"], hidden=(128,), discriminator_hidden=(128,), epochs=15, regularizer_weight=(1.0, 1.0)
)
SEEDS = (0, 1, 2)
COMPARED = ("reconstruction_mse", "prior_distance")


def plain_figures(seed):
    """The metrics of the plain loop after CONFIG's epochs."""
    images = data.load("digits")
    contestant = plain.start(replace(CONFIG, seed=seed, learning_rate=1e-3, batch_norm=False))
    plain.train(contestant, TensorDataset(images.train.floats(), images.train.labels), CONFIG.epochs, weight=1.0)
    return metrics.evaluate(contestant.model, images)


def own_figures(seed):
    """The metrics of the project's step after as many epochs."""
    state = training.start(replace(CONFIG, seed=seed))
    list(training.train(state, data.load("digits")))
    return metrics.evaluate(state.best_model, data.load("digits"))


@pytest.fixture(scope="module")
def yardstick():
    """Of the plain loop's figures over seeds: their mean and spread, by metric."""
    return spread([plain_figures(seed) for seed in SEEDS])


def spread(figures):
    """The mean and the standard deviation over seeds, by metric."""
    columns = {metric: [row[metric] for row in figures] for metric in COMPARED}
    return {metric: (statistics.mean(column), statistics.stdev(column)) for metric, column in columns.items()}


def test_the_shared_step_learns_at_least_as_well_as_three_plain_phases(yardstick, bfloat16):
    """Over seeds, each figure's mean is the better one by more than both spreads."""
    ours = spread([own_figures(seed) for seed in SEEDS])
    assert yardstick["reconstruction_mse"][0] < 0.07  # the plain loop does learn: the mean image has 0.073
    for metric in COMPARED:
        (our_mean, our_spread), (their_mean, their_spread) = ours[metric], yardstick[metric]
        assert our_mean + our_spread < their_mean - their_spread, metric


def test_a_plain_phase_changes_its_own_networks_only():
    contestant = plain.start(CONFIG)
    before = {name: w.clone() for name, w in contestant.model.named_parameters()}
    plain.step(contestant, torch.rand(20, CONFIG.n_pixels), weight=0.0)
    changed = {name.split(".")[0] for name, w in contestant.model.named_parameters() if not w.equal(before[name])}
    assert changed == {"encoder", "decoder", "discriminators"}


def test_the_floor_counts_every_weight_matrix():
    model = training.start(benchmark.SAME).model
    n_weights = sum(n * m for network in (model.encoder, model.decoder) for n, m in benchmark.linears(network))
    assert n_weights == 2 * (784 * 1000 + 1000 * 1000 + 1000 * 2)


def test_the_parts_of_a_step_are_all_its_products_and_all_of_adam():
    config = replace(benchmark.SAME, dataset="digits", hidden=(16,), discriminator_hidden=(8,))
    steps = benchmark.project_steps(config, data.load("digits"))
    next(steps)
    calls = step.recorded(steps)
    forward, backward, generator = (
        6,
        3 + 4 + 3,
        2 + 2,
    )  # neither images, nor codes of the discriminator, have a gradient
    assert len(calls["products"]) == training.AVERAGE_EVERY * (forward + backward + generator)
    assert len(calls["adam"]) == training.AVERAGE_EVERY * 2 * 2


def test_a_peer_that_is_not_installed_is_named(monkeypatch, capsys):
    monkeypatch.setattr(peers.importlib.util, "find_spec", lambda name: None)
    assert not peers.is_installed() and "pythae is not installed" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "-1", "nan", "", "1.5", "9" * 4000])
def test_a_number_that_makes_no_sense_is_refused_in_a_line(text, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["benchmarks/step.py", f"--rounds={text}"])
    with pytest.raises(SystemExit) as ended:
        report.run(lambda rounds: {}, {}, rounds=9)
    assert ended.value.code == 2 and capsys.readouterr().err.count("\n") == 1
