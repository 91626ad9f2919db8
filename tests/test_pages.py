"""Every page opens, with every run, without an error."""

import io
import json
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from aae import runs
from aae.__main__ import make_parser
from aae.app.runs import live
from aae.app.train import form
from aae.app.views import comparison, loaders
from aae.cli.train import make_config
from aae.config import PRESETS, Config
from aae.models.autoencoder import AutoEncoder

MAIN = Path(__file__).resolve().parents[1] / "aae/app/main.py"
PAGES = sorted(path.name for path in MAIN.parents[2].joinpath("pages").glob("*.py"))


@pytest.fixture
def app():
    return AppTest.from_file(MAIN, default_timeout=60).run()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(app, page):
    app.switch_page(f"../../pages/{page}").run()
    assert not app.exception
    assert app.title or page == "home.py"  # whose scenes have titles


@pytest.mark.parametrize("name", runs.shipped())
def test_explore_opens_with_every_run(app, name):
    app.switch_page("../../pages/explore.py").run()
    app.selectbox(key="run").set_value(name).run()
    assert not app.exception
    assert f'"run": "{name}"' in app.get("bidi_component")[0].proto.json


def open_below(app, tab):
    """Compare with one of the tabs below the maps open."""
    app.session_state["below"] = tab
    app.switch_page("../../pages/compare.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("tab", "charts"), [("Numbers", 0), ("Codes and prior", 5), ("Claims, checked here", 0)])
def test_charts_are_made_and_sent_when_their_tab_is_open(app, tab, charts):
    shown = open_below(app, tab).get("plotly_chart")
    assert len(shown) == charts and all("Axes: " in chart.proto.alt for chart in shown)
    assert charts == 0 or "Drawn: prior; AE" in shown[3].proto.alt
    assert [chart.proto for chart in app.run().get("plotly_chart")] == [chart.proto for chart in shown]  # sent again


def test_the_command_is_coloured_when_its_fold_is_open(app):
    assert not app.switch_page("../../pages/train.py").run().code
    assert open_train(app).code


def test_compare_shows_the_papers_tables_as_they_were_measured(app):
    assert open_below(app, "Numbers").dataframe and not app.get("plotly_chart")  # what is not open is not sent
    shown = next(frame.value for frame in open_below(app, "The paper's tables").dataframe if "reported" in frame.value)
    measured = json.loads(comparison.TABLES.read_text())
    assert shown[["row", "mean", "n"]].values.tolist() == [[row["row"], row["mean"], row["n"]] for row in measured]


@pytest.mark.parametrize(
    ("name", "words"),
    [("reduced_100", "Classification error"), ("clusters_16", "with 16 clusters"), ("aae", "")],
)
def test_the_summary_says_how_often_a_run_is_wrong(name, words):
    run = runs.load(runs.shipped()[name])
    said = loaders.mistakes(run)
    errors = [value for key, value in run.metrics.items() if key in ("classification_error", "clustering_error")]
    assert words in said and said in loaders.summary(run)
    assert all(f"{100 * error:.2f} %" in said for error in errors) and bool(errors) == bool(said)


def test_the_distance_to_the_prior_is_given_in_distances_of_two_samples(conditional):
    figures = {"reconstruction_mse": 0.1, "prior_distance": 2.0, "prior_distance_floor": 0.5}
    run, words = replace(conditional, metrics=figures), "codes 4.0 times as far from the prior as draws of it"
    assert words in loaders.from_prior(run) and words in loaders.summary(run) and words in comparison.caption(run)
    plain = replace(run, config=replace(run.config, regularizer="none", labels="unused"))
    assert "4.0 times as far from the Gaussian" in loaders.from_prior(plain)


def open_explore(app):
    return app.switch_page("../../pages/explore.py").run()


def shown(app):
    return json.loads(app.get("bidi_component")[0].proto.json)[0]


def test_a_bad_upload_says_what_is_wrong_and_changes_nothing(app):
    before = shown(open_explore(app))
    app.file_uploader[0].upload("x.safetensors", b"nonsense").run()
    assert not app.exception
    assert "truncated" in app.error[0].value
    assert shown(app) == before


def test_an_upload_is_shown_at_once_under_a_name_that_is_no_path(app):
    open_explore(app)
    app.file_uploader[0].upload("../../etc/a run!.safetensors", runs.shipped()["digits"].read_bytes()).run()
    assert not app.exception and not app.error
    assert app.selectbox(key="run").value == shown(app)["run"] == "a-run (yours)"
    assert shown(app)["shape"] == [1, 8, 8]


def test_two_uploads_of_one_name_differ(app, conditional):
    open_explore(app)
    app.file_uploader[0].upload("a.safetensors", runs.shipped()["digits"].read_bytes()).run()
    first = shown(app)["decoder"]
    app.file_uploader[0].upload("a.safetensors", runs.to_bytes(conditional)).run()
    assert shown(app)["decoder"] != first


@pytest.fixture
def conditional():
    config = Config(dataset="digits", hidden=(16,), labels="decoder", latent_dim=4)
    model = AutoEncoder(config)
    weights = {name: w.half() if w.is_floating_point() else w for name, w in model.state_dict().items()}
    codes = torch.randn(50, 4).half()
    return runs.Run(
        "x", config, weights, codes, torch.arange(50).to(torch.uint8) % 10, [], dict.fromkeys(runs.SHOWN, 0.1)
    )


def test_a_run_of_more_dimensions_with_labels_offers_planes_and_digits(app, conditional):
    open_explore(app)
    app.file_uploader[0].upload("style.safetensors", runs.to_bytes(conditional)).run()
    assert app.selectbox(key="plane").options[:2] == ["pca", "0,1"]
    decoders, labels = set(), set()
    for label in range(10):
        app.selectbox(key="label").set_value(label).run()
        decoders.add(shown(app)["decoder"])
        labels.add(shown(app)["label"])
    assert len(decoders) == 1 and labels == set(range(10))
    app.selectbox(key="plane").set_value("1,3").run()
    assert not app.exception
    assert shown(app)["basis"] == [[0, 1, 0, 0], [0, 0, 0, 1]]


def test_a_link_to_an_unknown_run_opens_the_first_one(app):
    app.query_params["run"] = "../../etc/passwd"
    open_explore(app)
    assert not app.exception
    assert shown(app)["run"] == app.selectbox(key="run").value == "aae"


# Train


def open_train(app):
    """Train, the fold with the command line open."""
    app.session_state["command-form"] = True
    return app.switch_page("../../pages/train.py").run()


def test_a_bad_data_set_says_why_and_cannot_be_trained_on(app, monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    open_train(app).selectbox(key="data").set_value("custom data").run()
    assert "Upload a file" in app.warning[0].value
    app.file_uploader[0].upload("../x.zip", b"nonsense").run()
    assert not app.exception and "x.zip: not a sound .zip" in app.warning[0].value
    assert [button.label for button in app.button if button.disabled] == ["Train", "Train AE, VAE and AAE"]


def test_ones_own_data_set_is_previewed(app, monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    open_train(app).selectbox(key="data").set_value("custom data").run()
    images = np.random.default_rng(0).integers(0, 255, (60, 10, 12))
    packed = io.BytesIO()
    np.savez(packed, images=images, labels=np.arange(60) % 3)
    app.file_uploader[0].upload("mine.npz", packed.getvalue()).run()
    assert not app.exception and not app.warning
    report = "60 images in 3 classes: 0 (20), 1 (20), 2 (20).\n"
    assert [text for text in app.text if report in text.value] and app.get("image")
    assert app.selectbox(key="data").format_func(app.selectbox(key="data").value) == "mine.npz (60 images)"
    assert "Train" in [button.label for button in app.button]
    command = app.code[0].value  # from the preset of the 8x8 digits, whose batches are small as well
    assert "dataset=own-" in command and "train digits" in command and PRESETS["digits"].batch_size == 128
    assert app.slider(key="epochs").value == 100


@pytest.mark.parametrize("model", form.MODELS)
@pytest.mark.parametrize("dataset", ["digits", "mnist"])
def test_every_choice_of_the_form_is_a_config_and_its_command_makes_the_same(app, model, dataset):
    open_train(app).selectbox(key="data").set_value(dataset).run()
    app.selectbox(key="model").set_value(model).run()
    assert not app.exception and not app.warning
    words = shlex.split(app.code[0].value)
    assert words[:4] == ["python", "-m", "aae", "train"]
    config, _ = make_config(make_parser().parse_args(words[3:]))
    assert (config.dataset, config.epochs) == (dataset, {"digits": 100, "mnist": 10}[dataset])
    assert config.regularizer == {"AE": "none", "VAE": "kl"}.get(model, "adversarial")


def test_every_field_of_the_form_is_explained_with_the_papers_value(app):
    open_train(app)
    widgets = [*app.selectbox, *app.slider, *app.number_input, *app.select_slider]
    told = {widget.label: widget.proto.help for widget in widgets if widget.label != "Watch"}
    assert len(told) >= 8
    assert all("Paper" in help for help in told.values()), told


@pytest.mark.parametrize(("prior", "warned"), [("gaussian", False), ("swiss_roll", True)])
def test_the_form_says_which_of_the_three_get_no_chosen_prior(app, prior, warned):
    app.session_state["prior_shown"] = {"prior": prior, "image": ""}, None
    open_train(app)
    told = [caption.value for caption in app.caption if "Of the three only the AAE" in caption.value]
    assert bool(told) == warned and all("(swiss roll)" in words for words in told)


@pytest.mark.parametrize(
    ("name", "words"),
    [("ae", "no prior"), ("vae", "prior: Gaussian"), ("aae_swiss_roll", "prior: swiss roll"), ("reduced_100", "head")],
)
def test_a_training_says_what_its_prior_is(name, words):
    assert words in live.prior_words(runs.load(runs.shipped()[name]).config)
