"""What is in archives and folders: names as other systems write them, contents unpacked within limits."""

import bz2
import copy
import gzip
import io
import os
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, cast

from aae.data.custom.limits import MAX_ENTRIES, MAX_IMAGE_BYTES, MAX_UNPACKED, Budget, Unsuitable, refuse

PIECE = 4096  # packed bytes at a time, so that what they unpack to is bounded where the packer sets no limit
MAX_PATH, MAX_DEPTH = 1000, 12  # letters of a name with its folders, and how many folders
MAX_NAMES = 10_000_000  # letters of all names
LITTER = {"thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin"}  # what systems pack beside files
UTF8_FLAG, ENCRYPTED_FLAG = 0x800, 1
GZIP = b"\x1f\x8b"
CENTRAL = b"PK\x01\x02"  # begins each entry of a zip's directory


class Entry(NamedTuple):
    """A file in an archive, or in a folder."""

    folders: tuple[str, ...]  # from the outside in
    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]  # raises Unsuitable, and whatever damaged files raise

    @property
    def path(self) -> str:
        return "/".join((*self.folders, self.name))

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


def take(file: IO[bytes], n: int) -> bytes:
    """The next n bytes, or what is left, unpacked in pieces."""
    parts = []
    while n > 0 and (part := file.read(min(n, PIECE))):
        parts.append(part)
        n -= len(part)
    return b"".join(parts)


def place(path: str) -> tuple[tuple[str, ...], str] | None:
    """The folders and the name of a path, or None where it names a folder, or what people do not see.

    Raises Unsuitable.
    """
    if len(path) > MAX_PATH:
        raise Unsuitable(f"a name of more than {MAX_PATH:,} letters")
    path = unicodedata.normalize("NFC", path.replace("\\", "/"))
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    if path.endswith("/") or not parts or any(part.startswith(".") or part.lower() in LITTER for part in parts):
        return None
    if len(parts) > MAX_DEPTH:
        raise Unsuitable(f"more than {MAX_DEPTH} folders deep")
    return tuple(parts[:-1]), parts[-1]


def too_many(name: str) -> Exception:
    return refuse(name, f"holds more than {MAX_ENTRIES:,} files: leave some out")


# Zip


def zip_files(archive: zipfile.ZipFile) -> Iterator[tuple[str, Callable]]:
    """The paths in a zip archive, and how each is opened."""
    infos = archive.infolist()
    if sum(len(info.filename) for info in infos) > MAX_NAMES:
        raise Unsuitable(f"names of more than {MAX_NAMES:,} letters in all")
    encoding = guess_encoding([info.filename for info in infos if not info.flag_bits & UTF8_FLAG])
    for info in infos:
        name = info.filename
        if encoding and not info.flag_bits & UTF8_FLAG and len(name) <= MAX_PATH:
            name = name.encode("cp437", "replace").decode(encoding, "replace")
        yield name, partial(open_zipped, archive, info)


def check_directory(content: bytes, name: str) -> None:
    """Refuse a zip whose directory would fill the memory before any of it is seen. Raises DataError."""
    if content.count(CENTRAL) > MAX_ENTRIES:
        raise too_many(name)


def guess_encoding(names: list[str]) -> str | None:
    """What names that were read as code page 437, a zip's default, were written in, if in something else."""
    packed = b"/".join(
        name.encode("cp437", "replace") for name in names if len(name) <= MAX_PATH and not name.isascii()
    )
    for encoding in ("utf-8", "cp932"):
        try:
            text = packed.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text and (encoding == "utf-8" or is_japanese(text)):
            return encoding
    return None


def is_japanese(text: str) -> bool:
    """Whether most letters, in the parts of paths that are not plain ASCII, are kana or kanji."""
    parts = text.replace("\\", "/").split("/")
    letters = [c for part in parts if not part.isascii() for c in PurePosixPath(part).stem if c.isalpha()]
    return 2 * sum("\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in letters) > len(letters)


def open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> AbstractContextManager[IO[bytes]]:
    """A file in a zip archive, which unpacks no more than is asked for. Raises Unsuitable."""
    if info.flag_bits & ENCRYPTED_FLAG:
        raise Unsuitable("encrypted")
    if info.compress_type != zipfile.ZIP_BZIP2:
        return archive.open(info)
    packed = copy.copy(info)  # zipfile unpacks bzip2 without a limit, bz2 within one
    packed.compress_type, packed.file_size, packed.CRC = zipfile.ZIP_STORED, info.compress_size, None  # type: ignore[assignment]
    return bz2.open(archive.open(packed))


# Tar


class Bounded(gzip.GzipFile):
    """A .gz file that neither reads nor skips more at once than an archive of images needs."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= MAX_IMAGE_BYTES:
            raise tarfile.ReadError("an odd header")
        return super().read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if offset > MAX_UNPACKED:
            raise tarfile.ReadError(f"unpacks to more than {MAX_UNPACKED:,} bytes")
        return super().seek(offset, whence)


def tar_files(content: bytes, budget: Budget) -> Iterator[tuple[str, Callable]]:
    """The paths in a .tar or .tar.gz archive, and how each is opened. Raises DataError."""
    raw = io.BytesIO(content)
    file = Bounded(fileobj=raw) if content.startswith(GZIP) else raw
    with tarfile.open(fileobj=file, mode="r:") as archive:
        n = 0
        while member := archive.next():
            archive.members = []  # type: ignore[attr-defined]  # which would grow
            budget.check(n := n + 1)
            if member.isreg() and not member.issparse():
                yield member.name, partial(open_packed, cast(IO[bytes], file), member.offset_data, member.size)


@contextmanager
def open_packed(file: IO[bytes], start: int, size: int) -> Iterator[IO[bytes]]:
    """A part of an archive."""
    file.seek(start)
    yield io.BytesIO(take(file, min(size, MAX_IMAGE_BYTES + 1)))


# Folder


def folder_files(folder: Path) -> Iterator[tuple[str, Callable]]:
    """The paths below a folder, sorted, and how each is opened."""
    for at, folders, names in os.walk(folder):
        folders.sort()
        for path in (Path(at, name) for name in sorted(names)):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), partial(path.open, "rb")
