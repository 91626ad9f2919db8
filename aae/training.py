"""Training in the paper's phases: reconstruction; regularization (discriminator, then encoder); classification."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, pad
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from aae import losses, metrics, priors, timeline
from aae.config import Config
from aae.data import UNLABELED, Data, Images, hide_labels
from aae.model import AutoEncoder, Code

CONSTANT_SHARE, LAST_RATE = 0.3, 0.01  # learning rates: constant for 30 % of the steps, then linear to 1 %
AVERAGE_EVERY = 4  # steps: as good as every step with the decay's fourth power, at a quarter of the cost
PATIENCE = 5  # epochs in a row that a sign of divergence must last
ALIKE = 1.0  # the sum of all pixels' variances; it is 53 for MNIST, and 5 for the 8x8 digits
FAR = 10  # floors: codes farther than this from the prior, and a discriminator at chance, is not a draw but a defeat


class Batch(NamedTuple):
    """What one step sees."""

    images: Tensor  # [B, n_pixels] in [0, 1], what is reconstructed
    inputs: Tensor  # [B, n_pixels], the same moved and corrupted, what is encoded
    labels: Tensor  # [B] int64, UNLABELED where hidden
    pseudo: Tensor | None = None  # [B] int64, the teacher's label of unlabeled rows where it is sure, else UNLABELED


@dataclass
class State:
    """Everything that training changes: one step further is one step later, whoever takes it."""

    model: AutoEncoder
    averaged: AveragedModel
    optimizers: dict[str, torch.optim.Optimizer]
    step: int = 0
    totals: dict[str, float] = field(default_factory=dict)  # sums of the losses in the epoch so far
    seconds: float = 0.0  # of CPU in the epoch so far
    history: list[dict[str, Any]] = field(default_factory=list)
    snapshots: dict[int, dict[str, Tensor]] = field(default_factory=dict)  # after this epoch: a frame of the timeline

    @property
    def config(self) -> Config:
        return self.model.config

    @property
    def best_model(self) -> AutoEncoder:
        """The model to keep: the averaged weights where they are averaged."""
        return self.averaged.module if self.config.averaging else self.model


class Diverged(RuntimeError):
    """Training that no longer learns; the text says what was seen, in which epoch, and what to change."""


def start(config: Config) -> State:
    """A new model, its weights drawn from the config's seed, with an optimizer for each side of the game."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        model = AutoEncoder(config)
    averaged = AveragedModel(
        model, multi_avg_fn=get_ema_multi_avg_fn(config.averaging**AVERAGE_EVERY), use_buffers=True
    )
    return State(model, averaged, make_optimizers(model))


def make_optimizers(model: AutoEncoder) -> dict[str, torch.optim.Optimizer]:
    """One Adam over encoder, decoder and heads; one over the discriminators, if there are any."""
    judges = list(model.discriminators.parameters())
    players = [p for name, p in model.named_parameters() if not name.startswith("discriminators.")]
    rates = model.config.learning_rate, model.config.discriminator_learning_rate
    optimizers = {"autoencoder": torch.optim.Adam(players, rates[0], betas=(0.9, 0.999), fused=True)}
    if judges:
        optimizers["discriminator"] = torch.optim.Adam(judges, rates[1], betas=(0.5, 0.999), fused=True)
    return optimizers


# The phases: each a loss, and the networks that it may change


def reconstruction_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The encoder and the decoder learn to bring x back."""
    return losses.RECONSTRUCTION[model.config.likelihood](model.reconstruct(code, batch.labels), batch.images)


def kl_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The encoder learns to stay near the prior (VAE)."""
    return losses.kl_to_gaussian(code.mean, code.logvar, model.config.prior_std)


def discriminator_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The discriminators learn to tell draws of the prior from codes."""
    loss = torch.zeros(())
    for name in model.discriminators:
        real = draw_real(model.config, name, batch, generator)
        both = noisy(torch.cat([real, fake(code, name).detach()]), model.config.discriminator_noise, generator)
        logits = model.discriminate(name, both, batch.labels.repeat(2))
        loss = loss + losses.discriminator(*logits.chunk(2))
    return loss


def generator_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The encoder learns to make its codes pass for draws of the prior."""
    loss = torch.zeros(())
    for name, judge in model.discriminators.items():
        judge.requires_grad_(False)  # the judge is asked, not taught
        values = noisy(fake(code, name), model.config.discriminator_noise, generator)
        loss = loss + losses.generator(model.discriminate(name, values, batch.labels))
        judge.requires_grad_(True)
    return loss


