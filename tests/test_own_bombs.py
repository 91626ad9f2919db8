"""Files within the upload limit that are made to hurt cost bounded time and memory, whatever their headers say."""

import bz2
import gzip
import io
import struct
import tarfile
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from aae.data.custom import limits
from tests.measuring import cost_of_parsing, fresh_processes
from tests.ownfiles import archive, packed

HUGE = 450_000_000  # bytes: more than may be unpacked, or held
MOST_MEMORY, MOST_SECONDS = 400, 20  # MB that are added, and seconds of the processor
TINY = packed(Image.fromarray(np.eye(8, dtype=np.uint8) * 255))


def deflated(n, wbits=-15):
    """This many zeros, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    pieces = (packer.compress(bytes(min(10**7, n - start))) for start in range(0, n, 10**7))
    return b"".join(pieces) + packer.flush()


def repeated(content, n, suffix=".png", method=zipfile.ZIP_DEFLATED, packed=None, size=None):
    """A zip whose directory names one file n times; what is packed, and its size, may be a lie."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed or packer.compress(content) + packer.flush()
    name, size = f"a/0{suffix}".encode(), len(content) if size is None else size
    about = struct.pack("<3H2H3L", 20, 0, method, 0, 33, zlib.crc32(content), len(body), size)
    local = b"PK\x03\x04" + about + struct.pack("<2H", len(name), 0) + name + body
    entry = b"PK\x01\x02\x14\0" + about + struct.pack("<5H2L", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, len(entry) * n, len(local), 0)
    return local + entry * n + end


def refuses_overlaps():
    """Whether this Python opens no entry of a zip that shares its bytes with one before (CVE-2024-0450)."""
    with zipfile.ZipFile(io.BytesIO(repeated(TINY, 2))) as found:
        try:
            return not found.read(found.infolist()[1])
        except zipfile.BadZipFile:
            return True


def npz(shape, dtype="|u1", data=b"", fortran=False):
    """An .npz whose header may promise more than there is."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": dtype, "fortran_order": fortran, "shape": shape})
    return archive({"images.npy": head.getvalue() + data})


def long_header():
    """An .npz whose header says that it has 4 GB, and has more than may be unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = b"\x93NUMPY\x02\0" + struct.pack("<L", 4 * 10**9)
    body = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH) + deflated(HUGE)
    return repeated(b"", 1, ".npy", packed=body, size=len(head) + HUGE)


MANY = [f"a/{i}.png" for i in range(10_000)]


def photo(size, **options):
    image = Image.new("RGB", size, (220, 210, 200))
    image.paste((30, 30, 30), (size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2))
    return packed(image, "JPEG", quality=15, subsampling=0, **options)


def transparent():
    image = Image.new("RGBA", (5000, 5000), (1, 2, 3, 255))
    image.paste((200, 100, 50, 0), (100, 100, 3000, 3000))
    return packed(image)


def many_scans(size=(4000, 4000)):
    """A progressive JPEG whose last scan is repeated, at a few bytes each time."""
    image = packed(Image.new("L", size, 128), "JPEG", progressive=True, quality=10)
    return image[:-2] + image[image.rfind(b"\xff\xda") : -2] * 2000 + image[-2:]


def texts():
    """A small PNG whose comments unpack to 62 MB."""
    info = PngImagePlugin.PngInfo()
    for k in range(62):
        info.add_text(f"k{k}", "\0" * 1_000_000, zip=True)
    return packed(Image.new("L", (8, 8), 9), pnginfo=info)


