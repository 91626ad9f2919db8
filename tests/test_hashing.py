"""Binary codes and the search by them agree with brute force and with scikit-learn."""

import itertools
import math

import pytest
import torch
from sklearn.decomposition import PCA

from aae.analysis import hashing


def draw(*size, seed=0):
    return torch.randn(size, generator=torch.Generator().manual_seed(seed))


def test_hamming_counts_the_bits_that_differ():
    a, b = (torch.where(draw(5, 9, seed=seed) > 0, 1.0, -1.0) for seed in (0, 1))
    expected = [[sum(x != y for x, y in zip(p, q, strict=True)) for q in b.tolist()] for p in a.tolist()]
    assert hashing.hamming(a, b).tolist() == expected


def test_precision_takes_ties_in_random_order():
    distances, same = torch.tensor([[0.0, 1, 1, 1, 2]]), torch.tensor([[True, True, False, False, True]])
    orders = [[0, *rest, 4] for rest in itertools.permutations([1, 2, 3])]
    for k in range(1, 6):
        expected = sum(sum(same[0, i].item() for i in order[:k]) / k for order in orders) / len(orders)
        assert hashing.precision_at(k, distances, same).item() == pytest.approx(expected)


def test_principal_components_are_scikit_learns():
    points = draw(500, 12) * torch.linspace(3, 0.3, 12)
    ours, theirs = hashing.principal_components(points), PCA(5).fit(points.numpy())
    cosines = (ours.directions[:, :5].T @ torch.from_numpy(theirs.components_).T.float()).diag().abs()
    assert cosines.min() > 0.98
    signs = torch.where((points - ours.centre) @ ours.directions[:, :5] > 0, 1.0, -1.0)
    assert torch.equal(ours.bits(points, 5), signs)


def test_random_hyperplanes_tell_angles():
    """The share of bits that differ is the angle over π (Goemans & Williamson 1995)."""
    made = [hashing.random_projections(torch.cat([draw(4000, 3), -draw(4000, 3)]), seed) for seed in range(40)]
    a, b = torch.tensor([[1.0, 0, 0]]), torch.tensor([[math.cos(1), math.sin(1), 0]])
    differ = [
        hashing.hamming(
            each._replace(centre=torch.zeros(3)).bits(a, 64), each._replace(centre=torch.zeros(3)).bits(b, 64)
        )
        for each in made
    ]
    assert torch.stack(differ).mean().item() / 64 == pytest.approx(1 / math.pi, abs=0.03)


def test_random_hyperplanes_do_not_depend_on_the_scales_of_the_dimensions():
    points, scales = draw(300, 4), torch.tensor([1.0, 10, 0.1, 5])
    plain, scaled = hashing.random_hyperplanes(points), hashing.random_hyperplanes(points * scales)
    assert torch.equal(plain.bits(points, 64), scaled.bits(points * scales, 64))
