import math

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, MultivariateNormal, Normal, Uniform

from aae.config import Config
from aae.models import priors


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def everything(n=20_000):
    return torch.full((n,), priors.ANY)


@pytest.mark.parametrize(("std", "dim"), [(1.0, 2), (5.0, 8)])
def test_gaussian(std, dim):
    z = priors.gaussian(everything(), dim, std, generator())
    assert z.shape == (20_000, dim)
    assert torch.allclose(z.std(0), torch.full((dim,), std), rtol=0.03)
    expected = Independent(Normal(torch.zeros(dim), std), 1).log_prob(z)
    assert torch.allclose(priors.gaussian_log_density(z, std), expected, atol=1e-4)


def test_uniform():
    z = priors.uniform(everything(), 3, 2.0, generator())
    assert torch.allclose(z.std(0), torch.full((3,), 2.0), rtol=0.03)
    half = 2 * math.sqrt(3)
    expected = Independent(Uniform(torch.full((3,), -half), torch.full((3,), half)), 1).log_prob(z)
    assert torch.allclose(priors.uniform_log_density(z, 2.0), expected, atol=1e-5)
    assert priors.uniform_log_density(torch.full((1, 3), 9.0)).item() == -math.inf


@pytest.mark.parametrize("std", [1.0, 2.5])
def test_mixture_agrees_with_torch_distributions(std):
    angles = 2 * math.pi * torch.arange(10) / 10
    turn = torch.stack([angles.cos(), -angles.sin(), angles.sin(), angles.cos()], 1).view(10, 2, 2)
    covariance = turn @ torch.diag(torch.tensor([0.5, 0.1]) ** 2) @ turn.transpose(1, 2) * std**2
    means = std * 1.4 * torch.stack([angles.cos(), angles.sin()], 1)
    components = MultivariateNormal(means, covariance)
    reference = MixtureSameFamily(Categorical(torch.ones(10)), components)
    z = priors.mixture(everything(), std=std, generator=generator())
    assert torch.allclose(priors.mixture_log_density(z, std), reference.log_prob(z), atol=1e-3)
    for k in (0, 3, 7):
        own = priors.mixture(torch.full((20_000,), k), std=std, generator=generator())
        assert torch.allclose(own.mean(0), means[k], atol=0.03 * std)
        assert torch.allclose(torch.cov(own.T), covariance[k], atol=0.02 * std**2)


def test_swiss_roll_lies_on_its_curve():
    z = priors.swiss_roll(everything(), generator=generator())
    radius = z.norm(dim=1)
    angle = torch.atan2(z[:, 1], z[:, 0])
    assert torch.allclose(torch.cos(angle), torch.cos(4 * math.pi * radius / 3), atol=1e-4)
    assert torch.allclose((radius / 3).square().sort().values, torch.linspace(0, 1, 20_000), atol=0.02)
    third = priors.swiss_roll(torch.full((1000,), 3), generator=generator()).norm(dim=1)
    assert third.min() >= 3 * math.sqrt(0.3) - 1e-5
    assert third.max() <= 3 * math.sqrt(0.4) + 1e-5


def test_drawn_has_the_density_of_its_picture():
    """Agrees with a histogram of as many draws, and integrates to 1."""
    rows = ["0" * 64] * 64
    rows[16] = "0" * 16 + "f" * 8 + "5" * 8 + "0" * 32
    config = Config(prior="drawn", prior_image="".join(rows), prior_std=2.0)
    z = priors.sample(config, 20_000, generator())
    assert (z[:, 0] < -0.0).all() and (z[:, 1] > 2.8).all() and (z[:, 1] < 3.0).all()  # row 16 from the top of [-6, 6]
    assert ((z[:, 0] < -1.5).float().mean() - 0.75).abs() < 0.01
    side = 12 / 64
    dense, pale, white = priors.log_density(config, torch.tensor([[-2.9, 2.9], [-1.4, 2.9], [2.0, 2.9]])).exp().tolist()
    assert dense == pytest.approx(0.75 / 8 / side**2) and pale == pytest.approx(0.25 / 8 / side**2) and white == 0
    assert priors.log_density(config, torch.tensor([[6.1, 0.0], [0.0, -6.1]])).exp().tolist() == [0, 0]


@pytest.mark.parametrize("name", priors.SAMPLERS)
def test_two_calls_draw_different_samples(name):
    """A prior that is reseeded in every call shows the discriminator the same points for ever."""
    shared = generator()
    first, second = (priors.SAMPLERS[name](everything(50), 2, 1.0, shared) for _ in range(2))
    assert not torch.equal(first, second)
    assert torch.equal(first, priors.SAMPLERS[name](everything(50), 2, 1.0, generator()))


def test_unlabeled_rows_draw_any_component():
    drawn = priors.draw_components(torch.tensor([4] + [priors.ANY] * 5000), generator())
    assert drawn[0] == 4
    assert torch.allclose(torch.bincount(drawn[1:], minlength=10) / 5000, torch.tensor(0.1), atol=0.02)
