"""What can be measured on an image of a digit: slant, stroke width, height."""

import torch
from torch import Tensor

INK = 0.3  # of the pixel range: what counts as drawn


def slant(images: Tensor) -> Tensor:
    """How far strokes lean to the right, in degrees [N], of images [N, height, width]: from second moments."""
    x, y, mass = _centred(images)
    shear = (images * x * y).sum((1, 2)) / (images * y * y).sum((1, 2)).clamp(min=1e-6)
    return -torch.rad2deg(torch.atan(shear)) * (mass > 0)  # y runs downwards


def stroke_width(images: Tensor) -> Tensor:
    """Twice the area over the length of the outline, in pixels [N], of images [N, height, width]."""
    across = (images[:, :, 1:] - images[:, :, :-1]).abs().sum((1, 2))
    down = (images[:, 1:] - images[:, :-1]).abs().sum((1, 2))
    return 2 * images.sum((1, 2)) / torch.hypot(across, down).clamp(min=1e-6)


def height(images: Tensor) -> Tensor:
    """From the first to the last row with ink, in pixels [N], of images [N, height, width]."""
    drawn = (images.amax(2) > INK).float()
    rows = torch.arange(1, images.shape[1] + 1)
    last = (drawn * rows).amax(1)
    first = (drawn * rows.flip(0)).amax(1)
    return (last + first - images.shape[1]).clamp(min=0)


def _centred(images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Coordinates [N, 1, width], [N, height, 1] about the centre of mass, and the mass [N]."""
    mass = images.sum((1, 2))
    x, y = torch.arange(images.shape[2]).float(), torch.arange(images.shape[1]).float()
    safe = mass.clamp(min=1e-6)
    centre_x, centre_y = (images.sum(1) @ x) / safe, (images.sum(2) @ y) / safe
    return x - centre_x[:, None, None], y[:, None] - centre_y[:, None, None], mass


ATTRIBUTES = {"slant": slant, "stroke width": stroke_width, "height": height}
