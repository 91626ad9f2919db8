"""Arrays in .npz and .npy files: what their headers say, and their numbers, read within limits; never unpickled."""

import io
import math
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import IO, NamedTuple

import numpy as np
from numpy.lib import format as npy

from aae.config.datasets import MAX_NAME
from aae.data.custom.archives import take
from aae.data.custom.limits import MIN_SIDE, Budget, refuse
from aae.data.readers import DataError
from aae.texts import shown

MAGIC = b"\x93NUMPY"
MAX_HEAD = 12_000  # bytes
MAX_AT_ONCE = 64_000_000  # bytes of an array that cannot be read in parts
CHUNK = 4_000_000  # bytes of images at a time
SPLIT = re.compile(r"training|train|testing|test|validation|valid|val|dev")


class Layout(NamedTuple):
    """How the numbers of one image lie."""

    height: int
    width: int
    channels: int
    channels_first: bool


class Array(NamedTuple):
    """An array in a file, its numbers not read yet."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    is_fortran: bool  # its first axis runs fastest
    start: int  # of the numbers, in bytes
    open: Callable[[], AbstractContextManager[IO[bytes]]]

    @property
    def row_bytes(self) -> int:
        """The size of what one index of the first axis has."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    @property
    def role(self) -> str:
        """Its name without the split, in plain letters: x for x_train, images for train_images."""
        return re.sub(r"[\W_]", "", SPLIT.sub("", self.name.lower()))

    @property
    def split(self) -> str:
        """The part of a data set that is in its name, or nothing."""
        found = SPLIT.search(self.name.lower())
        return found.group()[:3] if found else ""

    @property
    def layout(self) -> Layout | None:
        """How its images lie, or None where it cannot hold images."""
        return image_layout(self.shape[1:]) if self.dtype.kind in "buif" and len(self.shape) > 1 else None

    def __str__(self) -> str:
        return f"{shown(self.name)} {shown(self.shape)} {shown(self.dtype)}"


def image_layout(shape: tuple[int, ...]) -> Layout | None:
    """How an image of this shape lies: with colours in front, behind or none, or all in a row."""
    flat = [n for n in shape if n != 1]
    if len(flat) == 1 and len(shape) < 3:
        side, third = math.isqrt(flat[0]), math.isqrt(flat[0] // 3)
        if side >= MIN_SIDE and side**2 == flat[0]:
            return Layout(side, side, 1, False)
        return Layout(third, third, 3, True) if third >= MIN_SIDE and 3 * third**2 == flat[0] else None
    if len(shape) == 2:
        return Layout(*shape, 1, False)
    if len(shape) == 3 and shape[2] in range(1, 5):
        return Layout(*shape, False)
    return Layout(*shape[1:], shape[0], True) if len(shape) == 3 and shape[0] in range(1, 5) else None


def read_header(name: str, open_file: Callable[[], AbstractContextManager[IO[bytes]]]) -> Array:
    """The array of an .npy file. Raises ValueError, and whatever damaged files raise."""
    with open_file() as file:
        head = io.BytesIO(take(file, MAX_HEAD))
    read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    shape, is_fortran, dtype = read[npy.read_magic(head)](head)
    return Array(name, shape, dtype, is_fortran, head.tell(), open_file)


def chunks(array: Array, file: str, budget: Budget) -> Iterator[np.ndarray]:
    """The numbers of an array, some of the first axis at a time [n, ...]. Raises DataError."""
    n, row = array.shape[0], array.row_bytes
    part = max(1, CHUNK // max(1, row))
    step = n if array.is_fortran else part
    if min(step, n) * row > MAX_AT_ONCE:
        remedy = "np.ascontiguousarray({})" if array.is_fortran else "smaller images, or np.uint8({} * 255)"
        raise refuse(file, f"{array}: too large to be read; save {remedy.format(shown(array.name))}")
    try:
        with array.open() as stream:
            take(stream, array.start)
            for begin in range(0, n, step):
                budget.check(begin)
                numbers = rows(array, stream, min(step, n - begin), budget)
                yield from (numbers[at : at + part] for at in range(0, len(numbers), part))
    except DataError:
        raise
    except Exception as error:  # whatever damaged archives raise
        raise refuse(file, f"{array}: damaged, or shorter than its header says; save it again") from error


def rows(array: Array, stream: IO[bytes], n: int, budget: Budget) -> np.ndarray:
    """The next n rows of an array. Raises ValueError where there are fewer."""
    content = take(stream, n * array.row_bytes)
    budget.spend(len(content))
    numbers = np.frombuffer(content, array.dtype, n * math.prod(array.shape[1:]))
    return numbers.reshape(n, *array.shape[1:], order="F" if array.is_fortran else "C")


def read_labels(array: Array, n: int, file: str, budget: Budget) -> np.ndarray:
    """The classes of n images, as whole numbers or words [n]. Raises DataError."""
    name, width = shown(array.name), math.prod(array.shape[1:])
    if array.dtype.hasobject:
        raise refuse(file, f"{name} holds objects, which are not read: save {name}.astype(str)")
    if array.shape[:1] != (n,) or len(array.shape) > 2 or array.dtype.kind not in "buifSU" or not width:
        raise refuse(file, f"{array}: must be whole numbers [{n}] or words, such as {name}.reshape(-1)")
    if array.dtype.kind in "SU" and (width > 1 or array.dtype.itemsize > 4 * MAX_NAME):
        raise refuse(file, f"{array}: must be one short word an image, such as {name}.astype('U{MAX_NAME}')")
    if n * array.row_bytes > MAX_AT_ONCE:
        raise refuse(file, f"{array}: too large to be read; save whole numbers [{n}]")
    values = np.concatenate([chunk.copy() for chunk in chunks(array, file, budget)])
    values = one_hot(values, name, file) if width > 1 else values.reshape(n)
    if array.dtype.kind == "S":
        return np.char.decode(values, "utf-8", "replace")
    if values.dtype.kind == "f":
        if not (np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < 1e9)).all():
            raise refuse(file, f"{array}: must be whole numbers [{n}], such as {name}.astype(int)")
        return values.astype(np.int64)
    return values


def one_hot(values: np.ndarray, name: str, file: str) -> np.ndarray:
    """The class of each row [N, n_classes] of which one number is 1 and the others are 0. Raises DataError."""
    if not (((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all()):
        raise refuse(file, f"{name} has {values.shape[1]} numbers an image: save np.argmax({name}, axis=1)")
    return values.argmax(axis=1)
