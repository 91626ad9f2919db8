"""Planes, grids and the decoder as plain matrices."""

from dataclasses import replace

import pytest
import torch

from aae.analysis import planes
from aae.config import PRESETS, Config
from aae.models import priors
from aae.models.autoencoder import AutoEncoder

TINY = Config(dataset="digits", hidden=(16, 8), discriminator_hidden=(8,))


def test_a_plane_lifts_and_projects_back():
    points = torch.randn(20, 2)
    for plane in (planes.axes_plane(5, 1, 3), planes.pca_plane(torch.randn(100, 5) * torch.arange(1, 6))):
        assert torch.allclose(plane.basis @ plane.basis.T, torch.eye(2), atol=1e-5)
        assert torch.allclose(plane.project(plane.lift(points)), points, atol=1e-4)


def test_pca_finds_the_directions_of_largest_variance():
    codes = torch.randn(5000, 4, generator=torch.Generator().manual_seed(0)) * torch.tensor([0.1, 3.0, 0.2, 2.0])
    basis = planes.pca_plane(codes).basis
    assert basis[0, 1] == pytest.approx(1, abs=0.01) and basis[1, 3] == pytest.approx(1, abs=0.01)


def test_the_grid_runs_from_the_top_left():
    grid = planes.grid(0, 0, 1, 2)
    assert grid.tolist() == [[-0.5, 0.5], [0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]]


def test_cells_of_the_percentile_grid_hold_equal_prior_mass():
    n, std = 4, 2.0
    grid = planes.percentile_grid(std, n)
    normal = torch.distributions.Normal(0, std)
    expected = (torch.arange(n) + 0.5) / n
    assert torch.allclose(normal.cdf(grid[:n, 0]), expected, atol=1e-5)
    assert torch.allclose(normal.cdf(grid[::n, 1]), expected.flip(0), atol=1e-5)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch_norm": False},
        {"labels": "decoder", "latent_dim": 3},
        {"n_categories": 10, "labels": "classifier", "latent_dim": 4},
        {"n_categories": 6, "cluster_heads": True},
    ],
)
def test_the_folded_decoder_is_the_decoder(changes):
    torch.manual_seed(0)
    model = AutoEncoder(replace(TINY, **changes))
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean.normal_(), module.running_var.uniform_(0.5, 2), module.weight.data.normal_()
    model.eval()
    z = torch.randn(30, model.config.latent_dim)
    for label in (None, *range(min(3, planes.n_labels(model.config)))):
        x = z
        layers = planes.decoder_layers(model, label)
        for i, (weight, bias) in enumerate(layers):
            x = (x.relu() if i else x) @ weight.T + bias
        assert torch.allclose(x.sigmoid(), planes.decode(model, z, label), atol=1e-5)


@pytest.mark.parametrize("name", PRESETS)
def test_the_view_shows_the_prior_where_the_codes_were_regularized(name):
    config = PRESETS[name]
    codes = 0.01 * torch.randn(500, config.latent_dim)
    x, y, half = planes.run_view(AutoEncoder(config), planes.axes_plane(config.latent_dim), codes)
    if config.regularizer == "none":
        assert half < 0.1
    else:
        drawn = priors.sample(config, 2000, torch.Generator().manual_seed(1))[:, :2]
        inside = ((drawn - torch.tensor([x, y])).abs() < half).all(1).float().mean()
        assert inside > 0.97


def test_a_dense_path_goes_around_a_gap():
    angle = torch.linspace(0, torch.pi, 400)
    arc = torch.stack([angle.cos(), angle.sin()], dim=1)  # half a circle, nothing inside
    path = planes.dense_path(arc, arc[0], arc[-1], 15)
    assert torch.allclose(path.norm(dim=1), torch.ones(15), atol=0.02)
    steps = (path[1:] - path[:-1]).norm(dim=1)
    assert steps.std() < 0.02 * steps.mean()
    assert torch.allclose(path[[0, -1]], arc[[0, -1]], atol=1e-5)


def test_a_path_between_islands_is_straight():
    islands = torch.cat([torch.randn(50, 2), torch.randn(50, 2) + 1000])
    path = planes.dense_path(islands, islands[0], islands[-1], 5)
    assert torch.allclose(path, planes.straight_path(islands[0], islands[-1], 5))


def test_the_prior_is_drawn_by_seed():
    model = AutoEncoder(replace(TINY, prior_std=3.0))
    first, again, other = (planes.prior_samples(model, 5000, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert first.std().item() == pytest.approx(3, rel=0.05)


def test_heads_shift_what_is_shown():
    model = AutoEncoder(replace(TINY, n_categories=4, cluster_heads=True))
    torch.nn.init.constant_(model.heads.weight, 50.0)
    assert planes.prior_samples(model).mean() == pytest.approx(50, abs=0.1)
    code = model.encode(torch.rand(6, 64))
    assert torch.allclose(model.place(code), code.mean + 50, atol=1e-3)


def test_nearby_holds_a_hundredth_at_a_dense_place_and_more_of_few():
    draws = 5 * torch.randn(10_000, 8, generator=torch.Generator().manual_seed(0))
    for n, share in ((10_000, 0.01), (60, 10 / 60), (5, 1)):
        radius = planes.nearby_radius(draws, n)
        assert radius == float(f"{radius:.2g}")
        within = (torch.cdist(draws[-300:], draws) < radius).float().mean(1)
        assert within.median() <= share * 1.1 and within.max() >= min(share, 0.99) * 0.9


def test_the_enclosing_square_holds_every_square():
    views = [(0.0, 1.0, 2.0), (5.0, -3.0, 0.5), (-1.0, 0.0, 3.0)]
    x, y, half = planes.enclosing(views)
    for own_x, own_y, own in views:
        assert abs(own_x - x) + own <= half * 1.001 and abs(own_y - y) + own <= half * 1.001
    assert planes.enclosing(views[:1]) == views[0]
