"""How good reconstructions and codes are: a number an image, or a dimension."""

from typing import Any

import torch
from torch import Tensor, nn

from aae.analysis.metrics import encode_all
from aae.data import Images
from aae.models.autoencoder import AutoEncoder

WINDOW, DEVIATION = 11, 1.5  # pixels: of SSIM's Gaussian window (Wang et al. 2004)
STABLE = (0.01**2, 0.03**2)  # SSIM's constants for pixels in [0, 1]
ACTIVE = 0.01  # variance of a posterior mean above which its unit is active (Burda et al. 2016)
BATCH = 2000


@torch.no_grad()
def measure(model: AutoEncoder, images: Images) -> dict[str, Any]:
    """PSNR and SSIM of the reconstructions with their standard errors, active units, KL by dimension."""
    code = encode_all(model, images)
    measured: dict[str, Any] = {}
    parts = [slice(i, i + BATCH) for i in range(0, len(images.labels), BATCH)]
    pairs = [(model.reconstruct(code.rows(part), images.labels[part]).sigmoid(), images.rows(part)) for part in parts]
    figures = {
        "psnr": torch.cat([psnr(made, rows.floats()) for made, rows in pairs]),
        "ssim": torch.cat([ssim(made, rows.floats(), model.config.image_shape) for made, rows in pairs]),
    }
    for name, each in figures.items():
        measured |= {name: each.mean().item(), f"{name}_standard_error": each.std().item() / len(each) ** 0.5}
    measured["active_units"] = active_units(code.mean)
    if code.logvar is not None:
        measured["kl_by_dimension"] = kl_by_dimension(code.mean, code.logvar, model.config.prior_std).tolist()
    return measured


def psnr(images: Tensor, references: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in decibels [B] of images in [0, 1] [B, n_pixels]; infinite where they are equal."""
    return -10 * (images - references).square().mean(1).log10()


def ssim(images: Tensor, references: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """Structural similarity [B] of images in [0, 1] [B, n_pixels] of this shape, the mean over pixels (Wang 2004).

    The window lies around each pixel; beyond the border images are reflected.
    """
    x, y = (pixels.reshape(-1, *shape[1:]) for pixels in (images, references))  # a channel is an image
    beyond = min(WINDOW // 2, min(shape[1:]) - 1)  # of images smaller than the window, as far as they reach
    rows, columns = (smoothing(n, beyond).float() for n in shape[1:])

    def local(pixels: Tensor) -> Tensor:
        return rows @ pixels @ columns.T

    mean_x, mean_y = local(x), local(y)
    var_x, var_y = local(x * x) - mean_x**2, local(y * y) - mean_y**2
    covariance = local(x * y) - mean_x * mean_y
    likeness = (2 * mean_x * mean_y + STABLE[0]) * (2 * covariance + STABLE[1])
    likeness /= (mean_x**2 + mean_y**2 + STABLE[0]) * (var_x + var_y + STABLE[1])
    return likeness.flatten(1).mean(1).view(-1, shape[0]).mean(1)


def smoothing(n: int, beyond: int) -> Tensor:
    """The matrix [n, n] of a Gaussian window along n pixels, which reaches so many to each side and is reflected."""
    distance = torch.arange(-beyond, beyond + 1, dtype=torch.float64)
    weights = (-(distance**2) / (2 * DEVIATION**2)).softmax(0)
    reflected = nn.functional.pad(torch.eye(n, dtype=torch.float64)[None], 2 * [beyond], mode="reflect")[0]
    return (reflected.unfold(1, len(weights), 1) @ weights).T


def active_units(means: Tensor) -> int:
    """How many dimensions of the posterior means [N, latent_dim] vary from image to image (Burda et al. 2016)."""
    return int((means.double().var(0) > ACTIVE).sum())


def kl_by_dimension(mean: Tensor, logvar: Tensor, prior_std: float) -> Tensor:
    """KL(q(z_i | x) || N(0, prior_std²)) in nats, the mean over images, of Gaussian posteriors [N, dim] [dim]."""
    return kl_terms(mean, logvar, prior_std).mean(0)


def kl_terms(mean: Tensor, logvar: Tensor, prior_std: float) -> Tensor:
    """The same of each image [N, dim]."""
    variance, prior = logvar.double().exp(), prior_std**2
    return 0.5 * ((variance + mean.double() ** 2) / prior - 1 - (variance / prior).log())
