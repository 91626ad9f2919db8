"""One training by several processes: each takes its rows of every minibatch, and their gradients are added up."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn.utils import parameters_to_vector, vector_to_parameters

if TYPE_CHECKING:
    from aae.training.state import State


def place() -> tuple[int, int]:
    """The rank of this process, and how many there are."""
    return (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)


def is_first() -> bool:
    """Whether this process is the one that writes and prints: the only one, or the first of several."""
    return place()[0] == 0


def total(values: Tensor) -> Tensor:
    """The sum over all processes, which replaces the values."""
    if dist.is_initialized():
        dist.all_reduce(values)
    return values


def largest(number: int) -> int:
    """The largest of the processes' numbers."""
    if not dist.is_initialized():
        return number
    values = torch.tensor(number)
    dist.all_reduce(values, dist.ReduceOp.MAX)
    return int(values)


def add_gradients(parameters: Iterable[Tensor]) -> None:
    """Replace the gradients of these parameters by their sums over all processes, in one call."""
    if dist.is_initialized():
        gradients = [p.grad for p in parameters if p.grad is not None]
        vector_to_parameters(total(parameters_to_vector(gradients)), gradients)


def begin_sums(state: "State") -> None:
    """What was summed in the epoch so far stays with the first process."""
    if not is_first():
        state.totals, state.seconds = dict.fromkeys(state.totals, 0.0), 0.0


def end_sums(state: "State") -> None:
    """Add up what each process has summed in the epoch so far."""
    if dist.is_initialized():
        values = torch.tensor([*map(float, state.totals.values()), state.seconds], dtype=torch.float64)
        *totals, state.seconds = total(values).tolist()
        state.totals = dict(zip(state.totals, totals, strict=True))
