"""Training: one step through the phases that the config calls for, and the loop over epochs."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from functools import cache
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import Linear

from aae.analysis import metrics
from aae.config import Config
from aae.data import UNLABELED, Data, Images
from aae.models import losses
from aae.models.autoencoder import AutoEncoder
from aae.training import distributed, frames
from aae.training.adam import Adam
from aae.training.batches import Batch, epoch_order, known_labels, make_batch, pseudo_labels, seeded, steps_per_epoch
from aae.training.health import check_health
from aae.training.phases import (
    classification_phase,
    discriminator_phase,
    generator_phase,
    kl_phase,
    pseudo_phase,
    reconstruction_phase,
)
from aae.training.schedules import regularizer_weight, scheduled_epochs, set_rates, spread_until
from aae.training.spreading import spread
from aae.training.state import AVERAGE_EVERY, State

Say = Callable[[str], object]  # is told in words what takes long between two steps


def step(state: State, batch: Batch, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
    """One minibatch through the phases that the config calls for, at a progress in [0, 1]; the losses by name.

    All phases share one pass of the encoder, so that reconstruction, regularization and classification need one
    backward pass and one update: the same gradients with two passes of the encoder less.
    """
    model, config = state.model, state.model.config
    set_rates(state.optimizers, config, progress)
    with mixed_precision(state.device):
        code = model.encode(batch.inputs, generator)
        log = {"reconstruction": reconstruction_phase(model, code, batch)}
    if config.regularizer == "adversarial":
        for _ in range(config.discriminator_steps):
            with mixed_precision(state.device):
                log["discriminator"] = discriminator_phase(model, code, batch, generator)
            update(state.optimizers["discriminator"], batch.share * log["discriminator"])
    phases = weighted_phases(config, batch)
    with mixed_precision(state.device):  # one of its own: it keeps copies of weights, and some have changed
        log |= {name: phase(model, code, batch, generator) for name, phase in phases.items()}
    weight = regularizer_weight(config, progress)
    loss = log["reconstruction"] + sum(weight * log[name] for name in phases)
    update(state.optimizers["autoencoder"], batch.share * with_head_repulsion(loss, model))
    return {name: value.detach() for name, value in log.items()}


def weighted_phases(config: Config, batch: Batch) -> dict[str, Callable[..., Tensor]]:
    """The phases of the autoencoder, by name, whose losses are weighted beside reconstruction."""
    phases = (
        ("generator", generator_phase, config.regularizer == "adversarial"),
        ("kl", kl_phase, config.regularizer == "kl"),
        ("classification", classification_phase, config.labels == "classifier" and batch.has_labels),
        ("pseudo", pseudo_phase, batch.pseudo is not None),
    )
    return {name: phase for name, phase, is_called_for in phases if is_called_for}


PLAYED_BY = {"reconstruction": "autoencoder", "discriminator": "discriminator", "generator": "autoencoder"}
PLAYED_BY |= {"kl": "autoencoder", "classification": "autoencoder"}


def single_phase(state: State, batch: Batch, phase: str, generator: torch.Generator) -> Tensor:
    """One phase alone, as in the paper's algorithm: a pass of the encoder, and an update of the phase's networks.

    The heads of clusters are pushed apart in the reconstruction phase, which trains them.
    """
    config, code = state.config, state.model.encode(batch.inputs, generator)
    first = {"reconstruction": reconstruction_phase, "discriminator": discriminator_phase}
    weight = 1.0 if phase in first else regularizer_weight(config, 0.0)
    loss = {**weighted_phases(config, batch), **first}[phase](state.model, code, batch, generator)
    total = weight * loss
    if phase == "reconstruction":
        total = with_head_repulsion(total, state.model)
    update(state.optimizers[PLAYED_BY[phase]], total)
    return loss.detach()


def with_head_repulsion(loss: Tensor, model: AutoEncoder) -> Tensor:
    """The loss, and that of cluster heads nearer than head_distance, where that is set [] (Section 7)."""
    if not model.config.head_distance:
        return loss
    return loss + losses.head_repulsion(cast(Linear, model.heads).weight.T, model.config.head_distance)


def update(optimizer: Adam, loss: Tensor) -> None:
    """One step down the gradient of the loss, which is this process's part of it."""
    loss.backward()
    distributed.add_gradients(optimizer.param_groups[0]["params"])
    optimizer.descend()


def mixed_precision(device: torch.device) -> AbstractContextManager[Any]:
    """Products in bfloat16 where the device is fast at them."""
    return torch.autocast(device.type, torch.bfloat16) if bfloat16_is_fast(device.type) else nullcontext()


@cache
def bfloat16_is_fast(device_type: str = "cpu") -> bool:
    """Whether this device multiplies bfloat16 matrices in hardware; elsewhere they are slower than float32."""
    if device_type != "cpu":
        return device_type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    abilities = torch.cpu.get_capabilities()
    return any(abilities.get(name, False) for name in ("amx_bf16", "avx512_bf16"))


