"""Runs: trained models with what was measured on them, their files, and the state of a training."""

import hashlib
import json
import math
import os
import platform
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aae import files, storage
from aae.analysis.clusters import Assignment, assign
from aae.analysis.metrics import encode_all, evaluate
from aae.config import Config
from aae.config import refuse as refuse_field
from aae.config.datasets import Description
from aae.data import Data, describe_for
from aae.files import write_atomically
from aae.models.autoencoder import AutoEncoder
from aae.runs import assigned
from aae.runs.format import (
    MAX_BYTES,
    MAX_CODES,
    MAX_HEADER_BYTES,
    WEIGHTS,
    RunError,
    check_figures,
    check_tensors,
    expected_tensors,
    parse_config,
    parse_description,
    parse_file,
    parse_snapshots,
    part,
    refuse,
    serialize,
    snapshot_tensors,
)
from aae.runs.format import SHOWN as SHOWN
from aae.runs.titles import entry
from aae.texts import nearest, one_line, quoted
from aae.training import State

SHIPPED = Path(__file__).resolve().parents[2] / "checkpoints"
SUFFIX = ".safetensors"
RECORD_BYTES, NUMBER_BYTES = 700, 24  # at most, of an epoch's record but for its vectors, and of a number in JSON
MAX_KEPT = 10_000_000  # bytes of weights, up to which a network stays in memory
FRAME_BYTES = 10_000  # about, of a snapshot's pictures


@dataclass(frozen=True, eq=False)
class Run:
    """A trained model with everything that was measured on it."""

    name: str
    config: Config
    weights: dict[str, Tensor]  # the model's state, float16
    test_codes: Tensor  # [N, latent_dim] float16, the places of the first test images
    test_labels: Tensor  # [N] uint8
    history: list[dict[str, Any]] = field(default_factory=list)
    metrics: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    snapshots: dict[int, dict[str, Tensor]] = field(default_factory=dict)  # epoch: a frame of the timeline
    test_posterior_std: Tensor | None = None  # [N, latent_dim] float16, of a Gaussian posterior
    data: Description | None = None  # older files have none
    test_assignment: Assignment | None = None  # of the test images to categories; older files have none

    @cached_property
    def description(self) -> Description:
        """Of its data set: as the file has it, else as it is known here."""
        return self.data or describe_for(self.config)

    @property
    def title(self) -> str:
        """For people; its name is for links and commands."""
        return entry(self.name, self.config).title

    @property
    def class_names(self) -> tuple[str, ...]:
        """In the order of the labels."""
        return self.description.classes

    def model(self) -> AutoEncoder:
        """The network in eval mode, float32, not to be changed: of the last few small runs it is built once."""
        size = sum(w.nbytes for w in self.weights.values())
        return _small_network(self) if size <= MAX_KEPT else _network(self)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the run's name and content: not of a file's bytes, whose header is in any order."""
        tensors, header = contents(self)
        config = {name: value for name, value in header["config"].items() if value != getattr(Config(), name)}
        about = {**header, "config": config}  # without its defaults: a field that is added changes no digest
        digest = hashlib.sha256(json.dumps([self.name, about, sorted(tensors)]).encode())
        for key in sorted(tensors):
            digest.update(tensors[key].numpy().tobytes())
        return digest.hexdigest()

    @property
    def cpu_seconds(self) -> float:
        """The CPU time of the training in seconds."""
        return sum(record.get("seconds", 0.0) for record in self.history)


@lru_cache(maxsize=4)
def _small_network(run: Run) -> AutoEncoder:
    return _network(run)


def _network(run: Run) -> AutoEncoder:
    with torch.device("meta"):
        model = AutoEncoder(run.config)
    weights = {name: w.float() if w.is_floating_point() else w for name, w in run.weights.items()}
    model.load_state_dict(weights, assign=True)
    return model.eval().requires_grad_(False)


def finish(state: State, data: Data, name: str) -> Run:
    """The run that a training state has become: its kept weights as float16, measured as they are stored."""
    weights = {key: w.cpu() for key, w in state.best_model.state_dict().items()}
    weights = {key: w.half() if w.is_floating_point() else w for key, w in weights.items()}
    overflown = [key for key, w in weights.items() if not w.isfinite().all()]
    if overflown:
        raise RunError(f"{name}: {overflown[0]} does not fit float16 (65504): lower the learning rate")
    test = data.test.rows(slice(MAX_CODES))
    run = Run(name, state.config, weights, torch.empty(0), test.labels.to(torch.uint8), list(state.history))
    model = run.model()
    code = encode_all(model, test)
    return replace(
        run,
        test_codes=model.place(code).half(),
        test_posterior_std=None if code.logvar is None else (0.5 * code.logvar).exp().half(),
        metrics=evaluate(model, data),
        versions=versions(state.device),
        snapshots=dict(state.snapshots),
        data=describe_for(state.config),
        test_assignment=None if code.y_logits is None else assign(code.y_logits),
    )


def versions(device: torch.device) -> dict[str, str]:
    """Library and hardware versions, on which the figures of a run depend."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "machine": f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}",
        "threads": str(torch.get_num_threads()),
        **({"device": torch.cuda.get_device_name(device)} if device.type == "cuda" else {}),
    }


