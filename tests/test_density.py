"""Codes against their prior."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from aae.analysis import density, metrics, planes
from aae.config import Config
from aae.models import priors
from aae.models.autoencoder import AutoEncoder

CONFIG = Config()
MODEL = AutoEncoder(replace(CONFIG, hidden=(4,)))


def test_density_integrates_to_one():
    points = priors.sample(CONFIG, 20_000, torch.Generator().manual_seed(0))
    values = density.density(points, (0.0, 0.0, 6.0), n=60)
    assert values.sum() * (12 / 60) ** 2 == pytest.approx(1, abs=0.01)
    assert values.max() == pytest.approx(1 / (2 * np.pi), rel=0.2)
    row, column = np.unravel_index(values.argmax(), values.shape)
    assert abs(row - 30) < 5 and abs(column - 30) < 5


def test_density_runs_upwards():
    values = density.density(torch.tensor([[0.0, 0.9]] * 100), (0.0, 0.0, 1.0), n=10)
    assert values.argmax() // 10 == 9


def test_holes_are_where_no_code_is():
    codes = priors.sample(CONFIG, 5000, torch.Generator().manual_seed(3))
    assert len(density.holes(MODEL, codes)) < 60
    half = codes[codes[:, 0] < 0]
    empty = density.holes(MODEL, half)
    assert len(empty) > 500 and (empty[:, 0] > 0).float().mean() > 0.95


def test_around_cluster_heads_there_are_no_holes_where_the_heads_prior_is():
    model = AutoEncoder(replace(CONFIG, hidden=(4,), n_categories=3, cluster_heads=True))
    with torch.no_grad():
        model.heads.weight.copy_(torch.tensor([[0.0, 9.0, 0.0], [0.0, 0.0, 9.0]]))  # W_C [2, 3]
    assert len(density.holes(model, planes.prior_samples(model, 5000, seed=3))) < 60
    assert len(density.holes(model, priors.sample(CONFIG, 5000, torch.Generator().manual_seed(3)))) > 1000


def test_radial_quantiles_of_a_gaussian_are_rayleighs():
    points = priors.sample(CONFIG, 50_000, torch.Generator().manual_seed(0))
    p = np.arange(1, 50) / 50
    assert density.radial_quantiles(points) == pytest.approx(np.sqrt(-2 * np.log(1 - p)), rel=0.03)


def test_a_mixture_is_fitted_and_drawn_by_seed():
    centres = torch.tensor([[5.0, 5.0], [-5.0, -5.0]])
    codes = centres.repeat(200, 1) + 0.1 * torch.randn(400, 2)
    mixture = density.fit_mixture(codes)
    drawn = mixture.draw(40, seed=1)
    assert (torch.cdist(drawn, centres).amin(1) < 1).all()
    assert torch.equal(drawn, density.fit_mixture(codes).draw(40, seed=1))
    assert not torch.equal(drawn, mixture.draw(40, seed=2))


def test_a_mixture_has_the_scale_of_its_codes():
    codes = torch.tensor([3.0, 4.0]) + 1e-3 * torch.randn(400, 2, generator=torch.Generator().manual_seed(0))
    drawn = density.fit_mixture(codes).draw(40, seed=1)
    assert (torch.cdist(drawn, codes).amin(1) < 1e-3).all()


def test_a_marginal_is_the_share_of_all_points_by_length():
    points = torch.tensor([[0.5, 0.0], [0.5, 0.0], [1.5, 0.0], [99.0, 0.0]] * 20)
    assert density.marginal(points, 0, np.array([0.0, 1.0, 3.0])).tolist() == [0.5, 0.125]
    assert density.marginal(points, 1, np.array([7.0, 8.0])).tolist() == [0]  # none of them: no division by it


FEW = {
    "density": lambda codes: density.density(codes, (0.0, 0.0, 1.0)),
    "marginal": lambda codes: density.marginal(codes, 0, np.linspace(-1, 1, 5)),
    "holes": lambda codes: density.holes(MODEL, codes),
    "radial_quantiles": density.radial_quantiles,
    "mixture": lambda codes: density.fit_mixture(codes).draw(10, seed=0),
    "coverage": lambda codes: metrics.coverage(CONFIG, codes),
}


@pytest.mark.parametrize("figure", FEW)
@pytest.mark.parametrize("n", [1, 2, 9, metrics.FEWEST - 1])
def test_of_few_codes_no_figure_is_made_and_a_line_says_so(figure, n):
    codes = torch.randn(n, 2, generator=torch.Generator().manual_seed(0))
    with pytest.raises(metrics.TooFew, match=rf"Too few test images.*: {n}; .* takes at least 50\."):
        FEW[figure](codes)


@pytest.mark.parametrize("figure", FEW)
@pytest.mark.parametrize("spread", [0.0, 1e-6, 1.0])
def test_enough_codes_have_every_figure_but_a_mixture_of_codes_that_coincide(figure, spread):
    codes = 0.3 + spread * torch.randn(metrics.FEWEST, 2, generator=torch.Generator().manual_seed(0))
    if figure == "mixture" and not spread:
        with pytest.raises(metrics.TooFew, match="with codes that differ: 1;"):
            FEW[figure](codes)
    else:
        assert np.isfinite(np.asarray(FEW[figure](codes))).all()
