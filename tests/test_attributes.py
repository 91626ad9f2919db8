"""Measured attributes of drawn shapes."""

import pytest
import torch

from aae.analysis import attributes


def bar(width, lean=0.0, rows=range(6, 22)):
    image = torch.zeros(28, 28)
    for y in rows:
        x = 14 - lean * (y - 13.5)
        for column in range(28):
            image[y, column] = max(0.0, min(1.0, width / 2 + 0.5 - abs(column + 0.5 - x)))
    return image


def test_slant_is_the_angle_of_a_leaning_bar():
    images = torch.stack([bar(3), bar(3, lean=0.5), bar(3, lean=-0.5), torch.zeros(28, 28)])
    assert attributes.slant(images).tolist() == pytest.approx([0, 26.565, -26.565, 0], abs=0.7)


def test_stroke_width_grows_with_the_stroke():
    images = torch.stack([bar(2), bar(4), torch.zeros(28, 28)])
    thin, thick, none = attributes.stroke_width(images).tolist()
    assert thin == pytest.approx(2, rel=0.15) and thick == pytest.approx(4, rel=0.25) and none == 0


def test_height_counts_rows_with_ink():
    images = torch.stack([bar(3), bar(3, rows=range(10, 15)), torch.zeros(28, 28)])
    assert attributes.height(images).tolist() == [16, 5, 0]
