"""Hundreds of bad command lines: each is one short line on standard error and exit code 2, before any work begins."""

import itertools
import os
import random
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest
import torch
from safetensors.torch import save_file

from aae import figures, files, jobs, runs
from aae.__main__ import main
from aae.cli import train
from aae.config import CHOICES, PRESETS, RANGES, Config

DIGITS = "9" * 5000
NO_TEXT = ["nonsense", "", " ", "none", DIGITS, "a\nb", "\udcff", "x" * 100_000, "[[[[", "../x", "Gaussian "]
NO_NUMBER = [
    "inf", "-inf", "nan", "", " ", "ten", "1_000", "1,000", "0x10", "1 2", "3;", "3 epochs", "--3", "1e", "e5", ".",
    "true", "[[[[[[1]]]]]]", "[" * 10_000, "{}", "null", "'3'", "\u0663", "1\udcff", "5\n6", "1/2", "-", "+", "10%",
]  # fmt: skip
HUGE = ["1" + "0" * 400, "-1" + "0" * 400, DIGITS, "9" * 4000]
NO_WHOLE = [*NO_NUMBER, *HUGE, "1.0", ".5", "5e-1", "1e3", "2.5", "99999999999", "-1", "-0.5"]
NO_REAL = [*NO_NUMBER, *HUGE, "1e999", "-1e999", "1e400", "-1", "1e7", "9" * 30]
NO_TRUTH = ["", "2", "0.0", "yes", "on", "None", "[true]", "true,false", "tru", "\udcff", DIGITS]
MANY = ",".join(["8"] * 20)
FIELDS = get_type_hints(Config)


def bad_values(name):
    """What cannot be a value of the field."""
    kind = FIELDS[name]
    if kind is str:
        return [value for value in NO_TEXT if value not in CHOICES.get(name, ("",))]
    if kind is bool:
        return NO_TRUTH
    if get_origin(kind) is tuple:
        numbers = NO_WHOLE if get_args(kind)[0] is int else NO_REAL
        return [*numbers, *(f"8,{n}" for n in numbers), "8,", ",8", ",", MANY, "(8;8)"]
    if isinstance(kind, UnionType):
        return [value for value in NO_WHOLE if value.lower() != "none"]
    return NO_WHOLE if kind is int else NO_REAL


def lines_of_fields():
    for name in FIELDS:
        yield from (["train", "digits", "--set", f"{name}={value}"] for value in bad_values(name))


def lines_of_ranges():
    """Numbers beyond the smallest and the largest that each field allows."""
    for name, (low, high) in RANGES.items():
        field = {"width": "hidden", "depth": ""}.get(name, name)
        step = 1 if isinstance(low, int) else 1e-8
        for value in (low - step, high * 2 + step) if field else ():
            number = int(value) if isinstance(low, int) else f"{value:.9f}"
            yield [
                "train",
                "digits",
                "--set",
                f"{field}={number}{f',{number}' if field == 'regularizer_weight' else ''}",
            ]


def lines_of_choices():
    """Names spelled nearly, and fields that there are not."""
    for name, choices in CHOICES.items():
        yield from (["train", "digits", "--set", f"{name}={choice}s"] for choice in choices)
        yield from (["train", "digits", "--set", f"{name}={choice.upper()}"] for choice in choices)
    for name in FIELDS:
        yield from (["train", "digits", "--set", word] for word in (name, f"{name}s=1", f" {name}=1", f"-{name}=1"))
    yield from (
        ["train", "digits", "--set", word]
        for word in ("", "=", "=1", "\udcff=1", "x" * 100_000, "a\nb=1", "__class__=1")
    )
    for preset in [*PRESETS, *NO_TEXT]:
        yield ["train", f"{preset}x"]
    for option, value in itertools.product(("--epochs", "--seed", "--snapshots", "--threads"), NO_WHOLE):
        yield ["train", "digits", f"{option}={value}"]
    yield from (["train", "digits", f"--threads={n}"] for n in (0, -1, 257, 2**31, 2**31 - 1, 2**63, 10**30))
    yield from (["train", "digits", f"--snapshots={n}"] for n in (-1, 100_001, 2**63))
    yield from (["train", "digits", f"--data={name}"] for name in NO_TEXT if name)


