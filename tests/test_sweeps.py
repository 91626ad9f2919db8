"""Sweeps: what is varied, the trials that come of it, and that the test images take no part."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from aae import data, runs, sweeps, training
from aae.__main__ import main
from aae.config import PRESETS, ConfigError
from aae.data import sets
from aae.sweeps.spread import read, train_on_node

TINY = ["--set", "hidden=8", "--set", "discriminator_hidden=8", "--epochs", "2"]
GRID = ["--vary", "batch_size=128,256", "--vary", "latent_dim=2,3"]


def sweep(folder, *words):
    return main(["sweep", "digits", *TINY, "--out", str(folder), *words])


def trials(folder):
    """What does not depend on the clock, of each trial."""
    return [row._replace(seconds=0.0) for row in sweeps.rows(sweeps.read(folder))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("batch_size=64,128", {"values": ("64", "128")}),
        ("learning_rate=5e-4..1e-2", {"low": 5e-4, "high": 1e-2, "is_logarithmic": True}),
        ("learning_rate=1e-3..2e-3", {"is_logarithmic": False}),
        ("latent_dim=2..20", {"low": 2, "high": 20, "is_logarithmic": True}),
        ("latent_dim=2..19", {"is_logarithmic": False}),
        ("input_noise=0..1", {"low": 0.0, "high": 1.0, "is_logarithmic": False}),
        ("regularizer_weight=5,15:40", {"values": ("5.0:5.0", "15.0:40.0")}),
        ("regularizer_weight=1..50", {"low": 1.0, "high": 50.0}),
        ("hidden=64,128:64", {"values": ("64", "128:64")}),
        ("n_labeled=none,100", {"values": ("None", "100")}),
        ("batch_norm=true,false", {"values": ("True", "False")}),
        ("style_dim=2,3", {"name": "latent_dim"}),
        ("prior=gaussian,uniform", {"values": ("gaussian", "uniform")}),
    ],
)
def test_what_is_varied_is_read_and_written(text, expected):
    vary = sweeps.Vary.parse(text)
    assert {name: getattr(vary, name) for name in expected} == expected
    assert sweeps.Vary.parse(str(vary)) == vary


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("learning_rat=1,2", "did you mean learning_rate?"),
        ("batch_size", "FIELD=A,B,C"),
        ("", "FIELD=A,B,C"),
        ("batch_size=", "no values"),
        ("batch_size=64", "2 to"),
        ("batch_size=64,", "empty"),
        ("batch_size=64,64", "twice"),
        ("batch_size=64,064", "twice"),
        ("batch_size=64,many", "cannot be read"),
        ("batch_size=64,1", "must lie between 2 and"),
        ("batch_size=200..100", "below the second"),
        ("batch_size=100..100", "below the second"),
        ("batch_size=1..100", "must lie between 2 and"),
        ("batch_size=2..", "cannot be read"),
        ("batch_size=2.5..9", "cannot be read"),
        ("batch_size=2..9..3", "cannot be read"),
        ("learning_rate=0.001..2", "must lie between"),
        ("learning_rate=nan..1", "cannot be read"),
        ("n_labeled=none..100", "a number on each side"),
        ("hidden=8:8..16", "a number on each side"),
        ("prior=gaussian,gausian", "did you mean gaussian?"),
        ("prior=a..b", "has no range"),
        ("batch_norm=true..false", "has no range"),
        ("regularizer_weight=1:2:3,4", "must hold 2 values"),
        ("seed=1,2", "--seeds"),
        ("dataset=digits,mnist", "--data"),
        ("n_validation=100,200", "--set"),
    ],
)
def test_what_cannot_be_varied_is_refused_in_a_line(text, part, tmp_path, capsys):
    with pytest.raises(ConfigError, match=part.replace("?", r"\?")):
        sweeps.Vary.parse(text)
    assert sweep(tmp_path / "x", "--vary", text) == 2
    error = capsys.readouterr().err
    assert part in error and len(error.splitlines()) == 1 and "--vary" in error
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "nothing is varied"),
        (["--vary", "batch_size=64..128", "--sampler", "grid"], "a grid has no ranges"),
        ([*GRID, "--vary", "latent_dim=4,5"], "is there twice"),
        ([*GRID, "--sampler", "tp"], "did you mean tpe?"),
        ([*GRID, "--metric", "reconstruction_ms"], "did you mean reconstruction_mse?"),
        ([*GRID, "--trials", "0"], "between 1 and"),
        ([*GRID, "--seeds", "0"], "between 1 and"),
        ([*GRID, "--seeds", "101"], "between 1 and"),
        ([*GRID, "--seed", str(2**31 - 1), "--seeds", "2"], "seed"),
        ([*GRID, "--set", "n_validation=0"], "held-out images"),
        ([*GRID, "--threads", "0"], "--threads"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_in_a_line(words, part, tmp_path, capsys):
    assert sweep(tmp_path / "x", *words) == 2
    error = capsys.readouterr().err
    assert part in error and len(error.splitlines()) == 1
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_holds_images_out_of_every_data_set(name):
    for dataset in ("mnist", "fashion", "digits"):
        config = data.fit(sweeps.held_out(PRESETS[name]), dataset)
        plan = sweeps.Plan.make(config, ["epochs=2,3"])
        assert plan.config.n_validation in (216, 5000, 10_000)
        assert plan.metric in sweeps.metrics_of(config)


def test_a_grid_has_every_combination_once_and_its_means_and_spreads(tmp_path, capsys, monkeypatch):
    def refuse(name, split, *_):
        assert split == "train", "a sweep reads no test images"
        return load(name, split, *_)

    load = sets._load_part
    monkeypatch.setattr(sets, "_load_part", refuse)
    assert sweep(tmp_path / "grid", *GRID, "--seeds", "2", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    found = sorted((t["written"]["batch_size"], t["written"]["latent_dim"]) for t in told["trials"])
    assert found == [("128", "2"), ("128", "3"), ("256", "2"), ("256", "3")]
    for row in told["trials"]:
        assert row["status"] == "finished" and row["spread"] > 0
        assert row["value"] == row["metrics"]["reconstruction_mse"] > 0
    assert told["best"] == min(told["trials"], key=lambda row: row["value"])["trial"]
    assert sum(told["importance"].values()) == pytest.approx(1)


def test_a_trial_is_what_train_makes_of_its_config_and_becomes_a_run(tmp_path, capsys):
    assert sweep(tmp_path / "s", *GRID, "--trials", "1") == 0
    [row] = trials(tmp_path / "s")
    config = sweeps.kept_plan(tmp_path / "s").config
    assert config.n_validation == 216
    same = ["--set", "batch_size=128", "--set", "latent_dim=2", "--set", "n_validation=216"]
    assert main(["train", "digits", *TINY, *same, "--out", str(tmp_path / "a.safetensors")]) == 0
    assert main(["trial", str(tmp_path / "s"), "0", "--out", str(tmp_path / "b.safetensors")]) == 0
    a, b = (runs.load(tmp_path / f"{name}.safetensors") for name in "ab")
    assert a.config == b.config and a.metrics == b.metrics
    assert all(a.weights[key].equal(b.weights[key]) for key in a.weights)
    assert row.value == a.history[-1]["reconstruction_mse"]  # of the validation images
    assert main(["trial", str(tmp_path / "s"), "9"]) == 2
    assert "trial 9" in capsys.readouterr().err


KILLED = """
import os, signal, sys
from aae import training
from aae.__main__ import main
take, steps = training.loop.timed_step, [int(sys.argv[1])]
def step(*rest):
    steps[0] -= 1
    if steps[0] < 0:
        os.kill(os.getpid(), signal.{signal})
    return take(*rest)
