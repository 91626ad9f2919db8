"""Which images are normal and which are odd to a run, with their scores."""

from typing import NamedTuple

import torch
from torch import Tensor

from aae import data
from aae.analysis import anomalies
from aae.app.runs import testimages
from aae.app.server.remembered import remembered
from aae.config.datasets import KNOWN
from aae.data import Images
from aae.runs import Run

MOST = 2000  # odd images of another data set, or of noise
CLASS, NOISE = "held-out class", "uniform noise"


class Part(NamedTuple):
    """Images, normal or odd, by every score."""

    scores: dict[str, Tensor]  # [N]
    rows: Tensor  # of their pictures' file [N]


@remembered
def tested(run: Run, _version: tuple) -> dict[str, Tensor]:
    """Each score of the test images; without the images, of their codes [N]."""
    images = testimages.of(run).images
    if images is None:
        return anomalies.of_codes(run.model(), run.test_codes.float())
    return anomalies.of_images(run.model(), images)


def normal(run: Run) -> Part:
    """The test images, those of a held-out class left out."""
    return _tested_part(run, run.test_labels.long() != _held_out(run))


def odd_part(run: Run, odd: str) -> Part:
    """The odd images."""
    if odd == CLASS:
        return _tested_part(run, run.test_labels.long() == _held_out(run))
    images = foreign(run, odd)
    return Part(anomalies.of_images(run.model(), images), torch.arange(len(images.labels)))


def _held_out(run: Run) -> int:
    return data.UNLABELED if run.config.held_out_class is None else run.config.held_out_class


def _tested_part(run: Run, which: Tensor) -> Part:
    scores = tested(run, data.version(run.config.dataset))
    return Part({name: each[which] for name, each in scores.items()}, which.nonzero().squeeze(1))


def foreign(run: Run, odd: str) -> Images:
    """Images of another data set in the shape of the run's, or of noise."""
    shape, found = run.config.image_shape, testimages.find(odd).images if odd in KNOWN else None
    if found is None:
        return anomalies.noise(MOST, run.config.n_pixels)
    return anomalies.scaled(found.rows(slice(MOST)), KNOWN[odd].shape, shape)
