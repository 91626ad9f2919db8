"""Any number of classes, with names, through data, training, run files, figures and pages."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from aae import data, figures, runs, training
from aae.__main__ import main
from aae.analysis import metrics, planes
from aae.app import words
from aae.app.views import styling
from aae.config import PRESETS, Config, ConfigError
from aae.config.datasets import KNOWN, MAX_CLASSES, Description, numbers, to_name, to_names
from aae.models import priors

COUNTS = (1, 2, 3, 7, 10, 26, 100)
OWN = "own-0123456789ab"
LABELED = {
    "labels_mixture": {},
    "labels_mixture_10k": {},
    "labels_swiss_roll": {},
    "supervised_2d": {},
    "supervised_decoder": {"latent_dim": 3},
    "cvae": {},
    "semi_100": {"latent_dim": 3},
    "reduced_100": {},
    "clusters_10": {"latent_dim": 3},
}
TINY = {"hidden": (8,), "discriminator_hidden": (8,), "epochs": 1, "batch_size": 50}
STRANGE = ('"quoted"', "<b>bold</b>", "🐈‍⬛ cat", "קטן שלום", "قطة", "a*b_c`d`[e](f)", "$x^2$ :red[r] :cat:", "x" * 60)
MAIN = Path(__file__).resolve().parents[1] / "aae/app/main.py"


def store(root, names, each=8):
    """A custom data set with these classes, as it is stored; each class is a bright column of its own."""
    labels = np.tile(np.arange(len(names)), max(each, -(-60 // len(names))))
    images = np.random.default_rng(0).integers(0, 120, (len(labels), 28, 28), np.uint8)
    for k in range(len(names)):
        images[labels == k, :, k % 28] = 255 - k
    (root / "own").mkdir(exist_ok=True)
    np.savez_compressed(root / "own" / f"{OWN}.npz", images=images, labels=labels, names=np.array(names))
    return OWN


def letters(n):
    """n names: a, b, ..., z, aa, ba, ..."""
    return tuple(chr(97 + k % 26) * (1 + k // 26) for k in range(n))


@pytest.fixture
def root(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    return tmp_path


def trained(preset="supervised_2d", name=OWN, **changes):
    """A run after an epoch of a tiny network."""
    config = replace(data.fit(PRESETS[preset], name), **(TINY | changes))
    data.check(config)
    state, images = training.start(config), data.load_for(config)
    list(training.train(state, images, snapshot_every=1))
    return runs.finish(state, images, preset)


@pytest.mark.parametrize("n", COUNTS)
@pytest.mark.parametrize("preset", LABELED)
def test_every_preset_with_labels_trains_on_any_number_of_classes(preset, n, root):
    store(root, letters(n))
    run = trained(preset, **LABELED[preset])
    again = runs.parse(runs.to_bytes(run), "again")
    assert again.class_names == letters(n) and again.config == run.config and run.config.n_classes == n
    assert metrics.evaluate(again.model(), data.load_for(run.config)) == run.metrics
    k = planes.n_labels(run.config)
    if run.config.labels in ("decoder", "both"):
        assert k == n and len(planes.decoder_layers(again.model(), n - 1)) == 2
        assert figures.styles(again, rows=2).size == (28 * n, 56)
        pictures = figures.walk(again, torch.zeros(2, run.config.latent_dim))
        assert max(pictures[0].size) < 1200
    if run.config.labels == "classifier":
        assert run.config.n_categories == n and run.config.n_labeled % n == 0
    assert figures.scatter(again, side=60).size == (60, 60)


@pytest.mark.parametrize("n", COUNTS)
@pytest.mark.parametrize("prior", priors.COMPONENTS)
def test_a_prior_has_a_component_for_each_class_where_the_discriminator_is_given_it(prior, n):
    config = Config(dataset=OWN, n_classes=n, prior=prior, labels="discriminator")
    draws = priors.sample(config, torch.full((500,), n - 1), torch.Generator().manual_seed(0))
    middle = priors.component_path(prior, 400, n)
    nearest = torch.cdist(draws, middle.flatten(0, 1)).argmin(1) // 400
    if n <= 10:  # more petals overlap
        assert (nearest == n - 1).float().mean() > 0.9
    assert middle.shape == (n, 400, 2)
    assert priors.n_components(replace(config, labels="unused")) == 10


@pytest.mark.parametrize("n", (1, 3, 10))
def test_the_density_of_a_mixture_of_any_number_is_one_in_all(n):
    config = Config(dataset=OWN, n_classes=n, prior="mixture", labels="discriminator")
    points = planes.grid(0, 0, 5, 400)
    total = priors.log_density(config, points).exp().sum() * (10 / 400) ** 2
    assert total.item() == pytest.approx(1, abs=1e-3)


# Descriptions


def test_the_ready_sets_are_as_they_are_described():
    for split, images in zip(("n_train", "n_test"), (data.load("digits").train, data.load("digits").test), strict=True):
        assert getattr(KNOWN["digits"], split) == len(images.labels)
    assert KNOWN["fashion"].classes[9] == "ankle boot" and KNOWN["mnist"].classes == numbers(10)
    assert all(Config(dataset=name).image_shape == described.shape for name, described in KNOWN.items())


def test_a_known_set_is_described_where_it_is_not(root):
    assert data.describe("mnist").n_train == 60_000
    with pytest.raises(ConfigError, match="dataset='cats'"):
        data.describe("cats")


def test_a_custom_set_is_described_without_its_images(root, monkeypatch):
    store(root, ("cats", "dogs"), each=50)
    monkeypatch.setattr(data.readers, "read_arrays", None)
    described = data.describe(OWN)
    assert described.classes == ("cats", "dogs") and (described.n_train, described.n_test) == (80, 20)
    assert described.title == "custom data: cats, dogs"


def test_a_custom_set_that_goes_takes_its_names_along(root):
    store(root, ("cats", "dogs"))
    config = data.fit(Config(), OWN)
    assert data.describe_for(config).classes == ("cats", "dogs")
    data.custom_path(OWN).unlink()
    assert data.describe_for(config).classes == ("0", "1")
    with pytest.raises(data.DataError):
        data.describe(OWN)


@pytest.mark.parametrize(
    ("text", "name"),
    [("", "unnamed"), (" \n", "unnamed"), ("a\nb", "ab"), ("x" * 61, "x" * 59 + "…"), ("\u202etxt", "txt")],
)
def test_any_text_becomes_a_name(text, name):
    assert to_name(text, "unnamed") == name


def test_names_that_would_be_alike_are_told_apart():
    names = to_names(["x" * 70, "x" * 80, "", "\n", "unnamed 2"])
    assert len(set(names)) == 5 and all(len(name) <= 60 for name in names)


def test_descriptions_survive_json():
    described = Description("mine", (1, 28, 28), STRANGE, 5, 2)
    assert Description.from_json(json.loads(json.dumps(described.to_json()))) == described
    assert described.nouns == "classes" and KNOWN["mnist"].nouns == "digits"


# Configs


def test_a_config_follows_its_data_set(root):
    store(root, letters(7), each=100)
    assert data.fit(PRESETS["reduced_100"], OWN).n_labeled == 98
    store(root, letters(7), each=5)  # of which 4 or fewer are trained on
    fitted = data.fit(PRESETS["reduced_100"], OWN)
    fewest = data.load(OWN).train.labels.bincount().min().item()
    assert (fitted.n_classes, fitted.n_categories, fitted.n_labeled) == (7, 7, 7 * fewest)
    assert data.fit(PRESETS["clusters_16"], OWN).n_categories == 16
    with pytest.raises(ConfigError, match="n_classes=9: custom data: a, b, c, d, e, f, g has 7"):
        data.check(replace(fitted, n_classes=9, n_categories=9, n_labeled=9))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", ["mnist", "fashion", "kmnist", "emnist_digits"])
def test_presets_fit_the_papers_data_as_they_are(preset, name):
    config = replace(PRESETS[preset], dataset=name)
    assert data.fit(PRESETS[preset], name) == config


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_classes": 0}, "n_classes=0: must lie between 1 and 100"),
        ({"n_classes": 101, "dataset": OWN}, "must lie between 1 and 100"),
        ({"n_classes": 3}, "mnist has 10 classes: leave it 10"),
        ({"n_classes": 3, "dataset": OWN, "labels": "classifier", "n_categories": 10}, "set n_categories=3"),
        ({"n_classes": 3, "dataset": OWN, "labels": "discriminator", "n_labeled": 100}, "must be a multiple of 3"),
    ],
)
def test_what_does_not_fit_is_refused(changes, words):
    with pytest.raises(ConfigError, match=words):
        replace(Config(), **changes)


def test_more_classes_than_a_config_has_are_refused_before_work_begins(root):
    store(root, letters(12))
    with pytest.raises(ConfigError, match=r"n_classes=10: .* has 12: train it again"):
        data.load_for(Config(dataset=OWN))
    store(root, letters(2))
    assert len(data.load_for(Config(dataset=OWN)).train.labels)  # as before there was n_classes


def test_labels_are_balanced_over_the_classes_that_there_are():
    hidden = data.hide_labels(torch.tensor([0, 0, 0, 5, 5, 5, 9, 9]), 6, 3, seed=0)
    assert [(hidden == k).sum().item() for k in (0, 5, 9)] == [2, 2, 2]


# Run files


def test_a_runs_header_holds_the_description(root):
    store(root, STRANGE)
    run = trained()
    data.custom_path(OWN).unlink()
    again = runs.parse(runs.to_bytes(run), "again")
    assert again.class_names == STRANGE and again.description == run.data
    assert again.description.shape == (1, 28, 28)


def test_an_older_run_file_has_the_names_that_are_known(root):
    store(root, ("cats", "dogs"))
    old = replace(trained(), data=None)
    assert "data" not in json.loads(header(runs.to_bytes(old)))
    assert runs.parse(runs.to_bytes(old), "old").class_names == ("cats", "dogs")
    data.custom_path(OWN).unlink()
    assert runs.parse(runs.to_bytes(old), "old").class_names == ("0", "1")
    assert runs.load(runs.shipped()["aae"]).class_names == numbers(10)


def test_a_config_from_before_there_was_n_classes_has_ten():
    values = Config().to_json()
    del values["n_classes"]
    assert Config.from_json(values).n_classes == 10


def header(content):
    """Our own header of a run's bytes."""
    size = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + size])["__metadata__"]["header"]