def classification_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The encoder learns the class of the labeled rows."""
    return losses.classification(code.y_logits, batch.labels)


def pseudo_phase(model: AutoEncoder, code: Code, batch: Batch, generator=None) -> Tensor:
    """The encoder learns, of corrupted images, what its averaged self is sure of (an extra; Lee 2013)."""
    share = (batch.pseudo != UNLABELED).float().mean()
    return share * losses.classification(code.y_logits, batch.pseudo)


def draw_real(config: Config, name: str, batch: Batch, generator) -> Tensor:
    """What the discriminator should take for real: prior draws, of the row's own component where it has a label."""
    if name == "y":
        return priors.categorical(len(batch.labels), config.n_categories, generator)
    component = batch.labels if config.discriminator_is_told else torch.full_like(batch.labels, priors.ANY)
    return priors.sample(config, component, generator)


def fake(code: Code, name: str) -> Tensor:
    """The part of the code that this discriminator judges [B, n]."""
    return code.z if name == "z" else code.y


def noisy(values: Tensor, std: float, generator) -> Tensor:
    """The values with Gaussian noise of this standard deviation."""
    return values + std * torch.randn(values.shape, generator=generator) if std else values


# One step, and the loop


def step(state: State, batch: Batch, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
    """One minibatch through the phases that the config calls for, at a progress in [0, 1]; the losses by name.

    All phases share one pass of the encoder, which then answers to reconstruction, regularization and
    classification with one backward pass and one Adam: the same gradients, two encoder passes cheaper.
    """
    model, config = state.model, state.model.config
    weight = regularizer_weight(config, progress)
    set_rates(state.optimizers, config, progress)
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16_is_fast()):
        code = model.encode(batch.inputs, generator)
        log = {"reconstruction": reconstruction_phase(model, code, batch)}
    loss = log["reconstruction"]
    if config.regularizer == "adversarial":
        for _ in range(config.discriminator_steps):
            log["discriminator"] = discriminator_phase(model, code, batch, generator)
            update(state.optimizers["discriminator"], log["discriminator"])
        log["generator"] = generator_phase(model, code, batch, generator)
        loss = loss + weight * log["generator"]
    if config.regularizer == "kl":
        log["kl"] = kl_phase(model, code, batch)
        loss = loss + weight * log["kl"]
    if config.labels == "classifier":
        log["classification"] = classification_phase(model, code, batch)
        loss = loss + weight * log["classification"]
    if batch.pseudo is not None:
        log["pseudo"] = pseudo_phase(model, code, batch)
        loss = loss + weight * log["pseudo"]
    if config.head_distance:
        loss = loss + losses.head_repulsion(model.heads.weight.T, config.head_distance)
    update(state.optimizers["autoencoder"], loss)
    return {name: value.detach() for name, value in log.items()}


PLAYED_BY = {"reconstruction": "autoencoder", "discriminator": "discriminator", "generator": "autoencoder"}


def single_phase(state: State, batch: Batch, phase: str, generator: torch.Generator) -> Tensor:
    """One phase alone, as in the paper's algorithm: a pass of the encoder, and an update of the phase's networks."""
    code = state.model.encode(batch.inputs, generator)
    phases = {"discriminator": discriminator_phase, "generator": generator_phase}
    loss = phases.get(phase, reconstruction_phase)(state.model, code, batch, generator)
    weight = regularizer_weight(state.config, 0.0) if phase == "generator" else 1.0
    update(state.optimizers[PLAYED_BY[phase]], weight * loss)
    return loss.detach()