def train(
    state: State, data: Data, snapshot_every: int = 0, stop: Callable[[], bool] = bool, say: Say = str
) -> Iterator[dict[str, Any]]:
    """Train to the config's last epoch, yielding each epoch's record; return early, mid-epoch, once stop() is true.

    Every step draws its noise, and every epoch its order, from (seed, step) alone: a state needs no random
    state to resume exactly. Raises Diverged.
    """
    tune_process()
    config = state.config
    distributed.begin_sums(state)
    images = Images(data.train.pixels, known_labels(config, data.train.labels)).to(state.device)
    per_epoch = steps_per_epoch(config, len(images.labels))
    if snapshot_every and not state.step:
        state.snapshots[0] = snapshot(state, data)
    while state.step < per_epoch * config.epochs:
        epoch = state.step // per_epoch
        seen = begin_epoch(state, images, epoch, say)
        for rows in epoch_order(config, len(images.labels), epoch, per_epoch)[state.step % per_epoch :]:
            if stop():
                distributed.end_sums(state)
                return
            timed_step(state, seen, rows.to(state.device), state.step / (per_epoch * scheduled_epochs(config, epoch)))
        record = finish_epoch(state, data, per_epoch)
        if snapshot_every and ((epoch + 1) % snapshot_every == 0 or epoch + 1 == config.epochs):
            state.snapshots[epoch + 1] = snapshot(state, data)
        yield record


def begin_epoch(state: State, images: Images, epoch: int, say: Say) -> Images:
    """The images with the labels that are known in this epoch, from 0; where they spread, the state gets those."""
    first, begin = state.config.unlabeled_epochs, time.process_time()
    if epoch < first:
        return images._replace(labels=torch.full_like(images.labels, UNLABELED))
    if epoch == first > 0 and state.spread_labels is None:
        say("spreading the labels to similar images")
        state.spread_labels = spread(state.best_model, images)
        state.seconds += time.process_time() - begin
    if epoch >= spread_until(state.config):
        state.spread_labels = None
    return images


def tune_process() -> None:
    """Let numbers near 0 be 0, and keep the memory that a step frees for the next one."""
    torch.set_flush_denormal(True)  # Adam's moments decay into denormals, which cost up to 20 times as much
    torch.empty(33_000_000, dtype=torch.uint8)  # once freed, glibc keeps up to twice as much


def snapshot(state: State, data: Data) -> dict[str, Tensor]:
    """A frame of the timeline, which is drawn on the processor."""
    model = state.best_model
    return frames.frame(model if state.device.type == "cpu" else deepcopy(model).cpu(), data.test)


def timed_step(state: State, images: Images, rows: Tensor, progress: float) -> None:
    """One step on these rows, its losses and CPU time added to the epoch's."""
    begin = time.process_time()
    generator = seeded(state.config.seed, state.step, 1, device=state.device)
    batch = make_batch(state.config, images, rows, generator)
    batch = batch._replace(pseudo=pseudo_labels_of(state, batch, progress))
    for name, value in step(state, batch, progress, generator).items():
        state.totals[name] = state.totals.get(name, 0.0) + batch.share * value.double()
    if state.config.ema_decay and state.step % AVERAGE_EVERY == 0:
        state.averaged.update_parameters(state.model)
    state.step += 1
    state.seconds += time.process_time() - begin


def pseudo_labels_of(state: State, batch: Batch, progress: float) -> Tensor | None:
    """The pseudo-labels of a batch [B]: those that were spread, else the averaged network's, else None."""
    if state.spread_labels is not None:
        return torch.where(batch.labels == UNLABELED, state.spread_labels[batch.rows], UNLABELED)
    if state.config.pseudo_label_threshold and progress >= state.config.pseudo_label_start:
        return pseudo_labels(state.best_model, batch)
    return None


def finish_epoch(state: State, data: Data, per_epoch: int) -> dict[str, Any]:
    """The epoch's record: mean losses, CPU seconds, and the metrics of held-out (else training) images."""
    config, model = state.config, state.best_model
    distributed.end_sums(state)
    images = data.monitored.to(state.device)
    code = metrics.encode_all(model, images)
    state.history.append(
        {
            "epoch": state.step // per_epoch,
            **{name: float(total) / per_epoch for name, total in state.totals.items()},
            **metrics.reconstruction(model, images, code),
            **metrics.prior_distance(config, code.mean, seed=config.seed, n_draws=1),
            **metrics.category_errors(config, code, images.labels, code, images.labels),
            "code_std": code.mean.std(0).tolist(),
            "seconds": round(state.seconds, 3),
        }
    )
    state.totals, state.seconds = {}, 0.0
    check_health(config, state.history, images)
    return state.history[-1]