@pytest.mark.parametrize(
    "change",
    [
        {"classes": ["a"]},
        {"classes": ["a", "b", "c"]},
        {"classes": ["a", "a"]},
        {"classes": ["a", 5]},
        {"classes": ["a", ""]},
        {"classes": ["a", "x" * 61]},
        {"classes": ["a", "b\n"]},
        {"classes": ["a", "\u202eb"]},
        {"classes": ["a", "\ud800"]},
        {"classes": "ab"},
        {"classes": None},
        {"title": "x" * 61},
        {"title": 5},
        {"noun": "\x1b[2J"},
        {"shape": [28, 28]},
        {"shape": [1, 28, 10**9]},
        {"shape": [1, 28, 27]},
        {"shape": [1, 28, True]},
        {"n_train": -1},
        {"n_test": 1.5},
    ],
    ids=repr,
)
def test_a_description_that_cannot_be_is_refused(change, root):
    store(root, ("a", "b"))
    run = trained()
    tensors, metadata = runs.parse_file(runs.to_bytes(run), "x", "run")
    metadata["data"] |= change
    with pytest.raises(runs.RunError, match=r"x: .*data") as error:
        runs.parse(runs.serialize(tensors, "run", metadata), "x")
    assert "\n" not in str(error.value) and str(error.value).isprintable()


