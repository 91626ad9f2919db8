"""A data set from the bytes of a file that anyone may have written, or from a folder."""

import io
import zipfile
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np

from aae.config import OWN_SIDE as SIDE
from aae.config.datasets import MAX_CLASSES, MAX_NAME
from aae.data.custom import pictures
from aae.data.custom.archives import (
    GZIP,
    Entry,
    check_directory,
    folder_files,
    place,
    take,
    tar_files,
    too_many,
    zip_files,
)
from aae.data.custom.arrays import MAGIC
from aae.data.custom.arraysets import read_arrays
from aae.data.custom.folders import class_level, inside, natural, only_name
from aae.data.custom.levels import CHUNK, SAMPLES, Levels, light_ground, stretch
from aae.data.custom.limits import (
    MAX_BYTES,
    MAX_ENTRIES,
    MAX_IMAGE_BYTES,
    MAX_IMAGES,
    MIN_IMAGES,
    Budget,
    Unsuitable,
    refuse,
)
from aae.data.custom.report import ANIMATED, INVERTED, TRANSPARENT, TURNED, Report
from aae.data.readers import DataError
from aae.texts import one_line

SUFFIXES = (".zip", ".npz", ".npy", ".tar", ".gz", ".tgz")
Files = Iterable[tuple[str, Callable]]  # paths, and how each is opened


class CustomData(NamedTuple):
    """A custom data set as it is stored: bright on dark, as MNIST is."""

    pixels: np.ndarray  # [N, SIDE, SIDE] uint8
    labels: np.ndarray  # [N] int64, 0 to the number of classes
    names: tuple[str, ...]  # of the classes
    report: Report


def parse(content: bytes, name: str) -> CustomData:
    """The data set in the bytes of a .zip, .npz, .npy, .tar or .tar.gz file. Raises DataError."""
    if len(content) > MAX_BYTES:
        raise refuse(name, f"{len(content):,} bytes, more than {MAX_BYTES:,}: leave images out")
    budget = Budget(name)
    try:
        files = listed(content, name, budget)
    except DataError:
        raise
    except Unsuitable as reason:
        raise refuse(name, f"{reason}: shorten them") from reason
    except Exception as error:  # whatever damaged archives raise
        raise refuse(name, "not a sound .zip, .npz, .npy, .tar or .tar.gz file: pack it again") from error
    return parse_files(files, name, budget)


def listed(content: bytes, name: str, budget: Budget) -> Files:
    """The files in the bytes of one: of an archive, or of a single array."""
    if content.startswith(MAGIC):
        return [(PurePosixPath(name).stem + ".npy", lambda: io.BytesIO(content))]
    if content.startswith(GZIP) or content[257:262] == b"ustar":
        return list(islice(tar_files(content, budget), MAX_ENTRIES + 1))
    check_directory(content, name)
    return list(zip_files(zipfile.ZipFile(io.BytesIO(content))))


def parse_folder(folder: Path) -> CustomData:
    """The data set of the images in a folder. Raises DataError."""
    return parse_files(folder_files(folder), folder.resolve().name, Budget(folder.resolve().name))


def parse_files(files: Files, name: str, budget: Budget) -> CustomData:
    """The data set of some files: of the images among them, else of the arrays. Raises DataError."""
    report = Report()
    images, arrays = sort_out(files, name, report)
    if images:
        for entry in arrays:
            report.leave_out("type .npy", entry.path)
        return finish(*read_pictures(images, name, report, budget), name, report)
    if arrays:
        return finish(*read_arrays(arrays, name, report, budget), name, report)
    held = f" (left out: {report.omissions()})" if report.left_out else ""
    raise refuse(name, f"no images in it{held}: they end in {', '.join(sorted(pictures.SUFFIXES))}")


def sort_out(files: Files, name: str, report: Report) -> tuple[list[Entry], list[Entry]]:
    """The images and the arrays among some files; the others are left out. Raises DataError."""
    images, arrays = [], []
    for n, (path, open_file) in enumerate(files):
        if n == MAX_ENTRIES:
            raise too_many(name)
        try:
            if not (found := place(path)):
                continue
        except Unsuitable as reason:
            report.leave_out(str(reason), path)
            continue
        entry = Entry(*found, open_file)
        if entry.suffix in pictures.SUFFIXES:
            images.append(entry)
        elif entry.suffix == ".npy":
            arrays.append(entry)
        else:
            report.leave_out(f"type {one_line(entry.suffix, 12)}" if entry.suffix else "no suffix", entry.path)
    return images, arrays


