"""How training is wired: what every step is given, and what its losses are made of."""

import math
from dataclasses import replace

import pytest
import torch
from torch.nn.functional import cross_entropy

from aae import data, training
from aae.config import Config
from aae.data import UNLABELED, Data
from aae.models import losses
from aae.training import phases

TINY = replace(
    Config(), dataset="digits", hidden=(16,), discriminator_hidden=(8,), batch_size=30, epochs=2, ema_decay=0.9
)
CONDITIONAL = replace(TINY, labels="discriminator", prior="mixture")
CLASSIFIER = replace(TINY, labels="classifier", n_categories=10)
N, STEPS = 100, 8  # images, and the steps of two epochs over them
LABELS = torch.arange(-1, 29) % 11 - 1  # of 30 rows: all classes, and some hidden


@pytest.fixture
def images():
    return Data(*(part.rows(slice(N)) for part in data.load("digits")))


@pytest.fixture
def given(monkeypatch, images, bfloat16):
    """A function that trains a config, and returns what each step was given: (images, rows, progress, generator)."""

    def train(config):
        calls, make_batch, step = [], training.make_batch, training.step

        def spying_batch(config, images, rows, generator):
            calls.append([images, rows, generator.initial_seed()])
            return make_batch(config, images, rows, generator)

        def spying_step(state, batch, progress, generator):
            calls[-1].append(progress)
            return step(state, batch, progress, generator)

        monkeypatch.setattr(training.loop, "make_batch", spying_batch)
        monkeypatch.setattr(training.loop, "step", spying_step)
        list(training.train(training.start(config), images))
        return [list(column) for column in zip(*calls, strict=True)]

    return train


@pytest.mark.parametrize(
    ("changes", "n_allowed"),
    [
        ({"labels": "unused"}, 0),
        ({"labels": "discriminator"}, None),
        ({"labels": "discriminator", "n_labeled": 50}, 50),
        ({"labels": "decoder"}, None),
        ({"labels": "classifier", "n_categories": 10, "n_labeled": 50, "seed": 3}, 50),
    ],
)
def test_training_sees_the_training_images_and_the_labels_that_its_config_and_seed_allow(
    given, images, changes, n_allowed
):
    config = replace(TINY, **changes)
    seen = given(config)[0][0]
    labels = images.train.labels
    allowed = torch.full_like(labels, UNLABELED) if n_allowed == 0 else labels
    allowed = data.hide_labels(labels, n_allowed, 10, config.seed) if n_allowed else allowed
    assert torch.equal(seen.pixels, images.train.pixels)
    assert torch.equal(seen.labels, allowed)
    assert (seen.labels != UNLABELED).sum() == (N if n_allowed is None else n_allowed)