@pytest.mark.parametrize("value", [5, [], "mnist", {}, None])
def test_what_is_no_description_is_refused(value, root):
    store(root, ("a", "b"))
    tensors, metadata = runs.parse_file(runs.to_bytes(trained()), "x", "run")
    metadata["data"] = value
    with pytest.raises(runs.RunError, match="x: data"):
        runs.parse(runs.serialize(tensors, "run", metadata), "x")


def test_labels_beyond_the_classes_are_refused(root):
    store(root, ("a", "b"))
    run = trained()
    wrong = replace(run, test_labels=run.test_labels + 1)
    with pytest.raises(runs.RunError, match="below 2"):
        runs.parse(runs.to_bytes(wrong), "x")


# The command line


def test_the_command_line_takes_the_classes_from_the_data(root, capsys):
    store(root, ("cats", "dogs"), each=60)
    out = root / "mine.safetensors"
    tiny = ["--set", f"dataset={OWN}", "--set=hidden=8", "--set=discriminator_hidden=8", "--epochs=1"]
    assert main(["train", "reduced_100", *tiny, f"--out={out}"]) == 0
    run = runs.load(out)
    assert run.class_names == ("cats", "dogs") and (run.config.n_categories, run.config.n_labeled) == (2, 96)
    capsys.readouterr()
    assert main(["train", "reduced_100", *tiny, "--set=n_classes=3", f"--out={root / 'other.safetensors'}"]) == 2
    assert "n_classes=3" in capsys.readouterr().err


