"""A run in one .safetensors file: weights, test codes, snapshots, and in its header the config, history and metrics.

Files come from strangers too: nothing is unpickled, limits come before reading, and every tensor is checked
against the shapes that the config implies before a network is built.
"""

import hashlib
import json
import math
import os
import platform
import secrets
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse_tensors
from safetensors.torch import save as serialize_tensors
from torch import Tensor

from aae import timeline
from aae.config import Config, ConfigError
from aae.data import Data
from aae.metrics import encode_all, evaluate
from aae.model import AutoEncoder
from aae.training import State, start

FORMAT = 1
MAX_BYTES = 64_000_000  # of a run file
MAX_HEADER_BYTES = 4_000_000
MAX_STATE_BYTES = 4_000_000_000  # of a training state, which only its owner writes and reads
MAX_CODES = timeline.MAX_CODES
SHIPPED = Path(__file__).resolve().parents[1] / "checkpoints"
SUFFIX = ".safetensors"
SHOWN = ("reconstruction_mse", "prior_distance", "prior_distance_floor")  # metrics that every reader counts on
WEIGHTS = "weights."
SNAPSHOT = "snapshot."


class RunError(ValueError):
    """A file that is not a sound run; the text names the file, what was wrong and the remedy."""


@dataclass(frozen=True)
class Run:
    """A trained model with everything that was measured on it."""

    name: str
    config: Config
    weights: dict[str, Tensor]  # the model's state, float16
    test_codes: Tensor  # [N, style_dim] float16, the places of the first test images
    test_labels: Tensor  # [N] uint8
    history: list[dict[str, Any]] = field(default_factory=list)
    metrics: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    snapshots: dict[int, dict[str, Tensor]] = field(default_factory=dict)  # epoch: a frame of the timeline
    test_spread: Tensor | None = None  # [N, style_dim] float16, standard deviations of a Gaussian posterior

    def model(self) -> AutoEncoder:
        """The network in eval mode, float32."""
        with torch.device("meta"):
            model = AutoEncoder(self.config)
        weights = {name: w.float() if w.is_floating_point() else w for name, w in self.weights.items()}
        model.load_state_dict(weights, assign=True)
        return model.eval().requires_grad_(False)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the run's name and content."""
        return hashlib.sha256(self.name.encode() + to_bytes(self)).hexdigest()

    @property
    def cpu_seconds(self) -> float:
        """How long the training took."""
        return sum(record.get("seconds", 0.0) for record in self.history)


def finish(state: State, data: Data, name: str) -> Run:
    """The run that a training state has become: its kept weights as float16, measured as they are stored."""
    weights = {key: w.half() if w.is_floating_point() else w for key, w in state.best_model.state_dict().items()}
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
        test_spread=None if code.logvar is None else (0.5 * code.logvar).exp().half(),
        metrics=evaluate(model, data),
        versions=versions(),
        snapshots=dict(state.snapshots),
    )


def versions() -> dict[str, str]:
    """What the figures of a run depend on beside its config."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "machine": f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}",
        "threads": str(torch.get_num_threads()),
    }


def save(run: Run, path: Path) -> None:
    """Write the run, whole or not at all."""
    write_atomically(path, to_bytes(run))


def to_bytes(run: Run) -> bytes:
    """The content of the run's file."""
    header = {
        "config": run.config.to_json(),
        "history": run.history,
        "metrics": run.metrics,
        "versions": run.versions,
    }
    tensors = {
        **{WEIGHTS + key: w for key, w in run.weights.items()},
        **snapshot_tensors(run.snapshots),
        "test_codes": run.test_codes,
        "test_labels": run.test_labels,
        **({} if run.test_spread is None else {"test_spread": run.test_spread}),
    }
    return serialize(tensors, "run", header)


def serialize(tensors: dict[str, Tensor], kind: str, header: dict[str, Any]) -> bytes:
    """Tensors and a JSON header as the bytes of a .safetensors file."""
    metadata = {"format": json.dumps({"kind": f"aae-{kind}", "version": FORMAT}), "header": json.dumps(header)}
    return serialize_tensors({key: t.contiguous() for key, t in tensors.items()}, metadata=metadata)


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside the file, then replace it: a reader, or a crash, sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def load(path: Path) -> Run:
    """The run of a file. Raises RunError."""
    path = Path(path)
    return parse(_read(path, MAX_BYTES), path.stem)


