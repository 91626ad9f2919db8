"""The command line, as processes: what scripts and people see."""

import json
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image

from aae import runs
from aae.__main__ import main, parse_value

TINY = ["--set", "hidden=16", "--set", "discriminator_hidden=8"]


def test_train_evaluate_show(tmp_path, capsys):
    out = tmp_path / "mine.safetensors"
    assert main(["train", "digits", "--epochs", "2", "--out", str(out), *TINY]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(out), "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert row["run"] == "mine"
    assert row["dataset"] == "digits"
    for name in ("reconstruction_mse", "prior_distance", "prior_distance_floor"):
        assert row[name] == pytest.approx(row["recorded"][name])
    for figure in ("manifold", "scatter", "reconstructions", "samples"):
        assert main(["show", str(out), "--figure", figure, "--out", str(tmp_path / "x.png")]) == 0
        with Image.open(tmp_path / "x.png") as picture:
            assert min(picture.size) > 200
    assert main(["list"]) == 0
    assert "aae_swiss_roll" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("batch_norm", "False", False),  # a word that is not empty, and yet not true
        ("batch_norm", "true", True),
        ("hidden", "512,64", [512, 64]),
        ("n_labeled", "none", None),
        ("input_noise", "0.5", 0.5),
        ("prior", "uniform", "uniform"),
    ],
)
def test_a_field_is_read_as_what_it_says(name, text, value):
    assert parse_value(name, text) == value and type(parse_value(name, text)) is type(value)


def test_evaluate_says_how_many_images_are_named_wrongly(tmp_path, capsys):
    out = tmp_path / "y.safetensors"
    y = ["--set", "labels=classifier", "--set", "n_categories=10"]
    assert main(["train", "digits", "--epochs", "1", "--out", str(out), *TINY, *y]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(out)]) == 0
    heads, told = capsys.readouterr().out.splitlines()
    error = runs.load(out).metrics["classification_error"]
    assert " wrong " in heads and f" {100 * error:.2f} % " in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "nonsense"], "preset='nonsense': must be one of ae, vae, aae"),
        (["train", "digits", "--data", "cats"], "dataset='cats': must be one of"),
        (["train", "digits", "--epochs", "0"], "epochs=0: must lie between"),
        (["train", "digits", "--epochs", "x"], "--epochs"),
        (["train", "digits", "--set", "colour=1"], "--set='colour': must be FIELD=VALUE"),
        (["train", "digits", "--set", "hidden=a"], "hidden='a': cannot be read: write it like hidden=512,512"),
        (["train", "digits", "--out", "run.pt"], "must end in .safetensors"),
        (["evaluate", "nonsense"], "run='nonsense': neither a file nor a shipped run"),
        (["show", "digits", "--out", "x.gif"], "must end in .png"),
        ([], "COMMAND"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(arguments, words, capsys):
    try:
        code = main(arguments)
    except SystemExit as exit:
        code = exit.code
    error = capsys.readouterr().err
    assert code == 2
    assert words in error
    assert error.count("\n") == 1


def test_nothing_that_took_time_is_overwritten(tmp_path, capsys):
    out = tmp_path / "x.safetensors"
    out.write_bytes(b"precious")
    assert main(["train", "digits", "--out", str(out)]) == 2
    assert out.read_bytes() == b"precious"


def test_a_data_set_that_is_not_here_names_the_remedy(tmp_path, monkeypatch, capsys):
    from aae import download

    nowhere = download.Source(["http://127.0.0.1:9/x.gz"], "", {"": "train-images-idx3-ubyte"})
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    monkeypatch.setattr(download, "sources", lambda name: [nowhere])
    assert main(["train", "aae", "--data", "kmnist", "--out", str(tmp_path / "x.safetensors")]) == 2
    error = capsys.readouterr().err
    assert str(tmp_path / "KMNIST" / "raw") in error
    assert "train-images-idx3-ubyte" in error
    assert "AAE_DATA" in error


def test_ctrl_c_saves_a_state_from_which_resume_ends_as_uninterrupted(tmp_path):
    out, whole = tmp_path / "x.safetensors", tmp_path / "whole.safetensors"
    arguments = ["train", "digits", "--epochs", "40", *TINY]
    command = [sys.executable, "-m", "aae", *arguments, "--out", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    for _ in iter(lambda: process.stderr.read(50), b""):  # the progress bar has begun
        break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130, errors
    assert "--resume" in errors.splitlines()[-1]
    assert not out.exists()
    assert main([*arguments, "--out", str(out), "--resume"]) == 0
    assert main([*arguments, "--out", str(whole)]) == 0
    a, b = runs.load(out), runs.load(whole)
    assert all(a.weights[key].equal(b.weights[key]) for key in b.weights)
    assert a.metrics == b.metrics
