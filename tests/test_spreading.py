"""Epochs without labels, after which the few labels spread over the features and are the first pseudo-labels."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from aae import data, runs, training
from aae.config import PRESETS, Config, ConfigError
from aae.data import UNLABELED
from aae.jobs import records, worker
from aae.jobs.control import Control
from aae.training import loop, schedules, spreading
from tests.test_training import same, tiny_data, trained, weights

SPREAD = replace(
    PRESETS["semi_100_extras"],
    dataset="digits",
    hidden=(16,),
    batch_size=32,
    n_labeled=20,
    labeled_per_step=10,
    epochs=6,
    unlabeled_epochs=2,
    pseudo_label_threshold=0.1,
)


def groups(generator, n=40):
    """Features around each of three directions, and their classes."""
    centres = 5 * torch.eye(3, 8)
    return torch.cat([centre + torch.randn(n, 8, generator=generator) for centre in centres]), torch.arange(3 * n) // n


def test_labels_spread_to_the_whole_group_of_each():
    features, classes = groups(torch.Generator().manual_seed(0))
    labels = torch.full_like(classes, UNLABELED)
    labels[::40] = classes[::40]
    found = spreading.spread_labels(features, labels)
    assert found.dtype == torch.int64 and (found == classes).float().mean() > 0.95


def test_spread_labels_are_those_of_the_closed_form():
    """F = (I - α S)⁻¹ Y with S = D^-1/2 W D^-1/2 (Zhou 2004), its columns of the same sum."""
    features, classes = groups(torch.Generator().manual_seed(1))
    features[:20] = features[:20] / 2 + features[40:60] / 2  # between two groups
    labels = torch.full_like(classes, UNLABELED)
    labels[[0, 20, 25, 30, 35, 40, 100]] = classes[[0, 20, 25, 30, 35, 40, 100]]  # five of one group
    weights = spreading.neighbour_graph(features).toarray()
    assert (weights == weights.T).all() and ((weights > 0).sum(1) >= spreading.N_NEIGHBOURS).all()
    degrees = weights.sum(1) ** -0.5
    own = np.eye(3)[np.maximum(labels.numpy(), 0)] * (labels.numpy() >= 0)[:, None]
    total = np.linalg.solve(np.eye(len(own)) - spreading.ALPHA * degrees[:, None] * weights * degrees, own)
    shares = total / total.sum(1, keepdims=True)
    expected = (shares / shares.sum(0)).argmax(1)
    assert (expected != shares.argmax(1)).any()
    assert (spreading.spread_labels(features, labels).numpy() == expected).mean() > 0.99


def test_links_weigh_the_third_power_of_the_cosine_between_centred_features():
    features = torch.randn(30, 4, generator=torch.Generator().manual_seed(2))
    graph = spreading.neighbour_graph(features).toarray()
    centred = torch.nn.functional.normalize(features - features.mean(0), dim=1)
    cosine = (centred @ centred.T).fill_diagonal_(-1)
    for row in range(30):
        for near in cosine[row].topk(spreading.N_NEIGHBOURS).indices.tolist():
            is_mutual = row in cosine[near].topk(spreading.N_NEIGHBOURS).indices.tolist()
            expected = (1 + is_mutual) * max(0.0, cosine[row, near].item()) ** 3
            assert graph[row, near] == pytest.approx(expected, abs=1e-4)


def test_an_image_that_no_label_reaches_has_none():
    features = torch.cat([torch.eye(2, 8).repeat(15, 1), -torch.eye(2, 8).repeat(15, 1)])
    features += 0.01 * torch.randn(60, 8, generator=torch.Generator().manual_seed(3))
    labels = torch.full((60,), UNLABELED)
    labels[0], labels[1] = 0, 1
    found = spreading.spread_labels(features, labels)
    assert found[:30].tolist() == [0, 1] * 15 and (found[30:] == UNLABELED).all()


def test_features_are_the_last_hidden_layer_without_noise():
    state = training.start(replace(SPREAD, hidden=(24, 16), hidden_noise=0.5))
    images = tiny_data().train
    found = spreading.hidden_features(state.model, images)
    *hidden, head, norm = state.model.eval().encoder
    assert found.shape == (100, 16) and isinstance(head, torch.nn.Linear) and norm.num_features == 20
    torch.testing.assert_close(found, torch.nn.Sequential(*hidden)(images.floats()))


def watched(monkeypatch, config):
    """The batches of each epoch of a training, as its phases get them; and its state."""
    seen, step = [], loop.step
    monkeypatch.setattr(loop, "step", lambda state, batch, *rest: seen.append(batch) or step(state, batch, *rest))
    state = trained(config)
    n = len(seen) // config.epochs
    return [seen[i : i + n] for i in range(0, len(seen), n)], state


def test_no_label_is_known_at_first_then_they_spread_then_the_network_has_its_own(monkeypatch):
    found = torch.arange(100) % 10
    monkeypatch.setattr(loop, "spread", lambda model, images: found)
    epochs, state = watched(monkeypatch, SPREAD)
    for batch in itertools.chain(*epochs[:2]):
        assert (batch.labels == UNLABELED).all() and len(batch.labels) <= 32 and not batch.has_labels
    for batch in itertools.chain(*epochs[2:]):
        assert (batch.labels != UNLABELED).sum() >= 10 and batch.has_labels
    for batch in itertools.chain(*epochs[2:4]):
        expected = torch.where(batch.labels == UNLABELED, found[batch.rows], UNLABELED)
        assert torch.equal(batch.pseudo, expected) and (expected != UNLABELED).any()
    own = [(batch.pseudo == found[batch.rows]) | (batch.labels != UNLABELED) for batch in itertools.chain(*epochs[4:])]
    assert not torch.cat(own).all() and state.spread_labels is None
    assert ["classification" in record for record in state.history] == [False] * 2 + [True] * 4


def test_what_spreads_are_the_known_labels_alone(monkeypatch):
    given = []
    monkeypatch.setattr(loop, "spread", lambda model, images: given.append(images) or images.labels.clamp(min=0))
    images = tiny_data()
    trained(SPREAD, images)
    [given] = given
    assert torch.equal(given.labels, training.known_labels(SPREAD, images.train.labels))


def test_a_job_says_that_labels_spread_while_they_do(monkeypatch, tmp_path):
    shown = []

    def doing():
        return records.read_object(tmp_path / records.PROGRESS)["doing"]

    monkeypatch.setattr(loop, "spread", lambda model, images: shown.append(doing()) or images.labels.clamp(min=0))
    records.write_object(tmp_path / records.ASKED, records.Asked("a", "me", SPREAD).to_json())
    assert worker.run(tmp_path, Control()) == 0
    assert shown == ["spreading the labels to similar images"] and doing() == ""


@pytest.mark.parametrize("killed_after", [7, 8, 9, 13, 18])
def test_killed_and_resumed_equals_uninterrupted(killed_after, tmp_path, bfloat16):
    whole, state, calls = trained(SPREAD), training.start(SPREAD), itertools.count()
    list(training.train(state, tiny_data(), stop=lambda: next(calls) >= killed_after))
    assert (state.spread_labels is not None) == (8 <= killed_after < 16)  # of four steps an epoch
    runs.save_state(state, tmp_path / "x.state.safetensors")
    resumed = runs.load_state(tmp_path / "x.state.safetensors")
    list(training.train(resumed, tiny_data()))
    assert same(weights(whole), weights(resumed))


def test_the_rates_of_both_parts_begin_at_their_start():
    config = replace(SPREAD, epochs=20, unlabeled_epochs=5, continued_at=(11,))
    assert [schedules.scheduled_epochs(config, epoch) for epoch in (0, 4, 5, 10, 11, 19)] == [5, 5, 11, 11, 20, 20]
    assert schedules.spread_until(config) == 8 and schedules.spread_until(replace(config, continued_at=())) == 13


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unlabeled_epochs": 6}, "below epochs=6"),
        ({"unlabeled_epochs": 3, "continued_at": (3,)}, r"continued_at=\(3,\): must be above unlabeled_epochs=3"),
        ({"n_labeled": None}, "no few labels to spread"),
        ({"labels": "unused", "n_labeled": None}, "no few labels to spread"),
        ({"unlabeled_epochs": -1}, "must lie between 0"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, words):
    with pytest.raises(ConfigError, match=words):
        replace(SPREAD, **changes)
    assert Config().unlabeled_epochs == 0


def test_labels_spread_over_what_was_trained_without_labels_name_most_digits():
    """Five labels of each digit, 1,747 images without one; by chance a tenth would be right."""
    config = replace(SPREAD, hidden=(128,), batch_size=100, n_labeled=50, unlabeled_epochs=10, epochs=20)
    images, state = data.load("digits").train, training.start(config)
    for _ in zip(range(10), training.train(state, data.load("digits")), strict=False):
        pass
    known = images._replace(labels=training.known_labels(config, images.labels))
    found = spreading.spread(state.best_model, known)
    assert (found == images.labels).float().mean() > 0.7