def _read(path: Path, limit: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > limit:
            raise RunError(f"{path.name}: {size:,} bytes, more than the {limit:,} of a run file: train a smaller one")
        return path.read_bytes()
    except OSError as error:
        raise RunError(f"{path}: cannot be read ({error.strerror}): check the name") from error


def parse(content: bytes, name: str) -> Run:
    """The run in the bytes of a file that anyone may have written. Raises RunError."""
    if len(content) > MAX_BYTES:
        raise RunError(
            f"{name}: {len(content):,} bytes, more than the {MAX_BYTES:,} of a run file: train a smaller one"
        )
    tensors, header = _parse_file(content, name, "run")
    try:
        config = Config.from_json(header["config"])
    except ConfigError as error:
        raise RunError(f"{name}: {error}") from error
    weights = {key.removeprefix(WEIGHTS): t for key, t in tensors.items() if key.startswith(WEIGHTS)}
    snapshots = parse_snapshots(name, tensors)
    _check_figures(name, header)
    _check_tensors(name, config, tensors, weights, snapshots)
    return Run(
        name,
        config,
        weights,
        tensors["test_codes"],
        tensors["test_labels"],
        header["history"],
        header["metrics"],
        header["versions"],
        snapshots,
        tensors.get("test_spread"),
    )


def snapshot_tensors(snapshots: dict[int, dict[str, Tensor]]) -> dict[str, Tensor]:
    """The parts of all frames, each under a name of its own."""
    return {f"{SNAPSHOT}{epoch}.{part}": t for epoch, frame in snapshots.items() for part, t in frame.items()}


def parse_snapshots(name: str, tensors: dict[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    """The frames among the tensors of a file, by epoch; older files have the codes alone, and no part's name."""
    snapshots: dict[int, dict[str, Tensor]] = {}
    for key, tensor in _part(tensors, SNAPSHOT).items():
        epoch, _, part = key.partition(".")
        if not (epoch.isascii() and epoch.isdecimal() and len(epoch) < 7 and (part or "codes") in timeline.PARTS):
            raise RunError(f"{name}: {SNAPSHOT}{key} names no part of a snapshot: train it again")
        snapshots.setdefault(int(epoch), {})[part or "codes"] = tensor
    return dict(sorted(snapshots.items()))


def _parse_file(content: bytes, name: str, kind: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and our header of a .safetensors file of this kind."""
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > len(content) - 8:
        raise RunError(f"{name}: not a .safetensors file, or a truncated one: copy or train it again")
    if length > MAX_HEADER_BYTES:
        raise RunError(f"{name}: its header holds {length:,} bytes, more than {MAX_HEADER_BYTES:,}: train it again")
    try:
        metadata = json.loads(content[8 : 8 + length]).get("__metadata__", {})
        made_by = json.loads(metadata.get("format", "null"))
        tensors = parse_tensors(content)
    except (ValueError, AttributeError, TypeError, RecursionError, KeyError, SafetensorError) as error:
        raise RunError(f"{name}: damaged, or not a .safetensors file ({error}): copy or train it again") from error
    if not isinstance(made_by, dict) or made_by.get("kind") != f"aae-{kind}":
        raise RunError(
            f"{name}: a .safetensors file, but not a {kind} of this project: make one with python -m aae train"
        )
    if made_by.get("version") != FORMAT:
        raise RunError(f"{name}: format {made_by.get('version')!r}, this version reads {FORMAT}: update the project")
    return tensors, _parse_header(metadata.get("header", ""), name, kind)


HEADER_TYPES = {
    "run": {"config": dict, "history": list, "metrics": dict, "versions": dict},
    "state": {"config": dict, "history": list, "totals": dict, "step": int, "seconds": float},
}


def _parse_header(text: str, name: str, kind: str) -> dict[str, Any]:
    try:
        header = json.loads(text)
        wrong = [key for key, type_ in HEADER_TYPES[kind].items() if not isinstance(header[key], type_)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RunError(f"{name}: its header is damaged ({error!r}): copy or train it again") from error
    if wrong or not all(isinstance(record, dict) for record in header["history"]):
        raise RunError(f"{name}: its header is damaged ({wrong or 'history'}): copy or train it again")
    return header


def _check_figures(name: str, header: dict[str, Any]) -> None:
    """Refuse metrics and times that are no numbers."""
    figures = {key: header["metrics"].get(key) for key in SHOWN}
    figures |= {f"history[{i}].seconds": record.get("seconds", 0.0) for i, record in enumerate(header["history"])}
    for key, value in figures.items():
        if type(value) not in (int, float) or not math.isfinite(value):
            raise RunError(f"{name}: {key} is {value!r}, not a number: train it again")


def _check_tensors(name: str, config: Config, tensors: dict, weights: dict, snapshots: dict) -> None:
    """Refuse tensors that are not the config's own, before a network is built."""
    for key in ("test_codes", "test_labels"):
        if key not in tensors:
            raise RunError(f"{name}: the tensor {key} is missing: train it again")
    n = len(tensors["test_labels"])
    _check_shapes(name, weights, _expected_shapes(config))
    _check_frames(name, snapshots)
    codes = {"test_codes": tensors["test_codes"]}
    codes |= {f"{SNAPSHOT}{epoch}": frame["codes"] for epoch, frame in snapshots.items()}
    codes |= {key: tensors[key] for key in ("test_spread",) if key in tensors}
    _check_shapes(name, codes, dict.fromkeys(codes, (n, config.style_dim)))
    _check_shapes(name, {"test_labels": tensors["test_labels"]}, {"test_labels": (n,)})
    if tensors["test_labels"].dtype != torch.uint8 or not 0 < n <= MAX_CODES:
        raise RunError(f"{name}: test_labels must be 1 to {MAX_CODES:,} bytes: train it again")
    for key, tensor in {**weights, **codes}.items():
        if not tensor.isfinite().all():
            raise RunError(f"{name}: {key} holds values that are no numbers (NaN or infinity): train it again")


def _check_frames(name: str, snapshots: dict[int, dict[str, Tensor]]) -> None:
    """Refuse frames without codes, views that are no squares, and pictures that are no bytes."""
    for epoch, frame in snapshots.items():
        view = frame.get("view", torch.ones(3))
        pictures = [frame[part] for part in ("sheet", "strip", "opinion") if part in frame]
        sound = view.shape == (3,) and view.isfinite().all() and view[2] > 0
        if "codes" not in frame or not sound or any(p.dtype != torch.uint8 or p.dim() != 1 for p in pictures):
            raise RunError(f"{name}: the snapshot of epoch {epoch} is damaged: train it again")


def _expected_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    with torch.device("meta"):  # shapes without memory: a stranger's config may ask for any width
        return {key: tuple(w.shape) for key, w in AutoEncoder(config).state_dict().items()}


def _check_shapes(name: str, tensors: dict[str, Tensor], expected: dict[str, tuple[int, ...]]) -> None:
    for key in sorted(tensors.keys() ^ expected.keys()):
        problem = "missing" if key in expected else "not one that its config implies"
        raise RunError(f"{name}: the tensor {key} is {problem}: train it again")
    for key, shape in expected.items():
        if tuple(tensors[key].shape) != shape:
            found = tuple(tensors[key].shape)
            raise RunError(f"{name}: {key} has the shape {found} where its config implies {shape}: train it again")


# The shipped runs


def shipped() -> dict[str, Path]:
    """The names and files of the runs that come with the project."""
    return {path.stem: path for path in sorted(SHIPPED.glob(f"*{SUFFIX}"))}


def find(name: str) -> Path:
    """The file of a run named by its path, or by a shipped run's name. Raises RunError."""
    paths = shipped()
    if name in paths:
        return paths[name]
    if Path(name).is_file():
        return Path(name)
    raise RunError(f"run={name!r}: neither a file nor a shipped run; shipped are {', '.join(paths) or 'none'}")


# The state of a training, float32, from which it resumes exactly


def state_path(path: Path) -> Path:
    """Where the training state of a run file is kept."""
    return path.with_name(f"{path.stem}.state{SUFFIX}")


def save_state(state: State, path: Path) -> None:
    """Write everything that training changes."""
    tensors = snapshot_tensors(state.snapshots)
    tensors |= {f"model.{key}": t for key, t in state.model.state_dict().items()}
    tensors |= {f"averaged.{key}": t for key, t in state.averaged.state_dict().items()}
    for name, optimizer in state.optimizers.items():
        for index, moments in optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{name}.{index}.{key}": t for key, t in moments.items()}
    header = {
        "config": state.config.to_json(),
        "history": state.history,
        "totals": {name: float(total) for name, total in state.totals.items()},
        "step": state.step,
        "seconds": state.seconds,
    }
    write_atomically(path, serialize(tensors, "state", header))


def load_state(path: Path) -> State:
    """The training state of a file that save_state wrote. Raises RunError."""
    path = Path(path)
    tensors, header = _parse_file(_read(path, MAX_STATE_BYTES), path.name, "state")
    try:
        state = start(Config.from_json(header["config"]))
        state.model.load_state_dict(_part(tensors, "model."))
        state.averaged.load_state_dict(_part(tensors, "averaged."))
        for name, optimizer in state.optimizers.items():
            _load_optimizer(optimizer, _part(tensors, f"optimizer.{name}."))
    except (ConfigError, RuntimeError, KeyError, ValueError) as error:
        raise RunError(f"{path.name}: does not fit its own config ({error}): start again without --resume") from error
    state.totals = {name: torch.tensor(total, dtype=torch.float64) for name, total in header["totals"].items()}
    state.step, state.seconds, state.history = header["step"], header["seconds"], header["history"]
    state.snapshots = parse_snapshots(path.name, tensors)
    return state


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin so, without that beginning."""
    return {key.removeprefix(prefix): t for key, t in tensors.items() if key.startswith(prefix)}


def _load_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    moments: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        index, moment = key.split(".")
        moments.setdefault(int(index), {})[moment] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
