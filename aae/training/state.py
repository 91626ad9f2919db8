"""All mutable training state; enough to resume exactly."""

from dataclasses import dataclass, field, replace
from typing import Any, cast

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from aae.config import Config
from aae.models.autoencoder import AutoEncoder
from aae.training.adam import Adam

AVERAGE_EVERY = 4  # steps: as good as every step with the decay's fourth power, at a quarter of the cost


@dataclass
class State:
    """All mutable training state; enough to resume exactly."""

    model: AutoEncoder
    averaged: AveragedModel
    optimizers: dict[str, Adam]
    step: int = 0
    totals: dict[str, Any] = field(default_factory=dict)  # sums of the losses in the epoch so far
    seconds: float = 0.0  # of CPU in the epoch so far
    history: list[dict[str, Any]] = field(default_factory=list)
    spread_labels: Tensor | None = None  # [N] int64 of the training images, while they are pseudo-labels
    snapshots: dict[int, dict[str, Tensor]] = field(default_factory=dict)  # after this epoch: a frame of the timeline

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    @property
    def config(self) -> Config:
        return self.model.config

    @property
    def best_model(self) -> AutoEncoder:
        """The model to keep: the moving average of the weights if ema_decay > 0, else the current weights."""
        return cast(AutoEncoder, self.averaged.module) if self.config.ema_decay else self.model


def start(config: Config, device: Any = "cpu") -> State:
    """A new model, its weights drawn from the config's seed, the same on every device, and its optimizers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        model = AutoEncoder(config).to(device)
    averaged = AveragedModel(
        model, multi_avg_fn=get_ema_multi_avg_fn(config.ema_decay**AVERAGE_EVERY), use_buffers=True
    )
    return State(model, averaged, make_optimizers(model))


def continued(config: Config, epochs: int) -> Config:
    """The config of a finished training that goes on for so many more epochs. Raises ConfigError."""
    return replace(config, epochs=config.epochs + epochs, continued_at=(*config.continued_at, config.epochs))


def go_on(state: State, config: Config) -> None:
    """Let a training go on by a config that continued() made of its own.

    The weights it comes to are, bit for bit, those of a training by that config from the start.
    """
    for model in (state.model, cast(AutoEncoder, state.averaged.module)):
        model.config = config


def make_optimizers(model: AutoEncoder) -> dict[str, Adam]:
    """One Adam over encoder, decoder and heads; one over the discriminators, if there are any."""
    discriminators = list(model.discriminators.parameters())
    players = [p for name, p in model.named_parameters() if not name.startswith("discriminators.")]
    rates = model.config.learning_rate, model.config.discriminator_learning_rate
    optimizers = {"autoencoder": Adam(players, rates[0])}
    if discriminators:
        optimizers["discriminator"] = Adam(discriminators, rates[1], betas=(0.5, 0.999))
    return optimizers
