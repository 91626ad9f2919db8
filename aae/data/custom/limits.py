"""What an upload may hold and cost, and the one shape of its refusals."""

import time
from pathlib import Path, PurePosixPath

from aae import files
from aae.config.datasets import MAX_CLASSES
from aae.data.readers import DataError
from aae.texts import one_line, shown

MAX_BYTES = 50_000_000  # of an uploaded file
MAX_UNPACKED = 400_000_000  # bytes of all that is read of it
MAX_ENTRIES = 150_000  # of an archive: twice as many as images, for what some systems pack beside each
MAX_IMAGES, MIN_IMAGES = 70_000, 50
MAX_IMAGE_BYTES = 20_000_000  # of the file of one image
MAX_PIXELS, MAX_JPEG_PIXELS, MIN_SIDE = 25_000_000, 80_000_000, 4  # a JPEG is made smaller while it is decoded
MAX_SECONDS = 10.0  # of the processor
SUMMARY = (
    f"{MIN_IMAGES} to {MAX_IMAGES:,} images of {MIN_SIDE} pixels a side to {MAX_PIXELS / 1e6:.0f} megapixels (JPEG: "
    f"{MAX_JPEG_PIXELS / 1e6:.0f}), at most {MAX_CLASSES} classes, a file of at most {MAX_BYTES / 1e6:.0f} MB"
)


def refuse(name: str, problem: str) -> DataError:
    """An error in one shape: file: what was wrong, and the remedy."""
    return DataError(one_line(f"{shown(PurePosixPath(name).name)}: {problem}"))


def read(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most so many bytes. Raises DataError."""
    try:
        return files.read(path, limit)
    except OSError as error:
        raise refuse(path.name, f"cannot be read ({error.strerror}): check the file") from error


class Unsuitable(Exception):
    """Something that is left out; the text is the reason."""


class Budget:
    """What reading one file may still cost."""

    def __init__(self, name: str):
        self.name = name
        self.left = MAX_UNPACKED
        self.ends = time.thread_time() + MAX_SECONDS

    def spend(self, n_bytes: int) -> None:
        """Count bytes that were unpacked. Raises DataError."""
        self.left -= n_bytes
        if self.left < 0:
            raise refuse(self.name, f"unpacks to more than {MAX_UNPACKED:,} bytes: make the images smaller, or fewer")

    def check(self, done: int) -> None:
        """Stop what takes too long, after this many images. Raises DataError."""
        if time.thread_time() > self.ends:
            raise refuse(
                self.name,
                f"takes more than {MAX_SECONDS:.0f} s to read, {done:,} images so far: make them smaller, or fewer",
            )
