"""The table of held-out digits: measured once a digit and seed, kept by config, summed up honestly."""

import json
import statistics

import pytest
import torch

from aae import data
from aae.config import PRESETS, Config
from benchmarks import anomaly

TINY = Config(dataset="digits", hidden=(16,), discriminator_hidden=(8,), batch_size=64, epochs=1, held_out_class=8)


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.setattr(anomaly, "RESULTS", tmp_path / "results/anomaly.json")
    monkeypatch.setattr(anomaly, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(anomaly, "LANDMARKS", 40)
    for module in ("benchmarks.anomaly", "aae.cli.train"):
        monkeypatch.setattr(f"{module}.PRESETS", {anomaly.PRESET: TINY})
    return tmp_path


def kept():
    return json.loads(anomaly.RESULTS.read_text())


def test_a_digit_is_measured_once_for_each_seed(elsewhere, monkeypatch):
    anomaly.fill([anomaly.config_of(4, 0)])
    (result,) = kept()["results"]
    assert list(result["scores"]) == anomaly.METHODS and result["config"]["held_out_class"] == 4
    assert all(0 <= each["auroc"] <= 1 for each in result["scores"].values())
    assert (result["n_normal"], result["n_odd"]) == (500 - result["n_odd"], result["n_odd"])
    assert result["n_odd"] == int((data.load_test("digits").labels == 4).sum())
    monkeypatch.setattr(anomaly, "trained", lambda config: pytest.fail("trained again"))
    anomaly.fill([anomaly.config_of(4, 0)])
    assert kept()["results"] == [result]


def test_another_recipe_drops_what_was_measured(elsewhere, monkeypatch):
    def result(config):
        scores = {name: {"auroc": 0.5} for name in anomaly.METHODS}
        return {"config": config.to_json(), "scores": scores, "seconds": 1.0}

    monkeypatch.setattr(anomaly, "measure", result)
    anomaly.fill([anomaly.config_of(digit, seed) for digit, seed in ((4, 0), (2, 0), (4, 1))])
    assert [row["runs"] for row in kept()["rows"]] == [1, 2, 3]
    assert [row["held out"] for row in kept()["rows"]] == ["2", "4", "mean"]
    monkeypatch.setattr(anomaly, "PRESETS", {anomaly.PRESET: Config(dataset="digits", held_out_class=8)})
    anomaly.fill([anomaly.config_of(1, 0)])
    assert [row["held out"] for row in kept()["rows"]] == ["1", "mean"]


def test_rows_are_means_and_deviations_over_seeds_and_the_last_over_digits():
    def result(digit, value):
        scores = {name: {"auroc": value} for name in anomaly.METHODS}
        return {"config": {"held_out_class": digit}, "scores": scores, "seconds": 40.0}

    values = {0: [0.9, 0.8, 0.7], 1: [0.3]}
    rows = anomaly.rows([result(digit, value) for digit, each in values.items() for value in each])
    name = anomaly.METHODS[0]
    assert [row[name] for row in rows] == [f"0.800 ± {statistics.stdev(values[0]):.3f}", "0.300", "0.550"]
    assert [row["runs"] for row in rows] == [3, 1, 4] and anomaly.markdown(rows).count("\n") == 4


def images_of(labels):
    """Images of a pattern a class, with noise."""
    generator = torch.Generator().manual_seed(1)
    patterns = torch.randint(256, (10, 64), generator=torch.Generator().manual_seed(0))
    noise = torch.randint(-20, 20, (len(labels), 64), generator=generator)
    return data.Images((patterns[labels] + noise).clamp(0, 255).to(torch.uint8), labels)


@pytest.mark.parametrize("name", anomaly.OTHERS)
def test_other_methods_score_what_they_were_not_fitted_to_as_odder(name):
    usual, odd = images_of(torch.arange(3000) % 3), images_of(torch.full((50,), 7))
    score = anomaly.OTHERS[name](usual, Config(dataset="digits", held_out_class=8, latent_dim=4))
    assert score(odd).mean() > score(usual).mean()
    assert score(odd).shape == (50,)


def test_kept_results_are_of_the_preset_as_it_is_and_make_the_table():
    if not anomaly.RESULTS.exists():
        pytest.skip("nothing is measured yet")
    measured = kept()
    assert measured["rows"] == anomaly.rows(measured["results"])
    configs = [Config.from_json(result["config"]) for result in measured["results"]]
    assert len(set(configs)) == len(configs) and all(map(anomaly.is_current, configs))
    assert all(anomaly.known(config) for config in configs) and anomaly.PRESET in PRESETS
    assert measured["about"] == anomaly.ABOUT and measured["command"] == anomaly.COMMAND
