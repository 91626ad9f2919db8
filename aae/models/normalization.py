"""BatchNorm over minibatches that several processes share."""

from typing import Any, cast

import torch
import torch.distributed as dist
from torch import Tensor, nn


class BatchNorm(nn.BatchNorm1d):
    """BatchNorm whose mean and variance are those of the whole minibatch [B, n], whichever process has its rows.

    torch.nn.SyncBatchNorm is the same for graphics cards alone.
    """

    def forward(self, x: Tensor) -> Tensor:
        if not (self.training and dist.is_initialized()):
            return super().forward(x)
        n, mean, var = whole_moments(x.float())
        self._follow(n, mean, var)
        return (x - mean) * (var + self.eps).rsqrt() * self.weight + self.bias

    @torch.no_grad()
    def _follow(self, n: Tensor, mean: Tensor, var: Tensor) -> None:
        """Move the running averages, the variance's without bias."""
        momentum = cast(float, self.momentum)
        cast(Tensor, self.running_mean).lerp_(mean, momentum)
        cast(Tensor, self.running_var).lerp_(var * n / (n - 1), momentum)
        cast(Tensor, self.num_batches_tracked).add_(1)


def whole_moments(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The number of rows, and their mean [n] and variance [n], over all processes."""
    var, mean = torch.var_mean(x, 0, correction=0)
    own = torch.stack([torch.ones_like(mean), mean, var + mean.square()]).double() * len(x)  # float32 would cancel
    n, total, squares = SumOverProcesses.apply(own)
    mean = total / n
    return n[0].float(), mean.float(), (squares / n - mean.square()).float()


class SumOverProcesses(torch.autograd.Function):
    """The sum of a tensor over all processes; the gradient of each part is the sum of their gradients."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        total = x.contiguous().clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return cast(Tensor, SumOverProcesses.apply(*gradients))
