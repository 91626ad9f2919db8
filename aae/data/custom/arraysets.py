"""Data sets of arrays that are saved under the names and in the shapes of other libraries."""

import math
from collections.abc import Iterator
from typing import cast

import numpy as np
from PIL import Image

from aae.config import OWN_SIDE as SIDE
from aae.data.custom.archives import Entry
from aae.data.custom.arrays import Array, Layout, chunks, read_header, read_labels
from aae.data.custom.levels import SAMPLES, Levels, stretch
from aae.data.custom.limits import MAX_IMAGES, MIN_IMAGES, MIN_SIDE, Budget, refuse
from aae.data.custom.pictures import contained, on_ground, resized, squared
from aae.data.custom.report import Report
from aae.texts import shown

IMAGES = {"images", "image", "imgs", "img", "x", "data", "pixels", "features", "inputs", "input", "samples"}
LABELS = {"labels", "label", "y", "targets", "target", "classes", "class", "digits", "digit"}
NAMES = {"names", "classnames", "labelnames", "targetnames"}
MAX_NAMES = 10_000  # of classes
MAX_PIXELS = 4_000_000  # of an image
GREY = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green and blue (ITU-R 601)


def read_arrays(entries: list[Entry], file: str, report: Report, budget: Budget) -> tuple[np.ndarray, np.ndarray]:
    """The images [N, SIDE, SIDE] uint8 of .npy files and the names of their classes [N]. Raises DataError."""
    arrays = read_headers(entries, report, budget)
    found = with_images(arrays, file)
    n = sum(array.shape[0] for array in found)
    if n > MAX_IMAGES:
        raise refuse(file, f"{n:,} images, more than {MAX_IMAGES:,}: leave some out")
    pairs = with_labels(found, [array for array in arrays if array not in found], report)
    images = read_images([array for array, _ in pairs], file, report, budget)
    labels = [read_labels(array, of.shape[0], file, budget) for of, array in pairs if array]
    if not labels:
        return images, np.full(len(images), "")
    names = [read_labels(each, each.shape[0], file, budget) for each in arrays if is_names(each)]
    return images, named(np.concatenate(labels), names)


def is_names(array: Array) -> bool:
    """Whether an array holds words, one for each class."""
    return (
        array.role in NAMES and array.dtype.kind in "SU" and len(array.shape) == 1 and 0 < array.shape[0] <= MAX_NAMES
    )


def read_headers(entries: list[Entry], report: Report, budget: Budget) -> list[Array]:
    """The arrays of .npy files; those that cannot be read are left out."""
    arrays = []
    for entry in entries:
        budget.check(0)
        try:
            arrays.append(read_header(entry.name[: -len(".npy")], entry.open))
        except Exception:  # whatever damaged archives raise
            report.leave_out("damaged array", entry.path)
    return arrays


def named(labels: np.ndarray, names: list[np.ndarray]) -> np.ndarray:
    """The labels [N] as words: the file's own names of the classes where it has some for all."""
    if labels.dtype.kind in "ui" and labels.min() >= 0:
        fitting = [each for each in names if each.dtype.kind == "U" and len(each) > labels.max()]
        labels = fitting[0][labels] if fitting else labels
    return labels.astype(str)


# Which array is what


def with_images(arrays: list[Array], file: str) -> list[Array]:
    """The arrays that hold images: by their names, else by their shapes. Raises DataError."""
    found = [array for array in arrays if array.role in IMAGES]
    found = found or [array for array in arrays if array.layout and len(array.shape) > 2]
    if not found:
        flat = [array for array in arrays if array.layout]
        found = [array for array in flat if array.row_bytes == max(each.row_bytes for each in flat)]
    if not found:
        listed = "; ".join(map(str, arrays[:4])) + "; ..." * (len(arrays) > 4)
        raise refuse(file, f"holds {listed or 'no sound array'}: save images=[N, height, width] and labels=[N]")
    for array in found:
        check_images(array, file)
    return found


def with_labels(found: list[Array], others: list[Array], report: Report) -> list[tuple[Array, Array | None]]:
    """Each array of images with that of their classes; where some have classes, those without are left out."""
    pairs = []
    for array in found:
        labels = next(candidates(array, others), None)
        pairs.append((array, labels))
        others = [each for each in others if each is not labels]
    if any(labels for _, labels in pairs):
        others += [array for array, labels in pairs if not labels]
        pairs = [(array, labels) for array, labels in pairs if labels]
    for array in others:
        if array.role not in NAMES:
            report.leave_out("another array", array.name)
    sides = [", ".join(shown(array.name) for array in side[:6] if array) for side in zip(*pairs, strict=True)]
    report.source = f"Images are from {sides[0]}" + (f", classes from {sides[1]}." if sides[1] else ".")
    return pairs


