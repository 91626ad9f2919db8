"""The scores of an evaluation agree with other implementations, closed forms and what is known."""

import importlib
import math

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors
from torch import nn

from aae import runs
from aae.analysis import evaluation, features, generation, planes
from aae.config import Config
from aae.data import Data, Images, load, missing_files
from aae.data.download import torchvision_datasets
from aae.models.autoencoder import AutoEncoder

torchvision_datasets()  # torchmetrics imports torchvision, which this lets be imported beside a torch for the CPU


def draw(*size, seed=0):
    return torch.randn(size, generator=torch.Generator().manual_seed(seed))


class AsTheyAre(nn.Module):
    """The features of an image are its first row."""

    num_features = 6

    def forward(self, images):
        return images[:, 0, 0, :]


def test_the_frechet_distance_is_torchmetrics():
    fid = importlib.import_module("torchmetrics.image.fid").FrechetInceptionDistance(feature=AsTheyAre())
    fid.set_dtype(torch.float64)
    real, made = draw(400, 6).double(), (1.5 * draw(300, 6, seed=1) + 0.3).double()
    fid.update(real.view(-1, 1, 1, 6), real=True)
    fid.update(made.view(-1, 1, 1, 6), real=False)
    assert generation.frechet_distance(real, made) == pytest.approx(fid.compute().item(), rel=1e-4)


def test_the_frechet_distance_of_gaussians_is_the_closed_form():
    real, made = draw(200_000, 2), draw(200_000, 2, seed=1) * torch.tensor([2.0, 1.0]) + torch.tensor([3.0, 0.0])
    assert generation.frechet_distance(real, made) == pytest.approx(3**2 + (2 - 1) ** 2, rel=0.02)
    assert generation.frechet_distance(real, real) == pytest.approx(0, abs=1e-6)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_inception_score_is_torchmetrics():
    module = importlib.import_module("torchmetrics.image.inception")
    score = module.InceptionScore(feature=AsTheyAre(), splits=1)
    logits = 2 * draw(500, 6)
    score.update(logits.view(-1, 1, 1, 6))
    ours = generation.inception_score(logits.softmax(1), splits=1)
    assert ours == pytest.approx(score.compute()[0].item(), rel=1e-4)


def test_the_inception_score_lies_between_one_and_the_number_of_classes():
    assert generation.inception_score(torch.full((100, 10), 0.1)) == pytest.approx(1)
    assert generation.inception_score(torch.eye(10).repeat(50, 1)) == pytest.approx(10)


def among(real, made, k):
    """The share of made points within a real one's distance to its k-th neighbour, by scikit-learn."""
    radius = NearestNeighbors(n_neighbors=k + 1).fit(real).kneighbors(real)[0][:, k]
    to_all, index = NearestNeighbors(n_neighbors=len(real)).fit(real).kneighbors(made)
    return float((to_all <= radius[index]).any(1).mean())


def test_precision_and_recall_are_those_of_scikit_learns_neighbours():
    real, made = draw(300, 3), 0.7 * draw(200, 3, seed=1) + 0.8
    precision, recall = generation.precision_and_recall(real, made)
    assert precision == pytest.approx(among(real.numpy(), made.numpy(), 3))
    assert recall == pytest.approx(among(made.numpy(), real.numpy(), 3))
    assert 0 < recall < precision < 1
    assert generation.precision_and_recall(real, real) == (1, 1)
    assert generation.precision_and_recall(real, real + 100) == (0, 0)


def test_the_sensitivity_of_a_linear_decoder_is_the_size_of_its_matrix():
    matrix, generator = draw(3, 20), torch.Generator().manual_seed(0)
    moved = generation.sensitivity(lambda z: z @ matrix, draw(50_000, 3, seed=1), 2.0, generator)
    expected = 2.0 * math.sqrt(matrix.square().sum() / 3)  # E |v M|² of a random direction v
    assert moved.square().mean().sqrt().item() == pytest.approx(expected, rel=0.02)


