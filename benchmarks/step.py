"""Where the time of a training step goes: its operators, each kind of them repeated alone, on one thread, in turns."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from aae import data, training
from aae.config import Config
from benchmarks import report
from benchmarks.training import DEFAULTS, SAME, medians, project_steps

PARTS = {
    "products": (("mm", "addmm"), "matrix products"),
    "adam": (("_fused_adam_", "_foreach_add_"), "Adam"),
    "casts": (("_to_copy",), "casts, most of them of weights and gradients to bfloat16 and back"),
    "batch_norm": (("native_batch_norm", "native_batch_norm_backward"), "BatchNorm, there and back"),
    "relu": (("relu", "threshold_backward"), "ReLU, there and back"),
    "sums": (("sum",), "sums: gradients of biases, losses"),
    "others": ((), "all other operators: losses, prior, minibatch, moving average"),
}
CONFIGS = {"batch_100": SAME, "defaults": DEFAULTS}  # as in benchmarks.training
MEANINGS = {
    f"{part}_ms_{name}": f"{text}, {name.replace('_', ' ')}"
    for name in CONFIGS
    for part, text in {
        "step": "CPU ms of a step",
        **{part: text for part, (_, text) in PARTS.items()},
        "rest": "what is left: Python, autograd, memory that is given and taken back",
    }.items()
}
Call = Callable[[], Any]


class Recorder(TorchDispatchMode):
    """Notes every operator that runs, as calls that can be repeated, by part."""

    def __init__(self):
        super().__init__()
        self.calls: dict[str, list[Call]] = {part: [] for part in PARTS}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.calls[part_of(func)].append(lambda: func(*args, **(kwargs or {})))
        return func(*args, **(kwargs or {}))


def part_of(operator: Any) -> str:
    """The part of a step that an operator belongs to."""
    name = operator.overloadpacket.__name__
    return next((part for part, (names, _) in PARTS.items() if name in names), "others")


def measure(rounds: int) -> dict[str, float]:
    """Time whole steps and the parts of one, in turns."""
    torch.set_num_threads(1)
    training.tune_process()
    images = data.load("mnist")
    return {key: ms for name, config in CONFIGS.items() for key, ms in measured(name, config, images, rounds).items()}


def measured(name: str, config: Config, images: data.Data, rounds: int) -> dict[str, float]:
    """CPU ms of a config's step and of its parts."""
    steps = project_steps(config, images)
    next(steps)  # in which Adam makes its moments
    calls = recorded(steps)
    contestants = [grouped(steps), *map(repeated, calls.values())]
    step, *parts = medians([list(map(milliseconds, contestants)) for _ in range(rounds)])
    figures = {"step": step, **dict(zip(calls, parts, strict=True)), "rest": step - sum(parts)}
    return {f"{part}_ms_{name}": ms for part, ms in figures.items()}


def recorded(steps: Iterator[int]) -> dict[str, list[Call]]:
    """The operators of the next steps, by part: of so many that one of them follows the moving average."""
    with Recorder() as recorder:
        for _ in range(training.AVERAGE_EVERY):
            next(steps)
    return recorder.calls


def grouped(steps: Iterator[int]) -> Iterator[None]:
    """As many steps at a time as are recorded."""
    while True:
        for _ in range(training.AVERAGE_EVERY):
            next(steps)
        yield


def repeated(calls: list[Call]) -> Iterator[None]:
    """The same calls again and again."""
    while True:
        with torch.no_grad():
            for call in calls:
                call()
        yield


def milliseconds(groups: Iterator[None], n: int = 3) -> float:
    """CPU ms of a step, over the next n groups of them."""
    begin = time.process_time()
    for _ in range(n):
        next(groups)
    return (time.process_time() - begin) / (n * training.AVERAGE_EVERY) * 1e3


if __name__ == "__main__":
    report.run(measure, MEANINGS, rounds=9)
