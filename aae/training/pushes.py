"""Where the losses of phases push codes: down their gradients."""

from typing import cast

import torch
from torch import Tensor

from aae.analysis.metrics import in_eval_mode
from aae.data import Images
from aae.models.autoencoder import AutoEncoder
from aae.training.batches import Batch
from aae.training.phases import generator_phase, kl_phase, reconstruction_phase

OF_PHASE = {  # phases whose loss depends on z, and that whose loss is the encoder's side of it
    "reconstruction": ("reconstruction", reconstruction_phase),
    "discriminator": ("generator", generator_phase),
    "generator": ("generator", generator_phase),
    "kl": ("kl", kl_phase),
}


def pushes(model: AutoEncoder, images: Images, phases: list[str]) -> dict[str, Tensor]:
    """-∂loss/∂z of each image [B, latent_dim], by loss, for the losses that these phases change or follow."""
    losses = dict(OF_PHASE[phase] for phase in phases if phase in OF_PHASE)
    with in_eval_mode(model):
        return {name: _push(model, images, loss) for name, loss in losses.items()}


def _push(model: AutoEncoder, images: Images, loss) -> Tensor:
    """-∂loss/∂z of each image [B, latent_dim]; the loss is a mean over images that do not depend on each other."""
    pixels = images.floats()
    with torch.no_grad():
        code = model.encode(pixels)
    z = code.mean.requires_grad_()
    total = loss(model, code._replace(z=z, mean=z), Batch(pixels, pixels, images.labels), seeded_noise())
    (gradient,) = torch.autograd.grad(total, z)
    return -len(z) * cast(Tensor, gradient)


def seeded_noise() -> torch.Generator:
    """The same noise on the discriminator's input whenever arrows are drawn."""
    return torch.Generator().manual_seed(0)