def read_pictures(entries: list[Entry], name: str, report: Report, budget: Budget) -> tuple[np.ndarray, np.ndarray]:
    """The sound images of some files [N, SIDE, SIDE] uint8, and the names of their classes [N]. Raises DataError."""
    entries, classes = classified(entries, report)
    if len(entries) > MAX_IMAGES:
        raise refuse(name, f"{len(entries):,} images, more than {MAX_IMAGES:,}: leave some out")
    pixels, levels = np.empty((len(entries), SIDE, SIDE), np.uint8), Levels()
    kept: list[Any] = []
    deep: dict[int, np.ndarray] = {}
    for i, entry in enumerate(entries):
        budget.check(len(kept))
        try:
            image = pictures.decode(unpacked(entry, budget), pictures.contained)
        except Unsuitable as reason:
            report.leave_out(str(reason), entry.path)
            continue
        report.changed.update({TURNED: image.turned, ANIMATED: image.animated, TRANSPARENT: image.alpha is not None})
        grey = image.grey if image.alpha is None else pictures.on_ground(image.grey, image.alpha).astype(np.uint8)
        if grey.dtype == np.float32:
            deep[len(kept)] = pictures.squared(grey)
            levels.add(image.sample, image.low, image.high)
        else:
            pixels[len(kept)] = pictures.squared(grey)
        kept.append(classes[i])
    return settle(pixels[: len(kept)], deep, levels, report), np.array(kept)


def classified(entries: list[Entry], report: Report) -> tuple[list[Entry], list[str]]:
    """The images, and the class of each; those outside the class folders are left out."""
    folders = [entry.folders for entry in entries]
    level = class_level(folders)
    if level is None:
        return entries, [only_name(folders)] * len(entries)
    report.source = inside(folders, level)
    for entry in entries:
        if len(entry.folders) <= level:
            report.leave_out("outside the class folders", entry.path)
    entries = [entry for entry in entries if len(entry.folders) > level]
    names = {name: one_line(name, MAX_NAME) for name in {entry.folders[level] for entry in entries}}
    return entries, [names[entry.folders[level]] for entry in entries]


def unpacked(entry: Entry, budget: Budget) -> bytes:
    """The file of an image. Raises Unsuitable, and DataError where all together are too large."""
    try:
        with entry.open() as file:
            content = take(file, MAX_IMAGE_BYTES + 1)
    except Unsuitable:
        raise
    except Exception as error:  # whatever damaged archives raise
        raise Unsuitable("damaged in the archive") from error
    budget.spend(len(content))
    return content


def settle(pixels: np.ndarray, deep: dict[int, np.ndarray], levels: Levels, report: Report) -> np.ndarray:
    """All images [N, SIDE, SIDE] uint8, with those of more than 256 levels, which share one range, in their places."""
    if not len(pixels):
        return pixels
    if not deep:
        levels = Levels(are_bytes=True)
        step = pixels.size // SAMPLES + 1
        levels.add(pixels.ravel()[::step], pixels.min(initial=255), pixels.max(initial=0))
        return stretch(pixels, *levels.choose(report))
    places, (black, white) = list(deep), levels.choose(report)
    for part in (places[start : start + CHUNK] for start in range(0, len(places), CHUNK)):
        pixels[part] = stretch(np.stack([deep[i] for i in part]), black, white)
    return pixels


def finish(images: np.ndarray, classes: np.ndarray, name: str, report: Report) -> CustomData:
    """The data set of images and the names of their classes, bright on dark, with what was understood of it."""
    left_out = f"; left out: {report.omissions()}" if report.left_out else ""
    if len(images) < MIN_IMAGES:
        raise refuse(name, f"{len(images)} images: must be at least {MIN_IMAGES}{left_out}")
    found, codes, counts = np.unique(classes, return_inverse=True, return_counts=True)
    if len(found) > MAX_CLASSES:
        shown = ", ".join(one_line(each, 20) for each in sorted(found, key=natural)[:6])
        raise refuse(name, f"{len(found)} classes ({shown}, ...): at most {MAX_CLASSES} may be{left_out}")
    if images.min() == images.max():
        raise refuse(name, f"every pixel is {images.min()}: there is nothing to learn{left_out}")
    order = sorted(range(len(found)), key=lambda k: natural(str(found[k])))
    names = tuple(one_line(found[k], MAX_NAME) for k in order)
    report.classes = {name: int(counts[k]) for name, k in zip(names, order, strict=True)}
    light = light_ground(images)
    images[light] ^= 255
    report.changed[INVERTED] = int(light.sum())
    return CustomData(images, np.argsort(order)[codes].astype(np.int64), names, report)
