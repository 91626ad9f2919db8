"""How well models reconstruct clean images from corrupted ones."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from aae.analysis import quality
from aae.data.augment import CORRUPTIONS
from aae.models.autoencoder import AutoEncoder

NO_MODEL = "no model"  # the corrupted image itself
BATCH = 500


def corrupt(images: Tensor, shape: tuple[int, int, int], name: str, strength: float, seed: int) -> Tensor:
    """The images [B, n_pixels] of this shape under a corruption of CORRUPTIONS, by a strength from 0 to 1."""
    planes = images.view(-1, *shape[1:])
    return CORRUPTIONS[name](planes, strength, torch.Generator().manual_seed(seed)).view_as(images)


@torch.no_grad()
def restore(model: AutoEncoder, corrupted: Tensor) -> Tensor:
    """What a model whose decoder is given no class makes of corrupted images [B, n_pixels], pixels in [0, 1]."""
    return model.reconstruct(model.encode(corrupted)).sigmoid()


def measure(
    models: Mapping[str, AutoEncoder], images: Tensor, name: str, strength: float, seeds: Iterable[int]
) -> dict[str, Any]:
    """PSNR and SSIM of each model's reconstructions of corrupted images; NO_MODEL: of the corrupted images.

    Both are against the clean images [N, n_pixels]. Each is a pair: the mean over images and seeds, and its standard
    error over images, in each of which seeds are averaged. The PSNR is that of the mean squared error of all images, as
    that of an unchanged image is infinite.
    """
    shape = next(iter(models.values())).config.image_shape
    errors: dict[str, list[Tensor]] = {each: [] for each in (NO_MODEL, *models)}
    likenesses: dict[str, list[Tensor]] = {each: [] for each in errors}
    for seed in seeds:
        for each, parts in restored(models, corrupt(images, shape, name, strength, seed)).items():
            errors[each].append((parts - images).square().mean(1))
            likenesses[each].append(quality.ssim(parts, images, shape))
    return {
        each: {
            "psnr": decibels(*mean_and_error(torch.stack(errors[each]).mean(0))),
            "ssim": mean_and_error(torch.stack(likenesses[each]).mean(0)),
        }
        for each in errors
    }


def restored(models: Mapping[str, AutoEncoder], corrupted: Tensor) -> dict[str, Tensor]:
    """What each model makes of corrupted images; NO_MODEL: these, clipped to [0, 1]."""
    return {NO_MODEL: corrupted.clamp(0, 1)} | {each: restore(model, corrupted) for each, model in models.items()}


def mean_and_error(values: Tensor) -> tuple[float, float]:
    """The mean of values [N], and its standard error."""
    return values.mean().item(), values.std().item() / len(values) ** 0.5


def decibels(error: float, standard_error: float) -> tuple[float, float] | None:
    """The PSNR of a mean squared error of pixels in [0, 1], with its standard error; None where there is no error."""
    return (-10 * math.log10(error), 10 / math.log(10) * standard_error / error) if error else None
