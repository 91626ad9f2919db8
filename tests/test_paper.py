"""The tables of the paper: measured once per seed, kept by config, summed up honestly."""

import json
import statistics

import pytest

from aae import data, runs
from aae.__main__ import make_parser
from aae.analysis import metrics
from aae.cli.train import make_config
from aae.config import PRESETS, Config
from benchmarks import paper

ROW = paper.Row("table2", "100 labels", "tiny", "classification_error", "1 %")
TINY = Config(dataset="digits", hidden=(16,), discriminator_hidden=(8,), labels="classifier", n_categories=10, epochs=1)


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.setattr(paper, "RESULTS", tmp_path / "results/paper.json")
    monkeypatch.setattr(paper, "RUNS", tmp_path / "runs")
    for module in (paper, "aae.cli.train"):
        target = f"{module}.PRESETS" if isinstance(module, str) else None
        if target:
            monkeypatch.setattr(target, {"tiny": TINY})
        else:
            monkeypatch.setattr(module, "PRESETS", {"tiny": TINY})
    return tmp_path


def test_a_row_is_measured_once_for_each_seed(elsewhere, monkeypatch):
    (result,) = paper.fill([ROW], seeds=2)
    figures = [figure for figure, _ in result["runs"].values()]
    assert result["n"] == 2 and result["mean"] == statistics.mean(figures)
    assert (
        figures[0]
        == 100 * runs.load(next(elsewhere.glob("runs/tiny-*-seed0.safetensors"))).metrics["classification_error"]
    )
    assert json.loads(paper.RESULTS.read_text()) == [result]
    monkeypatch.setattr(paper, "measure", lambda row, seed: (7.0, 1.0))
    (grown,) = paper.fill([ROW], seeds=3)
    assert [figure for figure, _ in grown["runs"].values()] == [*figures, 7.0]


def test_another_config_is_another_result(elsewhere, monkeypatch):
    monkeypatch.setattr(paper, "measure", lambda row, seed: (float(seed), 1.0))
    assert paper.fill([ROW], seeds=2)[0]["mean"] == 0.5
    monkeypatch.setattr(paper, "PRESETS", {"tiny": Config()})
    monkeypatch.setattr(paper, "measure", lambda row, seed: (9.0, 1.0))
    assert paper.fill([ROW], seeds=1)[0]["mean"] == 9.0
    assert len(paper.load()) == 1


def test_a_long_row_trains_its_preset_with_changes(elsewhere, monkeypatch):
    row = ROW._replace(budget=paper.LONG, changes=(("epochs", 2), ("hidden", (8,))))
    monkeypatch.setattr(paper, "ROWS", (ROW, row))
    paper.fill([ROW, row], seeds=1)
    quick, long = (runs.load(path).config for path in elsewhere.glob("runs/*-seed0.safetensors"))
    assert {quick.epochs, long.epochs} == {1, 2} and {quick.hidden, long.hidden} == {(16,), (8,)}
    assert len(paper.load()) == 2 and paper.known(row) != paper.known(ROW)


def test_of_several_trainings_that_is_taken_which_is_surest_of_its_clusters(elsewhere, monkeypatch):
    row = paper.Row("table3", "clusters", "tiny", "classification_error", "1 %", restarts=3)
    assert list(row.seeds(0)) == [0, 1, 2] and list(row.seeds(1)) == [3, 4, 5]
    all_runs = [paper.trained(row, seed) for seed in range(6)]
    entropies = [0.3, 0.1, 0.2, 0.6, 0.5, 0.4]
    monkeypatch.setattr(paper, "uncertainty", lambda run: entropies[run.config.seed])
    seconds = sum(run.cpu_seconds for run in all_runs[:3])
    assert paper.measure(row, 0) == (100 * all_runs[1].metrics["classification_error"], seconds)
    assert paper.measure(row, 1)[0] == 100 * all_runs[5].metrics["classification_error"]
    assert "the surest of 3" in paper.extras(row)


def test_a_run_is_sure_by_the_training_images_alone(elsewhere, monkeypatch):
    row = paper.Row("table3", "clusters", "tiny", "classification_error", "1 %", restarts=2)
    run, images = paper.trained(row, 0), data.load("digits")
    y = metrics.encode_all(run.model(), images.monitored).y
    assert paper.uncertainty(run) == pytest.approx(-(y * y.log()).sum(1).mean().item(), rel=1e-4)


def test_a_row_of_more_restarts_is_measured_anew(elsewhere, monkeypatch):
    monkeypatch.setattr(paper, "measure", lambda row, seed: (1.0, 1.0))
    paper.fill([ROW], seeds=1)
    assert paper.known(ROW) and not paper.known(ROW._replace(restarts=2))


def test_a_line_says_how_many_runs_and_how_wide_they_spread():
    first = {row.text: row for row in reversed(paper.ROWS)}  # of each text: the quick one
    result = paper.summarize(first["100 labels"], {"0": [1.0, 10.0], "1": [2.0, 30.0]})
    longer = {**result, "budget": paper.LONG, "sd": None, "n": 1}
    assert paper.line("100 labels", [result, longer]) == (
        "| 100 labels | 1.90 ± 0.10 % | 1.50 ± 0.71 % (2 runs, 20 s) | 1.50 % (1 run, 20 s) | - |"
    )
    noisier = {**longer, "extras": "noise in hidden layers"}
    assert paper.line("100 labels", [result, noisier]).endswith("| long: noise in hidden layers |")
    parzen, images = (
        paper.summarize(first[text], {"0": [340.4, 9.0]})
        for text in ("Parzen log-likelihood, 8-D", "10,000 real training images")
    )
    assert paper.line(parzen["row"], [parzen]).endswith("| 340.4 (1 run, 9 s) | - | averaged weights |")
    assert images["extras"] == "-"


def test_real_images_need_no_run(elsewhere, monkeypatch):
    monkeypatch.setitem(paper.PRESETS, "tiny", Config(dataset="digits", n_validation=200))
    monkeypatch.setattr(paper.metrics, "PARZEN_SAMPLES", 300)
    row = paper.Row("table1", "images", "tiny", "parzen_of_images", "-")
    figures, seconds = zip(*(paper.measure(row, seed) for seed in (0, 1)), strict=True)
    assert figures[0] != figures[1] and seconds == (0.0, 0.0) and not list(elsewhere.glob("runs/*"))


@pytest.mark.parametrize("row", [row for row in paper.ROWS if row.changes], ids=lambda row: row.text)
def test_the_command_of_a_row_trains_its_config(row):
    options = make_parser().parse_args(paper.words_of(row, 7))
    assert make_config(options)[0] == row.config(7)


def test_every_row_has_a_preset_whose_runs_have_its_metric():
    for row in paper.ROWS:
        config = PRESETS[row.preset]
        if row.metric == "classification_error":
            assert config.labels == "classifier"
        elif row.metric in ("clustering_error", "hungarian_error"):
            assert config.n_categories > 0 and config.labels == "unused"
        else:
            assert row.metric in ("parzen", "parzen_of_images")
            assert config.n_validation > 0  # images that choose the window's width, and were not trained on


def test_kept_results_are_of_the_presets_as_they_are():
    for result in paper.load():
        row = next(row for row in paper.ROWS if paper.is_of(result, row))
        assert paper.known(row) == result["runs"]
        expected = paper.summarize(row, result["runs"])
        assert {**result, "config": None} == {**expected, "config": None}