def large_tile():
    """A TIFF of 100x100 pixels in a tile of 900 megapixels."""
    data = deflated(30_000**2, 15)
    tags = {256: 100, 257: 100, 258: 8, 259: 8, 262: 1, 277: 1, 322: 30_000, 323: 30_000, 324: 134, 325: len(data)}
    fields = b"".join(struct.pack("<2H2L", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<LH", 8, len(tags)) + fields + bytes(4) + data


def tar(size, kind=tarfile.REGTYPE):
    """A .tar.gz of zeros behind a header that promises this size."""
    member = tarfile.TarInfo("a/0.png")
    member.size, member.type = size, kind
    return gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + bytes(HUGE), 1)


def many_members(n):
    member = tarfile.TarInfo("a/0.png")
    member.size = len(TINY)
    return gzip.compress((member.tobuf() + TINY + bytes(-len(TINY) % 512)) * n + bytes(1024), 1)


GREYS = np.tile(np.repeat(np.arange(28) % 9 / 8, 28), 70_000).astype("<f4").tobytes()  # each row of one grey
BOMBS = {  # what they are, and what is said; slow ones last until their seconds are spent
    "one long folder name": (lambda: archive({"b" * 65000 + "/x.png": TINY, **dict.fromkeys(MANY, TINY)}), "10,000"),
    "long names": (lambda: archive({f"{i}" + "b" * 65000 + "/x.png": TINY for i in range(370)}), "letters in all"),
    "wide names": (lambda: archive({f"\U0001f600{i}{'b' * 900}.png": TINY for i in range(25_000)}), "letters in all"),
    "a size that is too small": (lambda: repeated(b"", 60, packed=deflated(HUGE), size=100), "damaged"),
    "a size that is too large": (lambda: repeated(TINY, 60, size=4 * 10**9), "60 images"),
    "large files": (lambda: repeated(bytes(19_999_000), 60), "unpacks to more than"),
    "bzip2": (lambda: repeated(b"", 60, method=12, packed=bz2.compress(bytes(HUGE)), size=HUGE), "unpacks to"),
    "lzma": (lambda: archive({"0.png": bytes(HUGE)}, zipfile.ZIP_LZMA), "more than 20 MB: 1"),
    "many entries": (lambda: repeated(TINY, 940_000), "more than 150,000 files"),
    "many images": (lambda: repeated(TINY, 65_535), "65,535 images"),
    "large photographs": (lambda: repeated(photo((8160, 6120)), 2000, ".jpg"), "slow"),
    "progressive photographs": (lambda: repeated(photo((8160, 6120), progressive=True), 999, ".jpg"), "slow"),
    "many scans": (lambda: repeated(many_scans(), 100, ".jpg"), "large progressive JPEG: 100"),
    "transparent images": (lambda: repeated(transparent(), 5000), "slow"),
    "blank images": (lambda: repeated(packed(Image.new("1", (5000, 5000))), 5000), "slow"),
    "animated WebP": (lambda: repeated(packed(Image.new("RGBA", (3500, 3500)), "WEBP"), 5000, ".webp"), "slow"),
    "comments of images": (lambda: repeated(texts(), 65_535), "slow"),
    "a large tile": (lambda: repeated(large_tile(), 60, ".tif"), "more than 25 megapixels: 60"),
    "a shape that no memory holds": (lambda: npz((10**10, 28, 28)), "more than 70,000 images"),
    "a shape that no number holds": (lambda: npz((2**70, 28, 28)), "more than 70,000 images"),
    "a shape that is not there": (lambda: npz((60_000, 28, 28), data=bytes(100)), "shorter than its header says"),
    "a long header": (long_header, "no sound array"),
    "float arrays": (lambda: npz((70_000, 28, 28), "<f4", GREYS), "70,000 images"),
    "arrays in Fortran's order": (lambda: npz((70_000, 28, 28), data=bytes(70_000 * 784), fortran=True), "every pixel"),
    "large arrays": (lambda: npz((60, 2000, 2000), "<f8", bytes(10**8)), "unpacks to|shorter than"),
    "many arrays": (lambda: repeated(b"\x93NUMPY", 140_000, ".npy"), "no sound array|slow"),
    "a long tar header": (lambda: tar(8 * 10**9, tarfile.XHDTYPE), "not a sound"),
    "a long tar entry": (lambda: tar(8 * 10**12), "not a sound"),
    "many tar entries": (lambda: many_members(160_000), "more than 150,000 files|slow"),
}  # fmt: skip


@pytest.fixture(scope="module")
def processes():
    with fresh_processes() as processes:
        yield processes


@pytest.mark.parametrize("kind", BOMBS)
def test_time_and_memory_are_bounded(kind, processes, tmp_path):
    make, said = BOMBS[kind]
    path = tmp_path / "bomb.zip"
    path.write_bytes(make())
    assert path.stat().st_size <= limits.MAX_BYTES
    seconds = 1.0 if said == "slow" else limits.MAX_SECONDS
    cost = processes.apply(cost_of_parsing, (path, seconds))
    assert cost.megabytes < MOST_MEMORY
    assert cost.seconds < seconds + MOST_SECONDS - limits.MAX_SECONDS
    slow = f"takes more than {seconds:.0f} s"
    expected = said.replace("slow", slow).split("|") + [slow] * (cost.seconds > seconds)  # so it is on a slow machine
    expected += ["damaged in the archive"] * refuses_overlaps()
    assert any(words in cost.said for words in expected) and len(cost.said) < 500


def test_the_seconds_are_those_of_the_processor_and_the_remedy_is_told(monkeypatch):
    monkeypatch.setattr(limits, "MAX_SECONDS", 0.0)
    with pytest.raises(limits.DataError, match=r"mine.zip: takes more than 0 s to read, 0 images so far: make them sm"):
        limits.Budget("mine.zip").check(0)
