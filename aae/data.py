"""Data sets as in-memory uint8 tensors with fixed train, validation and test splits."""

import os
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError

import numpy as np
import torch
from torch import Tensor

from aae.config import CHOICES, N_CLASSES, OWN, OWN_NAME, ConfigError, refuse

UNLABELED = -1
N_MONITORED = 5000
MAX_OWN_TEST = 10_000
DIGITS_TEST = 500  # images: the last of a fixed shuffle of the 1,797
_PARTS = ("images-idx3-ubyte", "labels-idx1-ubyte")
_MNIST_FILES = [f"{split}-{part}" for split in ("train", "t10k") for part in _PARTS]
_EMNIST_FILES = [f"emnist-digits-{split}-{part}" for split in ("train", "test") for part in _PARTS]
TORCHVISION = {  # class name, which is also the folder's; arguments; files under <root>/<class>/raw
    "mnist": ("MNIST", {}, _MNIST_FILES),
    "fashion": ("FashionMNIST", {}, _MNIST_FILES),
    "kmnist": ("KMNIST", {}, _MNIST_FILES),
    "emnist_digits": ("EMNIST", {"split": "digits"}, _EMNIST_FILES),
}


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


class DataError(RuntimeError):
    """A data set that cannot be had; the text names the folder, the files and the remedy."""


def root() -> Path:
    """The folder of the data sets: the environment variable AAE_DATA, else data/ in the working directory."""
    return Path(os.environ.get("AAE_DATA") or "data")


def missing_files(name: str) -> list[Path]:
    """The files of a data set that are not in root(); empty when it can be loaded without a network."""
    if OWN_NAME.fullmatch(name):
        return [path for path in [own_path(name)] if not path.is_file()]
    if name not in TORCHVISION:
        return []
    folder, _, files = TORCHVISION[name]
    return [path for path in (root() / folder / "raw" / file for file in files) if not path.is_file()]


def load(name: str, n_validation: int = 0) -> Data:
    """The data set, downloaded with a progress bar where it is missing. Raises ConfigError or DataError."""
    if OWN_NAME.fullmatch(name):
        train, test = _load_own(own_path(name))
    elif name not in CHOICES["dataset"]:
        raise refuse("dataset", name, f"must be one of {', '.join(CHOICES['dataset'])}")
    else:
        train, test = _load_digits() if name == "digits" else _load_torchvision(name, root())
    if n_validation > len(train.labels) // 2:
        raise refuse("n_validation", n_validation, f"must leave half of the {len(train.labels):,} training images")
    n_train = len(train.labels) - n_validation
    return Data(train.rows(slice(n_train)), train.rows(slice(n_train, None)), test)


@lru_cache(maxsize=2)
def _load_torchvision(name: str, root: Path) -> tuple[Images, Images]:
    """The train and test images of a data set that torchvision knows how to find and download."""
    folder, arguments, _ = TORCHVISION[name]
    dataset = getattr(torchvision_datasets(), folder)
    try:
        parts = [dataset(root, train=train, download=True, **arguments) for train in (True, False)]
    except (OSError, RuntimeError, URLError) as error:
        raise _unavailable(name, error) from error
    return tuple(Images(_upright(name, part.data).flatten(1), part.targets.long()) for part in parts)


def _upright(name: str, pixels: Tensor) -> Tensor:
    """EMNIST stores its images [N, 28, 28] transposed; the others as they are seen."""
    return pixels.transpose(1, 2) if name == "emnist_digits" else pixels


def _unavailable(name: str, error: Exception) -> DataError:
    folder = root() / TORCHVISION[name][0] / "raw"
    files = ", ".join(path.name for path in missing_files(name)) or "complete, but cannot be read"
    return DataError(
        f"dataset={name!r} is not in {folder} and could not be downloaded ({type(error).__name__}: {error});"
        f" missing: {files}. Remedy: connect once, or copy the files there, or set AAE_DATA to a folder that"
        " has them, or use --data digits, which needs nothing"
    )


@lru_cache(maxsize=1)
def _load_digits() -> tuple[Images, Images]:
    """scikit-learn's 1,797 digits of 8x8 pixels, in a fixed shuffle, since their order is by writer."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    order = torch.randperm(len(digits.target), generator=torch.Generator().manual_seed(0))
    pixels = torch.from_numpy(digits.data / 16 * 255).round().to(torch.uint8)
    images = Images(pixels, torch.from_numpy(digits.target).long()).rows(order)
    return images.rows(slice(-DIGITS_TEST)), images.rows(slice(-DIGITS_TEST, None))


def own_path(name: str) -> Path:
    """Where a data set that someone brought is stored; the name is a config's, and never a path."""
    return root() / OWN / f"{name}.npz"


@lru_cache(maxsize=2)
def _load_own(path: Path) -> tuple[Images, Images]:
    """A data set that aae.own has checked and stored, in a fixed shuffle, a fifth of it for testing."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            pixels, labels = torch.from_numpy(arrays["images"]).flatten(1), torch.from_numpy(arrays["labels"])
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"dataset={path.stem!r} cannot be read from {path}: bring the file again") from error
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    n_test = min(len(labels) // 5, MAX_OWN_TEST)
    images = Images(pixels, labels).rows(order)
    return images.rows(slice(-n_test)), images.rows(slice(-n_test, None))


def torchvision_datasets():
    """torchvision.datasets, also where torchvision was built for CUDA and torch for the CPU.

    Such a torchvision cannot load its operators, and the mere import fails on two that it describes but
    does not find. Declaring them lets the import pass; nothing here calls them.
    """
    try:
        from torchvision import datasets
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
        for operator, signature in (
            ("nms", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"),
            ("qnms", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"),
        ):
            torch.library.define(f"torchvision::{operator}", signature)
        from torchvision import datasets
    return datasets


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
