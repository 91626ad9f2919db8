"""A run of clusters opens on one that can be read, and says what is in it."""

import pytest
import torch

from aae import data, runs
from aae.analysis import metrics
from aae.app.runs import testimages
from aae.app.views import clusters, comparison
from aae.config import Config
from aae.models.autoencoder import AutoEncoder


@pytest.fixture
def run():
    torch.manual_seed(0)
    config = Config(dataset="digits", hidden=(16,), n_categories=6, latent_dim=3)
    model, test = AutoEncoder(config), data.load_test("digits")
    labels = test.labels.to(torch.uint8)
    return runs.Run("x", config, model.state_dict(), torch.randn(len(labels), 3).half(), labels, [], {})


def test_the_members_are_those_that_the_encoder_puts_there(run):
    counted, test = clusters.members(run), data.load_test("digits")
    category = metrics.encode_all(run.model(), test).y_logits.argmax(1)
    assert counted.sum() == len(test.labels)
    for k in range(6):
        assert counted[k].tolist() == test.labels[category == k].bincount(minlength=10).tolist()
        said = clusters.words(run, k)
        if counted[k].sum():
            assert f"Cluster {k}: {counted[k].sum()} of {len(test.labels)} test images" in said
            assert said.endswith(f"of them {counted[k].argmax()}.")
        else:
            assert "no test image is in it" in said


def test_nothing_is_said_of_images_that_are_not_here(run, monkeypatch):
    monkeypatch.setattr(testimages, "of", lambda run: testimages.Found(None, testimages.ABSENT))
    assert clusters.words(run, 0) == ""


def test_a_run_of_clusters_opens_on_a_clear_head():
    run = runs.load(runs.shipped()["clusters_16"])
    first = clusters.first_label(run)
    assert first == clusters.clearest(run) != 0  # whose head is a blot, and which is empty
    heads = run.model().sample(torch.zeros(16, run.config.latent_dim), torch.eye(16))
    assert heads[first].max() > 0.9


@pytest.mark.parametrize(("name", "label"), [("supervised_2d", 0), ("aae", None), ("reduced_clusters", None)])
def test_other_runs_begin_as_before(name, label):
    assert clusters.first_label(runs.load(runs.shipped()[name])) == label


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ae", "of the Gaussian (it has no prior)"),
        ("aae_mixture", "of its prior (mixture)"),
        ("cvae", "of its prior (Gaussian), decoded as class 0"),
    ],
)
def test_a_strip_of_draws_says_of_what_and_as_what(name, words):
    assert words in comparison.strip_caption(runs.load(runs.shipped()[name]), 16, "the prior")
