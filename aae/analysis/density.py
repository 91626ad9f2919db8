"""How codes lie against their prior, and against those of other models."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from aae.analysis import planes
from aae.analysis.metrics import NEARBY_QUANTILE, nearest, require
from aae.models.autoencoder import AutoEncoder

N_COMPONENTS = 10  # of the mixture that is fitted to codes


def density(points: Tensor, view: tuple[float, float, float], n: int = 40) -> np.ndarray:
    """The share of points [N, 2] per unit of area over n x n cells of a square [n, n], smoothed, upwards.

    Raises TooFew.
    """
    from scipy.ndimage import gaussian_filter

    require(len(points), "test images", "a density")
    x, y, half = view
    edges = [np.linspace(centre - half, centre + half, n + 1) for centre in (x, y)]
    counts, _, _ = np.histogram2d(points[:, 1].numpy(), points[:, 0].numpy(), bins=[edges[1], edges[0]])
    return gaussian_filter(counts / len(points) / (2 * half / n) ** 2, 1)


def marginal(points: Tensor, axis: int, edges: np.ndarray) -> np.ndarray:
    """The share of points [N, dim] per unit of length along an axis, between edges [n + 1] [n]. Raises TooFew."""
    require(len(points), "test images", "a density")
    return np.histogram(points[:, axis].numpy(), edges)[0] / len(points) / np.diff(edges)


def holes(model: AutoEncoder, codes: Tensor, n: int = 2000) -> Tensor:
    """Draws of the prior [M, latent_dim] with no code nearby: farther than 99 % of prior draws have one of as many.

    Raises TooFew.
    """
    require(len(codes), "test images", "a hole in their distribution")
    reference, queries = planes.prior_samples(model, len(codes)), planes.prior_samples(model, n, seed=1)
    radius = np.quantile(nearest(reference, queries), NEARBY_QUANTILE)
    return queries[torch.from_numpy(nearest(codes, queries) > radius)]


def radial_quantiles(points: Tensor, n: int = 50) -> np.ndarray:
    """The distances from the origin within which 1/n, 2/n, ... of the points [N, dim] lie [n - 1]. Raises TooFew."""
    require(len(points), "test images", "a distribution of distances")
    return np.quantile(points.norm(dim=1).numpy(), np.arange(1, n) / n)


class Mixture(NamedTuple):
    """Ten Gaussians [10, latent_dim] that were fitted to codes of size 1."""

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    centre: Tensor  # of the codes
    scale: Tensor

    def draw(self, n: int, seed: int) -> Tensor:
        """n draws [n, latent_dim]."""
        dice = np.random.RandomState(seed)
        counts = dice.multinomial(n, self.weights)
        parts = zip(self.means, self.covariances, counts, strict=True)
        drawn = np.vstack([dice.multivariate_normal(mean, covariance, count) for mean, covariance, count in parts])
        order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))  # else they are sorted
        return (self.centre + self.scale * torch.from_numpy(drawn)).float()[order]


def fit_mixture(codes: Tensor) -> Mixture:
    """A mixture of ten Gaussians fitted to codes [N, latent_dim] (Ghosh et al. 2020).

    Raises TooFew, also for codes that coincide.
    """
    from sklearn.mixture import GaussianMixture

    require(len(codes.unique(dim=0)), "test images with codes that differ", "a mixture of ten Gaussians")
    centre, scale = codes.double().mean(0), codes.double().std(0).max()
    fitted = GaussianMixture(N_COMPONENTS, random_state=0).fit(((codes - centre) / scale).numpy())
    return Mixture(fitted.weights_, fitted.means_, fitted.covariances_, centre, scale)
