"""Files of networks as a site has them: rounded, so that they are smaller.

Pixels differ by less than 3 of 255 grey levels, by .1 on average; codes by .01 of their standard deviation on average.
"""

import torch
from safetensors.torch import load, save
from torch import Tensor

from aae.app.browser import weights

KEPT = 0xF0  # of the lower bytes of a decoder's weights: 12 bits of each
HALF = 0x08  # the middle of what is left out
STEP = 0.05  # of the root mean square of a layer's weights: an encoder's steps are at least as large


def file(content: bytes) -> bytes:
    """A file of tensors: the weights of an encoder in 8 bits, the lower bytes of a decoder's in 4; others as it is."""
    tensors = load(content)
    if "lower0" in tensors or "lower1" in tensors:
        return save({name: t.bitwise_and(KEPT).bitwise_or(HALF) for name, t in tensors.items()})
    if "weight0" in tensors and tensors["weight0"].numel() >= weights.SPLIT_FROM:
        return save(encoder(tensors))
    return content


def encoder(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """An encoder's tensors, of its large weights [in, out] the upper bytes alone and the scale of each column."""
    made: dict[str, Tensor] = {}
    for name, t in tensors.items():
        large = name.startswith("weight") and t.numel() >= weights.SPLIT_FROM
        made |= eight_bits(name.removeprefix("weight"), t.float()) if large else {name: t}
    return made


def eight_bits(i: str, columns: Tensor) -> dict[str, Tensor]:
    """Weights [in, out] as whole numbers of steps, of which none is finer than it need be."""
    step = (columns.abs().amax(0) / 127).clamp(min=STEP * columns.square().mean().sqrt().item())
    upper = (columns / step).floor().clamp(-128, 127).to(torch.int8)  # the browser takes the middle of a step
    return {f"upper{i}": upper.contiguous(), f"scale{i}": step / 256}
