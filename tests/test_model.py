from dataclasses import replace

import pytest
import torch

from aae.analysis.planes import decode, decoder_layers, fold_batch_norm
from aae.config import PRESETS, Config
from aae.models.autoencoder import AutoEncoder, one_hot_or_unknown

TINY = replace(Config(), dataset="digits", hidden=(16, 12), discriminator_hidden=(8,))
SEMI = replace(TINY, labels="classifier", n_categories=10)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_encodes_and_decodes(name):
    config = PRESETS[name]
    model = AutoEncoder(config)
    images = torch.rand(4, config.n_pixels)
    code = model.encode(images, torch.Generator())
    assert code.z.shape == (4, config.latent_dim)
    assert model.reconstruct(code, torch.arange(4)).shape == images.shape


def test_missing_labels_are_not_class_nine():
    told = one_hot_or_unknown(torch.tensor([-1, 9, 0]), 10)
    assert told.shape == (3, 11)
    assert told.argmax(1).tolist() == [10, 9, 0]


def test_the_label_reaches_the_discriminator():
    model = AutoEncoder(replace(TINY, labels="discriminator"))
    z = torch.zeros(11, 2)
    answers = model.discriminate("z", z, torch.tensor([-1, *range(10)]))
    assert len(answers.unique()) == 11


def test_the_label_reaches_the_decoder():
    model = AutoEncoder(replace(TINY, labels="decoder")).eval()
    images = torch.stack([decode(model, torch.zeros(1, 2), k)[0] for k in range(10)])
    assert len(images.unique(dim=0)) == 10


def test_the_posterior_is_drawn_in_training_and_its_mean_otherwise():
    config = replace(TINY, regularizer="kl", posterior="gaussian", likelihood="bernoulli")
    model = AutoEncoder(config).eval()
    images = torch.rand(2000, 64)[:1].expand(2000, -1)
    code = model.encode(images, torch.Generator().manual_seed(0))
    assert torch.equal(model.encode(images).z, code.mean)
    assert torch.allclose(code.z.std(0), (0.5 * code.logvar[0]).exp(), rtol=0.1)


def test_hidden_layers_have_noise_before_each_relu_in_training_alone():
    model = AutoEncoder(replace(TINY, batch_norm=False, hidden_noise=0.5))
    images, generator = torch.rand(30, 64), torch.Generator().manual_seed(0)
    first, _, second, _, last = model.encoder
    noise = [0.5 * torch.randn(30, width, generator=generator) for width in model.config.hidden]
    expected = last((second((first(images) + noise[0]).relu()) + noise[1]).relu())
    assert torch.equal(model.encode(images, torch.Generator().manual_seed(0)).z, expected)
    clean = last(second(first(images).relu()).relu())
    assert torch.equal(model.encode(images).z, clean)
    assert torch.equal(model.eval().encode(images, torch.Generator()).z, clean)


@pytest.mark.parametrize(
    "config",
    [TINY, replace(TINY, labels="decoder"), SEMI, replace(SEMI, cluster_heads=True), replace(TINY, batch_norm=False)],
)
def test_folded_layers_are_the_decoder(config):
    model = AutoEncoder(config)
    with torch.no_grad():
        for _ in range(3):  # BatchNorm learns statistics that are not 0 and 1
            model.reconstruct(model.encode(torch.rand(50, 64)), torch.arange(50) % 10)
        model.eval()
        z = torch.randn(20, 2)
        x = z
        for i, (weight, bias) in enumerate(decoder_layers(model, label=3)):
            x = (x.relu() if i else x) @ weight.T + bias
        assert torch.allclose(x.sigmoid(), decode(model, z, 3), atol=1e-5)
        images = torch.rand(5, 64)
        for i, (weight, bias) in enumerate(fold_batch_norm(model.encoder)):
            images = (images.relu() if i else images) @ weight.T + bias
    assert images.shape[1] == 2 + config.n_categories