def update(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    """One step down the gradient of the loss."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def regularizer_weight(config: Config, progress: float) -> float:
    """The weight of regularization beside reconstruction, growing geometrically over training."""
    first, last = config.regularizer_weight
    return first * (last / first) ** progress if first else 0.0


def set_rates(optimizers: dict[str, torch.optim.Optimizer], config: Config, progress: float) -> None:
    """Learning rates: constant at first, then linear down to LAST_RATE of their start."""
    decay = 1 - (1 - LAST_RATE) * max(0.0, progress - CONSTANT_SHARE) / (1 - CONSTANT_SHARE)
    starts = {"autoencoder": config.learning_rate, "discriminator": config.discriminator_learning_rate}
    for name, optimizer in optimizers.items():
        optimizer.param_groups[0]["lr"] = starts[name] * decay


@cache
def bfloat16_is_fast() -> bool:
    """Whether this processor multiplies bfloat16 matrices in hardware; elsewhere they are slower than float32."""
    abilities = torch.cpu.get_capabilities()
    return any(abilities.get(name, False) for name in ("amx_bf16", "avx512_bf16"))


def train(
    state: State, data: Data, snapshot_every: int = 0, stop: Callable[[], bool] = bool
) -> Iterator[dict[str, Any]]:
    """Train to the config's last epoch, yielding each epoch's record; return early, mid-epoch, once stop() is true.

    Every step draws its noise, and every epoch its order, from (seed, step) alone: a state needs no random
    state to resume exactly. Raises Diverged.
    """
    torch.set_flush_denormal(True)  # Adam's moments decay into denormals, which cost up to 20 times as much
    config = state.config
    images = Images(data.train.pixels, known_labels(config, data.train.labels))
    per_epoch = steps_per_epoch(config, len(images.labels))
    if snapshot_every and not state.step:
        state.snapshots[0] = timeline.frame(state.best_model, data.test)
    while state.step < per_epoch * config.epochs:
        epoch = state.step // per_epoch
        for rows in epoch_order(config, len(images.labels), epoch, per_epoch)[state.step % per_epoch :]:
            if stop():
                return
            timed_step(state, images, rows, state.step / (per_epoch * config.epochs))
        record = finish_epoch(state, data, per_epoch)
        if snapshot_every and ((epoch + 1) % snapshot_every == 0 or epoch + 1 == config.epochs):
            state.snapshots[epoch + 1] = timeline.frame(state.best_model, data.test)
        yield record


def known_labels(config: Config, labels: Tensor) -> Tensor:
    """The labels [N] that a config may learn from, the others UNLABELED. Raises ConfigError."""
    if config.labels == "unused":
        return torch.full_like(labels, UNLABELED)
    if config.n_labeled is None:
        return labels
    return hide_labels(labels, config.n_labeled, config.n_classes, config.seed)


def steps_per_epoch(config: Config, n_images: int) -> int:
    """How many minibatches cover all images, each of two or more: BatchNorm cannot normalize a single one."""
    return max(1, min(math.ceil(n_images / config.batch_size), n_images // 2))


def epoch_order(config: Config, n_images: int, epoch: int, n_batches: int) -> tuple[Tensor, ...]:
    """The epoch's minibatches: every image once, in n_batches of near equal size."""
    return torch.randperm(n_images, generator=seeded(config.seed, epoch, 0)).tensor_split(n_batches)


def seeded(*numbers: int) -> torch.Generator:
    """A generator that depends on all of these numbers."""
    return torch.Generator().manual_seed(hash(numbers))


def timed_step(state: State, images: Images, rows: Tensor, progress: float) -> None:
    """One step on these rows, its losses and CPU time added to the epoch's."""
    begin = time.process_time()
    generator = seeded(state.config.seed, state.step, 1)
    batch = make_batch(state.config, images, rows, generator)
    if state.config.pseudo_confidence and progress >= state.config.pseudo_from:
        batch = batch._replace(pseudo=pseudo_labels(state.averaged.module, batch))
    for name, value in step(state, batch, progress, generator).items():
        state.totals[name] = state.totals.get(name, 0.0) + value.double()
    if state.config.averaging and state.step % AVERAGE_EVERY == 0:
        state.averaged.update_parameters(state.model)
    state.step += 1
    state.seconds += time.process_time() - begin


def make_batch(config: Config, images: Images, rows: Tensor, generator: torch.Generator) -> Batch:
    """The images of these rows, and labeled_per_step labeled ones beside them where not all are."""
    if config.labels == "classifier" and config.n_labeled is not None:
        known = (images.labels != UNLABELED).nonzero().squeeze(1)
        rows = torch.cat([rows, known[torch.randint(len(known), (config.labeled_per_step,), generator=generator)]])
    batch = images.rows(rows)
    pixels = batch.floats()
    moved = shifted(pixels.view(-1, *config.image_shape[1:]), config.shift, generator)
    moved = distorted(moved, config.distortion, generator).flatten(1)
    return Batch(pixels, corrupted(moved, config, generator), batch.labels)


def shifted(images: Tensor, most: int, generator) -> Tensor:
    """The images [B, height, width], each moved by up to so many pixels each way, black coming in."""
    if not most:
        return images
    dy, dx = torch.randint(2 * most + 1, (2, len(images)), generator=generator)
    windows = pad(images, (most,) * 4).unfold(1, images.shape[1], 1).unfold(2, images.shape[2], 1)
    return windows[torch.arange(len(images)), dy, dx]


def distorted(images: Tensor, most: float, generator) -> Tensor:
    """The images [B, height, width], each turned by up to `most` radians, sheared by it, and scaled by half of it."""
    if not most:
        return images
    angle, shear, log_scale = most * (2 * torch.rand(3, len(images), generator=generator) - 1)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], dim=1).view(-1, 2, 2)
    lean = torch.eye(2).repeat(len(images), 1, 1)
    lean[:, 0, 1] = shear
    matrices = (0.5 * log_scale).exp()[:, None, None] * turn @ lean
    plane = affine_grid(torch.eye(2, 3)[None], [1, 1, *images.shape[1:]], align_corners=False)[0]
    grid = torch.einsum("hwj,nij->nhwi", plane, matrices)  # affine_grid's many small products take ten times as long
    return grid_sample(images[:, None], grid, align_corners=False)[:, 0]


