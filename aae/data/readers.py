"""The files of the known data sets: where torchvision and other tools put them, and how they are read."""

import gzip
import logging
import math
import os
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import numpy as np
import torch
from torch import Tensor

from aae import files, storage
from aae.config.datasets import KNOWN
from aae.files import stamps

BESIDE = Path(__file__).resolve().parents[2] / "data"
SPLITS = ("train", "test")
SIDE = 28  # pixels of every image, in height and in width
MAX_VALUES = 300_000 * SIDE**2  # bytes in one file, unpacked
CHUNK = 1 << 20  # bytes
SETTLED = 3_000_000_000  # ns since a folder has changed; the coarsest file systems count two seconds
GZIP = b"\x1f\x8b"
UNREADABLE = (  # what damaged files raise
    OSError, EOFError, ValueError, KeyError, TypeError, NotImplementedError, RuntimeError,
    zlib.error, zipfile.BadZipFile,
)  # fmt: skip
_listed: dict[
    Path, tuple[int, list[Path]]
] = {}  # folders: when they had changed, and what was in them: asked for often
REMEDY = "replace it, or delete it and it is downloaded again"


class DataError(RuntimeError):
    """A data set that cannot be had; one line that names the file or folder, what is wrong and the remedy."""


class Missing(DataError):
    """A data set whose files are not there."""


class FileSet(NamedTuple):
    """A data set as torchvision lays it: <data folder>/<folder>/raw/<file>."""

    folder: str  # also the name of torchvision's class
    aliases: tuple[str, ...]  # names of folders and archives that other tools use, in plain letters
    prefixes: tuple[str, str]  # of the files of each of SPLITS

    def names(self, split: str) -> tuple[str, str]:
        """The usual names of the files of a split: images, labels."""
        prefix = self.prefixes[SPLITS.index(split)]
        return f"{prefix}-images-idx3-ubyte", f"{prefix}-labels-idx1-ubyte"


_USUAL = ("train", "t10k")
SETS = {
    "mnist": FileSet("MNIST", ("mnist", "mnistdata"), _USUAL),
    "fashion": FileSet("FashionMNIST", ("fashionmnist", "fashion"), _USUAL),
    "kmnist": FileSet("KMNIST", ("kmnist", "kuzushijimnist"), _USUAL),
    "emnist_digits": FileSet("EMNIST", ("emnist", "emnistdigits"), ("emnist-digits-train", "emnist-digits-test")),
}


def root() -> Path:
    """The folder of the data sets, that AAE_DATA names, else data/ beside the package. Raises DataError."""
    try:
        return storage.place(os.environ.get("AAE_DATA") or str(BESIDE))
    except OSError as error:
        raise DataError(f"AAE_DATA={error.strerror}") from error


def make_folder(path: Path) -> Path:
    """Make a folder below root() where it is missing. Raises DataError."""
    try:
        if str(root()).startswith("~"):
            raise OSError("no user has this home folder")
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def unwritable(path: Path, error: OSError) -> DataError:
    """The error of a folder in which nothing can be stored."""
    place, reason = storage.shown(path), error.strerror or error
    return DataError(f"{place}: cannot be written ({reason}): set AAE_DATA to a folder that can be written")


# Where the files are


def raw_folder(name: str) -> Path:
    """Where torchvision keeps the files of a data set."""
    return root() / SETS[name].folder / "raw"


def missing(name: str) -> list[Path]:
    """The files that a data set lacks, where torchvision would have them."""
    here = found(name)
    names = [file for split in SPLITS for file in SETS[name].names(split)]
    return [] if _archives(here, name) else [raw_folder(name) / file for file in names if _key(file) not in here]


def signature(name: str) -> tuple[tuple[str, int, int], ...]:
    """Path, time of change (ns) and size of every file of a data set: what is read again once it differs."""
    return stamps(path for paths in found(name).values() for path in paths)


