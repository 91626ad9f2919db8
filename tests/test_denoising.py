"""Corruptions are what they say, and what models make of corrupted images is measured as it is defined."""

import itertools
import json
import math

import pytest
import torch

from aae.analysis import denoising, quality
from aae.config import Config
from aae.data import augment
from aae.data.augment import CORRUPTIONS, STROKES
from aae.models.autoencoder import AutoEncoder
from benchmarks import denoise

SHAPE = (1, 20, 30)
GREY = torch.full((400, 600), 0.5)


def corrupt(name, strength, images=GREY, seed=0, shape=SHAPE):
    return denoising.corrupt(images, shape, name, strength, seed)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corruption_follows_its_seed_and_leaves_images_as_they_are_at_strength_0(name):
    assert torch.equal(corrupt(name, 0.0), GREY)
    assert torch.equal(corrupt(name, 0.4), corrupt(name, 0.4))
    assert not torch.equal(corrupt(name, 0.4), corrupt(name, 0.4, seed=1))
    assert not torch.equal(*corrupt(name, 0.4)[:2])  # each image has its own
    assert torch.equal(GREY, torch.full((400, 600), 0.5))


@pytest.mark.parametrize("strength", [0.2, 0.7, 1.0])
def test_the_strength_is_what_it_is_said_to_be(strength):
    assert corrupt("gaussian", strength).std().item() == pytest.approx(strength, rel=0.02)
    masked, salted = corrupt("masking", strength), corrupt("salt_pepper", strength)
    assert (masked == 0).float().mean().item() == pytest.approx(strength, abs=0.01)
    assert [(salted == x).float().mean().item() for x in (0, 1)] == pytest.approx([strength / 2] * 2, abs=0.01)


@pytest.mark.parametrize(("strength", "side"), [(0.05, 1), (0.25, 5), (0.5, 10), (1.0, 20)])
def test_a_hole_is_a_black_square_anywhere_within_the_image(strength, side):
    holes = (corrupt("hole", strength).view(-1, *SHAPE[1:]) == 0).double()
    assert (holes.sum((1, 2)) == side**2).all()
    rows, columns = holes.amax(2), holes.amax(1)
    assert (rows.sum(1) == side).all() and (columns.sum(1) == side).all()
    for lines, size in ((rows, 20), (columns, 30)):
        assert (lines.sum(0) > 0).sum() == size  # in 400 images it is everywhere


def test_scribbles_are_white_and_each_covers_more():
    counts = [(corrupt("scribbles", k / STROKES) == 1).sum(1).double() for k in range(STROKES + 1)]
    pairs = itertools.pairwise(counts)
    assert all((more >= fewer).all() and more.mean() > fewer.mean() for fewer, more in pairs)
    assert set(corrupt("scribbles", 1.0).unique().tolist()) == {0.5, 1.0}


def test_a_stroke_is_as_wide_as_a_pen():
    across = augment.distances(torch.tensor([[2.0, 14.0, 26.0, 14.0]]), 28, 28)[0]
    assert (across[:, 14] <= augment.pen(28, 28)).nonzero()[:, 0].tolist() == [13, 14]
    assert across[14, 0] == pytest.approx(math.hypot(1.5, 0.5)) and across[4, 10] == pytest.approx(9.5)
    point = augment.distances(torch.tensor([[5.0, 5.0, 5.0, 5.0]]), 28, 28)[0]
    assert point[4, 4] == pytest.approx(math.hypot(0.5, 0.5))


def test_models_are_measured_on_the_clean_images():
    config = Config(dataset="digits", hidden=(4,), latent_dim=3)
    torch.manual_seed(0)
    model, images = AutoEncoder(config).eval(), torch.rand(30, 64)
    measured = denoising.measure({"x": model}, images, "gaussian", 0.5, [3, 4])
    seen = [corrupt("gaussian", 0.5, images, seed, (1, 8, 8)) for seed in (3, 4)]
    made = [model.sample(model.encode(each).z) for each in seen]
    errors = torch.stack([(each - images).square().mean(1) for each in made]).mean(0)
    psnr, standard_error = measured["x"]["psnr"]
    assert psnr == pytest.approx(-10 * math.log10(errors.mean().item()), rel=1e-5)
    spread = errors.std().item() / 30**0.5  # of the mean squared error: as decibels, the slope of the logarithm
    assert standard_error == pytest.approx(10 / math.log(10) * spread / errors.mean().item(), rel=1e-4)
    likeness = torch.stack([quality.ssim(each.clamp(0, 1), images, (1, 8, 8)) for each in seen]).mean(0)
    assert measured[denoising.NO_MODEL]["ssim"][0] == pytest.approx(likeness.mean().item(), rel=1e-5)


def test_an_image_that_nothing_was_done_to_has_no_psnr():
    model = AutoEncoder(Config(dataset="digits", hidden=(4,), latent_dim=3)).eval()
    measured = denoising.measure({"x": model}, torch.rand(5, 64), "hole", 0.0, [0])
    assert measured[denoising.NO_MODEL] == {"psnr": None, "ssim": (pytest.approx(1), pytest.approx(0, abs=1e-6))}


def test_the_kept_figures_are_of_every_corruption_and_model():
    kept = json.loads(denoise.RESULTS.read_text())
    assert kept["command"] == "python -m benchmarks.denoise"
    assert list(kept["curves"]) == list(CORRUPTIONS)
    for models in kept["curves"].values():
        assert list(models) == [denoising.NO_MODEL, *denoise.NAMES]
        assert all(len(figures[metric]) == len(kept["strengths"]) for figures in models.values() for metric in figures)
        assert models[denoising.NO_MODEL]["psnr"][0] is None  # clean
    gaussian = {name: figures["psnr"][5][0] for name, figures in kept["curves"]["gaussian"].items()}
    assert min(gaussian["denoising_ae"], gaussian["denoising_aae"]) > max(gaussian[name] for name in denoise.NAMES[:3])
