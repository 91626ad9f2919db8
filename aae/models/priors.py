"""Prior distributions of the codes: samplers `(component [B], dim) -> [B, dim]` and log densities."""

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import torch
from torch import Tensor

from aae.config import DRAWING_SIDE, Config, refuse
from aae.draws import rand, randint, randn

N_COMPONENTS = 10  # of the mixture and the roll in the paper
MIXTURE_RADIUS, MIXTURE_ALONG, MIXTURE_ACROSS = 1.4, 0.5, 0.1
ROLL_RADIUS, ROLL_TURNS = 3.0, 2.0
DRAWN_HALF = 3.0  # half the width of the square that is drawn on, in scales
ANY = -1  # the component of a row that has no label: drawn at random


def n_components(config: Config) -> int:
    """How many components a mixture or a roll has: one a class where the discriminator is given it, else ten."""
    return config.n_classes if config.discriminator_is_conditional else N_COMPONENTS


def draw_components(component: Tensor, generator: torch.Generator | None = None, k: int = N_COMPONENTS) -> Tensor:
    """The components [B] with every ANY replaced by one of the k, equally likely."""
    drawn = randint(k, component.shape, generator, component.device)
    return torch.where(component == ANY, drawn, component)


def gaussian(component: Tensor, dim: int, std: float = 1.0, generator=None) -> Tensor:
    """z ~ N(0, std² I) [B, dim]; one component only, so labels change nothing."""
    return std * randn((len(component), dim), generator, component.device)


def uniform(component: Tensor, dim: int, std: float = 1.0, generator=None) -> Tensor:
    """z ~ U(-√3 std, √3 std) in each dimension [B, dim]; one component only."""
    return math.sqrt(3) * std * (2 * rand((len(component), dim), generator, component.device) - 1)


def mixture(component: Tensor, dim: int = 2, std: float = 1.0, generator=None, k: int = N_COMPONENTS) -> Tensor:
    """k 2-D Gaussians around a circle [B, 2], each long towards the centre, the i-th at angle 2πi/k (Fig. 2)."""
    angle = 2 * math.pi * draw_components(component, generator, k) / k
    along, across = randn((2 * len(component),), generator, component.device).chunk(2)
    radial = torch.stack([MIXTURE_RADIUS + MIXTURE_ALONG * along, MIXTURE_ACROSS * across], dim=1)
    return std * _rotate(radial, angle)


def component_path(prior: str, n: int, k: int = N_COMPONENTS) -> Tensor:
    """n points along the middle of each of the k components [k, n, 2], of scale 1: petals, or pieces of the roll."""
    t = (torch.arange(n) + 0.5) / n
    i = torch.arange(k)[:, None]
    if prior == "swiss_roll":
        return roll_point((i + t) / k)
    if prior != "mixture":
        raise refuse("prior", prior, "has no components to walk along: choose a run with a mixture or a swiss roll")
    radius = MIXTURE_RADIUS + MIXTURE_ALONG * (4 * t - 2)  # two standard deviations each way
    petal = torch.stack([radius, torch.zeros(n)], dim=1).expand(k, n, 2)
    return _rotate(petal, 2 * math.pi * i / k)


def swiss_roll(component: Tensor, dim: int = 2, std: float = 1.0, generator=None, k: int = N_COMPONENTS) -> Tensor:
    """Points of a spiral of two turns [B, 2], component i the i-th of k parts of u in r = 3√u, θ = 4π√u (Fig. 4)."""
    u = (draw_components(component, generator, k) + rand((len(component),), generator, component.device)) / k
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


@lru_cache(maxsize=16)
def drawn_edges(image: str, device: torch.device) -> Tensor:
    """The cumulative probability of the cells of a drawing [DRAWING_SIDE²], on a device."""
    return drawn_cells(image).cumsum(0).to(device)


def drawn(image: str, component: Tensor, dim: int = 2, std: float = 1.0, generator=None) -> Tensor:
    """Points of a drawing [B, 2]: a cell as likely as it is dark, and anywhere in it; one component only."""
    n, device = len(component), component.device
    edges = drawn_edges(image, device)
    u = rand((n,), generator, device, torch.float64)
    cell = torch.searchsorted(edges, u, right=True).clamp(max=len(edges) - 1)
    corner = torch.stack([cell % DRAWING_SIDE, cell // DRAWING_SIDE], dim=1)
    unit = (corner + rand((n, 2), generator, device)) / DRAWING_SIDE  # from the top left
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


def mixture_log_density(z: Tensor, std: float = 1.0, k: int = N_COMPONENTS) -> Tensor:
    """log 1/k Σ_i N(z; component i) in nats [B]."""
    angles = 2 * math.pi * torch.arange(k) / k
    local = _rotate((z / std)[:, None].expand(-1, k, -1), -angles)  # [B, k, 2]
    scale = torch.tensor([MIXTURE_ALONG, MIXTURE_ACROSS])
    standard = (local - torch.tensor([MIXTURE_RADIUS, 0.0])) / scale
    log_component = -0.5 * standard.square().sum(2) - torch.log(2 * math.pi * std**2 * scale.prod())
    return log_component.logsumexp(1) - math.log(k)


def categorical(n: int, n_categories: int, generator=None, device: Any = "cpu") -> Tensor:
    """One-hot draws of equally likely categories [n, n_categories]: the prior of y (Fig. 8)."""
    draws = randint(n_categories, (n,), generator, device)
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
COMPONENTS = ("mixture", "swiss_roll")  # priors that have them
LOG_DENSITIES: dict[str, Callable] = {  # the swiss roll is a curve: it has none
    "gaussian": gaussian_log_density,
    "uniform": uniform_log_density,
    "mixture": mixture_log_density,
}


def sample(config: Config, component: Tensor | int, generator=None) -> Tensor:
    """Draws of the config's prior [B, latent_dim]: one for each component [B], or that many of any component."""
    if isinstance(component, int):
        component = torch.full((component,), ANY, device=generator.device if generator else None)
    return _of(config, SAMPLERS, drawn)(component, config.latent_dim, config.prior_std, generator)


def log_density(config: Config, z: Tensor) -> Tensor | None:
    """log p(z) in nats [B], or None for a prior that has no density."""
    density = _of(config, LOG_DENSITIES, drawn_log_density)
    return density and density(z, config.prior_std)


def _of(config: Config, table: dict[str, Callable], of_drawing: Callable) -> Any:
    """The table's function for the config's prior, given the drawing or the number of components that it needs."""
    if config.prior == "drawn":
        return partial(of_drawing, config.prior_image)
    function = table.get(config.prior)
    return partial(function, k=n_components(config)) if function and config.prior in COMPONENTS else function
