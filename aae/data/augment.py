"""Images moved and corrupted at random: [B, height, width] or [B, n_pixels] in, the same out."""

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, pad

from aae.config import Config
from aae.draws import rand, randint, randn

STROKES = 12  # of scribbles, at full strength


def noisy(values: Tensor, std: float, generator) -> Tensor:
    """The values with Gaussian noise of this standard deviation."""
    return values + std * randn(values.shape, generator, values.device) if std else values


def shifted(images: Tensor, most: int, generator) -> Tensor:
    """The images [B, height, width], each moved by up to so many pixels each way, black coming in."""
    if not most:
        return images
    dy, dx = randint(2 * most + 1, (2 * len(images),), generator, images.device).chunk(2)
    windows = pad(images, (most,) * 4).unfold(1, images.shape[1], 1).unfold(2, images.shape[2], 1)
    return windows[torch.arange(len(images), device=images.device), dy, dx]


def distorted(images: Tensor, most: float, generator) -> Tensor:
    """The images [B, height, width], each turned by up to `most` radians, sheared by it, and scaled by half of it."""
    if not most:
        return images
    n, device = len(images), images.device
    angle, shear, log_scale = (most * (2 * rand((3 * n,), generator, device) - 1)).chunk(3)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], dim=1).view(-1, 2, 2)
    lean = torch.eye(2, device=device).repeat(n, 1, 1)
    lean[:, 0, 1] = shear
    matrices = (0.5 * log_scale).exp()[:, None, None] * turn @ lean
    plane = affine_grid(torch.eye(2, 3, device=device)[None], [1, 1, *images.shape[1:]], align_corners=False)[0]
    grid = torch.einsum("hwj,nij->nhwi", plane, matrices)  # affine_grid's many small products take ten times as long
    return grid_sample(images[:, None], grid, align_corners=False)[:, 0]


def masked(values: Tensor, share: float, generator) -> Tensor:
    """The values with about this share of them set to 0."""
    return values * (rand(values.shape, generator, values.device) >= share) if share else values


def salted(values: Tensor, share: float, generator) -> Tensor:
    """The values with about this share of them set to 0 or 1, either as likely."""
    if not share:
        return values
    drawn = rand(values.shape, generator, values.device)
    return torch.where(drawn < share, (drawn < share / 2).float(), values)


def holed(images: Tensor, side: float, generator) -> Tensor:
    """The images [B, height, width], each with a black square anywhere in it; side: a share of the shorter side."""
    height, width = images.shape[1:]
    n = math.floor(side * min(height, width) + 0.5)  # pixels
    drawn = torch.rand(len(images), 2, generator=generator)
    left, top = ((drawn[:, i] * (size - n + 1)).floor()[:, None, None] for i, size in enumerate((width, height)))
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return images.masked_fill((x >= left) & (x < left + n) & (y >= top) & (y < top + n), 0)


def scribbled(images: Tensor, share: float, generator) -> Tensor:
    """The images [B, height, width], each with this share of STROKES straight white strokes, anywhere in it."""
    height, width = images.shape[1:]
    ends = torch.rand(len(images), STROKES, 4, generator=generator) * torch.tensor([width, height] * 2)
    for stroke in ends.unbind(1)[: math.floor(share * STROKES + 0.5)]:
        images = images.masked_fill(distances(stroke, height, width) <= pen(height, width), 1)
    return images


def distances(strokes: Tensor, height: int, width: int) -> Tensor:
    """From each pixel's centre to a line from (x, y) to (x, y) [B, 4], in pixels [B, height, width]."""
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    x0, y0, x1, y1 = (column[:, None, None] for column in strokes.unbind(1))
    dx, dy = x1 - x0, y1 - y0
    along = ((x - x0) * dx + (y - y0) * dy) / (dx**2 + dy**2).clamp(min=1e-9)
    along = along.clamp(0, 1)
    return torch.hypot(x - x0 - along * dx, y - y0 - along * dy)


def pen(height: int, width: int) -> float:
    """Half the width of a stroke in pixels: 1 of MNIST's 28."""
    return max(0.5, min(height, width) / 28)


# By name, functions of images [B, height, width], a strength from 0 to 1, and a generator; those of which a config may
# name one (CHOICES["corruption"]) take images of any shape.
CORRUPTIONS = {
    "gaussian": noisy,
    "salt_pepper": salted,
    "masking": masked,
    "hole": holed,
    "scribbles": scribbled,
}


def corrupted(images: Tensor, config: Config, generator) -> Tensor:
    """The images [B, n_pixels] as the config's encoder is trained to see them."""
    return CORRUPTIONS[config.corruption](images, config.input_noise, generator)
