"""Downloads of the ready data sets: one process at a time, into place only when whole, and free to be broken off."""

import functools
import gzip
import hashlib
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import IO, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import torch

from aae import files, locks
from aae.data.readers import SETS, DataError, make_folder, missing, raw_folder, unwritable

Progress = Callable[[str], None]  # gets a line of text now and then; what it raises ends the download
LOOK = 0.2  # seconds between two lines
TIMEOUT = 30  # seconds without an answer
CHUNK = 1 << 16  # bytes
MAX_BYTES = 1_000_000_000  # of one download
PARTIAL = ".download-"


class Source(NamedTuple):
    """A file to be downloaded."""

    addresses: list[str]  # any of which has it
    md5: str
    contents: dict[str, str]  # files in it, gzipped each: name in the archive ("" where it is none), name in the folder


def fetch(name: str, progress: Progress | None = None) -> None:
    """Download what a data set lacks. Raises DataError, and whatever progress raises."""
    say, folder = progress or _tell_terminal, make_folder(raw_folder(name))
    try:
        with _locked(folder / ".lock", lambda: say(f"waiting: another process downloads {SETS[name].folder}")):
            files.pull(folder)  # another process may have put it into the store
            for left in folder.glob(f"{PARTIAL}*"):  # by a process that was killed
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=folder, ignore_cleanup_errors=True) as partial:
                _fetch_missing(name, folder, Path(partial), say)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        if progress is None:
            _tell_terminal("")


def _fetch_missing(name: str, folder: Path, partial: Path, say: Progress) -> None:
    wanted = {path.name for path in missing(name)}
    needed = [source for source in sources(name) if wanted & set(source.contents.values())] if wanted else []
    for number, source in enumerate(needed, start=1):
        what = f"{SETS[name].folder}, file {number} of {len(needed)}" if len(needed) > 1 else SETS[name].folder
        packed = _receive(name, source, partial / "packed", what, say)
        for member, file in source.contents.items():
            if file in wanted:
                _unpack(packed, member, partial / file, functools.partial(say, f"unpacking {what}"))
                (partial / file).replace(folder / file)
                files.publish(folder / file)


def sources(name: str) -> list[Source]:
    """Where a data set is downloaded from, as torchvision knows it."""
    files = SETS[name]
    dataset = getattr(torchvision_datasets(), files.folder)
    if name == "emnist_digits":
        contents = {f"gzip/{file}.gz": file for split in ("train", "test") for file in files.names(split)}
        return [Source([dataset.url], dataset.md5, contents)]
    return [
        Source([mirror + file for mirror in dataset.mirrors], md5, {"": file.removesuffix(".gz")})
        for file, md5 in dataset.resources
    ]


@contextmanager
def _locked(path: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock; wait() is called while another process holds it."""
    while (held := locks.try_to_lock(path)) is None:
        wait()
        time.sleep(LOOK)
    try:
        yield
    finally:
        locks.release(held)


def _report(say: Progress, what: str, transfer: "Transfer") -> None:
    say(f"downloading {what}: {transfer}")


def _receive(name: str, source: Source, path: Path, what: str, say: Progress) -> Path:
    """Download a file from the first address that has it. Raises DataError."""
    problems = []
    for address in source.addresses:
        transfer = Transfer(address, path)
        try:
            transfer.follow(functools.partial(_report, say, what, transfer))
            if md5(path) == source.md5:
                return path
            problems.append(f"{address} sends another file")
        except (OSError, HTTPException, ValueError) as error:
            problems.append(f"{address}: {' '.join(str(error).split())[:200] or type(error).__name__}")
    raise unavailable(name, "; ".join(problems))


class Transfer(threading.Thread):
    """One address on its way into a file; a thread, so that a network that hangs can be left behind."""

    def __init__(self, address: str, path: Path):
        super().__init__(daemon=True)
        self.address, self.path = address, path
        self.done, self.total = 0, 0  # bytes; 0 in all where that is not known
        self.error: Exception | None = None
        self.unwanted = threading.Event()

    def __str__(self) -> str:
        return f"{self.done / 1e6:.1f}{f' of {self.total / 1e6:.1f}' if self.total else ''} MB"

    def run(self) -> None:
        """Receive until the end, or until it is cancelled; an error is kept."""
        try:
            request = Request(self.address, headers={"User-Agent": "aae"})
            with self.path.open("wb") as file, urlopen(request, timeout=TIMEOUT) as answer:
                self.total = int(answer.headers.get("Content-Length") or 0)
                while not self.unwanted.is_set() and (chunk := answer.read(CHUNK)):
                    self.done += file.write(chunk)
                    if self.done > MAX_BYTES:
                        raise OSError(f"more than {MAX_BYTES:,} bytes")
        except HTTPError as error:
            error.close()
            self.error = error
        except Exception as error:
            self.error = error

    def follow(self, look: Callable[[], None]) -> None:
        """Receive, calling look() all the while. Raises what the transfer or look() raises."""
        self.start()
        try:
            alive = True
            while alive:
                self.join(LOOK)
                alive = self.is_alive()
                look()  # once at least: a short transfer may have ended before
        finally:
            self.unwanted.set()
        if self.error:
            raise self.error


def md5(path: Path) -> str:
    """The checksum of a file, as torchvision lists it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _unpack(packed: Path, member: str, to: Path, look: Callable[[], None]) -> None:
    """Write the unpacked content of a .gz file, or of one in a .zip, calling look() now and then."""
    with _opened(packed, member) as inner, gzip.GzipFile(fileobj=inner) as content, to.open("wb") as file:
        last = 0.0
        while chunk := content.read(CHUNK):
            file.write(chunk)
            if time.monotonic() - last > LOOK:
                last = time.monotonic()
                look()


@contextmanager
def _opened(packed: Path, member: str) -> Iterator[IO[bytes]]:
    if not member:
        with packed.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(packed) as archive, archive.open(member) as file:
        yield file


def unavailable(name: str, problem: str) -> DataError:
    """The error of a data set that is neither here nor to be downloaded."""
    files = ", ".join(path.name for path in missing(name))
    return DataError(
        f"dataset={name!r} is not in {raw_folder(name)} and could not be downloaded ({problem}); missing: {files}."
        " Remedy: connect once, or copy the files there, or set AAE_DATA to a folder that has them, or use --data"
        " digits, which needs nothing"
    )


def _tell_terminal(text: str) -> None:
    """Show the progress of the download on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


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
