"""The phases of the paper's algorithm: each a loss, and the networks that it updates."""

import torch
from torch import Tensor

from aae.config import Config
from aae.data import UNLABELED
from aae.data.augment import noisy
from aae.models import losses, priors
from aae.models.autoencoder import AutoEncoder, Code
from aae.training.batches import Batch


def reconstruction_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The reconstruction loss of x: updates encoder and decoder []."""
    return losses.RECONSTRUCTION[model.config.likelihood](model.reconstruct(code, batch.labels), batch.images)


def kl_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """KL(q(z | x) || p(z)): updates the encoder (VAE) []."""
    return losses.kl_to_gaussian(code.mean, code.logvar, model.config.prior_std)


def discriminator_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The loss of classifying draws of the prior against codes: updates the discriminators []."""
    loss = torch.zeros((), device=code.z.device)
    for name in model.discriminators:
        real = draw_real(model.config, name, batch, generator)
        both = noisy(torch.cat([real, fake(code, name).detach()]), model.config.discriminator_noise, generator)
        logits = model.discriminate(name, both, batch.labels.repeat(2))
        loss = loss + losses.discriminator(*logits.chunk(2))
    return loss


def generator_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The generator loss, with the discriminators frozen: updates the encoder []."""
    loss = torch.zeros((), device=code.z.device)
    for name, discriminator in model.discriminators.items():
        discriminator.requires_grad_(False)
        values = noisy(fake(code, name), model.config.discriminator_noise, generator)
        loss = loss + losses.generator(model.discriminate(name, values, batch.labels))
        discriminator.requires_grad_(True)
    return loss


def classification_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """Cross-entropy of q(y | x) on the labeled rows: updates the encoder []."""
    return losses.classification(code.y_logits, batch.labels, batch.n_labeled)


def pseudo_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """Cross-entropy of q(y | x) to pseudo-labels of the averaged network: updates the encoder [] (Lee 2013)."""
    share = batch.pseudo.ne(UNLABELED).float().mean()
    return share * losses.classification(code.y_logits, batch.pseudo)


def draw_real(config: Config, name: str, batch: Batch, generator) -> Tensor:
    """Draws of the prior [B, n]; of the row's own component where the row has a label."""
    if name == "y":
        return priors.categorical(len(batch.labels), config.n_categories, generator, batch.labels.device)
    component = batch.labels if config.discriminator_is_conditional else torch.full_like(batch.labels, priors.ANY)
    return priors.sample(config, component, generator)


def fake(code: Code, name: str) -> Tensor:
    """The part of the code that is this discriminator's input [B, n]."""
    return code.z if name == "z" else code.y
