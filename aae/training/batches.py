"""The minibatches of an epoch: which images, moved and corrupted, with which labels."""

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor

from aae.config import Config
from aae.config.rules import has_few_labels
from aae.data import UNLABELED, Images, hide_labels, own_labels
from aae.data.augment import corrupted, distorted, shifted
from aae.draws import Draws
from aae.models.autoencoder import AutoEncoder
from aae.training import distributed


class Batch(NamedTuple):
    """The inputs of one training step."""

    images: Tensor  # [B, n_pixels] in [0, 1], what is reconstructed
    inputs: Tensor  # [B, n_pixels], the same moved and corrupted, what is encoded
    labels: Tensor  # [B] int64, UNLABELED where hidden
    pseudo: Any = None  # None, or [B] int64, pseudo-labels of unlabeled rows, else UNLABELED
    share: float = 1.0  # of the minibatch's rows, that this process has
    n_labeled: Any = None  # None, or [], the labeled rows of the minibatch, times share
    rows: Any = None  # [B] int64, which training images these are
    has_labels: bool = True  # whether labels are known yet: not in the epochs of unlabeled_epochs


def known_labels(config: Config, labels: Tensor) -> Tensor:
    """The labels [N] that a config may learn from, the others UNLABELED. Raises ConfigError."""
    if config.labels == "unused":
        return torch.full_like(labels, UNLABELED)
    if config.own_labels:
        return own_labels(config.own_labels, len(labels))
    if config.n_labeled is None:
        return labels
    return hide_labels(labels, config.n_labeled, config.n_classes, config.seed)


def steps_per_epoch(config: Config, n_images: int) -> int:
    """How many minibatches cover all images, each of two or more: BatchNorm cannot normalize a single one."""
    return max(1, min(math.ceil(n_images / config.batch_size), n_images // 2))


def epoch_order(config: Config, n_images: int, epoch: int, n_batches: int) -> tuple[Tensor, ...]:
    """The epoch's minibatches: every image once, in n_batches of near equal size."""
    return torch.randperm(n_images, generator=seeded(config.seed, epoch, 0)).tensor_split(n_batches)


def seeded(*numbers: int, device: Any = "cpu") -> Draws:
    """A generator that depends on all of these numbers, and shares its draws with the other processes."""
    generator = Draws(device)
    generator.manual_seed(hash(numbers))
    generator.rank, generator.n_processes = distributed.place()
    return generator


def make_batch(config: Config, images: Images, rows: Tensor, generator: torch.Generator) -> Batch:
    """The images of these rows, and labeled_per_step labeled ones beside them where some are labeled, but not all.

    Of several processes, each takes its part of them.
    """
    has_few = has_few_labels(config)
    known = (images.labels != UNLABELED).nonzero().squeeze(1) if has_few else rows
    if has_few and len(known):
        drawn = torch.randint(len(known), (config.labeled_per_step,), generator=generator, device=rows.device)
        rows = torch.cat([rows, known[drawn]])
    own = generator.own(rows) if isinstance(generator, Draws) else rows
    batch = Images(images.pixels.index_select(0, own), images.labels[own])  # pixels[own] takes several times as long
    pixels, share = batch.floats(), len(own) / len(rows)
    moved = shifted(pixels.view(-1, *config.image_shape[1:]), config.shift, generator)
    moved = distorted(moved, config.distortion, generator).flatten(1)
    n_labeled = None if share == 1 else share * (images.labels[rows] != UNLABELED).sum()
    return Batch(pixels, corrupted(moved, config, generator), batch.labels, None, share, n_labeled, own, len(known) > 0)


@torch.no_grad()
def pseudo_labels(teacher: AutoEncoder, batch: Batch) -> Tensor:
    """argmax y of clean, unlabeled images where max y > pseudo_label_threshold, else UNLABELED [B]."""
    y = teacher.eval().encode(batch.images).y
    if teacher.config.distribution_alignment:
        y = aligned(y, distributed.total(batch.share * y.mean(0)))
    confidence, category = y.max(1)
    sure = (confidence > teacher.config.pseudo_label_threshold) & (batch.labels == UNLABELED)
    return torch.where(sure, category, UNLABELED)


def aligned(y: Tensor, mean: Tensor) -> Tensor:
    """q(k | x) / mean_x q(k | x), normalized again [B, K]: distribution alignment to a uniform p(y)."""
    weighted = y / mean.clamp(min=0.1 / y.shape[1])
    return weighted / weighted.sum(1, keepdim=True)
