"""Denoise & repair without a browser: which models are offered, and what is said of them."""

import functools
import json
from dataclasses import replace

import pytest

from aae import runs
from aae.app.views import denoising
from aae.config import PRESETS
from aae.data.augment import CORRUPTIONS
from benchmarks import denoise
from tests import page_tools

open_page = functools.partial(page_tools.open_page, "denoise")


def payload(app):
    return json.loads(app.get("bidi_component")[0].proto.json)


def models(app):
    return [model["run"] for model in json.loads(app.get("bidi_component")[0].proto.json)[0]["models"]]


def test_the_five_runs_come_first_and_a_rerun_is_small():
    app = open_page()
    assert models(app) == list(denoise.NAMES) and app.selectbox(key="dataset").value == "MNIST"
    assert len(app.get("bidi_component")[0].proto.json) < 10_000


def test_a_link_names_models_of_the_data_set_and_others_are_said_not_to_fit():
    app = open_page(restorers=["gaussian_8d", "digits"])
    assert models(app) == ["gaussian_8d"]
    assert any("it is of another data set" in warning.value for warning in app.warning)
    assert models(open_page(dataset="Digits 8x8")) == ["digits"]


def test_another_data_set_shows_its_models_and_back():
    app = open_page()
    app.selectbox(key="dataset").set_value("Digits 8x8").run()
    assert not app.exception and models(app) == ["digits"]
    app.selectbox(key="dataset").set_value("MNIST").run()
    assert not app.exception and models(app) == list(denoise.NAMES)


def test_a_file_that_is_opened_is_shown_with_its_data_set():
    app = open_page()
    app.file_uploader[0].upload("mine.safetensors", runs.shipped()["digits"].read_bytes()).run()
    assert not app.exception and app.selectbox(key="dataset").value == "Digits 8x8"
    assert models(app) == ["mine (yours)"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "trained on clean images; 2-D code"),
        ({"input_noise": 0.5}, "trained with Gaussian noise of standard deviation 0.5; 2-D code"),
        ({"input_noise": 0.3, "corruption": "masking"}, "trained with 30 % of the pixels set to 0; 2-D code"),
        ({"input_noise": 0.1, "corruption": "salt_pepper"}, "trained with 10 % of the pixels set to 0 or 1; 2-D code"),
    ],
)
def test_what_a_model_was_trained_with_is_that_of_its_config(changes, words):
    assert denoising.trained(replace(PRESETS["aae"], **changes)) == words


def test_what_is_said_on_top_is_true_of_the_runs_that_are_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    runs_of = [runs.load(runs.shipped()[name]) for name in ("ae", "denoising_ae", "denoising_aae", "digits")]
    plain, noisy, both, digits = ([run] for run in runs_of)
    told = {name: denoising.advice(shown).replace("\\", "") for name, shown in {
        "mixed": plain + noisy, "noisy": noisy + both, "plain": plain, "digits": digits}.items()}  # fmt: skip
    assert "**AE · 15-D, noisy input** learned from corrupted images, the others from clean ones" in told["mixed"]
    assert "Codes of 2 numbers hold less of an image than codes of 15." in told["mixed"]
    assert "the others" not in told["noisy"] and "hold less" not in told["noisy"]
    assert "It was trained with clean images alone." in told["plain"]
    assert "MNIST is not on this machine: its test images are decoded from the codes of AE · no prior" in told["plain"]
    assert "decoded from the codes of AE · 15-D, noisy input" in told["mixed"]  # the longest
    assert "decoded" not in told["digits"]


def test_the_page_has_the_corruptions_of_the_library_and_the_command_of_the_benchmark():
    assert [each["name"] for each in denoising.CORRUPTIONS] == list(CORRUPTIONS)
    assert denoising.RESULTS == denoise.RESULTS and set(denoising.COLOURS) == set(denoise.NAMES)
    assert [line["name"] for line in denoising.figures()["lines"]] == ["no model", *denoise.NAMES]
