"""Data sets as in-memory uint8 tensors with fixed train, validation and test splits."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from aae import datafiles, download
from aae.config import CHOICES, N_CLASSES, OWN, OWN_NAME, ConfigError, refuse
from aae.datafiles import DataError as DataError
from aae.datafiles import root

UNLABELED = -1
N_MONITORED = 5000
MAX_OWN_TEST = 10_000
DIGITS_TEST = 500  # images: the last of a fixed shuffle of the 1,797


class Images(NamedTuple):
    """Grey images and their classes."""

    pixels: Tensor  # [N, n_pixels] uint8
    labels: Tensor  # [N] int64, UNLABELED where hidden

    def rows(self, index) -> "Images":
        """The images of a slice, or of an index [B]."""
        return Images(self.pixels[index], self.labels[index])

    def floats(self) -> Tensor:
        """The pixels as numbers in [0, 1] [N, n_pixels]."""
        return self.pixels.float() / 255


class Data(NamedTuple):
    """One data set, split."""

    train: Images
    validation: Images  # the last n_validation training images, possibly none
    test: Images

    @property
    def monitored(self) -> Images:
        """What training is watched on, and clusters are named by: held-out images, else the last training images."""
        return self.validation if len(self.validation.labels) else self.train.rows(slice(-N_MONITORED, None))


def missing_files(name: str) -> list[Path]:
    """The files of a data set that are not in root(); empty when it can be loaded without a network."""
    if OWN_NAME.fullmatch(name):
        return [path for path in [own_path(name)] if not path.is_file()]
    return datafiles.missing(name) if name in datafiles.SETS else []


def version(name: str) -> tuple:
    """What differs when the files of a data set do: as soon as they come, change or go."""
    if OWN_NAME.fullmatch(name):
        return datafiles.stamps([own_path(name)])
    return datafiles.signature(name) if name in datafiles.SETS else ()


def load(name: str, n_validation: int = 0, progress: download.Progress | None = None) -> Data:
    """The data set, downloaded where it is missing; progress is told how far that is, and what it raises ends it.

    Raises ConfigError or DataError.
    """
    if name in datafiles.SETS and missing_files(name):
        download.fetch(name, progress)
    train, test = (_load_part(name, split, version(name)) for split in datafiles.SPLITS)
    if n_validation > len(train.labels) // 2:
        raise refuse("n_validation", n_validation, f"must leave half of the {len(train.labels):,} training images")
    n_train = len(train.labels) - n_validation
    return Data(train.rows(slice(n_train)), train.rows(slice(n_train, None)), test)


def load_test(name: str) -> Images:
    """The test images of a data set that is on this machine. Raises ConfigError or DataError."""
    return _load_part(name, "test", version(name))


@lru_cache(maxsize=6)
def _load_part(name: str, split: str, _version: tuple) -> Images:
    """The images of a split, read again when the version of the files is another one."""
    if name in datafiles.SETS:
        pixels, labels = datafiles.read(name, split)
        return Images(_upright(name, pixels).flatten(1), labels)
    if OWN_NAME.fullmatch(name):
        return _load_own(own_path(name), split)
    if name not in CHOICES["dataset"]:
        raise refuse("dataset", name, f"must be one of {', '.join(CHOICES['dataset'])}")
    return _load_digits(split)


def _upright(name: str, pixels: Tensor) -> Tensor:
    """EMNIST stores its images [N, 28, 28] transposed; the others as they are seen."""
    return pixels.transpose(1, 2) if name == "emnist_digits" else pixels


def _load_digits(split: str) -> Images:
    """scikit-learn's 1,797 digits of 8x8 pixels, in a fixed shuffle, since their order is by writer."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    pixels = torch.from_numpy(digits.data / 16 * 255).round().to(torch.uint8)
    return _split(Images(pixels, torch.from_numpy(digits.target).long()), DIGITS_TEST, split)


def _split(images: Images, n_test: int, split: str) -> Images:
    """The last n_test images of a fixed shuffle, or those before them."""
    order = torch.randperm(len(images.labels), generator=torch.Generator().manual_seed(0))
    return images.rows(order[-n_test:] if split == "test" else order[:-n_test])


def own_path(name: str) -> Path:
    """Where a data set that someone brought is stored; the name is a config's, and never a path."""
    return root() / OWN / f"{name}.npz"


def _load_own(path: Path, split: str) -> Images:
    """A data set that aae.own has checked and stored, a fifth of it for testing. Raises DataError."""
    pixels, labels = datafiles.read_arrays(path, "images", "labels", remedy="bring the file again")
    return _split(Images(pixels.flatten(1), labels), min(len(labels) // 5, MAX_OWN_TEST), split)


def hide_labels(labels: Tensor, n_labeled: int | None, seed: int) -> Tensor:
    """The labels [N] with all but n_labeled, equally many of each class, replaced by UNLABELED."""
    if n_labeled is None:
        return labels
    each = n_labeled // N_CLASSES
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.randperm(len(labels), generator=generator)
    kept = torch.cat([shuffled[labels[shuffled] == k][:each] for k in range(N_CLASSES)])
    if len(kept) < n_labeled:
        raise ConfigError(f"n_labeled={n_labeled}: must be at most the number of images, equally many of each class")
    hidden = torch.full_like(labels, UNLABELED)
    hidden[kept] = labels[kept]
    return hidden
