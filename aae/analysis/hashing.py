"""Binary codes of a few bits, and the search by them (semantic hashing: Salakhutdinov & Hinton 2009)."""

from typing import NamedTuple

import torch
from torch import Tensor

MAX_BITS = 64


class Hash(NamedTuple):
    """A point's bits: on which side of each hyperplane through the centre it lies."""

    centre: Tensor  # [D]
    directions: Tensor  # [D, MAX_BITS], in the order in which they are used

    def bits(self, points: Tensor, n: int) -> Tensor:
        """The first n bits of points [N, D] as ±1 [N, n]."""
        return torch.where((points - self.centre) @ self.directions[:, :n] > 0, 1.0, -1.0)


def random_hyperplanes(points: Tensor, seed: int = 0) -> Hash:
    """Directions drawn at random, of points [N, D] scaled to equal variances (Charikar 2002)."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(points.shape[1], MAX_BITS, generator=generator)
    return Hash(points.mean(0), drawn / points.std(0).clamp(min=1e-6)[:, None])


def random_projections(points: Tensor, seed: int = 0) -> Hash:
    """Directions drawn at random."""
    generator = torch.Generator().manual_seed(seed)
    return Hash(points.mean(0), torch.randn(points.shape[1], MAX_BITS, generator=generator))


def principal_components(points: Tensor) -> Hash:
    """The directions of largest variance of points [N, D], the largest first."""
    _, _, directions = torch.pca_lowrank(points, q=min(MAX_BITS, *points.shape), niter=4)
    return Hash(points.mean(0), directions)


def hamming(queries: Tensor, bits: Tensor) -> Tensor:
    """In how many bits ±1 [Q, n] and [N, n] differ [Q, N]."""
    return ((queries.shape[1] - queries @ bits.T) / 2).round()


def precision_at(k: int, distances: Tensor, same: Tensor) -> Tensor:
    """The expected share of the k nearest that are the same [Q], those at one distance taken in random order.

    Of distances [Q, N] and whether each is the same as the query [Q, N].
    """
    last = distances.kthvalue(k, dim=1, keepdim=True).values
    inside, at = distances < last, distances == last
    wanted = k - inside.sum(1)
    share = (same & at).sum(1) / at.sum(1)
    return ((same & inside).sum(1) + wanted * share) / k
