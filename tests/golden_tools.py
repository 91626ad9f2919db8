"""What makers of golden values share: seeds, networks in eval mode, and how numbers and files are written."""

import base64

import numpy as np
import torch
from safetensors.torch import save as serialize
from torch import Tensor


def seeded(seed: int) -> torch.Generator:
    """A source of the same numbers every time."""
    return torch.Generator().manual_seed(seed)


def encoded(tensors: dict[str, Tensor]) -> str:
    """A .safetensors file as base64."""
    return base64.b64encode(serialize({name: t.contiguous() for name, t in tensors.items()})).decode()


def spelled(values: Tensor) -> list:
    """The numbers of a tensor; what JSON has no number for, as a word."""
    return [float(f"{x:.7g}") if np.isfinite(x) else str(x) for x in values.flatten().double().tolist()]


def layer_tensors(layers: list[tuple[Tensor, Tensor]]) -> dict[str, Tensor]:
    """Weights [in, out] and biases, as the browser has them."""
    weights = {f"weight{i}": weight.T for i, (weight, _) in enumerate(layers)}
    return weights | {f"bias{i}": bias for i, (_, bias) in enumerate(layers)}


def shaken(network: torch.nn.Module, seed: int) -> torch.nn.Module:
    """The network in eval mode, with BatchNorm statistics of its own and with nothing left at 0 or 1."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean = torch.randn(module.num_features, generator=seeded(seed))
            module.running_var = 0.5 + torch.rand(module.num_features, generator=seeded(seed + 1))
            module.weight.data = 0.5 + torch.rand(module.num_features, generator=seeded(seed + 2))
            module.bias.data = torch.randn(module.num_features, generator=seeded(seed + 3))
    return network.eval()
