"""The Anomalies page without a browser: what it offers, what it says, what it gives to the browser."""

import functools
import json
from dataclasses import replace

import pytest
import torch

from aae import data, runs, training
from aae.analysis import anomalies
from aae.app.runs import testimages
from aae.app.views import anomalies as views
from aae.app.views import oddities
from aae.config import Config
from tests import page_tools
from tests.page_tools import payload, read, said

WITHOUT_4 = Config(dataset="digits", hidden=(16,), discriminator_hidden=(8,), batch_size=64, epochs=1, held_out_class=4)


def trained(config):
    state, images = training.start(config), data.load_for(config)
    list(training.train(state, images))
    return runs.finish(state, images, "without")


@pytest.fixture(scope="module")
def without():
    return trained(WITHOUT_4)


open_page = functools.partial(page_tools.open_page, "anomalies")


@pytest.mark.parametrize("name", runs.shipped())
def test_the_page_opens_with_every_run(name):
    app, run = open_page(scored=name), runs.load(runs.shipped()[name])
    assert not app.exception
    there = views.scores_of(run)
    if not there:
        assert "choose another run" in said(app) and not app.get("bidi_component")
        return
    shown = payload(app)
    assert shown["run"] == name and shown["score"] == there[0]
    assert len(app.get("bidi_component")[0].proto.json) < 4000  # addresses, no data


def test_a_score_and_what_is_odd_are_in_the_link():
    app = open_page(scored="digits", score="discriminator", odd="uniform noise")
    assert payload(app)["score"] == "discriminator" and payload(app)["odd"] == "images of uniform noise"
    app = open_page(scored="digits", score="beauty", odd="cats")
    assert not app.exception and payload(app)["score"] == "reconstruction"
    lines = " ".join(warning.value for warning in app.warning)
    assert "score='beauty' in the address must be one of" in lines and "odd='cats' in the address" in lines


def test_the_images_of_a_held_out_class_are_the_odd_ones(without):
    tensors = read(views.scores_url(without, oddities.CLASS, ()))
    labels = without.test_labels.long()
    assert set(labels[tensors["odd_rows"].long()].tolist()) == {4}
    assert 4 not in labels[tensors["normal_rows"].long()].tolist()
    assert len(tensors["odd_rows"]) + len(tensors["normal_rows"]) == len(labels)
    images = testimages.of(without).images
    expected = anomalies.of_images(without.model(), images.rows(labels == 4))
    for name, scores in expected.items():
        assert torch.allclose(tensors[f"odd_{name}"], scores, rtol=1e-4, atol=1e-5)
    assert views.odd_sets(without)[0] == oddities.CLASS
    assert "digit 4, which the model was not trained on" in views.odd_words(without, oddities.CLASS)
    assert views.normal_words(without) == "test images of the other digits"


def test_noise_is_uniform_and_another_data_set_is_scaled(without):
    pixels = read(views.foreign_url(without, oddities.NOISE, ()))["images"]
    assert pixels.shape == (oddities.MOST, 64) and pixels.float().mean().item() == pytest.approx(127.5, abs=1)
    run = runs.load(runs.shipped()["aae"])
    scaled = oddities.foreign(run, "digits")
    before = data.load_test("digits").pixels
    assert scaled.pixels.shape == (len(before), 784)
    assert scaled.floats().mean().item() == pytest.approx((before.float() / 255).mean().item(), abs=0.01)
    assert "Digits 8x8, scaled to 28 x 28 pixels" in views.odd_words(run, "digits")


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine without MNIST."""
    monkeypatch.setenv("AAE_DATA", str(tmp_path))


def test_without_the_images_codes_have_the_scores_that_codes_can_have(nowhere):
    run = runs.load(runs.shipped()["aae"])
    assert views.scores_of(run) == ["prior", "discriminator"]
    expected = anomalies.of_codes(run.model(), run.test_codes.float())
    tensors = read(views.scores_url(run, oddities.NOISE, ("nowhere",)))
    assert torch.allclose(tensors["normal_prior"], expected["prior"]) and "normal_reconstruction" not in tensors
    assert "the reconstruction error of its images cannot be computed" in views.explanation(run, "prior")
    assert views.normal_words(run).startswith("codes of test images")
    decoded = read(views.pictures_address(run))["images"]
    made = run.model().sample(run.test_codes[:5].float())
    assert (decoded[:5].float() / 255 - made).abs().max() < 1 / 255


@pytest.mark.parametrize("name", ["ae", "reduced_100"])
def test_without_the_images_some_models_have_no_score(nowhere, name):
    run = runs.load(runs.shipped()[name])
    assert views.scores_of(run) == [] and "choose another run" in views.explanation(run, None)


def test_pictures_without_the_images_are_of_the_cluster_that_each_is_in(nowhere):
    run = runs.load(runs.shipped()["clusters_16"])
    decoded = read(views.pictures_address(run))["images"]
    y = torch.eye(16)[run.test_assignment.cluster[:5]]
    assert (decoded[:5].float() / 255 - run.model().sample(run.test_codes[:5].float(), y)).abs().max() < 1 / 255
    older = replace(run, test_assignment=None)
    assert views.pictures_address(older) is None and "there are no pictures" in views.explanation(older, "prior")


def test_a_run_with_a_held_out_class_is_shown_first_and_its_class_is_odd(without):
    run = replace(without, name="x")
    app = open_page()
    app.file_uploader[0].upload("mine.safetensors", runs.to_bytes(run)).run()
    assert not app.exception and payload(app)["run"] == "mine (yours)"
    assert payload(app)["odd_images"] == payload(app)["images"] or oddities.CLASS not in said(app)
    app.selectbox(key="odd").set_value(oddities.CLASS).run()
    assert "digit 4" in payload(app)["odd"] and payload(app)["odd_images"] == payload(app)["images"]


def test_the_table_is_what_was_measured():
    if not views.MEASURED.exists():
        pytest.skip("nothing is measured yet")
    measured = json.loads(views.MEASURED.read_text())
    app = open_page(scored="digits")
    table = app.dataframe[-1].value
    assert table.values.tolist() == [list(row.values()) for row in measured["rows"]]
    assert measured["command"] in said(app)


def test_without_the_images_the_first_run_has_a_score(nowhere):
    scored = {name: views.is_scored(runs.load(path).config) for name, path in runs.shipped().items()}
    assert scored["aae"] and scored["anomaly"] and not scored["ae"] and not scored["reduced_100"]
    assert payload(open_page())["run"] == "anomaly"


def test_what_another_run_does_not_have_gives_way_to_what_it_has():
    app = open_page(scored="anomaly", score="discriminator")
    assert payload(app)["odd"].endswith("which the model was not trained on")
    app.selectbox(key="scored").set_value("digits").run()
    assert not app.exception and payload(app)["run"] == "digits" and payload(app)["score"] == "discriminator"
    assert "not trained on" not in payload(app)["odd"]
    app.selectbox(key="scored").set_value("aae_swiss_roll").run()
    app.selectbox(key="score").set_value("discriminator").run()
    assert not app.exception and payload(app)["prior"] is None
    app.selectbox(key="scored").set_value("vae").run()
    assert not app.exception and payload(app)["score"] != "discriminator" and payload(app)["discriminator"] is None