def masked(values: Tensor, share: float, generator) -> Tensor:
    """The values with about this share of them set to 0."""
    return values * (torch.rand(values.shape, generator=generator) >= share) if share else values


def salted(values: Tensor, share: float, generator) -> Tensor:
    """The values with about this share of them set to 0 or 1, either as likely."""
    if not share:
        return values
    drawn = torch.rand(values.shape, generator=generator)
    return torch.where(drawn < share, (drawn < share / 2).float(), values)


CORRUPTIONS = {"gaussian": noisy, "masking": masked, "salt_pepper": salted}


def corrupted(images: Tensor, config: Config, generator) -> Tensor:
    """The images [B, n_pixels] as the config's encoder is trained to see them."""
    return CORRUPTIONS[config.corruption](images, config.input_noise, generator)


@torch.no_grad()
def pseudo_labels(teacher: AutoEncoder, batch: Batch) -> Tensor:
    """The teacher's y of clean, unlabeled images where it is surer than pseudo_confidence, else UNLABELED [B]."""
    y = teacher.eval().encode(batch.images).y
    if teacher.config.pseudo_aligned:
        y = aligned(y)
    confidence, category = y.max(1)
    sure = (confidence > teacher.config.pseudo_confidence) & (batch.labels == UNLABELED)
    return torch.where(sure, category, UNLABELED)


def aligned(y: Tensor) -> Tensor:
    """q(k | x) / mean_x q(k | x), normalized again [B, K]: a category that the batch hardly uses is heard as well."""
    weighted = y / y.mean(0).clamp(min=0.1 / y.shape[1])
    return weighted / weighted.sum(1, keepdim=True)


def finish_epoch(state: State, data: Data, per_epoch: int) -> dict[str, Any]:
    """The epoch's record: mean losses, CPU seconds, and the metrics of held-out (else training) images."""
    config, model = state.config, state.best_model
    images = data.monitored
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


def check_health(config: Config, history: list[dict[str, Any]], images: Images) -> None:
    """Raise Diverged when the losses are not numbers, or the last PATIENCE epochs all show the same failure.

    Images that hardly differ may share a code: that is no failure.
    """
    epoch = history[-1]["epoch"]
    for name, value in history[-1].items():
        if not all(math.isfinite(x) for x in (value if isinstance(value, list) else [value])):
            raise Diverged(f"epoch {epoch}: {name} is {value}: lower learning_rate={config.learning_rate}")
    recent = history[-PATIENCE:]
    if len(recent) < PATIENCE:
        return
    if all(collapsed(config, record) for record in recent) and not alike(images):
        raise Diverged(
            f"epoch {epoch}: the codes have collapsed (standard deviation {min(history[-1]['code_std']):.2g}):"
            f" lower regularizer_weight={config.regularizer_weight} or learning_rate={config.learning_rate}"
        )
    if all(stuck(config, record) for record in recent) and not alike(images):
        raise Diverged(
            f"epoch {epoch}: the discriminator is stuck at chance, 2 ln 2, while the codes are"
            f" {history[-1]['prior_distance']:.2f} from the prior (two prior samples: "
            f"{history[-1]['prior_distance_floor']:.2f}): raise discriminator_steps={config.discriminator_steps} or"
            f" discriminator_learning_rate={config.discriminator_learning_rate}"
        )


def alike(images: Images) -> bool:
    """Whether images hardly differ: they need not have codes that do."""
    return images.floats().var(0).sum().item() < ALIKE


def collapsed(config: Config, record: dict[str, Any]) -> bool:
    """Whether codes have shrunk to a point; in one dimension is enough, but for a VAE, which may well not use it."""
    widest = max if config.regularizer == "kl" else min
    return widest(record["code_std"]) < 0.02 * config.prior_std


def stuck(config: Config, record: dict[str, Any]) -> bool:
    """Whether the discriminators are at chance though the codes are far from the prior."""
    if config.regularizer != "adversarial":
        return False
    chance = 2 * math.log(2) * (2 if config.n_categories else 1)
    return abs(record["discriminator"] - chance) < 0.01 and (
        record["prior_distance"] > FAR * record["prior_distance_floor"]
    )
