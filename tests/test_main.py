"""The command line, as processes: what scripts and people see."""

import errno
import json
import os
import shlex
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from aae import data, files, runs, training
from aae.__main__ import main
from aae.cli import endings, train
from aae.cli.arguments import parse_value

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
        ("input_noise", ".5", 0.5),
        ("input_noise", "5e-1", 0.5),
        ("input_noise", " 1. ", 1.0),
        ("hidden", "(512)", [512]),
        ("regularizer_weight", "[1, 2.5]", [1.0, 2.5]),
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


def test_nothing_that_took_time_is_overwritten(tmp_path):
    out = tmp_path / "x.safetensors"
    out.write_bytes(b"precious")
    assert main(["train", "digits", "--out", str(out)]) == 2
    assert out.read_bytes() == b"precious"


def test_a_data_set_that_is_not_here_names_the_remedy(tmp_path, monkeypatch, capsys):
    from aae.data import download

    nowhere = download.Source(["http://127.0.0.1:9/x.gz"], "", {"": "train-images-idx3-ubyte"})
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    monkeypatch.setattr(download, "sources", lambda name: [nowhere])
    assert main(["train", "aae", "--data", "kmnist", "--out", str(tmp_path / "x.safetensors")]) == 2
    error = capsys.readouterr().err
    assert str(tmp_path / "KMNIST" / "raw") in error
    assert "train-images-idx3-ubyte" in error
    assert "AAE_DATA" in error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_a_state_from_which_resume_ends_as_uninterrupted(tmp_path, number):
    out, whole = tmp_path / "x.safetensors", tmp_path / "whole.safetensors"
    arguments = ["train", "digits", "--epochs", "4", *TINY]
    process = start([*arguments, "--out", str(out)], WAITS_AT_A_STEP)
    assert process.stdout.readline() == b"waits\n"
    process.send_signal(number)
    errors = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 128 + number, errors
    last = errors.splitlines()[-1]
    assert "go on with: python -m aae train digits" in last and last.endswith("--resume")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.state.safetensors"]
    assert main(shlex.split(last.partition("-m aae ")[2])) == 0
    assert main([*arguments, "--out", str(whole)]) == 0
    a, b = runs.load(out), runs.load(whole)
    assert all(a.weights[key].equal(b.weights[key]) for key in b.weights)
    assert a.metrics == b.metrics


WAITS_AT_A_STEP = """
import os, signal, sys
from aae import training
from aae.__main__ import main
signals, written = os.pipe()
os.set_blocking(written, False)
signal.set_wakeup_fd(written)
signal.signal(signal.SIGUSR1, lambda *_: None)  # which only lets it go on
take = training.loop.timed_step
def step(state, *rest):
    take(state, *rest)
    if state.step == 5:
        print("waits", flush=True)
        os.read(signals, 1)  # until a signal has come, however fast this machine is
training.loop.timed_step = step
sys.exit(main(sys.argv[1:]))
"""


def start(arguments, code):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], **pipes, preexec_fn=hear_of_hangups)


