"""Scores of generated images by the features of a classifier."""

import torch
from torch import Tensor

SPLITS = 10  # of the images, over which the Inception Score is a mean
NEIGHBOURS = 3  # of improved precision and recall
STEP = 1e-2  # along a direction, in standard deviations of the prior


def inception_score(probabilities: Tensor, splits: int = SPLITS) -> float:
    """exp(E KL(p(y|x) || p(y))) of class probabilities [N, K], a mean over splits.

    Salimans et al. 2016: 1 at worst, K where the images are clear and of all classes alike.
    """
    parts = probabilities.double().chunk(splits)
    kl = [(p * (p.clamp(min=1e-20).log() - p.mean(0).clamp(min=1e-20).log())).sum(1).mean() for p in parts]
    return torch.stack(kl).exp().mean().item()


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """Squared Fréchet distance of Gaussians fitted to features [N, D] and [M, D] (Heusel et al. 2017).

    |m_a - m_b|² + tr(C_a + C_b - 2 (C_a C_b)^½)
    """
    a, b = a.double(), b.double()
    first, second = torch.cov(a.T), torch.cov(b.T)
    root = torch.linalg.eigvals(first @ second).sqrt().real.sum()
    return ((a.mean(0) - b.mean(0)).square().sum() + first.trace() + second.trace() - 2 * root).item()


def precision_and_recall(real: Tensor, made: Tensor, k: int = NEIGHBOURS) -> tuple[float, float]:
    """The share of made features [M, D] among the real ones [N, D], and of real ones among those made.

    Among: within the distance of one of them to its k-th nearest other (Kynkäänniemi et al. 2019).
    """
    distances = torch.cdist(real, made)
    return _share_within(distances, radii(real, k)), _share_within(distances.T, radii(made, k))


def radii(features: Tensor, k: int) -> Tensor:
    """The distance of each of the features [N, D] to its k-th nearest other [N]."""
    return torch.cdist(features, features).kthvalue(k + 1, dim=1).values


def _share_within(distances: Tensor, radius: Tensor) -> float:
    return (distances <= radius[:, None]).any(0).float().mean().item()


def standard_error(share: float, n: int) -> float:
    """Of a share of n independent cases."""
    return (share * (1 - share) / n) ** 0.5


def sensitivity(decode, z: Tensor, scale: float, generator: torch.Generator) -> Tensor:
    """|decode(z + h v) - decode(z)| / (h / scale) of codes [N, D] along a random unit direction v each [N].

    How far an image moves, as a distance over its pixels, where its code moves by a standard deviation of the prior:
    small where the latent space is smooth.
    """
    direction = torch.randn(z.shape, generator=generator)
    direction /= direction.norm(dim=1, keepdim=True)
    step = STEP * scale
    return (decode(z + step * direction) - decode(z)).norm(dim=1) / STEP