def check_size(config: Config, n_snapshots: int) -> None:
    """Raise ConfigError where the run would be larger than a run file may be."""
    dim, n_test = config.latent_dim, min(describe_for(config).n_test, MAX_CODES)
    if config.epochs * (RECORD_BYTES + NUMBER_BYTES * dim) + NUMBER_BYTES * dim**2 > MAX_HEADER_BYTES:
        rule = f"with latent_dim={dim} are more figures than a run file holds: set a smaller one, or fewer epochs"
        raise refuse_field("epochs", config.epochs, rule)
    expected = expected_tensors(config, n_test * (1 + n_snapshots)) | assigned.expected(config, n_test)
    sizes = [dtype.itemsize * math.prod(shape) for dtype, shape in expected.values()]
    size = sum(sizes) + n_snapshots * FRAME_BYTES
    if size > MAX_BYTES:
        rule = f"with {n_snapshots} snapshots would make a run file of {size:,} bytes, more than {MAX_BYTES:,}"
        raise refuse_field("hidden", config.hidden, f"{rule}: set smaller layers or latent_dim, or fewer snapshots")


def save(run: Run, path: Path, replace: bool = True) -> None:
    """Write the run, whole or not at all. Raises RunError, also for what could not be read again."""
    content = to_bytes(run)
    parse(content, run.name)
    write(path, content, replace)


def write(path: Path, content: bytes, replace: bool = True) -> None:
    try:
        write_atomically(path, content, replace=replace)
    except FileExistsError as error:
        raise refuse(path, "is there already", "remove it, or name another file") from error
    except OSError as error:
        raise refuse(path, f"cannot be written ({error.strerror})", "make room, or name another file") from error


def to_bytes(run: Run) -> bytes:
    """The content of the run's file."""
    tensors, header = contents(run)
    return serialize(tensors, "run", header)


def contents(run: Run) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and the JSON header of the run's file."""
    header = {
        "config": run.config.to_json(),
        "history": run.history,
        "metrics": run.metrics,
        "versions": run.versions,
        **({} if run.data is None else {"data": run.data.to_json()}),
    }
    tensors = {
        **{WEIGHTS + key: w for key, w in run.weights.items()},
        **snapshot_tensors(run.snapshots),
        "test_codes": run.test_codes,
        "test_labels": run.test_labels,
        **({} if run.test_posterior_std is None else {"test_spread": run.test_posterior_std}),
        **assigned.to_tensors(run.test_assignment),
    }
    return tensors, header


def load(path: Path) -> Run:
    """The run of a file. Raises RunError."""
    path = Path(path)
    return parse(read(path, MAX_BYTES), one_line(path.stem))


def read(path: Path, limit: int) -> bytes:
    try:
        return files.read(path, limit)
    except OSError as error:
        raise refuse(path, f"cannot be read ({error.strerror})", "check the name") from error


def parse(content: bytes, name: str) -> Run:
    """The run in the bytes of a file that anyone may have written. Raises RunError."""
    if len(content) > MAX_BYTES:
        raise refuse(name, f"{len(content):,} bytes, more than the {MAX_BYTES:,} of a run file", "train a smaller one")
    tensors, header = parse_file(content, name, "run")
    config, snapshots = parse_config(name, header["config"]), parse_snapshots(name, tensors)
    check_figures(name, config, header)
    check_tensors(name, config, tensors, snapshots)
    return Run(
        name,
        config,
        part(tensors, WEIGHTS),
        tensors["test_codes"],
        tensors["test_labels"],
        header["history"],
        header["metrics"],
        header["versions"],
        snapshots,
        tensors.get("test_spread"),
        parse_description(name, config, header),
        assigned.from_tensors(tensors),
    )


# The shipped runs


def shipped_paths() -> list[Path]:
    """What has the name of a run file in checkpoints/, sound or not."""
    names = sorted(os.listdir(SHIPPED)) if SHIPPED.is_dir() else []
    return [SHIPPED / name for name in names if name.endswith(SUFFIX)]


def shipped() -> dict[str, Path]:
    """The names and files of the runs that come with the project."""
    return {path.stem: path for path in shipped_paths() if path.is_file()}


def find(name: str) -> Path:
    """The file of a run named by its path, or by a shipped run's name. Raises RunError."""
    paths = shipped()
    if name in paths:
        return paths[name]
    path = Path(os.path.expanduser(name))
    if os.path.isfile(path):
        return path
    if storage.is_url(name):
        raise RunError(
            f"run={quoted(name)}: is in a store, and commands read files of this machine: copy it here first"
        )
    raise RunError(
        f"run={quoted(name)}: neither a file nor a shipped run{nearest(name, paths)}; see python -m aae list"
    )
