"""Training states as files: float32, all that training changes, from which it resumes exactly."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aae.config import Config
from aae.runs.format import UNSOUND, parse_file, parse_snapshots, part, refuse, serialize, snapshot_tensors
from aae.runs.run import SUFFIX, read, write
from aae.training import State, start

MAX_STATE_BYTES = 4_000_000_000  # of a file, which only its owner writes and reads


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
    if state.spread_labels is not None:
        tensors["spread_labels"] = state.spread_labels
    header = {
        "config": state.config.to_json(),
        "history": state.history,
        "totals": {name: float(total) for name, total in state.totals.items()},
        "step": state.step,
        "seconds": state.seconds,
    }
    write(path, serialize(tensors, "state", header))


def load_state(path: Path, device: Any = "cpu") -> State:
    """The training state of a file that save_state wrote. Raises RunError."""
    path = Path(path)
    tensors, header = parse_file(read(path, MAX_STATE_BYTES), path.name, "state")
    try:
        state = start(Config.from_json(header["config"]), device)
        state.model.load_state_dict(part(tensors, "model."))
        state.averaged.load_state_dict(part(tensors, "averaged."))
        for name, optimizer in state.optimizers.items():
            _load_optimizer(optimizer, part(tensors, f"optimizer.{name}."))
        state.totals = {name: torch.tensor(total, dtype=torch.float64) for name, total in header["totals"].items()}
    except UNSOUND as error:
        problem = f"does not fit its own config ({error})"
        raise refuse(path.name, problem, "remove it, and start again without --resume") from error
    state.step, state.seconds, state.history = header["step"], header["seconds"], header["history"]
    state.snapshots = parse_snapshots(path.name, tensors)
    if "spread_labels" in tensors:
        state.spread_labels = tensors["spread_labels"].to(device)
    return state


def _load_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    moments: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        index, moment = key.split(".")
        moments.setdefault(int(index), {})[moment] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
