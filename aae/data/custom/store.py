"""The stored data sets: written whole, named by their content, the least recently used going first."""

import contextlib
import hashlib
import io
import os
import time
from pathlib import Path

import numpy as np

from aae import data, files
from aae.config import CHOICES, OWN, OWN_NAME
from aae.data import readers
from aae.data.custom.limits import MAX_BYTES, read
from aae.data.custom.parsing import SUFFIXES, CustomData, parse, parse_folder

MAX_KEPT = 20  # data sets of all visitors


def is_custom(word: str) -> bool:
    """Whether this names a file or a folder of custom data, and not one of the known data sets."""
    is_file = Path(word).suffix.lower() in SUFFIXES
    return is_file or (word not in CHOICES["dataset"] and not OWN_NAME.fullmatch(word) and os.path.isdir(word))


def parse_path(path: Path) -> CustomData:
    """The data set of a file or a folder. Raises DataError."""
    return parse_folder(path) if os.path.isdir(path) else parse(read(path, MAX_BYTES), path.name)


def name_of(kept: CustomData) -> str:
    """The name of a data set for a config, made from its content."""
    digest = hashlib.sha256(kept.pixels.data)
    digest.update(kept.labels.tobytes() + repr(kept.names).encode())
    return f"{OWN}-{digest.hexdigest()[:12]}"


def keep(kept: CustomData, needed: frozenset[str] = frozenset()) -> str:
    """Store a data set; its name for a config. Older ones go unless still needed. Raises DataError."""
    name = name_of(kept)
    packed, path = io.BytesIO(), data.custom_path(name)
    np.savez_compressed(packed, images=kept.pixels, labels=kept.labels, names=np.array(kept.names))
    try:
        readers.make_folder(path.parent)
        files.write_atomically(path, packed.getvalue())
    except OSError as error:
        raise readers.unwritable(path.parent, error) from error
    touch(name)
    forget({name, *needed})
    return name


def touch(name: str) -> None:
    """Note that a stored data set is in use: it becomes the latest, whatever the clock says."""
    path = data.custom_path(name)
    with contextlib.suppress(OSError):
        latest = max((each.stat().st_mtime for each in path.parent.glob("*.npz") if each != path), default=0)
        files.touch(path, max(time.time(), latest + 1))


def forget(spared: set[str]) -> None:
    """Delete the least recently used data sets but for MAX_KEPT, and for those that are spared."""
    with contextlib.suppress(OSError):
        stored = sorted(data.custom_path("").parent.glob("*.npz"), key=lambda path: path.stat().st_mtime)
        for path in stored[:-MAX_KEPT]:
            if path.stem not in spared:
                files.remove(path)
                files.remove(path.with_suffix(".json"))  # whose it was