def lines_of_clashes():
    for changes in (
        "prior=mixture latent_dim=3", "prior=drawn", "regularizer=kl", "labels=classifier", "n_labeled=100",
        "regularizer_weight=0,1", "cluster_heads=true", "head_distance=1", "input_noise=2 corruption=masking",
        "labels=discriminator n_labeled=105", "labels=decoder n_labeled=100", "n_validation=700", "n_validation=99999",
        "labels=discriminator n_labeled=1300", "labels=discriminator n_labeled=1000000", "n_validation=10.5",
        "latent_dim=512 hidden=8192,8192", "hidden=8192,8192,8192", "latent_dim=512", "epochs=100000", "prior_image=ff",
        "own_labels=0:1", "labels=classifier n_categories=10 own_labels=0:10", "held_out_class=10",
        "labels=classifier n_categories=10 own_labels=1297:1", "held_out_class=3 n_validation=400",
        "held_out_class=3 labels=discriminator n_labeled=100",
    ):  # fmt: skip
        yield ["train", "digits", *(word for change in changes.split() for word in ("--set", change))]
    yield ["train", "aae", "--set", "latent_dim=400", "--snapshots", "1"]


BAD_PLACES = [
    "", ".", "/", "folder", "file/x", "file/deep/x", "loop", "loop/x", "dangling/x", "/proc/x", "/proc/1/x",
    "/sys/x", "/dev/null/x", "n" * 300, "é" * 200, "n" * 245, f"new/{'n' * 300}", "a\nb", "\udcff", "\x1b[2J",
]  # fmt: skip
NAMES = {".safetensors": ["."], ".png": [".", "a\nb", "\udcff", "\x1b[2J", "n" * 245]}  # that are good before these


def lines_of_places():
    for place, suffix in itertools.product(BAD_PLACES, (".safetensors", ".png", "", ".gif", ".SAFETENSORS")):
        if suffix != ".safetensors" or place not in NAMES[suffix]:
            yield ["train", "digits", "--out", place + suffix]
        if suffix != ".png" or place not in NAMES[suffix]:
            yield ["show", "digits", "--out", place + suffix]
    yield from (["train", "digits", "--out", f"{name}.safetensors"] for name in ("full", "there", "broken", "begun"))
    yield from (
        ["train", "digits", "--resume", "--out", f"{name}.safetensors"] for name in ("there", "typo", "deep/typo")
    )
    yield ["train", "digits", "--resume"]
    yield ["train", "digits", "--resume", "--out", "begun.safetensors", "--set", "prior=uniform"]
    yield ["train", "digits", "--resume", "--out", "begun.safetensors"]


NO_FOLDERS = [place for place in BAD_PLACES if place not in ("folder", "n" * 245)]  # those would do


def lines_of_sweeps():
    good = ["sweep", "digits", "--vary", "batch_size=64,128"]
    for name in FIELDS.keys() - {"prior_image"}:
        values = [value for value in bad_values(name) if "," not in value and ".." not in value]
        yield from (["sweep", "digits", "--vary", f"{name}={value},{value}x"] for value in values)
        yield from (["sweep", "digits", "--vary", f"{name}={value}"] for value in values)
        yield from (["sweep", "digits", "--vary", f"{name}={value}..{value}"] for value in values)
        yield from (
            ["sweep", "digits", "--vary", f"{name}{end}"] for end in ("", "=", "=,", "=..", "=1..", "=..1", "s=1,2")
        )
    for option, value in itertools.product(("--trials", "--seeds", "--threads", "--epochs"), NO_WHOLE):
        yield [*good, f"{option}={value}"]
    yield from ([*good, option, text] for option in ("--sampler", "--metric") for text in NO_TEXT if text)
    yield from ([*good, option, str(n)] for option in ("--trials", "--seeds") for n in (0, -1, 10_001, 2**63))
    yield from ([*good, "--out", place] for place in NO_FOLDERS)
    yield from (["trial", place, "0", "--out", "x.safetensors"] for place in [*BAD_PLACES, "nofolder", "pipe"])
    yield from (["trial", "folder", n] for n in NO_WHOLE)