def found(name: str) -> dict[str, list[Path]]:
    """The files of a data set by their names' keys; of one key, torchvision's way comes first."""
    archives = {f"{alias}npz" for alias in SETS[name].aliases}
    usual = {_key(file) for split in SPLITS for file in SETS[name].names(split)}
    here: dict[str, list[Path]] = {}
    for folder, wanted in [*((folder, usual | archives) for folder in _folders(name)), (root(), archives)]:
        for path in sorted(_children(folder), key=lambda path: len(path.name)):
            if (key := _key(path.name)) in wanted:
                files = [path] if path.is_file() else _children(path)  # Kaggle's are in folders of their own names
                here.setdefault(key, []).extend(file for file in files if file.is_file())
    return {key: files for key, files in here.items() if files}


def _folders(name: str) -> list[Path]:
    """Folders that may hold a data set's files: named after it in root(), or root() itself."""
    usual, aliases, _ = SETS[name]
    named = [path for path in _children(root()) if _plain(path.name) in aliases]
    named.sort(key=lambda path: path.name != usual)
    whole = named + [root()] * (_named_after(root()) == name)
    return [folder / part for folder in whole for part in ("raw", "", "gzip", "raw/gzip")]


def _named_after(folder: Path) -> str:
    """The data set whose files lie in a folder without one of their own: the one that its path names, else MNIST."""
    for part in map(_plain, reversed(folder.absolute().parts)):
        for name, known in SETS.items():
            if part in known.aliases:
                return name
    return "mnist"


def _children(folder: Path) -> list[Path]:
    """What is in a folder, listed anew when that has changed; nothing where there is none that can be read."""
    try:
        changed, (then, here) = os.stat(folder).st_mtime_ns, _listed.get(folder, (None, []))
        if changed != then:
            here = [folder / name for name in sorted(os.listdir(folder))]
    except OSError:
        return []
    if time.time_ns() - changed > SETTLED:  # else what comes right now may leave the same time
        _listed[folder] = changed, here
    return here


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    """A name's letters and digits, small."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@lru_cache(maxsize=1024)
def _key(file: str) -> str:
    """What the ways to write a file's name have in common: train-images.idx3-ubyte.gz, train-images-idx3-ubyte."""
    return _plain(file.lower().removesuffix(".gz"))


def _archives(here: dict[str, list[Path]], name: str) -> list[Path]:
    """Keras' archives among the files of a data set."""
    return [path for alias in SETS[name].aliases for path in here.get(f"{alias}npz", [])]


# What is in the files


def read(name: str, split: str) -> tuple[Tensor, Tensor]:
    """Images [N, SIDE, SIDE] uint8 and classes [N] int64 of a split, from the first sound files. Raises DataError."""
    here, keys = found(name), [_key(file) for file in SETS[name].names(split)]
    k = KNOWN[name].n_classes
    ways: list[Callable] = [partial(_read_pair, here[keys[0]], here[keys[1]], k)] if here.keys() >= {*keys} else []
    ways += [partial(read_arrays, path, f"x_{split}", f"y_{split}", k) for path in _archives(here, name)]  # of Keras
    if not ways:
        raise Missing(f"dataset={name!r} is not here; missing: {', '.join(map(str, missing(name)))}")
    return _first_sound(ways)


def _first_sound(ways: Sequence[Callable]) -> Any:
    """What the first of these functions returns that raises no DataError; else the error of the very first."""
    errors = []
    for way in ways:
        try:
            return way()
        except DataError as error:
            errors.append(error)
    raise errors[0]


def _read_pair(images: list[Path], labels: list[Path], n_classes: int) -> tuple[Tensor, Tensor]:
    pixels = _first_sound([partial(read_idx, path, 3) for path in images])
    classes = _first_sound([partial(read_idx, path, 1) for path in labels])
    return _checked(pixels, classes, n_classes, images[0])