def test_the_command_line_names_the_classes(root, capsys):
    store(root, ("cats", "dogs", "קטן", "a name of many letters"))
    out = root / "mine.safetensors"
    out.write_bytes(runs.to_bytes(trained()))
    assert main(["evaluate", "--json", str(out)]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["classes"][:2] == ["cats", "dogs"] and row["data"].startswith("custom data: cats, dogs")
    for figure, said in (("styles", "columns: cats, dogs, קטן"), ("scatter", "labels: 2 = קטן, a name of... = a name")):
        assert main(["show", str(out), f"--figure={figure}", f"--out={root / figure}.png"]) == 0
        assert said in capsys.readouterr().out
    assert main(["show", "digits", "--figure=scatter", f"--out={root / 'digits.png'}"]) == 0
    assert capsys.readouterr().out == ""


# Pages


@pytest.fixture
def app():
    return AppTest.from_file(MAIN, default_timeout=60).run()


def payload(app):
    return json.loads(app.get("bidi_component")[0].proto.json)[0]


@pytest.mark.parametrize("n", COUNTS)
def test_pages_show_a_run_of_any_number_of_classes(n, root, app):
    store(root, letters(n), each=20)
    run = trained()
    app.switch_page("../../pages/explore.py").run()
    app.file_uploader[0].upload("mine.safetensors", runs.to_bytes(run)).run()
    assert not app.exception and payload(app)["class_names"] == list(letters(n))
    assert app.selectbox(key="label").options == list(letters(n)) and app.selectbox(key="label").label == "Class"
    app.selectbox(key="label").set_value(n - 1).run()
    assert payload(app)["label"] == n - 1
    app.switch_page("../../pages/style.py").run()
    app.selectbox(key="styles").set_value("mine (yours)").run()
    assert not app.exception and payload(app)["label"] < n
    said = " ".join(caption.value for caption in app.caption)
    assert (f"{n} classes" if n > 1 else "1 class") in said and "digit" not in said.replace(
        "is not conditioned on the digit", ""
    )
    app.switch_page("../../pages/compare.py").run()
    app.multiselect(key="runs").set_value(["mine (yours)", "aae"]).run()
    assert not app.exception and payload(app)


def test_links_name_a_class_or_have_its_place(root, app):
    store(root, ("cats", "dogs", "owls"), each=20)
    app.switch_page("../../pages/explore.py").run()
    app.file_uploader[0].upload("mine.safetensors", runs.to_bytes(trained())).run()
    for text in ("2", "owls"):
        app.switch_page("../../pages/home.py").run()
        app.query_params["run"], app.query_params["label"] = "mine (yours)", text
        app.switch_page("../../pages/explore.py").run()
        assert not app.exception and payload(app)["label"] == 2 and not app.warning
        app.query_params.clear()


def test_names_are_shown_as_they_are_written(root, app):
    store(root, STRANGE)
    app.switch_page("../../pages/explore.py").run()
    app.file_uploader[0].upload("mine.safetensors", runs.to_bytes(trained())).run()
    assert not app.exception
    assert payload(app)["class_names"] == list(STRANGE)
    assert app.selectbox(key="label").options == list(STRANGE)  # which are no Markdown


@pytest.mark.parametrize("name", STRANGE)
def test_markup_is_escaped(name):
    escaped = words.markdown(name)
    assert escaped.replace("\\", "") == name
    assert not any(mark in escaped.replace(f"\\{mark}", "") for mark in "*_`[]()<>$:")


def test_the_gauge_says_what_guessing_gives(root):
    store(root, ("cats", "dogs"), each=150)
    told = styling.leakage(trained())
    assert 0.3 < told["guess"] < 0.9
    store(root, ("cats",), each=300)
    with pytest.raises(metrics.TooFew, match="Too few classes"):
        styling.leakage(trained())


def test_the_most_classes_are_a_hundred(root):
    store(root, letters(MAX_CLASSES + 1))
    with pytest.raises(data.DataError, match="upload the file again"):
        data.describe(OWN)