def hear_of_hangups():
    """Also where nohup runs the tests."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_nohup_is_respected():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with endings.noted() as received:
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
        assert received == [signal.SIGTERM] and signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_signal_before_training_gives_the_lock_back(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(train.data, "load_for", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    assert main(["train", "digits", "--out", str(tmp_path / "x.safetensors"), *TINY]) == 128 + signal.SIGTERM
    assert capsys.readouterr().err == "stopped before the training began\n"
    assert not os.listdir(tmp_path)


def test_of_two_trainings_of_one_name_the_second_is_refused_at_once(tmp_path, capsys):
    out = tmp_path / "x.safetensors"
    first = start(["train", "digits", "--epochs", "4", *TINY, "--out", str(out)], WAITS_AT_A_STEP)
    assert first.stdout.readline() == b"waits\n"
    capsys.readouterr()
    assert main(["train", "digits", "--out", str(out)]) == 2
    assert "is being trained by another process" in capsys.readouterr().err
    first.kill()
    first.communicate()
    assert main(["train", "digits", "--epochs", "1", *TINY, "--out", str(out)]) == 0
    assert os.listdir(tmp_path) == ["x.safetensors"]


def test_what_appears_while_a_run_is_trained_is_not_overwritten(tmp_path, monkeypatch, capsys):
    out = tmp_path / "x.safetensors"
    monkeypatch.setattr(train, "follow", appearing(train.follow, out))
    arguments = ["train", "digits", "--epochs", "2", *TINY, "--out", str(out)]
    assert main(arguments) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert "is there already" in error and "the training is kept, --resume goes on" in error
    assert out.read_bytes() == b"precious"
    out.unlink()
    monkeypatch.undo()
    assert main([*arguments, "--resume"]) == 0
    assert os.listdir(tmp_path) == ["x.safetensors"]


def test_a_finished_run_is_extended_as_if_it_had_been_trained_so_from_the_start(tmp_path, capsys):
    out, whole = tmp_path / "x.safetensors", tmp_path / "whole.safetensors"
    extend = ["train", "digits", *TINY, "--out", str(out), "--keep-state", "--resume", "--epochs"]
    assert main(["train", "digits", *TINY, "--out", str(out), "--keep-state", "--epochs", "1"]) == 0
    assert main([*extend, "1"]) == 2 and "finished after 1: ask for more" in capsys.readouterr().err
    assert main([*extend, "3"]) == main([*extend, "4"]) == 0
    continued = ["--epochs", "4", "--set", "continued_at=1,3"]
    assert main(["train", "digits", *TINY, "--out", str(whole), *continued]) == 0
    a, b = runs.load(out), runs.load(whole)
    assert a.config == b.config and a.metrics == b.metrics and len(a.history) == 4
    assert all(a.weights[key].equal(b.weights[key]) for key in b.weights)
    out.write_bytes((runs.SHIPPED / "digits.safetensors").read_bytes())
    assert main([*extend, "5"]) == 2 and "is another run than the one that goes on" in capsys.readouterr().err


def appearing(follow, out):
    def followed(*arguments):
        follow(*arguments)
        out.write_bytes(b"precious")

    return followed


def test_a_disk_that_fills_keeps_what_was_saved_and_the_training_going(tmp_path, monkeypatch, capsys):
    out = tmp_path / "x.safetensors"
    arguments = ["train", "digits", "--epochs", "3", *TINY, "--out", str(out)]
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(train, "SAVE_EVERY", 0)
    monkeypatch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(full))
    assert main(arguments) == 2  # no state could be saved either
    lines = capsys.readouterr().err.splitlines()
    assert "x.safetensors: cannot be written (No space left on device): make room" in lines[-1]
    assert "kept" not in lines[-1] and not os.listdir(tmp_path)
    save = files.write_atomically
    monkeypatch.undo()
    monkeypatch.setattr(
        runs.run, "write_atomically", lambda path, *rest, **how: save_states(save, full, path, *rest, **how)
    )
    assert main(arguments) == 2
    assert "the training is kept, --resume goes on" in capsys.readouterr().err.splitlines()[-1]
    monkeypatch.undo()
    monkeypatch.setattr(training.loop, "timed_step", None)  # all steps were taken
    assert main([*arguments, "--resume"]) == 0
    assert os.listdir(tmp_path) == ["x.safetensors"]


def save_states(save, error, path, *rest, **how):
    if not path.stem.endswith(".state"):
        raise error
    save(path, *rest, **how)


def test_resume_needs_something_to_resume(tmp_path, capsys):
    arguments = ["train", "digits", "--epochs", "1", *TINY, "--out", str(tmp_path / "x.safetensors")]
    assert main([*arguments, "--resume"]) == 2
    assert "nothing was begun there" in capsys.readouterr().err
    assert main(arguments) == 0
    assert main([*arguments, "--resume"]) == 2
    assert "is finished, and was trained without --keep-state" in capsys.readouterr().err.splitlines()[-1]


def test_all_names_are_checked_before_any_run_is_measured(monkeypatch, capsys):
    monkeypatch.setattr(data.sets, "load", None)
    for json_ in ([], ["--json"]):
        assert main(["evaluate", "digits", "aae", "mising", *json_]) == 2
        printed = capsys.readouterr()
        assert printed.err.startswith("run='mising': neither") and not printed.out


@pytest.mark.parametrize("words", ["list", "--help", "train --help"])
def test_a_reader_who_has_seen_enough_ends_it_quietly(words):
    listing = f"{sys.executable} -m aae {words}; echo $? >&2"
    done = subprocess.run(["bash", "-c", f"({listing}) | true"], capture_output=True, text=True)
    assert done.stderr in ("141\n", "0\n")  # argparse itself may swallow what help could not be written


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_a_training_needs_no_terminal(tmp_path, closed):
    arguments = shlex.join(["train", "digits", "--epochs", "1", *TINY, "--out", str(tmp_path / "x.safetensors")])
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m aae {arguments} {closed}"], capture_output=True)
    assert done.returncode == 0 and os.listdir(tmp_path) == ["x.safetensors"]


def test_a_progress_that_nobody_reads_ends_the_training_with_its_state_saved(tmp_path):
    out = tmp_path / "x.safetensors"
    process = start(["train", "digits", "--epochs", "4000", *TINY, "--out", str(out)], WAITS_AT_A_STEP)
    assert process.stdout.readline() == b"waits\n"
    process.stderr.close()
    process.send_signal(signal.SIGUSR1)
    with process.stdout:
        assert process.wait(timeout=120) == 128 + signal.SIGPIPE
    assert runs.load_state(tmp_path / "x.state.safetensors").step >= 5


def test_a_data_set_of_a_file_may_have_any_spelling_of_its_suffix(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AAE_DATA", str(tmp_path / "data"))
    images = np.random.default_rng(0).integers(0, 256, (60, 28, 28), np.uint8)
    np.savez(tmp_path / "up.npz", images=images, labels=np.arange(60) % 2)
    (tmp_path / "up.npz").rename(tmp_path / "UP.NPZ")
    out = tmp_path / "x.safetensors"
    arguments = ["train", "digits", "--data", str(tmp_path / "UP.NPZ"), "--epochs", "1", *TINY, "--snapshots", "0"]
    assert main([*arguments, "--out", str(out)]) == 0
    assert runs.load(out).config.dataset.startswith("own-")
    capsys.readouterr()
    assert main(["evaluate", str(out)]) == 0  # twelve test images are too few for the coverage
    assert capsys.readouterr().out.split()[-1] == "-"


BAD = {
    "a field that is no number": ["--set", "latent_dim=two"],
    "a value out of its range": ["--epochs", "0"],
    "a label more than there are": ["--set", "labels=classifier", "--set", "n_categories=2", "--set", "n_labeled=60"],
    "more classes than there are": ["--set", "n_classes=3"],
    "more held out than half": ["--set", "n_validation=30"],
    "fields that do not go together": ["--set", "regularizer=kl"],
    "a model larger than a file may be": ["--set", "hidden=8000,8000,8000,8000"],
    "nothing to resume": ["--resume"],
}


@pytest.mark.parametrize("given", BAD.values(), ids=BAD)
def test_of_a_training_that_is_refused_no_data_are_stored(tmp_path, monkeypatch, capsys, given):
    monkeypatch.setenv("AAE_DATA", str(tmp_path / "data"))
    images = np.random.default_rng(0).integers(0, 256, (60, 28, 28), np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(60) % 2)
    arguments = ["train", "digits", "--data", str(tmp_path / "mine.npz"), "--out", str(tmp_path / "x.safetensors")]
    assert main([*arguments, *given]) == 2
    assert "stored" not in capsys.readouterr().err and os.listdir(tmp_path) == ["mine.npz"]


def test_a_damaged_file_among_the_shipped_is_named_in_the_list(tmp_path, monkeypatch, capsys):
    (tmp_path / "good.safetensors").write_bytes(runs.shipped()["digits"].read_bytes())
    (tmp_path / "bad.safetensors").write_bytes(b"junk")
    (tmp_path / "folder.safetensors").mkdir()
    monkeypatch.setattr(runs.run, "SHIPPED", tmp_path)
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    lines = [line.split() for line in said.splitlines()]
    assert any(line[:3] == ["bad", "bad:", "not"] for line in lines)
    assert any(line[0] == "good" and line[1] != "digits," and "digits," in line for line in lines if line)
    monkeypatch.setattr(runs.run, "SHIPPED", tmp_path / "none")
    assert main(["list"]) == 0
    assert "none: they come with a clone" in capsys.readouterr().out


def test_a_figure_replaces_an_older_picture(tmp_path):
    (tmp_path / "x.png").write_bytes(b"old")
    assert main(["show", "digits", "--figure", "scatter", "--out", str(tmp_path / "x.png")]) == 0
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (900, 900)
    assert os.listdir(tmp_path) == ["x.png"]
