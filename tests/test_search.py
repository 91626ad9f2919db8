"""Recipes are tried on images held out of training, each once, and kept with its config."""

import json
from dataclasses import replace

import pytest
from sklearn.neighbors import KernelDensity

from aae import data, training
from aae.analysis import metrics, planes
from aae.config import Config
from benchmarks import search

TINY = Config(dataset="digits", hidden=(16,), discriminator_hidden=(8,), labels="classifier", n_categories=10)
TRIAL = search.Trial("tiny", replace(TINY, epochs=1, n_validation=100), (0, 3))


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.setattr(search, "RESULTS", tmp_path / "search.json")


def test_a_trial_is_trained_once_for_each_seed_and_sees_no_test_image(elsewhere, monkeypatch):
    tested = data.load("digits", 100).test.pixels
    encode = metrics.encode_all
    monkeypatch.setattr(metrics, "encode_all", lambda model, images: encode(model, refuse_test(images, tested)))
    search.fill([TRIAL])
    kept = search.load()
    assert [result["config"]["seed"] for result in kept] == [0, 3]
    monkeypatch.setattr(search, "measure", None)
    search.fill([TRIAL])
    assert search.load() == kept
    assert kept[0]["nats"] != kept[1]["nats"]
    first, second = (
        f"{each['figure']:.2f} ({seed}, {each['nats']:.1f} nats)" for seed, each in zip((0, 3), kept, strict=True)
    )
    assert f"{first}, {second}" in search.line(TRIAL)


def refuse_test(images, tested):
    assert len(images.pixels) == 100 and not (images.pixels[:, None] == tested).all(2).any()
    return images


@pytest.mark.parametrize("others", [{}, {"classification_error": 0.25}])
def test_a_figure_is_the_error_of_classes_else_of_clusters(others):
    state = training.start(TINY)
    state.history.append({"clustering_error": 0.5, **others})
    assert search.figure(state, None) == (25 if others else 50)


def test_without_categories_the_figure_is_the_parzen_likelihood_of_images_that_chose_no_width(monkeypatch):
    state, held_out = training.start(replace(TINY, labels="unused", n_categories=0)), data.load("digits", 50).validation
    state.history.append({})
    monkeypatch.setattr(search, "PARZEN_IMAGES", 25)
    monkeypatch.setattr(metrics, "PARZEN_SAMPLES", 40)
    samples = state.best_model.eval().sample(planes.prior_samples(state.best_model, 40)).numpy()

    def likelihood(images, width):
        window = KernelDensity(bandwidth=width).fit(samples)
        return window.score(images.floats().numpy()) / len(images.labels)

    width = max(metrics.PARZEN_WIDTHS, key=lambda width: likelihood(held_out.rows(slice(25)), width))
    expected = likelihood(held_out.rows(slice(25, None)), width)
    assert search.figure(state, held_out) == pytest.approx(expected, rel=1e-3)


def test_every_trial_holds_images_out_and_every_result_is_of_a_trial():
    assert all(trial.config.n_validation == search.HELD_OUT for trial in search.TRIALS)
    configs = [replace(trial.config, seed=seed) for trial in search.TRIALS for seed in trial.seeds]
    assert len(set(configs)) == len(configs)
    assert all(Config.from_json(result["config"]) in configs for result in json.loads(search.RESULTS.read_text()))
