"""How odd images are to a model: scores, higher for odder ones, and how well a score separates odd from normal."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate, softplus

from aae.config import Config
from aae.data import Images
from aae.models import priors
from aae.models.autoencoder import AutoEncoder, Code

BATCH = 2000
RECONSTRUCTION, PRIOR, DISCRIMINATOR = "reconstruction", "prior", "discriminator"


def noise(n: int, n_pixels: int, seed: int = 0) -> Images:
    """Images of pixels that are uniform and independent, all of one class."""
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randint(256, (n, n_pixels), generator=generator, dtype=torch.uint8)
    return Images(pixels, torch.zeros(n, dtype=torch.long))


def scaled(images: Images, before: tuple[int, int, int], after: tuple[int, int, int]) -> Images:
    """Grey images of one shape (channels, height, width) in another, by bilinear interpolation."""
    if before == after:
        return images
    grids = images.floats().view(-1, *before)
    pixels = interpolate(grids, after[1:], mode="bilinear", antialias=True).clamp(0, 1).mul(255).round()
    return Images(pixels.to(torch.uint8).flatten(1), images.labels)


class Separation(NamedTuple):
    """How well a score separates odd images from normal ones."""

    auroc: float  # the probability that an odd image has a higher score than a normal one
    average_precision: float  # the mean precision over the recall of the odd images


def names(config: Config) -> tuple[str, ...]:
    """The scores that a model has: the prior's where the codes are trained to match one that has a density."""
    has_density = priors.log_density(config, torch.zeros(1, config.latent_dim)) is not None
    there = {
        RECONSTRUCTION: True,
        PRIOR: config.regularizer != "none" and has_density,
        DISCRIMINATOR: config.regularizer == "adversarial",
    }
    return tuple(name for name, is_there in there.items() if is_there)


@torch.no_grad()
def of_images(model: AutoEncoder, images: Images) -> dict[str, Tensor]:
    """Each score of the images [N]; their labels are not used."""
    parts = [score(model, rows.floats()) for rows in _batches(images)]
    return {name: torch.cat([part[name] for part in parts]) for name in names(model.config)}


def _batches(images: Images) -> list[Images]:
    return [images.rows(slice(i, i + BATCH)) for i in range(0, len(images.labels), BATCH)]


def score(model: AutoEncoder, pixels: Tensor) -> dict[str, Tensor]:
    """Each score of images [B, n_pixels] in [0, 1] [B], of a model in eval mode."""
    code = model.encode(pixels)
    return {RECONSTRUCTION: reconstruction_error(model, code, pixels), **of_codes(model, code.mean)}


def reconstruction_error(model: AutoEncoder, code: Code, pixels: Tensor) -> Tensor:
    """Mean squared error per pixel [B]; of a decoder conditioned on the class, under the class that fits best."""
    if not model.config.decoder_is_conditional:
        return _mean_square(model.reconstruct(code), pixels)
    errors = [
        _mean_square(model.reconstruct(code, torch.full((len(pixels),), k)), pixels)
        for k in range(model.config.n_classes)
    ]
    return torch.stack(errors).amin(0)


def _mean_square(logits: Tensor, pixels: Tensor) -> Tensor:
    return (logits.sigmoid() - pixels).square().mean(1)


@torch.no_grad()
def of_codes(model: AutoEncoder, z: Tensor) -> dict[str, Tensor]:
    """The scores that codes [B, latent_dim] alone have [B]: -log p(z), and -log D(z)."""
    there, scores = names(model.config), {}
    if PRIOR in there and (density := priors.log_density(model.config, z)) is not None:
        scores[PRIOR] = -density
    if DISCRIMINATOR in there:
        scores[DISCRIMINATOR] = _unlike_the_prior(model, z)
    return scores


def _unlike_the_prior(model: AutoEncoder, z: Tensor) -> Tensor:
    """-log D(z) [B]; of a discriminator conditioned on the class, under the class that fits best."""
    classes = range(model.config.n_classes) if model.config.discriminator_is_conditional else [0]
    logits = [model.discriminate("z", z, torch.full((len(z),), k)) for k in classes]
    return softplus(-torch.stack(logits)).amin(0)


def separation(normal: Tensor, odd: Tensor) -> Separation:
    """Of the scores of normal images [N] and of odd ones [M], which count as positives."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    is_odd = np.repeat([0, 1], [len(normal), len(odd)])
    scores = torch.cat([normal, odd]).double().clamp(-1e300, 1e300).numpy()  # the metrics take finite scores alone
    return Separation(float(roc_auc_score(is_odd, scores)), float(average_precision_score(is_odd, scores)))
