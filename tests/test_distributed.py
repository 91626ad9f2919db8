"""One training by several processes, and on other devices than the processor."""

import signal
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from aae import data, runs, training
from aae.__main__ import main
from aae.cli import processes
from aae.config import DRAWING_SIDE, Config
from aae.models.autoencoder import AutoEncoder
from tests.stopped import main_until

TINY = replace(
    Config(), dataset="digits", hidden=(16,), discriminator_hidden=(8,), batch_norm=False, latent_dim=2, ema_decay=0.9
)
NOISY = replace(TINY, input_noise=0.3, shift=1, distortion=0.1, hidden_noise=0.1, discriminator_noise=0.2)
NOISY = replace(NOISY, discriminator_steps=2)
KINDS = {
    "noise everywhere": NOISY,
    "a Gaussian posterior": replace(TINY, regularizer="kl", posterior="gaussian"),
    "salt and pepper": replace(TINY, corruption="salt_pepper", input_noise=0.2, prior="swiss_roll"),
    "labels of a mixture": replace(TINY, labels="both", prior="mixture"),
    "few labels": replace(NOISY, labels="classifier", n_categories=10, n_labeled=50, labeled_per_step=8),
    "heads": replace(TINY, n_categories=4, cluster_heads=True, head_distance=9.0, prior="uniform"),
    "a drawn prior": replace(TINY, prior="drawn", prior_image="0f" * (DRAWING_SIDE**2 // 2)),
}
N = 3  # processes
ROWS = torch.arange(100, 150)


def a_batch(config, rank, n, monkeypatch, device="cpu"):
    """The batch of one of n processes, and the generator of its step."""
    monkeypatch.setattr(training.distributed, "place", lambda: (rank, n))
    train = data.load("digits").train
    images = data.Images(train.pixels, training.known_labels(config, train.labels)).to(device)
    generator = training.seeded(config.seed, 7, 1)
    return training.make_batch(config, images, ROWS.to(device), generator), generator


@pytest.mark.parametrize("config", KINDS.values(), ids=KINDS)
def test_processes_have_the_rows_and_the_noise_of_one_between_them(config, monkeypatch):
    """Unequal parts that have no row in common, moved and corrupted as one process would."""
    whole, _ = a_batch(config, 0, 1, monkeypatch)
    parts = [a_batch(config, rank, N, monkeypatch)[0] for rank in range(N)]
    assert len({len(part.labels) for part in parts}) == 2 and sum(part.share for part in parts) == pytest.approx(1)
    for name in ("images", "inputs", "labels"):
        together = torch.empty_like(getattr(whole, name))
        for rank, part in enumerate(parts):
            together[rank::N] = getattr(part, name)
        assert torch.equal(together, getattr(whole, name))


@pytest.mark.parametrize("config", KINDS.values(), ids=KINDS)
def test_the_gradients_of_processes_add_up_to_those_of_one(config, monkeypatch):
    monkeypatch.setattr(training.loop, "update", lambda optimizer, loss: loss.backward())

    def gradients(n):
        state = training.start(config)
        for rank in range(n):
            training.step(state, *with_progress(*a_batch(config, rank, n, monkeypatch)))
        return [p.grad for p in state.model.parameters()]

    monkeypatch.setattr(training.loop, "bfloat16_is_fast", lambda *_: False)
    for one, several in zip(gradients(1), gradients(N), strict=True):
        torch.testing.assert_close(several, one, rtol=1e-3, atol=1e-4)


def with_progress(batch, generator):
    return batch, 0.5, generator


class Devices(TorchDispatchMode):
    """Notes the devices of all tensors that are made, but for single numbers."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        self.seen |= {t.device.type for t in tree_leaves(made) if isinstance(t, torch.Tensor) and t.ndim}
        return made


@pytest.mark.parametrize("name", [name for name in KINDS if name != "few labels"])
def test_every_tensor_of_a_step_is_on_the_device_of_the_model(name, monkeypatch):
    """Shown on the device "meta", whose tensors have no values: nothing can be fetched from them either."""
    monkeypatch.setattr(training.loop, "update", lambda optimizer, loss: loss.backward())
    config = replace(KINDS[name], batch_norm=True)
    model = AutoEncoder(config).to("meta")
    state = training.State(
        model, None, dict.fromkeys(("autoencoder", "discriminator"), torch.optim.Adam(model.parameters()))
    )
    images = data.load("digits").train.rows(slice(200)).to("meta")
    for watched in (nullcontext(), Devices()):  # tables are made the first time
        with watched:
            batch = training.make_batch(config, images, ROWS.to("meta"), training.seeded(0))
            log = training.step(state, batch, 0.5, training.seeded(0))
    assert watched.seen == {"meta"} == {loss.device.type for loss in log.values()}
    assert {p.grad.device.type for p in model.parameters()} == {"meta"}


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--device", "cuda"], "PyTorch finds 0 such devices here"),
        (["--device", "cuda:1"], "PyTorch finds 0 such devices here"),
        (["--device", "cuda:0", "--processes", "2"], "is one device"),
        (["--device", "gpu"], "must be cpu, cuda, or one of several"),
        (["--processes", "0"], "must lie between 1 and"),
    ],
)
def test_a_device_that_is_not_there_is_said_at_once(words, what, monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert main(["train", "aae", *words]) == 2
    line = capsys.readouterr().err
    assert what in line and line.count("\n") == 1


TRAIN = [
    "train",
    "aae",
    "--data",
    "digits",
    "--set",
    "hidden=32",
    "--set",
    "batch_size=101",
    "--set",
    "n_validation=50",
]


def command(*words):
    return [sys.executable, "-m", "aae", *words]


SPREAD = ["labels=classifier", "n_categories=10", "n_labeled=50", "unlabeled_epochs=1", "pseudo_label_threshold=1.0"]


@pytest.mark.parametrize("changes", [[], SPREAD], ids=["plain", "labels spread"])
def test_two_processes_train_what_one_does(changes, tmp_path):
    """With BatchNorm, to rounding: the run does not say by how many processes it was trained."""
    words = [*TRAIN, "--epochs", "2", *(f"--set={change}" for change in changes)]
    assert main([*words, "--out", str(tmp_path / "one.safetensors")]) == 0
    two = [*words, "--processes", "2", "--out", str(tmp_path / "two.safetensors")]
    done = subprocess.run(command(*two), capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1 and "two.safetensors: mse" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} >= {"one.safetensors", "two.safetensors"}
    one, two = (runs.load(tmp_path / f"{name}.safetensors") for name in ("one", "two"))
    assert_close(two, one, 0.01)


def assert_close(found, expected, rel):
    """Two runs have the same losses and weights, but for rounding."""
    for a, b in zip(found.history, expected.history, strict=True):
        for name in {"reconstruction", "discriminator", "generator", "pseudo", "reconstruction_mse"} & b.keys():
            assert a[name] == pytest.approx(b[name], rel=rel), name
    for name, weight in expected.weights.items():
        assert (found.weights[name].float() - weight.float()).abs().mean() < 0.01, name


def test_a_training_by_two_processes_is_stopped_and_goes_on_in_one(tmp_path):
    words = [*TRAIN, "--epochs", "400", "--out", str(tmp_path / "x.safetensors"), "--processes"]
    with subprocess.Popen(command(*words, "2"), stderr=subprocess.PIPE, text=True) as process:
        line = ""
        while "epoch 2/400" not in line:
            line += process.stderr.read(1)
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
    assert process.returncode == 128 + signal.SIGTERM
    assert rest.count("stopped after step") == 1 and "Traceback" not in rest
    state = runs.load_state(tmp_path / "x.state.safetensors")
    alone = training.start(state.config)
    list(training.train(alone, data.load_for(state.config), stop=lambda: alone.step == state.step))
    for name, total in alone.totals.items():
        assert float(state.totals[name]) == pytest.approx(float(total), rel=0.02)
    assert state.seconds >= 0 and len(state.history) == len(alone.history)


@pytest.mark.parametrize(("first", "then"), [(2, 1), (1, 2)])
def test_a_training_goes_on_in_another_number_of_processes(first, then, tmp_path):
    """It ends, to rounding, as one that was never stopped."""
    words = [*TRAIN, "--epochs", "2", "--out"]

    def train(steps, n, name, *more):
        line = [*words, str(tmp_path / f"{name}.safetensors"), "--processes", str(n), *more]
        if n == 1:
            return main_until(steps, line)
        launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(n)]
        return subprocess.run([*launch, "-m", "tests.stopped", str(steps), *line], timeout=300).returncode

    assert train(20, first, "x") and runs.load_state(tmp_path / "x.state.safetensors").step == 20
    assert train(1000, then, "x", "--resume") == train(1000, 1, "whole") == 0
    found, whole = (runs.load(tmp_path / f"{name}.safetensors") for name in ("x", "whole"))
    assert_close(found, whole, 0.005)


@pytest.mark.parametrize(("codes", "expected"), [({0: 2, 1: 143}, 2), ({0: 1, 1: -9}, 137), ({1: 1}, 1)])
def test_the_exit_code_of_several_processes_is_the_first_s_unless_one_was_killed(codes, expected, capsys):
    assert processes.failed(codes) == expected
    assert capsys.readouterr().err.count("\n") == (expected != 2)
