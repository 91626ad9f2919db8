"""The distributions that codes are pressed into: samplers `(component [B], dim) -> [B, dim]` and log densities."""

import math
from collections.abc import Callable
from functools import lru_cache, partial

import torch
from torch import Tensor

from aae.config import DRAWING_SIDE, N_CLASSES, Config, refuse

MIXTURE_RADIUS, MIXTURE_ALONG, MIXTURE_ACROSS = 1.4, 0.5, 0.1
ROLL_RADIUS, ROLL_TURNS = 3.0, 2.0
DRAWN_HALF = 3.0  # half the width of the square that is drawn on, in scales
ANY = -1  # the component of a row that has no label: drawn at random


def draw_components(component: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """The components [B] with every ANY replaced by one of the N_CLASSES, equally likely."""
    drawn = torch.randint(N_CLASSES, component.shape, generator=generator)
    return torch.where(component == ANY, drawn, component)


def gaussian(component: Tensor, dim: int, std: float = 1.0, generator=None) -> Tensor:
    """z ~ N(0, std² I) [B, dim]; one component only, so labels change nothing."""
    return std * torch.randn(len(component), dim, generator=generator)


def uniform(component: Tensor, dim: int, std: float = 1.0, generator=None) -> Tensor:
    """z ~ U(-√3 std, √3 std) in each dimension [B, dim]; one component only."""
    return math.sqrt(3) * std * (2 * torch.rand(len(component), dim, generator=generator) - 1)


def mixture(component: Tensor, dim: int = 2, std: float = 1.0, generator=None) -> Tensor:
    """Ten 2-D Gaussians around a circle [B, 2], each long towards the centre, component k at angle 2πk/10 (Fig. 2)."""
    angle = 2 * math.pi * draw_components(component, generator) / N_CLASSES
    along, across = torch.randn(2, len(component), generator=generator)
    radial = torch.stack([MIXTURE_RADIUS + MIXTURE_ALONG * along, MIXTURE_ACROSS * across], dim=1)
    return std * _rotate(radial, angle)


def component_path(prior: str, n: int) -> Tensor:
    """n points along the middle of each of the ten components [10, n, 2], of scale 1: petals, or tenths of the roll."""
    t = (torch.arange(n) + 0.5) / n
    k = torch.arange(N_CLASSES)[:, None]
    if prior == "swiss_roll":
        return roll_point((k + t) / N_CLASSES)
    if prior != "mixture":
        raise refuse("prior", prior, "has no components to walk along: choose a run with a mixture or a swiss roll")
    radius = MIXTURE_RADIUS + MIXTURE_ALONG * (4 * t - 2)  # two standard deviations each way
    petal = torch.stack([radius, torch.zeros(n)], dim=1).expand(N_CLASSES, n, 2)
    return _rotate(petal, 2 * math.pi * k / N_CLASSES)


def swiss_roll(component: Tensor, dim: int = 2, std: float = 1.0, generator=None) -> Tensor:
    """Points of a spiral of two turns [B, 2], component k the k-th tenth of u in r = 3√u, θ = 4π√u (Fig. 4)."""
    u = (draw_components(component, generator) + torch.rand(len(component), generator=generator)) / N_CLASSES
    return std * roll_point(u)


def roll_point(u: Tensor) -> Tensor:
    """The roll at u in [0, 1] [..., 2]; u uniform gives a density even along the radius squared."""
    root = u.sqrt()
    angle = 2 * math.pi * ROLL_TURNS * root
    return ROLL_RADIUS * root[..., None] * torch.stack([angle.cos(), angle.sin()], dim=-1)


@lru_cache(maxsize=16)
def drawn_cells(image: str) -> Tensor:
    """The probability of each cell of a drawing [DRAWING_SIDE²], row by row from the top left."""
    ink = torch.tensor([int(digit, 16) for digit in image], dtype=torch.float64)
    return ink / ink.sum()


def drawn(image: str, component: Tensor, dim: int = 2, std: float = 1.0, generator=None) -> Tensor:
    """Points of a drawing [B, 2]: a cell as likely as it is dark, and anywhere in it; one component only."""
    edges = drawn_cells(image).cumsum(0)
    u = torch.rand(len(component), generator=generator, dtype=torch.float64)
    cell = torch.searchsorted(edges, u, right=True).clamp(max=len(edges) - 1)
    corner = torch.stack([cell % DRAWING_SIDE, cell // DRAWING_SIDE], dim=1)
    unit = (corner + torch.rand(len(component), 2, generator=generator)) / DRAWING_SIDE  # from the top left
    return std * DRAWN_HALF * torch.stack([2 * unit[:, 0] - 1, 1 - 2 * unit[:, 1]], dim=1)


def drawn_log_density(image: str, z: Tensor, std: float = 1.0) -> Tensor:
    """log of a cell's probability over its area, -inf on white and outside, in nats [B]."""
    half = DRAWN_HALF * std
    column, row = ((torch.stack([z[:, 0], -z[:, 1]]) / half + 1) / 2 * DRAWING_SIDE).floor().long()
    inside = (z.abs() < half).all(1)
    p = drawn_cells(image)[(row * DRAWING_SIDE + column).where(inside, 0)]
    return (p / (2 * half / DRAWING_SIDE) ** 2).log().where(inside, -math.inf).float()


def gaussian_log_density(z: Tensor, std: float = 1.0) -> Tensor:
    """log N(z; 0, std² I) in nats [B]."""
    return -0.5 * (z / std).square().sum(1) - z.shape[1] * math.log(std * math.sqrt(2 * math.pi))


def uniform_log_density(z: Tensor, std: float = 1.0) -> Tensor:
    """-dim log(2√3 std) inside the cube, -inf outside, in nats [B]."""
    half = math.sqrt(3) * std
    inside = (z.abs() <= half).all(1)
    return torch.where(inside, -z.shape[1] * math.log(2 * half), -math.inf)


def mixture_log_density(z: Tensor, std: float = 1.0) -> Tensor:
    """log 1/10 Σ_k N(z; component k) in nats [B]."""
    angles = 2 * math.pi * torch.arange(N_CLASSES) / N_CLASSES
    local = _rotate((z / std)[:, None].expand(-1, N_CLASSES, -1), -angles)  # [B, 10, 2]
    scale = torch.tensor([MIXTURE_ALONG, MIXTURE_ACROSS])
    standard = (local - torch.tensor([MIXTURE_RADIUS, 0.0])) / scale
    log_component = -0.5 * standard.square().sum(2) - torch.log(2 * math.pi * std**2 * scale.prod())
    return log_component.logsumexp(1) - math.log(N_CLASSES)


def categorical(n: int, n_categories: int, generator=None) -> Tensor:
    """One-hot draws of equally likely categories [n, n_categories]: the prior of y (Fig. 8)."""
    draws = torch.randint(n_categories, (n,), generator=generator)
    return torch.nn.functional.one_hot(draws, n_categories).float()


def _rotate(points: Tensor, angle: Tensor) -> Tensor:
    """The points [..., 2] turned by the angles [...]."""
    x, y = points.unbind(-1)
    return torch.stack([angle.cos() * x - angle.sin() * y, angle.sin() * x + angle.cos() * y], dim=-1)


SAMPLERS: dict[str, Callable] = {
    "gaussian": gaussian,
    "uniform": uniform,
    "mixture": mixture,
    "swiss_roll": swiss_roll,
}
LOG_DENSITIES: dict[str, Callable] = {  # the swiss roll is a curve: it has none
    "gaussian": gaussian_log_density,
    "uniform": uniform_log_density,
    "mixture": mixture_log_density,
}


def sample(config: Config, component: Tensor | int, generator=None) -> Tensor:
    """Draws of the config's prior [B, style_dim]: one for each component [B], or that many of any component."""
    if isinstance(component, int):
        component = torch.full((component,), ANY)
    sampler = partial(drawn, config.prior_image) if config.prior == "drawn" else SAMPLERS[config.prior]
    return sampler(component, config.style_dim, config.prior_std, generator)


def log_density(config: Config, z: Tensor) -> Tensor | None:
    """log p(z) in nats [B], or None for a prior that has no density."""
    density = partial(drawn_log_density, config.prior_image) if config.prior == "drawn" else None
    density = density or LOG_DENSITIES.get(config.prior)
    return density and density(z, config.prior_std)
