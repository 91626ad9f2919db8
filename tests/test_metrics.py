import contextlib
from dataclasses import replace

import pytest
import torch
from scipy.stats import wasserstein_distance

from aae.analysis import metrics
from aae.config import Config
from aae.data import Data, Images
from aae.models import priors
from aae.models.autoencoder import AutoEncoder, Code

CONFIG = Config()


def test_sliced_wasserstein_in_one_dimension_is_scipys():
    a, b = torch.randn(500, 1), 2 * torch.randn(500, 1) + 1
    measured = metrics.sliced_wasserstein(a, b, torch.Generator())
    assert measured == pytest.approx(wasserstein_distance(a[:, 0], b[:, 0]), rel=1e-4)


def test_sliced_wasserstein_of_a_shift_is_its_mean_projection():
    a = torch.randn(1000, 2)
    shifted = metrics.sliced_wasserstein(a, a + torch.tensor([3.0, 0.0]), torch.Generator(), 20_000)
    assert shifted == pytest.approx(3 * 2 / torch.pi, rel=0.02)  # the mean of |cos| is 2/π


def test_prior_samples_are_at_the_floor_and_a_point_is_not():
    codes = priors.sample(CONFIG, 10_000, torch.Generator().manual_seed(7))
    near = metrics.prior_distance(CONFIG, codes)
    assert near != metrics.prior_distance(CONFIG, codes, n_draws=1)  # but the mean over several
    assert near["prior_distance"] < 2 * near["prior_distance_floor"]
    assert 0.01 < near["prior_distance_floor"] < 0.03
    far = metrics.prior_distance(CONFIG, torch.zeros(10_000, 2))
    assert far["prior_distance"] == pytest.approx((2 / torch.pi) ** 0.5, rel=0.03)  # E|N(0, 1)|


def test_coverage_sees_a_hole():
    codes = priors.sample(CONFIG, 5000, torch.Generator().manual_seed(7))
    assert metrics.coverage(CONFIG, codes) > 0.97
    assert metrics.coverage(CONFIG, codes[codes[:, 0] > 0].repeat(2, 1)[:5000]) == pytest.approx(0.55, abs=0.07)


def test_reconstruction_of_a_known_decoder():
    model = AutoEncoder(replace(CONFIG, dataset="digits", hidden=(4,))).eval()
    torch.nn.init.zeros_(model.decoder[-1].weight)
    torch.nn.init.zeros_(model.decoder[-1].bias)  # every pixel 0.5
    images = Images(torch.full((30, 64), 255, dtype=torch.uint8), torch.zeros(30, dtype=torch.long))
    measured = metrics.reconstruction(model, images)
    assert measured["reconstruction_mse"] == pytest.approx(0.25)
    assert measured["reconstruction_bce"] == pytest.approx(64 * 0.693147, rel=1e-5)


@pytest.mark.parametrize("before", [True, False])
def test_a_model_is_measured_in_eval_mode_and_left_as_it_was_also_by_an_error(before):
    model = AutoEncoder(replace(CONFIG, dataset="digits", hidden=(4,))).train(before)
    with contextlib.suppress(ZeroDivisionError), metrics.in_eval_mode(model):
        assert not model.training and not model.encoder.training
        raise ZeroDivisionError
    assert model.training is before


Y = torch.tensor([[0.9, 0.1, 0.0], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.1, 0.8]])


def test_clusters_are_named_by_their_most_confident_example_and_may_share_a_name():
    labels = torch.tensor([4, 5, 4, 6])
    names = metrics.name_clusters(Y.log(), labels)
    assert names.tolist() == [4, 4, 6]  # two clusters of fours: many to one
    assert metrics.clustering_error(Y, labels, names) == pytest.approx(1 / 4)


def test_the_most_confident_is_found_where_float32_rounds_to_one():
    logits = torch.tensor([[20.0, 0.0], [30.0, 0.0], [25.0, 0.0]])
    assert (logits.softmax(1)[:, 0] == 1).all()
    assert metrics.most_confident(logits, 2)[:, 0].tolist() == [1, 2]


def test_hungarian_matches_one_to_one():
    assert metrics.hungarian_error(Y, torch.tensor([4, 4, 4, 6])) == pytest.approx(1 / 4)
    perfect = torch.nn.functional.one_hot(torch.tensor([3, 1, 1, 0])).float()
    assert metrics.hungarian_error(perfect, torch.tensor([9, 2, 2, 5])) == 0


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("classifier", {"classification_error": 1 / 2}),
        ("unused", {"clustering_error": 1 / 4, "hungarian_error": 1 / 2, "n_clusters_used": 3}),
    ],
)
def test_the_errors_of_y_are_those_of_its_kind(labels, expected):
    code, classes = Code(Y, Y, None, torch.cat([Y.log(), torch.full((4, 1), -9.0)], 1)), torch.tensor([0, 2, 0, 2])
    found = metrics.category_errors(replace(CONFIG, labels=labels, n_categories=10), code, classes, code, classes)
    assert found == pytest.approx(expected)