def test_standard_errors_are_those_of_means_and_shares():
    values = draw(1000)
    figure = evaluation.over(values)
    assert figure == pytest.approx((values.mean().item(), values.std().item() / math.sqrt(1000), 1000), abs=1e-6)
    cases = np.random.default_rng(0).random((4000, 100)) < 0.3
    assert generation.standard_error(0.3, 100) == pytest.approx(cases.mean(1).std(), rel=0.05)


@pytest.fixture
def small():
    """A data set of random images, of the size of scikit-learn's digits."""
    images = Images(torch.randint(256, (1200, 64), dtype=torch.uint8), torch.arange(1200) % 10)
    return Data(images, images.rows(slice(0)), images.rows(slice(200)))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, {"kl"}),
        ({"regularizer": "kl", "posterior": "gaussian"}, set()),
        ({"regularizer": "none"}, {"kl", "prior_distance", "coverage", "sensitivity"}),
        ({"labels": "decoder"}, {"kl"}),
    ],
)
def test_what_a_mode_has_is_measured(small, changes, missing, monkeypatch):
    monkeypatch.setattr(evaluation.metrics, "PARZEN_SAMPLES", 200)
    model = AutoEncoder(Config(dataset="digits", hidden=(16,), **changes)).eval()
    found = evaluation.measure(model, small)
    by_features = {"inception_score", "frechet", "precision", "recall"}
    assert evaluation.METRICS.keys() - found.keys() == missing | by_features
    assert all(math.isfinite(figure.value) and figure.n > 0 for figure in found.values())


def test_features_are_of_mnist_alone():
    assert features.fits("mnist") and not features.fits("digits") and not features.fits("fashion")
    seen = features.see(torch.rand(5, 784))
    assert seen.features.shape == (5, features.N_FEATURES)
    assert seen.probabilities.sum(1).tolist() == pytest.approx([1] * 5)


def test_the_classifier_knows_digits_and_scores_by_it_tell_good_images_from_bad():
    if not (runs.SHIPPED / "aae.safetensors").exists():
        pytest.skip("no shipped runs")
    model = runs.load(runs.shipped()["supervised"]).model()
    drawn = planes.generate(model, 1000)
    seen = features.see(drawn)
    asked = torch.arange(1000) % 10
    assert (seen.probabilities.argmax(1) == asked).float().mean() > 0.85  # the classes that the decoder was given
    noise = features.see(torch.rand(1000, 784, generator=torch.Generator().manual_seed(0)))
    assert generation.inception_score(seen.probabilities) > generation.inception_score(noise.probabilities) + 3


def test_the_classifier_is_as_good_as_it_is_said_to_be():
    if missing_files("mnist"):
        pytest.skip("MNIST is not here")
    test = load("mnist").test
    accuracy = (features.see(test.floats()).probabilities.argmax(1) == test.labels).float().mean()
    assert accuracy.item() == pytest.approx(features.ACCURACY, abs=2e-4) and features.ACCURACY >= 0.993


@pytest.mark.parametrize("n_validation", [0, 30])
def test_the_width_of_the_windows_is_chosen_on_held_out_images_where_there_are_any(n_validation, monkeypatch):
    images, chosen = load("digits", n_validation), {}
    monkeypatch.setattr(evaluation, "N_WIDTH", 20)
    monkeypatch.setattr(evaluation, "N_GENERATED", 100)
    monkeypatch.setattr(evaluation.metrics, "PARZEN_SAMPLES", 2000)  # more than there are: all that may be drawn
    measured = {"parzen": 0.0, "parzen_standard_error": 0.0}
    monkeypatch.setattr(
        evaluation.metrics, "parzen", lambda made, data: chosen.update(made=made, data=data) or measured
    )
    evaluation.of_images(images, "digits")
    expected = (images.validation if n_validation else images.train).rows(slice(-20, None))
    assert chosen["data"].validation.pixels.equal(expected.pixels)
    if not n_validation:  # none of them is a sample, whose window would be the narrower the better
        assert len(chosen["made"]) == len(images.train.labels) - 100 - 20
