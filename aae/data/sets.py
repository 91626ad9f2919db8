"""Data sets as in-memory uint8 tensors with fixed train, validation and test splits."""

from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from aae import files, storage
from aae.config import OWN, OWN_NAME, OWN_SIDE, Config, ConfigError, ownlabels, refuse
from aae.config.datasets import KNOWN, Description, numbers, to_name, to_names
from aae.data import download, readers
from aae.data.readers import DataError as DataError
from aae.data.readers import Missing as Missing
from aae.data.readers import root
from aae.files import stamps
from aae.texts import nearest

UNLABELED = -1
N_MONITORED = 5000
MAX_CUSTOM_TEST = 10_000
AGAIN = "upload the file again"


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

    def to(self, device: torch.device) -> "Images":
        """The same on a device."""
        return Images(self.pixels.to(device), self.labels.to(device))


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
        return [path for path in [custom_path(name)] if not path.is_file()]
    return readers.missing(name) if name in readers.SETS else []


def version(name: str) -> tuple:
    """What differs when the files of a data set do: as soon as they come, change or go."""
    if OWN_NAME.fullmatch(name):
        return stamps([custom_path(name)])
    return readers.signature(name) if name in readers.SETS else ()


def load(
    name: str,
    n_validation: int = 0,
    progress: download.Progress | None = None,
    held_out_class: int | None = None,
) -> Data:
    """The data set, downloaded where it is missing; progress() gets lines of text; what it raises ends it.

    A held-out class is in the test images alone. Raises ConfigError or DataError.
    """
    train, test = (_fetch_part(name, split, progress) for split in readers.SPLITS)
    return Data(*hold_out(without(train, held_out_class), n_validation), test)


def _fetch_part(name: str, split: str, progress: download.Progress | None) -> Images:
    """The images of a split, downloaded where the data set is missing. Raises ConfigError or DataError."""
    if missing_files(name):
        if name in readers.SETS:
            download.fetch(name, progress)
        else:
            _look_for(custom_path(name))
    return _load_part(name, split, version(name))


def _look_for(path: Path) -> None:
    """See whether a custom data set has come into the store since this process looked. Raises DataError."""
    try:
        files.pull(path.parent)
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{storage.shown(path)}: cannot be read ({reason}): try again later") from error


def without(images: Images, label: int | None) -> Images:
    """The images that are not of a class. Raises ConfigError where fewer than two are."""
    if label is None:
        return images
    kept = images.rows(images.labels != label)
    if len(kept.labels) < 2:
        raise refuse("held_out_class", label, f"leaves {len(kept.labels)} images to train on: hold out another")
    return kept


def hold_out(train: Images, n_validation: int) -> tuple[Images, Images]:
    """The training images without the last n_validation, and those. Raises ConfigError."""
    if n_validation > len(train.labels) // 2:
        raise refuse("n_validation", n_validation, f"must leave half of the {len(train.labels):,} training images")
    n_train = len(train.labels) - n_validation
    return train.rows(slice(n_train)), train.rows(slice(n_train, None))


def load_for(config: Config, progress: download.Progress | None = None) -> Data:
    """The data set of a config, as load() has it. Raises ConfigError, also for more classes than the config has."""
    images = load(config.dataset, config.n_validation, progress, config.held_out_class)
    _check_classes(config, images.train, images.test)
    return images


def load_training(config: Config, progress: download.Progress | None = None) -> Data:
    """The data set of a config without its test images, which are not read: for a search. Raises as load_for()."""
    train = _fetch_part(config.dataset, "train", progress)
    _check_classes(config, train)
    return Data(*hold_out(without(train, config.held_out_class), config.n_validation), train.rows(slice(0)))


def _check_classes(config: Config, *parts: Images) -> None:
    """Raise ConfigError for more classes than the config has."""
    n = 1 + max(int(part.labels.max()) for part in parts)
    if n > config.n_classes:  # of runs from before there was n_classes, it may have fewer
        raise refuse("n_classes", config.n_classes, f"{describe(config.dataset).title} has {n}: train it again")


def load_test(name: str) -> Images:
    """The test images of a data set that is on this machine. Raises ConfigError or DataError."""
    return _load_part(name, "test", version(name))


def load_train(name: str) -> Images:
    """The training images of a data set that is on this machine. Raises ConfigError or DataError."""
    return _load_part(name, "train", version(name))


@lru_cache(maxsize=6)
def _load_part(name: str, split: str, _version: tuple) -> Images:
    """The images of a split, read again when the version of the files is another one."""
    if name in readers.SETS:
        pixels, labels = readers.read(name, split)
        return Images(_upright(name, pixels).flatten(1), labels)
    if OWN_NAME.fullmatch(name):
        return _load_own(name, split)
    _check_known(name)
    return _load_digits(split)


def _check_known(name: str) -> None:
    if name not in KNOWN:
        raise refuse("dataset", name, f"must be one of {', '.join(KNOWN)}{nearest(name, KNOWN)}")


