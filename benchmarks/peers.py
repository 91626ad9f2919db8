"""The adversarial autoencoder of pythae (Chadebec et al. 2022), by its own trainer, on the project's networks.

Where it is not installed: pip install pydantic && pip install --no-deps pythae==0.1.2
"""

import importlib.util
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from aae.config import Config
from aae.models.autoencoder import AutoEncoder


def is_installed() -> bool:
    """Whether pythae is; a word on standard error where it is not."""
    found = importlib.util.find_spec("pythae") is not None
    if not found:
        print("pythae is not installed: nothing is compared with it; see benchmarks/peers.py", file=sys.stderr)
    return found


def steps(config: Config, pixels: Tensor) -> Iterator[int]:
    """Epochs of pythae over images [N, n_pixels] uint8: how many images each took."""
    trainer = make_trainer(config, pixels)
    trainer.prepare_training()
    trainer.callback_handler.callbacks.clear()  # progress bars
    while True:
        trainer.train_step(1)
        yield len(pixels)


def make_trainer(config: Config, pixels: Tensor):
    """pythae's trainer of an adversarial autoencoder with a deterministic posterior and a config's networks."""
    from pythae.models import Adversarial_AE, Adversarial_AE_Config
    from pythae.trainers import AdversarialTrainer, AdversarialTrainerConfig

    logging.disable(logging.INFO)
    about = Adversarial_AE_Config((config.n_pixels,), config.latent_dim, deterministic_posterior=True)
    dataset = make_dataset(pixels)
    training = AdversarialTrainerConfig(
        output_dir=tempfile.mkdtemp(),
        per_device_train_batch_size=config.batch_size,
        autoencoder_learning_rate=config.learning_rate,
        discriminator_learning_rate=config.discriminator_learning_rate,
        no_cuda=True,
    )
    return AdversarialTrainer(Adversarial_AE(about, *networks(config)), dataset, training_config=training)


def make_dataset(pixels: Tensor):
    """The images as pythae has them in memory, floats in [0, 1]."""
    from pythae.data.datasets import BaseDataset

    return BaseDataset(pixels / 255, torch.zeros(len(pixels)))


def networks(config: Config) -> tuple[nn.Module, nn.Module, nn.Module]:
    """Encoder, decoder and discriminator of a config as pythae calls them."""
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseDiscriminator, BaseEncoder

    model = AutoEncoder(config)
    return (
        wrapped(BaseEncoder, model.encoder, lambda z: ModelOutput(embedding=z, log_covariance=z.detach())),  # not used
        wrapped(BaseDecoder, model.decoder, lambda logits: ModelOutput(reconstruction=logits.sigmoid())),
        wrapped(BaseDiscriminator, model.discriminators["z"], lambda logits: ModelOutput(embedding=logits.sigmoid())),
    )


def wrapped(base: Any, network: nn.Module, answer: Callable[[Tensor], Any]) -> nn.Module:
    """A network as one of pythae's kind, its output as pythae takes it."""

    class Wrapped(base):
        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, x):
            return answer(self.network(x))

    return Wrapped()
