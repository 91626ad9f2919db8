"""The losses as pure functions of logits, each a mean over the batch, in nats (or squared pixels) per image."""

import math

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, softplus


def squared_error(logits: Tensor, images: Tensor) -> Tensor:
    """Σ_pixels (sigmoid(logits) - x)², the mean over the batch []."""
    return (logits.sigmoid() - images).square().sum(1).mean()


def binary_cross_entropy(logits: Tensor, images: Tensor) -> Tensor:
    """-Σ_pixels log p(x | z) of a Bernoulli decoder, the mean over the batch [], in nats."""
    return binary_cross_entropy_with_logits(logits, images, reduction="none").sum(1).mean()


def kl_to_gaussian(mean: Tensor, logvar: Tensor, std: float = 1.0) -> Tensor:
    """KL(N(mean, e^logvar) || N(0, std²)) summed over dimensions, the mean over the batch [], in nats."""
    var = std**2
    terms = (mean.square() + logvar.exp()) / var - 1 - logvar + math.log(var)
    return 0.5 * terms.sum(1).mean()


def discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-log D(real) - log(1 - D(fake)), the mean over the batch []: 2 ln 2 at chance."""
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


def generator(fake_logits: Tensor) -> Tensor:
    """-log D(fake), the mean over the batch []: the encoder's non-saturating loss."""
    return softplus(-fake_logits).mean()


def classification(y_logits: Tensor, labels: Tensor, n: Tensor | None = None) -> Tensor:
    """-log q(label | x), the mean over the n rows with a label (>= 0) [], in nats; 0 where no row has one."""
    total = cross_entropy(y_logits, labels, ignore_index=-1, reduction="sum")
    n = (labels >= 0).sum() if n is None else n
    return total / n.clamp(min=1e-9)


def head_repulsion(heads: Tensor, distance: float) -> Tensor:
    """Σ_{i<j} max(0, distance - ||head_i - head_j||) over the cluster heads [K, dim] (Section 7 of the paper)."""
    return (distance - torch.pdist(heads)).clamp(min=0).sum()


RECONSTRUCTION = {"gaussian": squared_error, "bernoulli": binary_cross_entropy}
