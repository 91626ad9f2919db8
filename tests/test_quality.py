"""Measures of images and codes agree with other implementations and with what is known."""

import importlib

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from aae.analysis import quality
from aae.config import Config
from aae.data import Images
from aae.data.download import torchvision_datasets
from aae.models.autoencoder import AutoEncoder

torchvision_datasets()  # torchmetrics imports torchvision, which this lets be imported beside a torch for the CPU
image = importlib.import_module("torchmetrics.functional.image")


def draw(*size, seed=0):
    return torch.rand(size, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 8, 8), (1, 16, 40)])
def test_ssim_is_that_of_torchmetrics(shape):
    n = shape[1] * shape[2]
    x = draw(6, n)
    y = (x + 0.3 * draw(6, n, seed=1)).clamp(max=1)
    expected = [
        image.structural_similarity_index_measure(a.view(1, *shape), b.view(1, *shape), data_range=1.0).item()
        for a, b in zip(x, y, strict=True)
    ]
    assert quality.ssim(x, y, shape).tolist() == pytest.approx(expected, abs=1e-4)


def test_ssim_of_an_image_with_itself_is_one_and_of_small_images_is_defined():
    x = draw(3, 64)
    assert quality.ssim(x, x, (1, 8, 8)).tolist() == pytest.approx([1, 1, 1])
    assert (quality.ssim(x, 1 - x, (1, 8, 8)) < 0).all()


def test_channels_are_averaged():
    x, y = draw(2, 3 * 144), draw(2, 3 * 144, seed=1)
    each = [quality.ssim(x[:, i * 144 :][:, :144], y[:, i * 144 :][:, :144], (1, 12, 12)) for i in range(3)]
    assert torch.allclose(quality.ssim(x, y, (3, 12, 12)), torch.stack(each).mean(0))


def test_psnr_is_that_of_torchmetrics():
    x, y = draw(5, 784), draw(5, 784, seed=1)
    expected = [image.peak_signal_noise_ratio(a, b, data_range=1.0).item() for a, b in zip(x, y, strict=True)]
    assert quality.psnr(x, y).tolist() == pytest.approx(expected, rel=1e-5)
    assert quality.psnr(x, x).isinf().all()


def test_units_are_active_where_their_mean_follows_the_image():
    means = torch.randn(500, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 0.05, 0.5])
    assert quality.active_units(means) == 2


@pytest.mark.parametrize("std", [1.0, 5.0])
def test_kl_by_dimension_is_torchs(std):
    mean, logvar = torch.randn(40, 4), torch.randn(40, 4)
    expected = kl_divergence(Normal(mean, (logvar / 2).exp()), Normal(0.0, std)).mean(0)
    assert torch.allclose(quality.kl_by_dimension(mean, logvar, std).float(), expected, rtol=1e-4)


@pytest.mark.parametrize("posterior", ["deterministic", "gaussian"])
def test_a_model_is_measured_on_its_reconstructions(posterior):
    config = Config(dataset="digits", hidden=(4,), latent_dim=3, posterior=posterior)
    model = AutoEncoder(config).eval()
    torch.nn.init.zeros_(model.decoder[-1].weight)
    torch.nn.init.zeros_(model.decoder[-1].bias)  # every pixel 0.5
    images = Images((255 * draw(30, 64)).to(torch.uint8), torch.zeros(30, dtype=torch.long))
    measured = quality.measure(model, images)
    each = quality.psnr(torch.full((30, 64), 0.5), images.floats())
    assert measured["psnr"] == pytest.approx(each.mean().item())
    assert measured["psnr_standard_error"] == pytest.approx(each.std().item() / 30**0.5)
    assert 0 <= measured["active_units"] <= 3
    assert len(measured.get("kl_by_dimension", [])) == (3 if posterior == "gaussian" else 0)