NO_RUNS = [
    "mising", "", ".", "folder", "file", "loop", "dangling", "pipe", "foreign.safetensors", "cut.safetensors",
    "/dev/zero", "/dev/null", "/proc/self/status", "n" * 300, "a\nb", "\udcff", "x" * 100_000, "digits.safetensors",
    "AAE", "file/x", "begun.state.safetensors", "there.safetensors", "full.safetensors", "~nobody/x",
    "odd\n\udcff.safetensors",
]  # fmt: skip


def lines_of_runs():
    for name in NO_RUNS:
        yield ["evaluate", name]
        yield ["evaluate", "digits", name, "--json"]
        yield ["show", name, "--out", "x.png"]
    for figure in ("components", "styles", "clusters", "heads", "denoising"):
        yield ["show", "digits", "--figure", figure, "--out", "x.png"]
    for figure in ("", "manifolds", "Manifold", "\udcff", "x" * 10_000, "a\nb"):
        yield ["show", "digits", "--figure", figure, "--out", "x.png"]
    for folder in (
        "",
        ".",
        "nofolder",
        "file",
        "folder",
        "loop",
        "pipe",
        "n" * 300,
        "\udcff",
        *(f"job{i}" for i in range(6)),
    ):
        yield ["work", folder]


def lines_of_files():
    for name in ("absent", "folder", "file", "pipe", "/dev/zero", "/dev/null", "loop", "n" * 300, "", "a\nb", "\udcff"):
        yield ["train", "digits", "--set", "prior=drawn", "--prior-image", name]
        yield from (
            ["train", "digits", "--data", f"{name}{suffix}"] for suffix in (".zip", ".npz", ".ZIP", ".Npz") if name
        )
    yield ["train", "digits", "--data", "zero.zip"]
    yield ["train", "digits", "--data", "pipe.zip"]


def lines_of_nothing():
    yield from (
        [],
        [""],
        ["--"],
        ["trian"],
        ["TRAIN"],
        ["-x"],
        ["train"],
        ["evaluate"],
        ["show"],
        ["show", "digits"],
    )
    yield from (
        ["list", "more"],
        ["train", "digits", "more"],
        ["train", "digits", "--more"],
        ["train", "digits", "--epochs"],
    )
    yield from (
        ["list", "a\nb"],
        ["list", "\udcff"],
        ["list", "x" * 100_000],
        ["train", "--out"],
        ["train", "digits", "--s", "1"],
    )


LINES = [
    line
    for lines in (
        lines_of_fields, lines_of_ranges, lines_of_choices, lines_of_clashes, lines_of_places, lines_of_runs,
        lines_of_files, lines_of_nothing, lines_of_sweeps,
    )
    for line in lines()
]  # fmt: skip


