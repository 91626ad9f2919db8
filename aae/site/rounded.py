"""Files of networks as a site has them: rounded, so that they are smaller; those of decoders are the app's.

Codes differ by .01 of their standard deviation on average, by .03 where there are clusters; a discriminator's scores
by .001.
"""

import torch
from safetensors.torch import load, save
from torch import Tensor

from aae.app.browser import weights

STEP = 0.06  # of the root mean square of a layer's weights, at least


def file(content: bytes) -> bytes:
    """A file of tensors, of large weights [in, out] the upper 8 bits alone and the scale of each column."""
    made: dict[str, Tensor] = {}
    for name, t in load(content).items():
        large = name.startswith("weight") and t.numel() >= weights.SPLIT_FROM
        made |= eight_bits(name.removeprefix("weight"), t.float()) if large else {name: t}
    return save(made)


def eight_bits(i: str, columns: Tensor) -> dict[str, Tensor]:
    """Weights [in, out] as whole numbers of steps, of which none is finer than it need be."""
    step = (columns.abs().amax(0) / 127).clamp(min=STEP * columns.square().mean().sqrt().item())
    upper = (columns / step).floor().clamp(-128, 127).to(torch.int8)  # the browser takes the middle of a step
    return {f"upper{i}": upper.contiguous(), f"scale{i}": step / 2**weights.LATER}
