"""The plain three-phase loop: the project's shared step must learn as well."""

from dataclasses import replace

import torch
from torch.utils.data import TensorDataset

from aae import data, metrics, training
from aae.config import PRESETS
from benchmarks import plain
from benchmarks import training as benchmark

CONFIG = replace(PRESETS["digits"], epochs=30, regularizer_weight=(1.0, 1.0))


def test_the_shared_step_learns_as_well_as_three_plain_phases():
    images = data.load("digits")
    contestant = plain.start(replace(CONFIG, learning_rate=1e-3, batch_norm=False))
    plain.train(contestant, TensorDataset(images.train.floats(), images.train.labels), CONFIG.epochs, weight=1.0)
    state = training.start(CONFIG)
    for _ in training.train(state, images):
        pass
    theirs, ours = (metrics.evaluate(model, images) for model in (contestant.model, state.best_model))
    assert theirs["reconstruction_mse"] < 0.07  # the yardstick itself learns: the mean image has 0.073
    assert ours["reconstruction_mse"] < 1.1 * theirs["reconstruction_mse"]
    assert ours["prior_distance"] < theirs["prior_distance"]


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
