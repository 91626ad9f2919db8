"""Frames: what they hold, that taking one changes nothing, and when they are taken."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from aae import data, training
from aae.analysis import planes
from aae.config import PRESETS, Config
from aae.training import frames

TINY = Config(dataset="digits", hidden=(16,), discriminator_hidden=(8,))


def picture(part):
    return np.asarray(Image.open(io.BytesIO(part.numpy().tobytes())).convert("L"))


def frame_of(config):
    model = training.start(config).model
    return model, frames.frame(model, data.load("digits").test)


@pytest.mark.parametrize("name", ["ae", "vae", "aae", "supervised_2d", "supervised", "reduced_100", "clusters_16"])
def test_every_kind_of_model_has_frames(name):
    config = replace(PRESETS[name], dataset="digits", hidden=(16,), discriminator_hidden=(8,), n_validation=0)
    _, frame = frame_of(config)
    assert set(frame) <= set(frames.PARTS) and frame["codes"].shape == (500, config.latent_dim)
    assert ("accuracy" in frame) == (config.regularizer == "adversarial")
    assert ("opinion" in frame) == (name in ("aae", "supervised_2d"))
    assert picture(frame["sheet"]).shape == (8 * frames.N_CELLS,) * 2


def test_the_pictures_are_those_of_the_model():
    model, frame = frame_of(TINY)
    model.eval()
    images, plane = data.load("digits").test, planes.axes_plane(2)
    cells = planes.decode(model, plane.lift(planes.grid(*frame["view"].tolist(), frames.N_CELLS)))
    first = picture(frame["sheet"])[:8, :8].reshape(-1) / 255
    assert np.abs(first - cells[0].numpy()).max() < 0.01
    strip = picture(frame["strip"])
    back = model.reconstruct(model.encode(images.rows(slice(3, 4)).floats())).sigmoid()
    assert np.abs(strip[:8, 24:32].reshape(-1) / 255 - back[0].detach().numpy()).max() < 0.01
    scores = planes.discriminator_scores(model, tuple(frame["view"].tolist()), frames.SCORE_CELLS)
    assert np.abs(picture(frame["opinion"]) / 255 - scores.numpy()).max() < 0.01
    assert torch.equal(frame["codes"], model.encode(images.floats()).mean.half())


def test_looking_changes_nothing():
    """Neither weights, nor BatchNorm's averages, nor the random numbers that training draws."""
    state = training.start(TINY)
    before, random = {k: t.clone() for k, t in state.model.state_dict().items()}, torch.get_rng_state()
    frames.frame(state.model, data.load("digits").test)
    assert all(torch.equal(t, before[k]) for k, t in state.model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), random) and state.model.training


def test_a_discriminator_that_knows_is_right_and_one_that_does_not_is_at_chance():
    model = training.start(TINY).model
    far = torch.full((500, 2), 10.0)
    discriminator = model.discriminators["z"]
    for parameter in discriminator.parameters():
        parameter.data.zero_()
    discriminator[-1].bias.data.fill_(1.0)  # takes everything for the prior
    assert frames.discriminator_accuracy(model, far) == 0.5
    discriminator[0].weight.data[0, 0], discriminator[0].bias.data[0] = 1.0, -8.0  # fires at z_1 > 8
    discriminator[2].weight.data[0, 0] = 1.0
    discriminator[-1].weight.data[0, 0] = -9.0
    assert frames.discriminator_accuracy(model, far) == 1.0


def test_moments_are_dense_at_first_and_reach_the_end():
    steps = frames.moments(1000, 50)
    gaps = np.diff(steps)
    assert steps[0] == 0 and steps[-1] == 1000 and len(steps) <= 51
    assert gaps[0] <= 2 and gaps[-1] >= 30
    assert frames.moments(3, 50) == [0, 1, 2, 3]