@pytest.mark.parametrize("n_labeled", [None, 20])
def test_every_epoch_gives_every_image_once_in_an_order_of_its_own(given, n_labeled):
    rows = given(replace(CLASSIFIER, n_labeled=n_labeled))[1]
    epochs = [torch.cat(rows[: STEPS // 2]), torch.cat(rows[STEPS // 2 :])]
    assert all(sorted(epoch.tolist()) == list(range(N)) for epoch in epochs)
    assert not torch.equal(*epochs)


def test_every_step_has_noise_of_its_own_and_knows_how_far_training_is(given):
    _, _, seeds, progress = given(TINY)
    assert len(set(seeds)) == STEPS
    assert progress == [i / STEPS for i in range(STEPS)]
    assert not set(seeds) & set(given(replace(TINY, seed=1))[2])


def seeded():
    return torch.Generator().manual_seed(0)


def a_batch(config):
    """Rows of all classes, some of them hidden; input and target of the reconstruction are different images."""
    shown, hidden = torch.rand(2, len(LABELS), 64, generator=seeded())
    pseudo = torch.where(LABELS < 0, 4, UNLABELED) if config.pseudo_label_threshold else None
    return training.Batch(hidden, shown, LABELS.clamp(min=0) if config.decoder_is_conditional else LABELS, pseudo)


@pytest.fixture
def a_step(monkeypatch, bfloat16):
    """A function that takes a step in which no weight moves: its state, batch and log, and all (optimizer, loss)."""

    def take(config, progress=0.5):
        state, batch, updates = training.start(config), a_batch(config), []
        monkeypatch.setattr(training.loop, "update", lambda optimizer, loss: updates.append((optimizer, loss.item())))
        return state, batch, training.step(state, batch, progress, seeded()), updates

    return take


@pytest.mark.parametrize(
    ("config", "parts"),
    [
        (replace(TINY, regularizer="none"), set()),
        (TINY, {"generator"}),
        (replace(TINY, regularizer="kl", posterior="gaussian"), {"kl"}),
        (CLASSIFIER, {"generator", "classification"}),
        (replace(CLASSIFIER, pseudo_label_threshold=0.5), {"generator", "classification", "pseudo"}),
        (replace(CLASSIFIER, cluster_heads=True, head_distance=9.0), {"generator", "classification"}),
    ],
)
def test_a_step_descends_reconstruction_and_the_weighted_sum_of_its_other_phases(config, parts, a_step):
    state, _, log, updates = a_step(config)
    expected = log["reconstruction"] + math.sqrt(15 * 40) * sum(log[name] for name in parts)
    if config.head_distance:
        repulsion = losses.head_repulsion(state.model.heads.weight.T, config.head_distance)
        assert repulsion > 1
        expected = expected + repulsion
    assert set(log) - {"discriminator", "reconstruction"} == parts
    players, total = updates[-1]
    assert players is state.optimizers["autoencoder"]
    assert total == pytest.approx(expected.item(), rel=1e-5)
    updated = [optimizer for optimizer, _ in updates[:-1]]
    n_updated = config.discriminator_steps if config.regularizer == "adversarial" else 0
    assert len(updated) == n_updated and all(each is state.optimizers["discriminator"] for each in updated)


@pytest.mark.parametrize("labels", ["unused", "decoder"])
def test_what_is_encoded_is_the_corrupted_input_and_what_is_reconstructed_the_image(labels, a_step, bfloat16):
    state, batch, log, _ = a_step(replace(TINY, labels=labels))
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        logits = state.model.reconstruct(state.model.encode(batch.inputs), batch.labels)
    assert log["reconstruction"].item() == pytest.approx(losses.squared_error(logits, batch.images).item(), rel=1e-5)


def test_all_networks_are_in_bfloat16_where_that_is_fast_and_no_loss_is(a_step, bfloat16, monkeypatch):
    kinds, start = {}, training.start

    def watched(config):
        state = start(config)
        networks = {"encoder": state.model.encoder, "decoder": state.model.decoder, **state.model.discriminators}
        for name, network in networks.items():
            network.register_forward_hook(lambda _, given, made, name=name: kinds.update({name: made.dtype}))
        return state

    monkeypatch.setattr(training, "start", watched)
    log = a_step(CLASSIFIER)[2]
    fast = torch.bfloat16 if bfloat16 else torch.float32
    assert kinds == {"encoder": fast, "decoder": fast, "z": fast, "y": fast}
    assert {loss.dtype for loss in log.values()} == {torch.float32}


@pytest.mark.parametrize(
    ("abilities", "fast"),
    [({"amx_bf16": True}, True), ({"avx512_bf16": True, "avx2": True}, True), ({"avx2": True}, False), ({}, False)],
)
def test_bfloat16_is_for_processors_that_multiply_it(abilities, fast, monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: abilities)
    assert training.bfloat16_is_fast.__wrapped__() is fast


def test_the_losses_of_a_step_are_nearly_the_same_in_bfloat16(monkeypatch):
    """It has 8 significant bits: a relative error of 2⁻⁹ in each product."""
    logs = []
    for fast in (False, True):
        monkeypatch.setattr(training.loop, "bfloat16_is_fast", lambda *_, fast=fast: fast)
        logs.append(training.step(training.start(CLASSIFIER), a_batch(CLASSIFIER), 0.0, seeded()))
    for name, loss in logs[0].items():
        assert loss.item() == pytest.approx(logs[1][name].item(), rel=2**-5), name


@pytest.mark.parametrize("config", [TINY, replace(CLASSIFIER, cluster_heads=True, head_distance=9.0)])
def test_weights_and_moments_are_those_of_torch_optim_bit_for_bit(config, images, bfloat16, monkeypatch):
    def by_torch(optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        torch.optim.Adam.step(optimizer)

    states = []
    for update in (training.loop.update, by_torch):
        monkeypatch.setattr(training.loop, "update", update)
        states.append(training.start(config))
        for i in range(3):
            training.timed_step(states[-1], images.train, torch.arange(30 * i, 30 * i + 30), 0.5)
    ours, theirs = ([state.model.state_dict(), *map(moments, state.optimizers.values())] for state in states)
    for a, b in zip(ours, theirs, strict=True):
        assert list(a) == list(b) and all(map(torch.equal, a.values(), b.values()))


def moments(optimizer):
    kept = optimizer.state_dict()["state"]
    return {(index, name): tensor for index in sorted(kept) for name, tensor in sorted(kept[index].items())}


def test_a_step_sets_the_learning_rates_of_its_progress(a_step):
    state, *_ = a_step(TINY, progress=1.0)
    rates = {name: optimizer.param_groups[0]["lr"] for name, optimizer in state.optimizers.items()}
    assert rates == pytest.approx({"autoencoder": 2e-5, "discriminator": 1e-5})


def test_each_value_is_scored_with_the_label_of_its_own_row():
    """Prior draws come from the component that their label names, codes from the image that bears it (Fig. 3)."""
    model, batch = training.start(CONDITIONAL).model, a_batch(CONDITIONAL)
    code = model.encode(batch.inputs)
    real = training.draw_real(CONDITIONAL, "z", batch, seeded())

    def score(values, labels=LABELS):
        return model.discriminate("z", values, labels)

    loss = losses.discriminator(score(real), score(code.z))
    assert training.discriminator_phase(model, code, batch, seeded()).item() == pytest.approx(loss.item())
    assert training.generator_phase(model, code, batch, seeded()).item() == pytest.approx(
        losses.generator(score(code.z)).item()
    )
    hidden = torch.full_like(LABELS, UNLABELED)
    assert loss.item() != pytest.approx(losses.discriminator(score(real, hidden), score(code.z, hidden)).item())


@pytest.mark.parametrize("phase", [training.discriminator_phase, training.generator_phase])
def test_what_a_discriminator_scores_has_the_noise_of_the_config(phase):
    found = []
    for noise in (0.0, 0.5):
        config = replace(TINY, discriminator_noise=noise)
        model, batch = training.start(config).model, a_batch(config)
        found.append(phase(model, model.encode(batch.inputs), batch, seeded()).item())
    assert found[0] != found[1]


def test_the_losses_of_several_discriminators_are_added():
    model, batch = training.start(CLASSIFIER).model, a_batch(CLASSIFIER)
    code, generator = model.encode(batch.inputs), seeded()
    real = {name: training.draw_real(CLASSIFIER, name, batch, generator) for name in "zy"}
    fake = {"z": code.z, "y": code.y}
    of_real, of_fake = ([model.discriminate(name, each[name], LABELS) for name in "zy"] for each in (real, fake))
    expected = sum(map(losses.discriminator, of_real, of_fake))
    assert training.discriminator_phase(model, code, batch, seeded()).item() == pytest.approx(expected.item(), rel=1e-5)
    expected = sum(map(losses.generator, of_fake))
    assert training.generator_phase(model, code, batch, seeded()).item() == pytest.approx(expected.item(), rel=1e-5)


def test_the_kl_term_is_that_of_a_posterior_and_of_the_prior_as_wide_as_the_config_says():
    config = replace(TINY, regularizer="kl", posterior="gaussian", prior_std=5.0)
    model, batch = training.start(config).model, a_batch(config)
    code = model.encode(batch.inputs)
    posterior = torch.distributions.Normal(code.mean, (0.5 * code.logvar).exp())
    expected = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 5.0)).sum(1).mean()
    assert phases.kl_phase(model, code, batch).item() == pytest.approx(expected.item(), rel=1e-5)


def test_the_class_is_learned_by_the_cross_entropy_of_the_rows_that_have_one():
    config = replace(CLASSIFIER, pseudo_label_threshold=0.5)
    model, batch = training.start(config).model, a_batch(config)
    code, known = model.encode(batch.inputs), LABELS >= 0
    taught = training.classification_phase(model, code, batch).item()
    assert taught == pytest.approx(cross_entropy(code.y_logits[known], LABELS[known]).item(), rel=1e-5)
    believed = training.pseudo_phase(model, code, batch).item()
    assert believed == pytest.approx(
        cross_entropy(code.y_logits[~known], batch.pseudo[~known], reduction="sum").item() / len(LABELS), rel=1e-5
    )


def test_draws_of_the_prior_differ_from_step_to_step():
    batch, generator = a_batch(TINY), seeded()
    first, second = (training.draw_real(TINY, "z", batch, generator) for _ in range(2))
    assert not torch.equal(first, second)


def test_the_averaged_weights_have_their_hand_value(images, bfloat16):
    """Every fourth step: the first time a copy, then decay⁴ of it beside the new weights."""
    state, kept = training.start(TINY), []
    for _ in range(2 * training.AVERAGE_EVERY):
        training.timed_step(state, images.train, torch.arange(30), 0.0)
        kept.append([p.detach().clone() for p in state.model.parameters()])
    old, new = kept[0], kept[training.AVERAGE_EVERY]
    share = TINY.ema_decay**training.AVERAGE_EVERY
    for average, a, b in zip(state.averaged.module.parameters(), old, new, strict=True):
        torch.testing.assert_close(average, share * a + (1 - share) * b)
