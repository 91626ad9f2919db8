"""Adam by PyTorch's fused kernel, without what torch.optim does around it."""

from collections.abc import Iterable
from inspect import unwrap
from typing import Any, cast

import torch
from torch import Tensor
from torch.optim.adam import adam


class Adam(torch.optim.Adam):
    """torch.optim.Adam with a faster step: of small networks, step() and zero_grad() take longer than the kernel."""

    # Without what they do for torch.compile: it imports torch._dynamo, which takes seconds, before the first step
    add_param_group = unwrap(torch.optim.Adam.add_param_group)
    state_dict = unwrap(torch.optim.Adam.state_dict)
    load_state_dict = unwrap(torch.optim.Adam.load_state_dict)

    def __init__(self, weights: Iterable[Tensor], rate: float, betas: tuple[float, float] = (0.9, 0.999)):
        super().__init__(weights, rate, betas, fused=True)

    @torch.no_grad()
    def descend(self) -> None:
        """A step of all weights that have a gradient, and that have none afterwards."""
        group = self.param_groups[0]
        weights = [weight for weight in group["params"] if weight.grad is not None]
        gradients = [cast(Tensor, weight.grad) for weight in weights]
        kept = [self.moments(weight) for weight in weights]
        means, squares, steps = ([moments[name] for moments in kept] for name in ("exp_avg", "exp_avg_sq", "step"))
        options: dict[str, Any] = {name: group[name] for name in ("lr", "eps", "weight_decay", "amsgrad", "maximize")}
        beta1, beta2 = group["betas"]
        adam(weights, gradients, means, squares, [], steps, fused=True, beta1=beta1, beta2=beta2, **options)
        for weight in weights:
            weight.grad = None

    def moments(self, weight: Tensor) -> dict[str, Tensor]:
        """What Adam keeps of a weight, by the names of torch.optim; zeros at first."""
        moments = self.state[weight]
        if not moments:
            moments["step"] = torch.zeros((), device=weight.device)
            moments |= {name: torch.zeros_like(weight) for name in ("exp_avg", "exp_avg_sq")}
        return moments
