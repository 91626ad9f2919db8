"""The geometry of a latent space: planes through it, grids on them, and the decoder as plain matrices."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, pad

from aae.config import Config
from aae.data import UNLABELED
from aae.models import priors
from aae.models.autoencoder import AutoEncoder

N_PRIOR_SAMPLES = 10_000  # shown, counted and contoured
MARGIN = 1.08  # of a view around the points that it must show
NEARBY_MASS, NEARBY_COUNT = 0.01, 10  # of a ball of "nearby" at a dense place: its share, and how many of few points
N_BALLS = 200  # that are measured to find the dense places


@dataclass(frozen=True)
class Plane:
    """A plane in the latent space: z = origin + (u, v) basis, with orthonormal basis vectors."""

    origin: Tensor  # [latent_dim]
    basis: Tensor  # [2, latent_dim]

    def project(self, z: Tensor) -> Tensor:
        """Coordinates in the plane [N, 2] of codes [N, latent_dim]."""
        return (z - self.origin) @ self.basis.T

    def lift(self, points: Tensor) -> Tensor:
        """The codes [N, latent_dim] at coordinates in the plane [N, 2]."""
        return self.origin + points @ self.basis


def axes_plane(latent_dim: int, first: int = 0, second: int = 1) -> Plane:
    """The plane through 0 along two axes; of one-dimensional codes its second vector is 0."""
    basis = torch.zeros(2, latent_dim)
    basis[0, first] = 1
    if latent_dim > 1:
        basis[1, second] = 1
    return Plane(torch.zeros(latent_dim), basis)


def pca_plane(codes: Tensor) -> Plane:
    """The plane through the mean of codes [N, latent_dim] along which they vary most."""
    codes = codes.float()
    mean = codes.mean(0)
    centred = pad(codes - mean, (0, 0, 0, max(0, 2 - len(codes))))  # two rows at least, for two directions
    directions = torch.linalg.svd(centred, full_matrices=False).Vh[:2]
    largest = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    return Plane(mean, directions * largest.sign())  # SVD leaves the signs open: the largest entry is positive


@torch.no_grad()
def prior_samples(model: AutoEncoder, n: int = N_PRIOR_SAMPLES, seed: int = 0) -> Tensor:
    """The same draws of the prior [n, latent_dim] at every call; around the cluster heads, if there are any."""
    generator = torch.Generator().manual_seed(seed)
    z = priors.sample(model.config, n, generator)
    y = None if model.heads is None else priors.categorical(n, model.config.n_categories, generator)
    return model.decoder_input(z, y)


def view(points: Tensor, symmetric: bool) -> tuple[float, float, float]:
    """(centre x, centre y, half width) of a square that shows points [N, 2] but for the farthest 0.5 % a side."""
    low, high = torch.quantile(points.float(), torch.tensor([0.005, 0.995]), dim=0)
    if symmetric:
        low = torch.minimum(low, -high)
        high = -low
    centre, half = (low + high) / 2, (high - low).max() / 2 * MARGIN
    return centre[0].item(), centre[1].item(), max(half.item(), 1e-3)


def run_view(model: AutoEncoder, plane: Plane, codes: Tensor) -> tuple[float, float, float]:
    """The square that shows a model's codes [N, latent_dim], and its prior if the codes were regularized."""
    points = plane.project(codes.float())
    if model.config.regularizer == "none":
        return view(points, symmetric=False)
    return view(torch.cat([points, plane.project(prior_samples(model))]), symmetric=model.heads is None)


def nearby_radius(draws: Tensor, n: int) -> float:
    """The radius of "nearby" among n codes of the distribution of draws [M, latent_dim], to two digits.

    A ball around a dense place holds NEARBY_MASS of the draws; of few codes, as many as NEARBY_COUNT of them.
    """
    draws = draws.float()
    share = min(max(NEARBY_MASS, NEARBY_COUNT / n), 1)
    distances = torch.cdist(draws[:N_BALLS], draws).kthvalue(math.ceil(share * len(draws)), dim=1).values
    return float(f"{distances.quantile(0.05).item():.2g}")