def candidates(images: Array, others: list[Array]) -> Iterator[Array]:
    """The arrays that may hold the classes of images: by name and split, else by their number."""
    yield from (array for array in others if array.role in LABELS and array.split == images.split)
    fitting = (array for array in others if len(array.shape) in (1, 2) and array.role not in NAMES)
    yield from (array for array in fitting if array.shape[0] == images.shape[0])


def check_images(array: Array, file: str) -> None:
    """Refuse what cannot be read as images, with the line that repairs it. Raises DataError."""
    name, layout, shape = shown(array.name), array.layout, array.shape
    if array.dtype.hasobject:
        raise refuse(file, f"{name} holds objects, which are not read: save numbers, such as np.stack({name})")
    if not layout:
        raise refuse(file, f"{array}: must be numbers [N, height, width], such as {name}.reshape(N, height, width)")
    if not math.prod(shape):
        raise refuse(file, f"{array} is empty: it must hold images")
    if len(shape) == 3 and shape[0] == shape[1] < MIN_IMAGES <= shape[2]:
        raise refuse(file, f"{array}: the images must come first; save np.moveaxis({name}, -1, 0)")
    if shape[0] > MAX_IMAGES:
        raise refuse(file, f"{array}: more than {MAX_IMAGES:,} images; save {name}[:{MAX_IMAGES}]")
    if layout.width * layout.height > MAX_PIXELS or min(layout[:2]) < MIN_SIDE:
        raise refuse(
            file,
            f"{name} has {layout.width}x{layout.height} pixels: must be at least {MIN_SIDE}x{MIN_SIDE}, and at most "
            f"{MAX_PIXELS:,} in all",
        )


# Their numbers


def read_images(arrays: list[Array], file: str, report: Report, budget: Budget) -> np.ndarray:
    """All images of some arrays [N, SIDE, SIDE] uint8. Raises DataError."""
    are_bytes = all(array.dtype == np.uint8 for array in arrays)
    exact = are_bytes and all(array.layout and array.layout[:3] == (SIDE, SIDE, 1) for array in arrays)
    n, step = sum(array.shape[0] for array in arrays), sum(math.prod(array.shape) for array in arrays) // SAMPLES + 1
    out, at, levels = np.empty((n, SIDE, SIDE), np.uint8 if exact else np.float32), 0, Levels(are_bytes)
    for array in arrays:
        for numbers in finite_chunks(array, file, budget):
            images = grey(numbers, cast(Layout, array.layout))
            levels.add(images.ravel()[::step], images.min(), images.max())
            for image in images:
                budget.check(at)
                out[at] = fitted(image)
                at += 1
    return stretch(out, *levels.choose(report))


def finite_chunks(array: Array, file: str, budget: Budget) -> Iterator[np.ndarray]:
    """The numbers of an array as float32, some images at a time. Raises DataError where not all are finite."""
    bad = 0
    for numbers in chunks(array, file, budget):
        with np.errstate(over="ignore"):
            values = numbers.astype(np.float32)
        bad += int((~np.isfinite(values.reshape(len(values), -1)).all(axis=1)).sum())
        if not bad:
            yield values
    if bad:
        name, axes = shown(array.name), tuple(range(1, len(array.shape)))
        raise refuse(
            file,
            f"{bad:,} of {array.shape[0]:,} images in {name} hold numbers that are not finite (NaN, or beyond 3e38): "
            f"save {name}[np.isfinite({name}).all(axis={axes})], and the labels likewise",
        )


def grey(values: np.ndarray, layout: Layout) -> np.ndarray:
    """Images [n, ...] without colours and transparency [n, height, width]."""
    if layout.channels_first:
        values = np.moveaxis(values.reshape(-1, layout.channels, layout.height, layout.width), 1, -1)
    values = values.reshape(-1, layout.height, layout.width, layout.channels)
    colours = values[..., 0] if layout.channels < 3 else values[..., :3] @ GREY
    if layout.channels in (1, 3):
        return colours
    return np.stack([on_ground(*each, each[1].max()) for each in zip(colours, values[..., -1], strict=True)])


def fitted(image: np.ndarray) -> np.ndarray:
    """One image [height, width] float32, scaled, in a square [SIDE, SIDE]."""
    if image.shape == (SIDE, SIDE):
        return image
    small = resized(Image.fromarray(np.ascontiguousarray(image)), contained(image.shape[::-1]))
    return squared(np.clip(np.asarray(small), image.min(), image.max()))
