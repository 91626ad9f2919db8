"""Weights for the browser: as exact as float16, and rough but usable by their upper bits alone."""

import pytest
import torch
from safetensors.torch import load

from aae import runs
from aae.analysis import planes
from aae.app.browser import maps, weights
from aae.site import rounded


def restored(layers, lower=None):
    """The (weight [out, in], bias) of layers that were split; without the lower bits, by their mean."""
    first, rest = weights.first_tensors(layers), weights.rest_tensors(layers)
    for i in range(len(layers)):
        if f"upper{i}" in first:
            low = rest[f"lower{i}"].float() if lower is None else lower
            yield ((128 * first[f"upper{i}"].float() + low) * first[f"scale{i}"]).T, first[f"bias{i}"].float()
        else:
            yield first[f"weight{i}"].T.float(), first[f"bias{i}"].float()


def apply(layers, z):
    for i, (weight, bias) in enumerate(layers):
        z = (z.relu() if i else z) @ weight.T + bias
    return z


def decode(layers, z):
    return apply(layers, z).sigmoid()


@pytest.mark.parametrize("name", ["aae", "digits", "gaussian_8d"])
def test_two_files_make_the_decoder_and_the_first_shows_what_it_will(name):
    model = runs.load(runs.shipped()[name]).model()
    layers, z = planes.decoder_layers(model), planes.prior_samples(model, 500)
    images = decode(layers, z)
    halves = decode([(weight.half().float(), bias.half().float()) for weight, bias in layers], z)
    exact, rough = decode(list(restored(layers)), z), decode(list(restored(layers, 63.5)), z)
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
    layers = [(weight, torch.zeros(200))]
    (back, _), *_ = restored(layers)
    assert weights.first_tensors(layers)["scale0"].min() > 0  # by which is divided
    assert torch.allclose(back, weight, rtol=0, atol=weights.STEP * float(weight.abs().max()))


def network(content):
    """The layers (weight [out, in], bias) of a file, with the middle of what was left out of their weights."""
    tensors = {name: t.float() for name, t in load(content).items()}
    for i in range(sum(name.startswith("bias") for name in tensors)):
        upper = tensors.get(f"upper{i}")
        weight = tensors[f"weight{i}"] if upper is None else (128 * upper + 63.5) * tensors[f"scale{i}"]
        yield weight.T, tensors[f"bias{i}"]


@pytest.mark.parametrize("name", ["aae", "supervised_2d", "clusters_16"])
def test_codes_and_scores_of_a_site_are_those_of_the_app_but_for_the_last_digits(name):
    run = runs.load(runs.shipped()[name])
    z = run.test_codes[:500].float()
    images, dim = planes.decode(run.model(), z), run.config.latent_dim
    encoder, discriminator = maps.encoder_file(run), maps.discriminator_file(run)
    exact = apply(list(network(encoder)), images)[:, :dim]
    coarse = apply(list(network(rounded.file(encoder))), images)[:, :dim]
    assert ((coarse - exact).abs().mean(0) / exact.std(0)).max() < 0.05
    scores = [apply(list(network(file)), z).sigmoid() for file in (discriminator, rounded.file(discriminator))]
    assert (scores[0] - scores[1]).abs().mean() < 0.005
    assert len(rounded.file(encoder)) < 0.55 * len(encoder)
    kept = load(rounded.file(discriminator))
    assert all(kept[name].equal(t) for name, t in load(discriminator).items() if t.numel() < weights.SPLIT_FROM)


def test_a_weight_far_from_the_others_is_rounded_to_a_step_as_well():
    columns = torch.randn(200, 100, generator=torch.Generator().manual_seed(0))
    columns[0] = -20
    made = rounded.eight_bits("0", columns)
    step = made["scale0"] * 2**weights.LATER
    assert ((made["upper0"] + 0.5) * step - columns).abs().max() <= 0.51 * step.max()