def test_clusters_are_named_by_monitored_images(monkeypatch):
    config = replace(CONFIG, dataset="digits", hidden=(4,), discriminator_hidden=(4,), n_categories=3)
    train, held_out, test = (
        Images(torch.randint(0, 256, (9, 64)).to(torch.uint8), torch.full((9,), k)) for k in range(3)
    )
    name_clusters, seen = metrics.name_clusters, []
    monkeypatch.setattr(metrics, "name_clusters", lambda y, labels: seen.append(labels) or name_clusters(y, labels))
    metrics.evaluate(AutoEncoder(config), Data(train, held_out, test))
    assert seen[0].tolist() == [1] * 9


def test_classification_error_counts_the_wrong():
    assert metrics.classification_error(Y, torch.tensor([0, 1, 1, 2])) == pytest.approx(1 / 4)


def test_parzen_agrees_with_torch_distributions():
    samples, images = torch.rand(7, 5), torch.rand(4, 5)
    windows = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(torch.ones(7)),
        torch.distributions.Independent(torch.distributions.Normal(samples, 0.2), 1),
    )
    measured = metrics.window_log_likelihood(samples, images, 0.2)
    assert torch.allclose(measured, windows.log_prob(images), atol=1e-3)


@pytest.mark.parametrize("width", [0.12, 0.2])
def test_parzen_chooses_its_width_on_held_out_images(width):
    def noisy(n, seed):
        noise = width * torch.randn(n, 30, generator=torch.Generator().manual_seed(seed))
        return Images(((0.5 + noise).clamp(0, 1) * 255).to(torch.uint8), torch.zeros(n, dtype=torch.long))

    measured = metrics.parzen(torch.full((1, 30), 0.5), Data(noisy(1, 0), noisy(300, 1), noisy(300, 2)))
    highest = 30 * torch.distributions.Normal(0, width).log_prob(torch.tensor(0.0)).item()
    assert measured["parzen_width"] == pytest.approx(width)
    assert measured["parzen"] == pytest.approx(highest - 30 / 2, abs=1)  # half a χ² of 30 degrees of freedom below
    assert measured["parzen_standard_error"] == pytest.approx((30 / 2 / 300) ** 0.5, rel=0.15)


def test_leakage_is_chance_without_and_all_with_labels_in_the_code():
    labels = torch.arange(2000) % 10
    nothing = metrics.leakage(torch.randn(2000, 2, generator=torch.Generator().manual_seed(0)), labels)
    everything = metrics.leakage(torch.nn.functional.one_hot(labels).float(), labels)
    assert max(nothing.values()) < 0.16
    assert everything["linear"] == everything["mlp"] == 1 and everything["guess"] == nothing["guess"] < 0.12


def test_a_figure_takes_fifty_images():
    metrics.require(50, "test images", "it")
    with pytest.raises(metrics.TooFew, match=r"^Too few test images: 49; it takes at least 50\.$"):
        metrics.require(49, "test images", "it")


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (torch.arange(49) % 2, "Too few test images: 49; a classifier takes at least 50"),
        (torch.zeros(100, dtype=torch.long), "Too few classes"),
        ((torch.arange(100) == 0).long(), "Too few classes"),  # the other one is not among those that are learned
    ],
)
def test_leakage_of_few_images_or_classes_is_not_measured(labels, reason):
    seen = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))  # as the images are halved
    labels = labels[seen.argsort()].flip(0) if reason == "Too few classes" else labels
    with pytest.raises(metrics.TooFew, match=reason):
        metrics.leakage(torch.randn(len(labels), 2), labels)


@pytest.mark.parametrize(
    "labels", [torch.arange(50) % 2, torch.arange(60) // 2, torch.arange(60) // 59, torch.arange(120) % 8]
)
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_leakage_of_any_other_classes_is_a_share(labels, spread):
    codes = 3 + spread * torch.randn(len(labels), 2, generator=torch.Generator().manual_seed(0))
    with contextlib.suppress(metrics.TooFew):
        assert all(0 <= share <= 1 for share in metrics.leakage(codes, labels).values())
