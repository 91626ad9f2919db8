"""Small and strange data sets, through every kind of model and every page: a figure, or a line that says why not."""

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from aae import data, figures, runs, training
from aae.analysis import metrics, planes
from aae.app.train import form
from aae.config import PRESETS, Config, ConfigError
from aae.data import custom

MAIN = Path(__file__).resolve().parents[1] / "aae/app/main.py"
TINY = {"hidden": (16,), "discriminator_hidden": (8,), "batch_size": 16, "epochs": 2, "n_validation": 0}
MODELS = ("ae", "vae", "labels_mixture", "supervised_2d", "supervised", "semi_100", "reduced_100", "reduced_clusters")


def digits(n):
    """The first n of the 8x8 digits, enlarged to 28x28, and their classes."""
    first = data.load("digits").train.rows(slice(n))
    large = np.kron(first.pixels.view(n, 8, 8).numpy(), np.ones((1, 3, 3), np.uint8))
    return np.pad(large, ((0, 0), (2, 2), (2, 2))), first.labels.numpy()


def nearly_alike(n):
    """One image n times; in half of them two pixels differ."""
    images = np.repeat(digits(1)[0], n, axis=0)
    images[: n // 2, 14, 3:5] = 255
    return images


IMAGES, LABELS = digits(60)
KINDS = {  # images [N, 28, 28], classes [N]
    "fifty-one": (IMAGES[:51], LABELS[:51] % 2),
    "three classes": (IMAGES, LABELS % 3),
    "one class": (IMAGES, LABELS * 0),
    "a class of one image": (IMAGES, (np.arange(60) == 0).astype(int)),
    "two images of each class": (IMAGES, np.arange(60) // 2),
    "nearly alike": (nearly_alike(60), np.arange(60) // 30),
    "nearly alike, many": (nearly_alike(400), np.arange(400) // 200),
}
ON_PAGES = ("fifty-one", "one class", "a class of one image", "nearly alike", "nearly alike, many")


@pytest.fixture(autouse=True, scope="module")
def a_folder_of_ones_own(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AAE_DATA", str(tmp_path_factory.mktemp("data")))
        yield


def packed(kind):
    """The data set as somebody would upload it."""
    content = io.BytesIO()
    np.savez(content, images=KINDS[kind][0], labels=KINDS[kind][1])
    return content.getvalue()


@cache
def stored(kind):
    """The name of the data set, once it is stored."""
    return custom.keep(custom.parse(packed(kind), "mine.npz"))


@cache
def trained(kind, model):
    """A run of the model on the data set, as its file holds it."""
    config = replace(data.fit(PRESETS[model], stored(kind)), **TINY)
    data.check(config)
    images, state = data.load_for(config), training.start(config)
    list(training.train(state, images, snapshot_every=1))
    assert len(state.history) == config.epochs
    return runs.parse(runs.to_bytes(runs.finish(state, images, model)), model)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_model_trains_on_every_kind_and_is_measured(kind, model):
    run = trained(kind, model)
    assert ("coverage" in run.metrics) == (len(run.test_codes) >= metrics.FEWEST)
    for name, figure in figures.FIGURES.items():
        try:
            assert min(figure(run).size) > 0, name
        except ConfigError as error:
            assert "choose" in str(error), name  # a figure of other models


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """A function that opens a page of the app, where there are the models of a kind; and a usual one beside them."""
    aae = runs.shipped()["aae"]

    def open_page(page, kind):
        for model in MODELS:
            runs.save(trained(kind, model), tmp_path / f"{model}.safetensors")
        (tmp_path / aae.name).symlink_to(aae)
        monkeypatch.setattr(runs.run, "SHIPPED", tmp_path)
        return visit(page)

    return open_page


def visit(page):
    return AppTest.from_file(MAIN, default_timeout=60).run().switch_page(f"../../pages/{page}.py").run()


@pytest.mark.parametrize("kind", ON_PAGES)
def test_explore_shows_every_kind(kind, opened):
    app = opened("explore", kind)
    for model in ("ae", "labels_mixture", "supervised", "semi_100", "reduced_clusters"):
        app.selectbox(key="run").set_value(model).run()
        assert not app.exception, model
        assert f'"run": "{model}"' in app.get("bidi_component")[0].proto.json


@pytest.mark.parametrize("kind", ON_PAGES)
def test_style_shows_every_model_conditioned_on_classes(kind, opened):
    app = opened("style", kind)
    told = [m for m in MODELS if planes.n_labels(PRESETS[m]) and PRESETS[m].labels != "unused"]
    assert len(told) > 2
    for model in told:
        app.selectbox(key="styles").set_value(model).run()
        assert not app.exception, model
        said = [each.value for each in app.caption if "Too few" in each.value]
        assert bool(said) == (not app.metric), model


@pytest.mark.parametrize("kind", ON_PAGES)
def test_compare_shows_the_models_of_every_kind_side_by_side(kind, opened):
    app = opened("compare", kind)
    app.selectbox(key="draws").set_value("a mixture fitted to the codes")
    flat = [model for model in MODELS if PRESETS[model].latent_dim == 2]
    app.session_state["below"] = "Codes and prior"
    for group in (flat[:4], flat[4:]):
        app.multiselect(key="runs").set_value(group).run()
        assert not app.exception, group
        said = " ".join(each.value for each in app.caption)
        for model in group:
            codes = trained(kind, model).test_codes
            title = trained(kind, model).title
            assert (f"{title}: Too few test images:" in said) == (len(codes) < metrics.FEWEST)
            differ = f"{title}: Too few test images with codes that differ"
            assert (differ in said) == (len(codes.unique(dim=0)) < metrics.FEWEST)


# What cannot be trained is refused before it waits for its turn


@pytest.mark.parametrize("kind", ON_PAGES)
def test_the_form_takes_every_kind_for_every_model(kind):
    app = visit("train")
    app.selectbox(key="data").set_value("custom data").run()
    app.file_uploader[0].upload("mine.npz", packed(kind)).run()
    for model in form.MODELS:
        app.selectbox(key="model").set_value(model).run()
        said = [line.value for line in app.warning]
        assert not app.exception and len(said) <= (model == "Anomalies"), (model, said)
        assert can_train(app) == (not said)  # what is left without a class may be too little


def can_train(app):
    return [button.disabled for button in app.button if button.label == "Train"] == [False]


def alike():
    content = io.BytesIO()
    np.savez(content, images=np.repeat(IMAGES[:1], 60, axis=0), labels=np.arange(60) % 3)
    return content.getvalue()


def test_images_that_are_all_the_same_are_refused_at_once():
    app = visit("train")
    app.selectbox(key="data").set_value("custom data").run()
    app.file_uploader[0].upload("mine.npz", alike()).run()
    assert not app.exception and "all its images are the same" in app.warning[0].value
    assert not can_train(app)


CLASSIFIER = {"labels": "classifier", "n_categories": 3}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_validation": 25}, "n_validation=25: must leave half of the 48 training images"),
        ({"n_validation": 5}, "n_validation=5: training is watched on them: must be 0, or at least 10"),
        (
            CLASSIFIER | {"n_labeled": 48},
            "n_labeled=48: the smallest class has 11 images to train on: must be at most 33",
        ),
        (CLASSIFIER | {"n_labeled": 33, "n_validation": 20}, "n_labeled=33: the smallest class has"),
        ({"n_classes": 10}, "n_classes=10: "),
    ],
)
def test_a_config_that_its_data_set_cannot_serve_is_refused_with_its_field(changes, words):
    config = replace(Config(), **{"dataset": stored("three classes"), "n_classes": 3, **changes})
    with pytest.raises(ConfigError, match="=") as error:
        data.check(config)
    assert words in str(error.value)


def test_few_labels_are_as_many_as_there_are():
    fitted = {kind: data.fit(PRESETS["reduced_100"], stored(kind)) for kind in KINDS}
    assert {kind: config.n_labeled for kind, config in fitted.items()} == {
        kind: fewest(kind) * config.n_classes for kind, config in fitted.items()
    }


def fewest(kind):
    """How many labels of each class a preset of 100 labels can have."""
    train, n = data.load(stored(kind)).train, len(np.unique(KINDS[kind][1]))
    counts = torch.bincount(train.labels)
    return max(1, min(100 // n, int(counts[counts > 0].min())))
