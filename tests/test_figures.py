"""Pictures: right size, right place, right order."""

import numpy as np
import pytest
import torch

from aae import data, figures, runs, training
from aae.config import Config


@pytest.fixture(scope="module")
def run():
    images = data.load("digits")
    state = training.start(Config(dataset="digits", hidden=(32,), discriminator_hidden=(16,), epochs=1))
    for _ in training.train(state, images):
        pass
    return runs.finish(state, images, "tiny")


def test_tiles_stand_in_reading_order():
    images = torch.tensor([[0.0] * 4, [1.0] * 4, [0.5] * 4])
    sheet = np.asarray(figures.tile(images, (2, 2), columns=2, gap=1))
    assert sheet.shape == (5, 5)
    assert sheet[0, 0] == 0 and sheet[0, 3] == 255 and sheet[3, 0] == 128
    assert sheet[3, 3] == 0  # nothing


def test_enlarging_keeps_pixels_sharp():
    small = figures.tile(torch.tensor([[0.0, 1.0, 1.0, 0.0]]), (2, 2), 1)
    assert sorted(set(np.asarray(figures.enlarge(small, 100)).flatten())) == [0, 255]


def test_a_manifold_is_decoded_where_its_cell_is(run):
    sheet = np.asarray(figures.manifold(run, n=5, equal_mass=True))
    corner = run.model().sample(figures.explore.percentile_grid(1.0, 5)[:1])
    assert np.abs(sheet[:8, :8].flatten() / 255.0 - corner[0].numpy()).max() < 1 / 255


def test_reconstructions_stand_under_their_images(run):
    images = data.load("digits").test.rows(slice(20))
    sheet = np.asarray(figures.reconstructions(run.model(), images))
    assert sheet.shape == (4 * 9 - 1, 10 * 9 - 1)
    assert np.array_equal(sheet[:8, :8].flatten(), images.pixels[0].numpy())
    assert np.array_equal(sheet[18:26, :8].flatten(), images.pixels[10].numpy())


def test_a_scatter_puts_codes_where_they_are(run):
    codes = torch.zeros(len(run.test_labels), 2)
    codes[:, 0] = torch.where(run.test_labels == 0, 0.5, -0.5)
    codes[:, 1] = torch.linspace(-0.9, 0.9, len(codes))  # beside the glyph at the median
    picture = np.asarray(figures.scatter(run, side=200, codes=codes, square=(0, 0, 1)).convert("RGB")).astype(int)
    blue = np.abs(picture - [0x4E, 0x79, 0xA7]).sum(2) < 20
    assert blue[:, 100:].sum() > 0 and blue[:, :80].sum() == 0


def test_samples_are_those_of_their_seed(run):
    first, again, other = (figures.samples(run, seed=seed) for seed in (0, 0, 1))
    assert first == again != other
