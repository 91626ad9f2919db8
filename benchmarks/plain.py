"""A plain PyTorch AAE as tutorials write it: the yardstick of speed, and in the tests of quality."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy, mse_loss
from torch.utils.data import DataLoader, Dataset

from aae.config import Config
from aae.models.autoencoder import AutoEncoder


@dataclass
class Plain:
    """Networks, and an optimizer for each phase of the paper."""

    model: AutoEncoder
    reconstruction: torch.optim.Optimizer
    discriminator: torch.optim.Optimizer
    generator: torch.optim.Optimizer


def start(config: Config) -> Plain:
    """The same networks as the project's, from the config's seed, with three Adams."""
    torch.manual_seed(config.seed)
    model = AutoEncoder(config)
    encoder, decoder = list(model.encoder.parameters()), list(model.decoder.parameters())
    return Plain(
        model,
        torch.optim.Adam([*encoder, *decoder], config.learning_rate),
        torch.optim.Adam(model.discriminators.parameters(), config.discriminator_learning_rate),
        torch.optim.Adam(encoder, config.learning_rate),
    )


def step(plain: Plain, images: Tensor, weight: float) -> None:
    """Three phases, each with an encoder pass of its own; images [B, n_pixels]."""
    encoder, decoder, discriminator = plain.model.encoder, plain.model.decoder, plain.model.discriminators["z"]
    config, n = plain.model.config, len(images)

    plain.reconstruction.zero_grad()
    loss = config.n_pixels * mse_loss(torch.sigmoid(decoder(encoder(images))), images)
    loss.backward()
    plain.reconstruction.step()

    plain.discriminator.zero_grad()
    real = torch.sigmoid(discriminator(config.prior_std * torch.randn(n, config.latent_dim)))
    fake = torch.sigmoid(discriminator(encoder(images).detach()))
    loss = binary_cross_entropy(real, torch.ones(n, 1)) + binary_cross_entropy(fake, torch.zeros(n, 1))
    loss.backward()
    plain.discriminator.step()

    plain.generator.zero_grad()
    fooled = torch.sigmoid(discriminator(encoder(images)))
    loss = weight * binary_cross_entropy(fooled, torch.ones(n, 1))
    loss.backward()
    plain.generator.step()


def train(plain: Plain, dataset: Dataset, epochs: int, weight: float) -> None:
    """Epochs over a dataset of (image, label) with a DataLoader."""
    for _ in range(epochs):
        for images, _ in DataLoader(dataset, plain.model.config.batch_size, shuffle=True):
            step(plain, images.flatten(1), weight)
