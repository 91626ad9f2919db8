"""Images moved and corrupted at random: [B, height, width] or [B, n_pixels] in, the same out."""

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, pad

from aae.config import Config


def noisy(values: Tensor, std: float, generator) -> Tensor:
    """The values with Gaussian noise of this standard deviation."""
    return values + std * torch.randn(values.shape, generator=generator) if std else values


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
