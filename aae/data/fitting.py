"""A config and its data set: how the one is fitted to the other, and checked, also before a custom set is stored."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from aae.config import OWN_NAME, Config, refuse
from aae.config.datasets import KNOWN, Description
from aae.data import readers, sets
from aae.data.sets import Images

LEAST_VALIDATION = 10  # images: fewer give no estimate of the codes' distribution


class Source(NamedTuple):
    """What a config depends on of a data set."""

    described: Description
    train: Callable[[int, int | None], Images]  # without so many for validation, and without a held-out class


def stored(name: str) -> Source:
    """A data set by its name. Raises ConfigError or DataError."""

    def train(n_validation: int, held_out_class: int | None) -> Images:
        return sets.load(name, n_validation, held_out_class=held_out_class).train

    return Source(sets.describe(name), train)


def unstored(pixels: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> Source:
    """A custom data set that is not stored yet: images [N, side, side] uint8, labels [N], names of the classes."""
    images = Images(torch.from_numpy(pixels).flatten(1), torch.from_numpy(labels))
    whole = sets.split_custom(images, "train")

    def train(n_validation: int, held_out_class: int | None) -> Images:
        return sets.hold_out(sets.without(whole, held_out_class), n_validation)[0]

    return Source(sets.describe_custom(labels, list(names)), train)


def fit(config: Config, name: str, source: Source | None = None) -> Config:
    """The config for another data set: with its classes, categories where they are classes, and at most its labels.

    Labels that a person gave belong to their own data set; for another one as many are drawn. The last class is held
    out where the data set has fewer classes, and none where it has only one. At most a sixth of the training images
    are held out, as of MNIST's. Raises ConfigError or DataError.
    """
    source = source or stored(name)
    n, most = source.described.n_classes, source.described.n_train // 6
    n_validation = min(config.n_validation, most if most >= LEAST_VALIDATION else 0)
    changes: dict[str, Any] = {
        "n_classes": n,
        "held_out_class": None if config.held_out_class is None or n == 1 else min(config.held_out_class, n - 1),
        "n_categories": n if config.labels == "classifier" else config.n_categories,
        "n_validation": n_validation,
        **_fit_labels(config, name, source, n_validation),
    }
    return replace(config, dataset=name, **changes)


def _fit_labels(config: Config, name: str, source: Source, n_validation: int) -> dict[str, Any]:
    """Which labels another data set is learned from: equally many of each class, at most as the smallest one has."""
    n = source.described.n_classes
    own = config.own_labels if name == config.dataset else ""
    wanted = config.n_labeled if own else config.label_count
    n_labeled = wanted and n * max(1, min(wanted // n, _fewest(name, source, n_validation)))
    return {"n_labeled": n_labeled, "own_labels": own}


def _fewest(name: str, source: Source, n_validation: int) -> int:
    """How many images to train on the smallest class has; of sets that may not be here, an even share."""
    if name in readers.SETS:
        return (KNOWN[name].n_train - n_validation) // KNOWN[name].n_classes
    return int(source.train(n_validation, None).labels.unique(return_counts=True)[1].min())


def check(config: Config, source: Source | None = None) -> None:
    """Raise ConfigError where a new config does not fit its data set, DataError where that cannot be read.

    The images of a custom set are read; of a known set its description is enough.
    """
    described, train = source or stored(config.dataset)
    if config.n_classes != described.n_classes:
        rule = f"{described.title} has {described.n_classes}: leave it out, and it is set"
        raise refuse("n_classes", config.n_classes, rule)
    if 0 < config.n_validation < LEAST_VALIDATION:
        rule = f"training is watched on them: must be 0, or at least {LEAST_VALIDATION}"
        raise refuse("n_validation", config.n_validation, rule)
    if OWN_NAME.fullmatch(config.dataset):
        images = train(config.n_validation, config.held_out_class)
        if (images.pixels == images.pixels[0]).all():
            raise refuse("dataset", config.dataset, "all its images are the same: use images that differ")
        if config.n_labeled is not None:
            sets.check_labels(images.labels, config.n_labeled, config.n_classes)
        sets.own_labels(config.own_labels, len(images.labels))