def read_arrays(path: Path, images: str, labels: str, n_classes: int, remedy: str = REMEDY) -> tuple[Tensor, Tensor]:
    """Images [N, SIDE, SIDE] uint8 and classes [N] int64 of a .npz file; nothing is unpickled. Raises DataError."""
    try:
        files.fetch(path)
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            pixels, classes = arrays[images], arrays[labels]
        if pixels.dtype != np.uint8 or classes.dtype.kind not in "ui":
            raise ValueError(f"{images} of type {pixels.dtype} and {labels} of type {classes.dtype}")
    except FileNotFoundError as error:
        raise Missing(f"{storage.shown(path)} is not there: {remedy}") from error
    except UNREADABLE as error:
        raise unusable(path, error, remedy) from error
    return _checked(torch.from_numpy(pixels), torch.from_numpy(classes.astype(np.int64)), n_classes, path, remedy)


def _checked(
    pixels: Tensor, classes: Tensor, n_classes: int, path: Path, remedy: str = REMEDY
) -> tuple[Tensor, Tensor]:
    """Images and classes that fit each other. Raises DataError."""
    shapes = f"{list(pixels.shape)} images and {list(classes.shape)} labels"
    if pixels.shape != (len(classes), SIDE, SIDE) or classes.dim() != 1 or not len(classes):
        raise unusable(path, f"{shapes}: must be [N, {SIDE}, {SIDE}] and [N]", remedy)
    if not 0 <= classes.min() <= classes.max() < n_classes:
        raise unusable(path, f"labels from {classes.min()} to {classes.max()}: must be 0 to {n_classes - 1}", remedy)
    return pixels, classes.long()


def read_idx(path: Path, n_dims: int) -> Tensor:
    """The bytes of an idx file, gzipped or not, in its shape: 3 dimensions of images, 1 of labels. Raises DataError."""
    try:
        with _opened(path) as file:
            shape = _shape(file.read(4 + 4 * n_dims), n_dims)
            return torch.frombuffer(_values(file, shape), dtype=torch.uint8).reshape(shape)
    except UNREADABLE as error:
        raise unusable(path, error) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A file, unpacked where it is gzipped, whatever its name says."""
    files.fetch(path)
    with path.open("rb") as file:
        packed = file.peek(len(GZIP)).startswith(GZIP)
        if packed and path.suffix.lower() != ".gz":
            logging.getLogger(__name__).warning("%s: gzipped, though not named .gz: unpacked while reading", path)
        yield cast(IO[bytes], gzip.GzipFile(fileobj=file)) if packed else file


def _shape(header: bytes, n_dims: int) -> tuple[int, ...]:
    """The shape in an idx file's header. Raises ValueError."""
    kind = bytes([0, 0, 8, n_dims])  # two zeros, the type of bytes, the number of dimensions
    if not header:
        raise ValueError("empty")
    if not header.startswith(kind) or len(header) < 4 + 4 * n_dims:
        raise ValueError(f"begins with {header[:8]!r}, no header of an idx file of {n_dims}-dimensional bytes")
    shape = tuple(int.from_bytes(header[at : at + 4], "big") for at in range(4, 4 + 4 * n_dims, 4))
    if not 0 < math.prod(shape) <= MAX_VALUES:
        raise ValueError(f"its header says {shape}: must be 1 to {MAX_VALUES:,} bytes")
    return shape


def _values(file: IO[bytes], shape: tuple[int, ...]) -> bytearray:
    """The values behind the header: as many as the shape says, neither fewer nor more. Raises ValueError."""
    values, size = bytearray(), math.prod(shape)
    while len(values) <= size and (chunk := file.read(CHUNK)):
        values += chunk
    if len(values) != size:
        n = f"{len(values):,}" if len(values) < size else "more"
        raise ValueError(f"{n} bytes where its header says {size:,}")
    return values


def unusable(path: Path, problem: object, remedy: str = REMEDY) -> DataError:
    """The error of a file that cannot be used, in one short line."""
    text = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return DataError(f"{storage.shown(path)}: cannot be used ({' '.join(text.split())[:150]}): {remedy}")
