"""The Classify page without a browser: which runs it offers, what it says, what it gives to the browser."""

import functools
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load

from aae import data, runs, training
from aae.analysis import metrics
from aae.app.browser import classified
from aae.app.runs import testimages
from aae.app.views import classifying
from aae.config import Config
from tests import page_tools
from tests.page_tools import payload, read, said

CLASSIFIER = Config(
    dataset="digits", hidden=(16,), discriminator_hidden=(8,), batch_size=64, epochs=3, labels="classifier",
    n_categories=10, n_labeled=100, latent_dim=2,
)  # fmt: skip
WITH = [name for name, path in runs.shipped().items() if runs.load(path).config.labels == "classifier"]


@pytest.fixture(scope="module")
def run():
    state, images = training.start(CLASSIFIER), data.load_for(CLASSIFIER)
    list(training.train(state, images))
    return runs.finish(state, images, "classes")


open_page = functools.partial(page_tools.open_page, "classify")


@pytest.mark.parametrize("name", WITH)
def test_a_shipped_run_has_its_matrix_without_the_data_set(name, monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    shown = classifying.payload(runs.load(runs.shipped()[name]))
    assert shown["map"]["images"] is None and "truth" not in read(shown["file"])


@pytest.mark.parametrize("name", WITH)
def test_the_page_opens_with_every_run_that_has_a_classifier(name):
    app, run = open_page(classified=name), runs.load(runs.shipped()[name])
    assert not app.exception
    shown = payload(app)
    assert shown["kind"] == "classify" and shown["map"]["run"] == name
    assert shown["recorded"] == run.metrics["classification_error"]
    assert len(app.get("bidi_component")[0].proto.json) < 4000  # addresses, no data
    assert f"Classification error {100 * shown['recorded']:.2f} %" in said(app)


def test_a_run_without_a_classifier_is_not_shown_and_the_page_says_why():
    app = open_page(classified="aae")
    assert not app.exception and payload(app)["map"]["run"] == classifying.USUAL
    assert any("it has no classifier" in warning.value for warning in app.warning)
    opened = classifying.show_run(next(known for id, known in classifying.catalogue.known().items() if id == "aae"))
    assert "see it on Explore" in opened


def test_the_file_has_the_predictions_and_the_hardest_images_first(run):
    images = testimages.of(run).images
    q = metrics.encode_all(run.model(), images).y_logits.double().softmax(1)
    tensors = read(classifying.file_url(run, testimages.of(run).files))
    assert torch.equal(tensors["predicted"].long(), q.argmax(1)) and torch.equal(tensors["labels"], run.test_labels)
    assert (tensors["confidence"] - q.amax(1)).abs().max() < 1e-3
    truth = q[torch.arange(len(q)), images.labels]
    assert (tensors["truth"] - truth).abs().max() < 1e-3
    ordered = truth[tensors["order"].long()]
    assert (ordered.diff() >= 0).all() and sorted(tensors["order"].tolist()) == list(range(len(q)))
    error = (tensors["predicted"] != tensors["labels"]).float().mean().item()
    assert error == pytest.approx(run.metrics["classification_error"], abs=1e-3)


def test_the_hardest_images_are_in_order_where_probabilities_are_rounded_to_0():
    logits = torch.tensor([[0.0, 90], [0, 200], [0, 150], [50, 0]])
    tensors = load(classified.file_of_images(torch.zeros(4), logits))
    assert tensors["order"].tolist() == [1, 2, 0, 3]


def test_without_the_images_the_file_of_the_run_says_what_is_known(run, monkeypatch):
    monkeypatch.setattr(testimages, "of", lambda _: testimages.Found(None, testimages.ABSENT))
    tensors = read(classifying.file_url(run, ("nowhere",)))
    assert torch.equal(tensors["predicted"].long(), run.test_assignment.cluster) and "truth" not in tensors
    wrong = (tensors["predicted"] != tensors["labels"])[tensors["order"].long()]
    n = int(wrong.sum())
    assert wrong[:n].all() and not wrong[n:].any()
    surest = tensors["confidence"][tensors["order"].long()][:n]
    assert (surest.diff() <= 1e-3).all()
    assert classifying.payload(replace(run, name="older", test_assignment=None))["file"] is None
