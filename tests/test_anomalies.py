"""Scores of odd images: by hand, by scikit-learn, and of models trained without a class."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import auc, precision_recall_curve, roc_curve
from torch.distributions import MultivariateNormal

from aae import data, runs, training
from aae.analysis import anomalies
from aae.config import Config, ConfigError
from aae.data import Images
from aae.models.autoencoder import AutoEncoder
from aae.runs import titles

TINY = Config(dataset="digits", hidden=(16,), discriminator_hidden=(8,), batch_size=64, epochs=1)
WITHOUT_4 = replace(TINY, held_out_class=4, n_validation=100)
CONDITIONAL = replace(TINY, labels="both")
DIM = 3


def model_of(config, seed=0):
    torch.manual_seed(seed)
    return AutoEncoder(config).eval()


def images_of(n, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return Images(torch.randint(256, (n, 64), generator=generator, dtype=torch.uint8), torch.zeros(n, dtype=torch.long))


# The scores


def test_the_reconstruction_error_is_the_mean_of_the_squares():
    model, images = model_of(TINY), images_of(5)
    code = model.encode(images.floats())
    made = model.sample(code.z)
    by_hand = [float(np.mean((made[i].numpy() - images.floats()[i].numpy()) ** 2)) for i in range(5)]
    assert anomalies.of_images(model, images)["reconstruction"].tolist() == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.parametrize("std", [1.0, 5.0])
def test_the_priors_score_is_minus_the_log_density_of_the_code(std):
    model, images = model_of(replace(TINY, latent_dim=DIM, prior_std=std)), images_of(7)
    z = model.encode(images.floats()).mean
    expected = -MultivariateNormal(torch.zeros(DIM), std**2 * torch.eye(DIM)).log_prob(z)
    assert torch.allclose(anomalies.of_images(model, images)["prior"], expected, rtol=1e-4)


def test_the_discriminators_score_is_minus_the_log_of_its_probability():
    model, images = model_of(TINY), images_of(7)
    z = model.encode(images.floats()).mean
    probability = model.discriminators["z"](z).squeeze(1).double().sigmoid()
    assert torch.allclose(anomalies.of_images(model, images)["discriminator"].double(), -probability.log(), rtol=1e-4)


def test_what_is_conditioned_on_a_class_is_scored_under_the_class_that_fits_best():
    model, images = model_of(CONDITIONAL), images_of(6)
    code, pixels = model.encode(images.floats()), images.floats()
    classes = [torch.full((6,), k) for k in range(10)]
    errors = [(model.reconstruct(code, k).sigmoid() - pixels).square().mean(1) for k in classes]
    logits = [model.discriminate("z", code.mean, k) for k in classes]
    scores = anomalies.of_images(model, images)
    assert torch.allclose(scores["reconstruction"], torch.stack(errors).min(0).values)
    assert torch.allclose(scores["discriminator"], -torch.stack(logits).max(0).values.sigmoid().log(), rtol=1e-4)


def test_labels_are_not_used():
    for config in (TINY, CONDITIONAL):
        model, images = model_of(config), images_of(6)
        others = images._replace(labels=images.labels + 5)
        for name, scores in anomalies.of_images(model, images).items():
            assert torch.equal(scores, anomalies.of_images(model, others)[name])


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ("reconstruction", "prior", "discriminator")),
        ({"prior": "swiss_roll"}, ("reconstruction", "discriminator")),
        ({"regularizer": "none"}, ("reconstruction",)),
        ({"regularizer": "kl", "posterior": "gaussian"}, ("reconstruction", "prior")),
        ({"prior": "mixture"}, ("reconstruction", "prior", "discriminator")),
        ({"prior": "drawn", "prior_image": "f" * 4096}, ("reconstruction", "prior", "discriminator")),
        ({"n_categories": 7}, ("reconstruction", "prior", "discriminator")),
    ],
)
def test_a_model_has_the_scores_that_it_can_have(changes, names):
    config = replace(TINY, **changes)
    assert anomalies.names(config) == names
    scores = anomalies.of_images(model_of(config), images_of(4))
    assert tuple(scores) == names and all(each.shape == (4,) for each in scores.values())


def test_codes_alone_have_what_needs_no_image(monkeypatch):
    model, images = model_of(TINY), images_of(9)
    monkeypatch.setattr(anomalies, "BATCH", 4)
    scores, z = anomalies.of_images(model, images), model.encode(images.floats()).mean
    of_codes = anomalies.of_codes(model, z)
    assert set(of_codes) == {"prior", "discriminator"}
    assert all(torch.allclose(of_codes[name], scores[name], rtol=1e-4) for name in of_codes)


# How well they separate


def test_separation_by_hand():
    assert anomalies.separation(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])) == (1.0, 1.0)
    assert anomalies.separation(torch.tensor([3.0, 4.0]), torch.tensor([1.0, 2.0])).auroc == 0.0
    assert anomalies.separation(torch.tensor([1.0, 3.0]), torch.tensor([2.0])).auroc == 0.5
    assert anomalies.separation(torch.ones(3), torch.ones(2)).auroc == 0.5  # ties count half


def test_separation_is_that_of_pairs_and_of_scikit_learns_curves():
    generator = torch.Generator().manual_seed(3)
    normal, odd = torch.randn(200, generator=generator), 0.7 + torch.randn(60, generator=generator)
    found = anomalies.separation(normal, odd)
    assert found.auroc == pytest.approx((odd[:, None] > normal).double().mean().item())
    is_odd, scores = np.repeat([0, 1], [200, 60]), torch.cat([normal, odd]).numpy()
    assert found.auroc == pytest.approx(auc(*roc_curve(is_odd, scores)[:2]))
    precision, recall, _ = precision_recall_curve(is_odd, scores)
    assert found.average_precision == pytest.approx(-np.sum(np.diff(recall) * precision[:-1]))


def test_a_density_of_nought_is_the_oddest_score():
    outside = anomalies.of_codes(model_of(replace(TINY, prior="uniform")), torch.tensor([[0.0, 0.0], [9.0, 0.0]]))
    assert outside["prior"].tolist() == [pytest.approx(2 * math.log(2 * math.sqrt(3))), math.inf]
    assert anomalies.separation(outside["prior"][:1], outside["prior"][1:]).auroc == 1.0


# Models trained without a class


def test_a_held_out_class_is_in_the_test_images_alone():
    parts, whole = data.load_for(WITHOUT_4), data.load("digits")
    assert 4 not in parts.train.labels and 4 not in parts.validation.labels
    assert torch.equal(parts.test.pixels, whole.test.pixels) and 4 in parts.test.labels
    assert len(parts.validation.labels) == 100
    assert len(parts.train.labels) == int((whole.train.labels != 4).sum()) - 100
    joined = torch.cat([parts.train.pixels, parts.validation.pixels])
    assert torch.equal(joined, whole.train.pixels[whole.train.labels != 4])


def test_training_takes_none_of_its_images(monkeypatch):
    seen, make_batch = [], training.loop.make_batch

    def watched(config, images, rows, generator):
        seen.append(images.pixels[rows])
        return make_batch(config, images, rows, generator)

    monkeypatch.setattr(training.loop, "make_batch", watched)
    list(training.train(training.start(WITHOUT_4), data.load_for(WITHOUT_4)))
    whole = data.load("digits")
    trained_on = {bytes(image) for image in torch.cat(seen).numpy()}
    of_4 = {bytes(image) for image in whole.train.rows(whole.train.labels == 4).pixels.numpy()}
    assert trained_on and not trained_on & of_4


def test_a_run_file_keeps_the_class(tmp_path):
    state, parts = training.start(WITHOUT_4), data.load_for(WITHOUT_4)
    list(training.train(state, parts))
    runs.save(runs.finish(state, parts, "odd"), tmp_path / "odd.safetensors")
    run = runs.load(tmp_path / "odd.safetensors")
    assert run.config.held_out_class == 4 and 4 in run.test_labels
    assert run.title.endswith("without digit 4")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"held_out_class": 10}, "held_out_class=10: must be below 10"),
        ({"held_out_class": -1}, "held_out_class=-1: must lie between 0 and 99"),
        ({"held_out_class": 1.5}, "held_out_class=1.5: must be a int"),
        ({"held_out_class": 3, "labels": "discriminator", "n_labeled": 100}, "set n_labeled=None"),
        ({"held_out_class": 3, "n_validation": 400}, "n_validation=400: must be at most a quarter"),
        ({"dataset": "own-0123456789ab", "n_classes": 1, "held_out_class": 0}, "nothing else to train on"),
    ],
)
def test_nonsense_is_refused(changes, words):
    with pytest.raises(ConfigError) as error:
        replace(TINY, **changes)
    assert words in str(error.value)


def test_a_class_that_leaves_nothing_is_refused():
    images = images_of(5)
    with pytest.raises(ConfigError, match="held_out_class=0: leaves 0 images to train on"):
        data.sets.without(images, 0)


@pytest.mark.parametrize(("n", "fitted"), [(1, None), (3, 2), (10, 7)])
def test_a_preset_is_fitted_to_fewer_classes(n, fitted):
    labels = np.arange(100) % n
    source = data.unstored(np.zeros((100, 28, 28), np.uint8), labels, ())
    config = data.fit(replace(TINY, held_out_class=7), "own-0123456789ab", source)
    assert config.held_out_class == fitted


@pytest.mark.parametrize("dataset", ["mnist", "fashion", "own-0123456789ab"])
def test_titles_say_which_class_is_missing(dataset):
    expected = {"mnist": "without digit 4", "fashion": "without garment coat"}.get(dataset, "without class 4")
    config = replace(Config(), dataset=dataset, held_out_class=4)
    assert titles.title(config).endswith(expected) and expected in titles.about(config)
    assert expected in titles.sentence(config)