@pytest.fixture(scope="module")
def odd_folder(tmp_path_factory):
    """A folder with files of strange kinds."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "folder").mkdir()
    for name in ("folder.safetensors", "folder.png", "full.safetensors"):
        (folder / name).mkdir()
    (folder / "full.safetensors" / "x").write_bytes(b"")
    for name in ("file", "file.safetensors", "there.safetensors", "begun.state.safetensors", "odd\n\udcff.safetensors"):
        (folder / name).write_bytes(b"junk")
    for name in ("loop", "loop.safetensors", "loop.png"):
        (folder / name).symlink_to(folder / name)
    (folder / "dangling").symlink_to(folder / "nowhere")
    (folder / "broken.safetensors").symlink_to(folder / "nowhere" / "x.safetensors")
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "pipe.zip")
    os.symlink("/dev/zero", folder / "zero.zip")
    save_file({"a": torch.ones(2)}, folder / "foreign.safetensors")
    (folder / "cut.safetensors").write_bytes(runs.shipped()["digits"].read_bytes()[:-100])
    return folder


@pytest.fixture
def idle(odd_folder, monkeypatch, tmp_path):
    """Nothing may be loaded, trained, drawn, stored or begun."""

    def work(*_, **__):
        raise AssertionError("work was begun")

    monkeypatch.chdir(odd_folder)
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    for module, names in {
        train.data: ("load", "load_for", "load_training"),
        train.training: ("start", "train"),
        jobs: ("work",),
        files: ("write_atomically",),
        runs.run: ("write_atomically",),
        runs.state: ("start",),
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, work)
    monkeypatch.setattr(train.torch, "set_num_threads", lambda n: None)
    return odd_folder


def run(line):
    try:
        return main(line)
    except SystemExit as ended:
        return ended.code


def test_there_are_hundreds_of_lines_of_every_kind():
    assert len({tuple(line) for line in LINES}) >= 1000
    assert {word.partition("=")[0] for line in LINES for word in line} >= set(FIELDS)


@pytest.mark.parametrize("part", range(20))
def test_a_bad_line_is_one_line_and_exit_code_2_before_any_work(idle, capsys, part):
    before = sorted(os.walk(idle))
    lines = random.Random(0).sample(LINES, len(LINES))
    for line in lines[part::20]:
        code, (out, error) = run(line), capsys.readouterr()
        shown = [word[:80] for word in line], error[:600]
        assert code == 2, shown
        assert not out, shown
        assert error.endswith("\n") and error[:-1].isprintable() and len(error) <= 500, shown
    assert sorted(os.walk(idle)) == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("train nonsense", "preset='nonsense': must be one of ae, vae, aae"),
        ("train digit", "did you mean digits?"),
        ("train digits --data cats", "dataset='cats': must be one of"),
        ("train digits --data mnits", "did you mean mnist?"),
        ("train digits --epochs 0", "epochs=0: must lie between"),
        ("train digits --epochs x", "argument --epochs: 'x' is no whole number"),
        ("train digits --set colour=1", "--set='colour': must be FIELD=VALUE"),
        ("train digits --set hiden=1", "did you mean hidden?"),
        ("train digits --set prior", "--set='prior': must be FIELD=VALUE"),
        ("train digits --set prior=gausian", "did you mean gaussian?"),
        ("train digits --set hidden=a", "hidden='a': cannot be read: write it like hidden=2,2"),
        ("train digits --threads 0", "--threads=0: must lie between 1 and 256"),
        ("train digits --out run.pt", "must be printable, and end in .safetensors"),
        ("train digits --out file/x.safetensors", "cannot be written (Not a directory)"),
        ("train digits --out there.safetensors", "is there already"),
        ("train digits --out s3://b/x.safetensors", "argument --out: 's3://b/x.safetensors' is in a store"),
        ("evaluate s3://b/x.safetensors", "is in a store, and commands read files of this machine: copy it here first"),
        ("train digits --out begun.safetensors", "was begun already: add --resume, or remove begun.state.safetensors"),
        ("train digits --out typo.safetensors --resume", "nothing was begun there"),
        ("train digits --out there.safetensors --resume", "is finished, and was trained without --keep-state"),
        ("train digits --set latent_dim=512", "than a run file holds"),
        ("evaluate nonsense", "run='nonsense': neither a file nor a shipped run"),
        ("evaluate digist", "did you mean digits?"),
        ("evaluate foreign.safetensors", "not a run of this project"),
        ("evaluate begun.state.safetensors", "not a .safetensors file"),
        ("show digits --out x.gif", "must end in .png"),
        ("show digits --out file/x.png", "cannot be written (Not a directory)"),
        ("show digits --figure heads --out x.png", "choose a run"),
        ("sweep digits", "nothing is varied"),
        ("sweep digits --vary batch_siz=1,2", "did you mean batch_size?"),
        ("sweep digits --vary batch_size=64,128 --out file", "cannot be written (Not a directory)"),
        ("trial nofolder 0", "nofolder: holds no sweep"),
        ("work nofolder", "nofolder: holds no job"),
        ("", "COMMAND"),
    ],
)
def test_the_line_says_what_was_wrong(idle, capsys, line, words):
    assert run(line.split()) == 2
    assert words in capsys.readouterr().err


def test_every_figure_has_its_name_in_the_help(capsys):
    assert run(["show", "--help"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in figures.FIGURES)