def enclosing(views: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    """The square (centre x, centre y, half width) around squares."""
    low = [min(view[axis] - view[2] for view in views) for axis in (0, 1)]
    high = [max(view[axis] + view[2] for view in views) for axis in (0, 1)]
    half = max(high[axis] - low[axis] for axis in (0, 1)) / 2
    return (low[0] + high[0]) / 2, (low[1] + high[1]) / 2, half


@torch.no_grad()
def discriminator_scores(model: AutoEncoder, square: tuple[float, float, float], n: int = 64) -> Tensor:
    """p(draw of the prior | z) by the discriminator over a square of 2-D codes [n, n]; 0.5 is chance."""
    points = grid(*square, n)
    unknown = torch.full((len(points),), UNLABELED)
    return model.discriminate("z", points, unknown).sigmoid().view(n, n)


def grid(centre_x: float, centre_y: float, half: float, n: int) -> Tensor:
    """The centres of n x n equal cells of a square [n * n, 2], row by row from the top left."""
    steps = (2 * torch.arange(n) + 1) / n - 1
    x, y = torch.meshgrid(centre_x + half * steps, centre_y - half * steps, indexing="xy")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def tile(images: Tensor, shape: tuple[int, int, int], columns: int, gap: int = 0) -> Tensor:
    """Grey images [N, n_pixels] in [0, 1] side by side in rows of so many, black between them [height, width] uint8."""
    _, height, width = shape
    missing = -len(images) % columns
    pixels = torch.cat([images.clamp(0, 1), images.new_zeros(missing, images.shape[1])]).mul(255).round()
    cells = pad(pixels.view(-1, columns, height, width), (0, gap, 0, gap))  # [rows, columns, height, width]
    tiled = cells.permute(0, 2, 1, 3).flatten(0, 1).flatten(1)
    return tiled[: len(tiled) - gap, : tiled.shape[1] - gap].to(torch.uint8)


def percentile_grid(std: float, n: int) -> Tensor:
    """The centres of n x n cells of equal probability under N(0, std² I) [n * n, 2], row by row (Fig. 2)."""
    unit = grid(0.5, 0.5, 0.5, n)
    return std * torch.special.ndtri(unit)


def n_labels(config: Config) -> int:
    """How many classes or categories the decoder is conditioned on; 0 where its only input is a code."""
    if config.cluster_heads:
        return 0
    return config.n_classes if config.decoder_is_conditional else config.n_categories


def classes_in_turn(config: Config, n: int) -> Tensor | None:
    """One-hot classes or categories, one after the other [n, K]; None where the decoder's only input is a code."""
    k = n_labels(config)
    return torch.eye(k)[torch.arange(n) % k] if k else None


def generate(model: AutoEncoder, n: int, seed: int = 0) -> Tensor:
    """Decoded draws of the prior [n, n_pixels] in [0, 1], of all classes in turn with a conditional decoder."""
    return model.sample(prior_samples(model, n, seed), classes_in_turn(model.config, n))


@torch.no_grad()
def conditioning(model: AutoEncoder, label: int | None) -> Tensor | None:
    """The condition y of the decoder [1, K]: one-hot of the label, else of 0; None without one."""
    n = n_labels(model.config)
    return one_hot(torch.tensor([label or 0]), n).float() if n else None


@torch.no_grad()
def decode(model: AutoEncoder, z: Tensor, label: int | None = None) -> Tensor:
    """The images of codes [N, latent_dim] of one class or category, as pixels in [0, 1] [N, n_pixels]."""
    y = conditioning(model, label)
    return model.sample(z, y if y is None else y.expand(len(z), -1))


@torch.no_grad()
def decoder_layers(model: AutoEncoder, label: int | None = None) -> list[tuple[Tensor, Tensor]]:
    """The decoder as (weight [out, in], bias [out]) with ReLU between: BatchNorm and the label folded in."""
    layers = fold_batch_norm(model.decoder)
    y = conditioning(model, label)
    if y is not None:
        weight, bias = layers[0]
        condition = model.decoder_input(torch.zeros(1, model.config.latent_dim), y)
        layers[0] = weight[:, : model.config.latent_dim], bias + (condition @ weight.T)[0]
    return layers


@torch.no_grad()
def conditional_biases(model: AutoEncoder) -> Tensor | None:
    """The first bias of the decoder for each class or category that it is conditioned on [K, hidden], or None."""
    k = n_labels(model.config)
    return torch.stack([decoder_layers(model, label)[0][1] for label in range(k)]) if k else None


def fold_batch_norm(network: nn.Sequential) -> list[tuple[Tensor, Tensor]]:
    """An mlp() in eval mode as (weight [out, in], bias [out]) pairs with ReLU between."""
    layers: list[tuple[Tensor, Tensor]] = []
    for module in network:
        if isinstance(module, nn.Linear):
            layers.append((module.weight, module.bias))
        elif isinstance(module, nn.BatchNorm1d):
            mean, variance = module.get_buffer("running_mean"), module.get_buffer("running_var")
            scale = module.weight / (variance + module.eps).sqrt()
            weight, bias = layers.pop()
            layers.append((scale[:, None] * weight, scale * (bias - mean) + module.bias))
    return layers


def straight_path(start: Tensor, end: Tensor, n: int) -> Tensor:
    """n codes [n, latent_dim] evenly spaced from start to end."""
    return torch.lerp(start, end, torch.linspace(0, 1, n)[:, None])


def dense_path(codes: Tensor, start: Tensor, end: Tensor, n: int, n_neighbours: int = 12) -> Tensor:
    """n codes [n, latent_dim] from start to end through dense regions of codes [N, latent_dim].

    The shortest path over the graph of nearest neighbours whose edges cost their length to the third power:
    two short steps are cheaper than a long one over a gap.
    """
    from scipy.sparse.csgraph import dijkstra
    from sklearn.neighbors import kneighbors_graph

    points = torch.cat([start[None], end[None], codes.float()])
    graph = kneighbors_graph(points.numpy(), min(n_neighbours, len(points) - 1), mode="distance").power(3)
    _, previous = dijkstra(graph, directed=False, indices=0, return_predecessors=True)
    if previous[1] < 0:
        return straight_path(start, end, n)  # the graph is not connected between them
    stops = [1]
    while stops[-1] != 0:
        stops.append(previous[stops[-1]])
    return resample(points[stops[::-1]], n)


def resample(path: Tensor, n: int) -> Tensor:
    """n points [n, dim] at equal distances along a path of straight pieces [M, dim]."""
    lengths = (path[1:] - path[:-1]).norm(dim=1)
    at = torch.cat([torch.zeros(1), lengths.cumsum(0)])
    wanted = torch.linspace(0, at[-1].item(), n)
    piece = torch.searchsorted(at, wanted, right=True).clamp(1, len(path) - 1) - 1
    share = ((wanted - at[piece]) / lengths[piece].clamp(min=1e-12)).clamp(0, 1)
    return torch.lerp(path[piece], path[piece + 1], share[:, None])
