"""Weights for the browser: exact to 16 bits, and rough but usable by their upper bytes alone."""

import pytest
import torch

from aae import runs
from aae.analysis import planes
from aae.app.browser import weights


def restored(layers, lower=None):
    """The (weight [out, in], bias) of layers that were split; without the lower bytes, by their mean."""
    first, rest = weights.first_tensors(layers), weights.rest_tensors(layers)
    for i in range(len(layers)):
        if f"upper{i}" in first:
            low = rest[f"lower{i}"].float() if lower is None else lower
            yield ((256 * first[f"upper{i}"].float() + low) * first[f"scale{i}"]).T, first[f"bias{i}"].float()
        else:
            yield first[f"weight{i}"].T.float(), first[f"bias{i}"].float()


def decode(layers, z):
    for i, (weight, bias) in enumerate(layers):
        z = (z.relu() if i else z) @ weight.T + bias
    return z.sigmoid()


@pytest.mark.parametrize("name", ["aae", "digits", "gaussian_8d"])
def test_two_files_make_the_decoder_and_the_first_shows_what_it_will(name):
    model = runs.load(runs.shipped()[name]).model()
    layers, z = planes.decoder_layers(model), planes.prior_samples(model, 500)
    images = decode(layers, z)
    halves = decode([(weight.half().float(), bias.half().float()) for weight, bias in layers], z)
    exact, rough = decode(list(restored(layers)), z), decode(list(restored(layers, 127.5)), z)
    assert (exact - images).abs().max() <= max(1 / 1000, 1.1 * (halves - images).abs().max())  # of 255 greys none
    assert (rough - images).abs().mean() < 1 / 255 and (rough - images).abs().max() < 0.12


def test_the_first_file_is_half_as_large():
    layers = planes.decoder_layers(runs.load(runs.shipped()["aae"]).model())
    sizes = [
        sum(t.nbytes for t in tensors.values())
        for tensors in (weights.layer_tensors(layers), weights.first_tensors(layers), weights.rest_tensors(layers))
    ]
    assert 0.49 < sizes[1] / sizes[0] < 0.52 and 0.48 < sizes[2] / sizes[0] < 0.51


@pytest.mark.parametrize("weight", [torch.zeros(200, 100), torch.randn(200, 100) * 1e-30, torch.full((200, 100), -3e4)])
def test_any_weights_survive(weight):
    (back, _), *_ = restored([(weight, torch.zeros(200))])
    assert torch.allclose(back, weight, rtol=0, atol=2e-5 * float(weight.abs().max()))