training.loop.timed_step = step
sys.exit(main(sys.argv[2:]))
"""
TPE = ["--vary", "batch_size=64..256", "--vary", "learning_rate=1e-3..1e-2", "--trials", "8", "--sampler", "tpe"]


@pytest.mark.parametrize(("number", "step"), [("SIGKILL", 23), ("SIGKILL", 90), ("SIGINT", 60)])
def test_a_sweep_that_was_ended_goes_on_to_the_same_trials(tmp_path, number, step):
    words = ["sweep", "digits", *TINY, *TPE]
    whole, ended = tmp_path / "whole", tmp_path / "ended"
    assert main([*words, "--out", str(whole)]) == 0
    code = KILLED.replace("{signal}", number)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(step), *words, "--out", str(ended)],
        capture_output=True,
        text=True,
        env=environment,
    )
    signalled = getattr(signal, number)
    assert done.returncode == (-signalled if number == "SIGKILL" else 128 + signalled), done.stderr
    assert (number == "SIGINT") == ("go on with: python -m aae sweep" in done.stderr)
    begun = trials(ended)
    assert begun[-1].status == sweeps.RUNNING
    (ended / "journal.log").write_bytes((ended / "journal.log").read_bytes() + b'{"op_code": 5, "wo')  # a torn line
    assert main([*words, "--out", str(ended)]) == 0
    assert trials(ended) == trials(whole) and len(begun) < len(trials(ended)) == 8


def test_a_sweep_goes_on_with_its_own_arguments_alone(tmp_path, capsys):
    assert sweep(tmp_path / "s", *GRID, "--trials", "1") == 0
    before = trials(tmp_path / "s")
    for words, part in (
        (["--vary", "batch_size=128,512", *GRID[2:]], "--vary"),
        ([*GRID, "--seeds", "2"], "--seeds"),
        ([*GRID, "--metric", "prior_distance"], "--metric"),
        ([*GRID, "--no-pruning"], "--no-pruning"),
        ([*GRID, "--set", "prior_std=2"], "prior_std"),
    ):
        capsys.readouterr()
        assert sweep(tmp_path / "s", *words) == 2
        error = capsys.readouterr().err
        assert part in error and "another --out" in error and len(error.splitlines()) == 1
    assert sweep(tmp_path / "s", *GRID, "--trials", "3") == 0
    after = trials(tmp_path / "s")
    assert after[:1] == before and len(after) == 3


def test_a_folder_that_is_no_sweep_or_is_in_use_is_left_alone(tmp_path, capsys):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("mine")
    assert sweep(tmp_path / "a", *GRID) == 2
    assert "holds other files" in capsys.readouterr().err
    assert sweep(tmp_path / "s", *GRID, "--trials", "1") == 0
    plan = sweeps.kept_plan(tmp_path / "s")
    with sweeps.claimed(tmp_path / "s", plan), pytest.raises(ConfigError, match="another process"):  # noqa: SIM117
        with sweeps.claimed(tmp_path / "s", plan):
            pass
    for content in ("", "{}", "[]", "[" * 10_000, '{"varied": 3}'):
        (tmp_path / "s" / "sweep.json").write_text(content)
        assert sweep(tmp_path / "s", *GRID, "--trials", "1") == 2
        assert "remove the folder" in capsys.readouterr().err


def test_a_look_at_a_sweep_writes_nothing(tmp_path):
    assert sweep(tmp_path / "s", *GRID, "--trials", "1") == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "s").iterdir()}
    assert len(trials(tmp_path / "s")) == 1 and sweeps.importance(sweeps.read(tmp_path / "s")) == {}
    assert {path.name: path.read_bytes() for path in (tmp_path / "s").iterdir()} == before


@pytest.mark.parametrize("content", [b"", b"nonsense\n\n", b"[]\n[]\n", b'{"op_code": 4}\n{}\n', b"\xff\n" * 9])
def test_a_damaged_journal_is_said(tmp_path, content, capsys):
    assert sweep(tmp_path / "s", *GRID, "--trials", "1") == 0
    (tmp_path / "s" / "journal.log").write_bytes(content)
    with pytest.raises(sweeps.SweepError, match="remove the folder"):
        sweeps.read(tmp_path / "s")
    if content:
        capsys.readouterr()
        assert sweep(tmp_path / "s", *GRID, "--trials", "1") == 2
        assert "remove the folder" in capsys.readouterr().err


def test_fields_that_do_not_go_together_fail_a_trial_and_say_why(tmp_path, capsys):
    assert sweep(tmp_path / "s", "--vary", "prior=gaussian,mixture", "--vary", "latent_dim=2,3") == 0
    found = {(row.written["prior"], row.written["latent_dim"]): row for row in trials(tmp_path / "s")}
    assert [key for key, row in found.items() if row.status == sweeps.FAILED] == [("mixture", "3")]
    assert "set latent_dim=2" in found["mixture", "3"].problem
    assert "set latent_dim=2" in capsys.readouterr().out


def test_a_trial_that_diverges_fails_and_says_why(tmp_path, monkeypatch):
    def diverge(config, history, images):
        if config.latent_dim == 3:
            raise training.Diverged("epoch 1: reconstruction is nan")

    monkeypatch.setattr(training.loop, "check_health", diverge)
    assert sweep(tmp_path / "s", *GRID) == 0
    failed = [row for row in trials(tmp_path / "s") if row.status == sweeps.FAILED]
    assert [row.written["latent_dim"] for row in failed] == ["3", "3"]
    assert all(row.problem.startswith("epoch 1") for row in failed)


def test_bad_trials_are_pruned_by_the_median_of_those_before(tmp_path, monkeypatch):
    """Here the error is the latent dimension: after the first five, trials above the median are pruned."""
    measured = training.loop.metrics.reconstruction

    def error(model, images, code):
        return {**measured(model, images, code), "reconstruction_mse": float(model.config.latent_dim)}

    monkeypatch.setattr(training.loop.metrics, "reconstruction", error)
    words = ["--vary", "latent_dim=2,3,4,5,6,7,8", "--epochs", "4"]
    assert sweep(tmp_path / "s", *words) == 0
    assert [row.status for row in trials(tmp_path / "s")] == [sweeps.FINISHED] * 5 + [sweeps.PRUNED] * 2
    assert {row.epoch for row in trials(tmp_path / "s")[5:]} == {2}
    assert sweep(tmp_path / "all", *words, "--no-pruning") == 0
    assert {row.status for row in trials(tmp_path / "all")} == {sweeps.FINISHED}
    assert sweep(tmp_path / "epochs", "--vary", "latent_dim=2,3,4,5,6,7", "--vary", "epochs=2,3") == 0
    assert sweeps.PRUNED not in {row.status for row in trials(tmp_path / "epochs")}


@pytest.mark.parametrize(
    ("preset", "metric"), [("semi_1000", "classification_error"), ("clusters_10", "clustering_error")]
)
def test_the_metric_is_what_the_model_is_for(tmp_path, preset, metric):
    words = ["--data", "digits", "--set", "hidden=8", "--set", "discriminator_hidden=8", "--epochs", "1"]
    assert main(["sweep", preset, *words, "--vary", "batch_size=256,512", "--out", str(tmp_path / "s")]) == 0
    assert sweeps.kept_plan(tmp_path / "s").metric == metric
    assert all(row.value == row.metrics[metric] for row in trials(tmp_path / "s"))


@pytest.mark.parametrize("sampler", ["random", "tpe"])
def test_samplers_stay_in_the_range_and_differ_from_trial_to_trial(tmp_path, sampler):
    plan = sweeps.Plan.make(
        data.fit(sweeps.held_out(PRESETS["digits"]), "digits"), ["learning_rate=1e-3..1e-1"], sampler, 12
    )
    drawn = []
    with sweeps.claimed(tmp_path / "s", plan) as claimed:
        for number in range(12):
            claimed.study.sampler = plan.make_sampler(number)
            trial = claimed.study.ask()
            drawn.append(float(plan.varied[0].suggest(trial)))
            claimed.study.tell(trial.number, drawn[-1])
    assert len(set(drawn)) == 12 and all(1e-3 <= rate <= 1e-1 for rate in drawn)


@pytest.mark.parametrize("sampler", ["random", "tpe"])
def test_no_combination_of_values_is_tried_twice(tmp_path, monkeypatch, sampler):
    monkeypatch.setattr(sweeps.trials, "train_seeds", lambda sweep, trial, *_: one_value(trial))
    monkeypatch.setattr(sweeps.trials, "ATTEMPTS", 3)
    assert sweep(tmp_path / "s", *GRID, "--vary", "epochs=1,2,3", "--sampler", sampler, "--trials", "20") == 0
    assert sweeps.kept_plan(tmp_path / "s").n_trials == 12
    assert len({tuple(row.written.values()) for row in trials(tmp_path / "s")}) == len(trials(tmp_path / "s")) == 12


def one_value(trial):
    """What is best where the batches are small and the epochs many."""
    yield from ()
    return [float(trial.params["batch_size"]) - float(trial.params["epochs"])]


def test_the_training_images_of_a_search_are_those_of_a_training():
    config = data.fit(sweeps.held_out(PRESETS["digits"]), "digits")
    searched, whole = data.load_training(config), data.load_for(config)
    assert torch.equal(searched.train.pixels, whole.train.pixels)
    assert torch.equal(searched.validation.pixels, whole.validation.pixels)
    assert len(searched.test.labels) == 0


def test_a_node_that_begins_when_nobody_waits_any_more_leaves_no_file(tmp_path):
    config = replace(PRESETS["digits"], epochs=1, hidden=(8,), discriminator_hidden=(8,))
    history = tmp_path / "epochs.partial"
    with pytest.raises(FileNotFoundError):
        train_on_node(config, None, history)
    assert not list(tmp_path.iterdir())
    history.write_text("of a run that was lost with its node\n")
    train_on_node(config, None, history)
    assert len(read(history)) == 1