def _upright(name: str, pixels: Tensor) -> Tensor:
    """EMNIST stores its images [N, 28, 28] transposed; the others as they are seen."""
    return pixels.transpose(1, 2) if name == "emnist_digits" else pixels


def _load_digits(split: str) -> Images:
    """scikit-learn's 1,797 digits of 8x8 pixels, in a fixed shuffle, since their order is by writer."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    pixels = torch.from_numpy(digits.data / 16 * 255).round().to(torch.uint8)
    return _split(Images(pixels, torch.from_numpy(digits.target).long()), KNOWN["digits"].n_test, split)


def _split(images: Images, n_test: int, split: str) -> Images:
    """The last n_test images of a fixed shuffle, or those before them."""
    order = torch.randperm(len(images.labels), generator=torch.Generator().manual_seed(0))
    return images.rows(order[-n_test:] if split == "test" else order[:-n_test])


def _n_custom_test(n: int) -> int:
    """How many of n images are for testing."""
    return min(n // 5, MAX_CUSTOM_TEST)


def custom_path(name: str) -> Path:
    """Where a custom data set is stored; the name is a config's, and never a path."""
    return root() / OWN / f"{name}.npz"


def _load_own(name: str, split: str) -> Images:
    """A data set that aae.data.custom has checked and stored, a fifth of it for testing. Raises DataError."""
    n_classes = describe(name).n_classes
    pixels, labels = readers.read_arrays(custom_path(name), "images", "labels", n_classes, AGAIN)
    return split_custom(Images(pixels.flatten(1), labels), split)


def split_custom(images: Images, split: str) -> Images:
    """The images of a custom data set for training, or the fifth of them for testing."""
    return _split(images, _n_custom_test(len(images.labels)), split)


# What a data set is, without its images


def describe(name: str) -> Description:
    """The description of a data set; of a custom one, from its file. Raises ConfigError or DataError."""
    if OWN_NAME.fullmatch(name):
        return _describe_custom(custom_path(name), version(name))
    _check_known(name)
    return KNOWN[name]


def describe_for(config: Config) -> Description:
    """The description of a config's data set; classes without a name have their numbers, as all have where it is gone.

    A config from before there was n_classes has ten, and its data set may have fewer.
    """
    k, known = config.n_classes, Description("custom data", config.image_shape, numbers(config.n_classes), 0, 0)
    with suppress(DataError, ConfigError):
        known = describe(config.dataset)
    return replace(known, classes=to_names((known.classes + numbers(k)[known.n_classes :])[:k]))


@lru_cache(maxsize=64)
def _describe_custom(path: Path, _version: tuple) -> Description:
    """The names and counts of a data set that aae.data.custom has stored; its images are not read. Raises DataError."""
    try:
        files.fetch(path)
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return describe_custom(arrays["labels"], list(arrays["names"]) if "names" in arrays else [])
    except readers.UNREADABLE as error:
        raise readers.unusable(path, error, AGAIN) from error


def describe_custom(labels: np.ndarray, names: list[str]) -> Description:
    """The description of a custom data set with these labels [N], and the names of its classes."""
    names = names + list(numbers(int(labels.max()) + 1))[len(names) :]  # an older file has none
    classes = to_names(str(name) or ("unnamed" if len(names) > 1 else "all") for name in names)
    n_test = _n_custom_test(len(labels))
    title = f"custom data: {', '.join(classes)}"
    return Description(to_name(title, ""), (1, OWN_SIDE, OWN_SIDE), classes, len(labels) - n_test, n_test)


def check_labels(labels: Tensor, n_labeled: int, n_classes: int) -> None:
    """Raise ConfigError where the labels [N] hold fewer of a class than its share; a class without any has none."""
    fewest = int(labels.unique(return_counts=True)[1].min())
    if n_labeled // n_classes > fewest:
        rule = f"the smallest class has {fewest} images to train on: must be at most {fewest * n_classes}"
        raise refuse("n_labeled", n_labeled, rule)


def hide_labels(labels: Tensor, n_labeled: int, n_classes: int, seed: int) -> Tensor:
    """The labels [N] with all but n_labeled, equally many of each class, replaced by UNLABELED. Raises ConfigError."""
    check_labels(labels, n_labeled, n_classes)
    generator, each = torch.Generator().manual_seed(seed), n_labeled // n_classes
    shuffled = torch.randperm(len(labels), generator=generator)
    kept = torch.cat([shuffled[labels[shuffled] == k][:each] for k in labels.unique()])
    hidden = torch.full_like(labels, UNLABELED)
    hidden[kept] = labels[kept]
    return hidden


def own_labels(text: str, n: int) -> Tensor:
    """The labels [n] that a person gave, UNLABELED where they gave none. Raises ConfigError."""
    given = torch.full((n,), UNLABELED)
    for index, label in ownlabels.parse(text):
        if index >= n:
            raise refuse("own_labels", text, f"there is no image {index}: the {n:,} trained on are numbered from 0")
        given[index] = label
    return given
