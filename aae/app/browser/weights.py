"""A network's weights as files for the browser; those of a decoder in two, of which the first can be used alone."""

import torch
from torch import Tensor

Layers = list[tuple[Tensor, Tensor]]  # (weight [out, in], bias [out])
SPLIT_FROM = 10_000  # weights of a layer: fewer are sent as they are
LEVELS = 2**14 - 1  # on either side of 0: whole numbers of 15 bits
LATER = 7  # of their bits are sent later
STEP = 0.0006  # of the root mean square of a layer's weights, at least: pixels are as exact as with float16


def layer_tensors(layers: Layers) -> dict[str, Tensor]:
    """Weights [in, out], so that a unit that is off can be skipped, and biases, in float16."""
    return {name: t for i, layer in enumerate(layers) for name, t in _plain(i, *layer).items()}


def _plain(i: int, weight: Tensor, bias: Tensor) -> dict[str, Tensor]:
    return {f"weight{i}": weight.T.half().contiguous(), f"bias{i}": bias.half()}


def first_tensors(layers: Layers, split_from: int = SPLIT_FROM) -> dict[str, Tensor]:
    """The same, but large weights as the upper 8 bits of whole numbers, and the scale of each column."""
    tensors: dict[str, Tensor] = {}
    for i, (weight, bias) in enumerate(layers):
        if weight.numel() < split_from:
            tensors |= _plain(i, weight, bias)
            continue
        whole, scale = _to_whole(weight)
        tensors |= {f"upper{i}": (whole >> LATER).to(torch.int8), f"scale{i}": scale, f"bias{i}": bias.half()}
    return tensors


def rest_tensors(layers: Layers, split_from: int = SPLIT_FROM) -> dict[str, Tensor]:
    """The lower bits of the weights of which first_tensors() has the upper ones."""
    large = {i: weight for i, (weight, _) in enumerate(layers) if weight.numel() >= split_from}
    return {f"lower{i}": (_to_whole(weight)[0] & (2**LATER - 1)).to(torch.uint8) for i, weight in large.items()}


def _to_whole(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Weights [out, in] as whole numbers [in, out], and what each column's are multiples of [out]."""
    columns = weight.T.float()
    least = max(STEP * columns.square().mean().sqrt().item(), torch.finfo(torch.float32).tiny)
    scale = (columns.abs().amax(0) / LEVELS).clamp(min=least)
    return (columns / scale).round().to(torch.int32).contiguous(), scale
