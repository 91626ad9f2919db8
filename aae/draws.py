"""Random numbers for the rows of a minibatch, on any device, the same however many processes share the rows."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


class Draws(torch.Generator):
    """A generator for a minibatch: each of several processes draws for all its rows, and keeps those of its own."""

    rank, n_processes, n_rows = 0, 1, 0

    def own(self, rows: Tensor) -> Tensor:
        """The rows of a minibatch [B] that this process takes; draws are for them from now on."""
        self.n_rows = len(rows)
        return self.part(rows)

    def part(self, rows: Any) -> Any:
        """The rows of this process: every n_processes-th."""
        return rows[self.rank :: self.n_processes]


def randn(shape: tuple[int, ...], generator: torch.Generator | None, device: torch.device) -> Tensor:
    """Draws of N(0, 1); the first dimension is that of the minibatch, or several times as large."""
    return _drawn(torch.randn, shape, generator, device)


def rand(shape: tuple[int, ...], generator: torch.Generator | None, device: torch.device, dtype=None) -> Tensor:
    """Draws of U(0, 1), likewise."""
    return _drawn(torch.rand, shape, generator, device, dtype=dtype)


def randint(high: int, shape: tuple[int, ...], generator: torch.Generator | None, device: torch.device) -> Tensor:
    """Draws of 0 ... high - 1, likewise."""
    return _drawn(torch.randint, shape, generator, device, high=high)


def _drawn(draw: Callable[..., Tensor], shape: tuple[int, ...], generator, device, **kinds) -> Tensor:
    if not isinstance(generator, Draws) or generator.n_processes == 1:
        return draw(size=shape, generator=generator, device=device, **kinds)
    times = shape[0] // len(generator.part(range(generator.n_rows)))
    whole = draw(size=(times, generator.n_rows, *shape[1:]), generator=generator, device=device, **kinds)
    return generator.part(whole.transpose(0, 1)).transpose(0, 1).flatten(0, 1).contiguous()
