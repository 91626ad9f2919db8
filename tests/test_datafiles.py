"""Files of the ready data sets: found however they are laid, read only when sound, and named when they are not."""

import gzip
import os
import shutil
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from aae import data
from aae.data import custom, readers

SIZES = {"train": 60, "test": 40}


def images(split):
    """Fake images [N, 28, 28] of a horizontal line, and their classes."""
    pixels = np.zeros((SIZES[split], 28, 28), np.uint8)
    pixels[:, 3] = 255
    return pixels, (np.arange(SIZES[split]) % 10).astype(np.uint8)


def idx(array):
    """The bytes of an idx file."""
    return bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


def contents(name):
    """The files of a data set: usual name, bytes."""
    files = {}
    for split in readers.SPLITS:
        pixels, labels = images(split)
        pixels = pixels.transpose(0, 2, 1) if name == "emnist_digits" else pixels
        files |= dict(zip(readers.SETS[name].names(split), map(idx, (pixels, labels)), strict=True))
    return files


def lay(folder, name="mnist", rename=str, pack=bytes, split=""):
    """Write the files of a data set into a folder."""
    for file, content in contents(name).items():
        if split in file:
            path = folder / rename(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack(content))


def lay_keras(path):
    arrays = {f"{x}_{split}": part for split in readers.SPLITS for x, part in zip("xy", images(split), strict=True)}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


def dotted(file):
    return file.replace("-idx", ".idx")


def gz(file):
    return f"{file}.gz"


LAYOUTS = {  # how the files lie in the data folder
    "torchvision": lambda root, name, usual: lay(root / usual / "raw", name),
    "gzipped only": lambda root, name, usual: lay(root / usual / "raw", name, gz, gzip.compress),
    "gzipped, not said": lambda root, name, usual: lay(root / usual / "raw", name, str, gzip.compress),
    "no raw": lambda root, name, usual: lay(root / usual, name),
    "small letters": lambda root, name, usual: lay(root / usual.lower(), name, gz, gzip.compress),
    "small letters, raw": lambda root, name, usual: lay(root / usual.lower() / "raw", name),
    "dots": lambda root, name, usual: lay(root / usual / "raw", name, dotted),
    "dots, gzipped": lambda root, name, usual: lay(root / usual, name, lambda file: gz(dotted(file)), gzip.compress),
    "Kaggle": lambda root, name, usual: lay(root / usual, name, lambda file: f"{file}/{file}"),
    "as packed": lambda root, name, usual: lay(root / usual / "raw" / "gzip", name, gz, gzip.compress),
    "two places": lambda root, name, usual: (
        lay(root / usual / "raw", name, split="images"),
        lay(root / usual, name, gz, gzip.compress, split="labels"),
    ),
}


@pytest.fixture
def root(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(data.sets.download, "fetch", lambda *_: pytest.fail("nothing is to be downloaded"))
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def check_loads(name):
    parts = data.load(name, n_validation=10)
    assert [len(part.labels) for part in parts] == [50, 10, 40]
    upright = parts.train.pixels[0].view(28, 28)
    assert upright[3].min() == 255 and upright[4:].max() == 0  # a horizontal line
    assert parts.test.labels.dtype == torch.int64 and parts.test.labels[:12].tolist() == [*range(10), 0, 1]
    assert not data.missing_files(name) and torch.equal(data.load_test(name).labels, parts.test.labels)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", readers.SETS)
def test_every_set_is_found_however_it_is_laid(name, layout, root):
    assert len(data.missing_files(name)) == 4
    LAYOUTS[layout](root, name, readers.SETS[name].folder)
    check_loads(name)
    assert all(data.missing_files(other) for other in readers.SETS if other != name)


@pytest.mark.parametrize("name", readers.SETS)
@pytest.mark.parametrize("below", ["{}", "{}/raw", "sets/{}/raw"])
def test_the_data_folder_may_be_the_sets_own(name, below, root, monkeypatch):
    folder = root / below.format(readers.SETS[name].folder)
    lay(folder, name)
    monkeypatch.setenv("AAE_DATA", str(folder))
    check_loads(name)
    assert all(data.missing_files(other) for other in readers.SETS if other != name)  # their names are the same


@pytest.mark.parametrize("below", ["", "raw", "mnist", "MNIST_data"])
def test_files_that_lie_openly_are_of_mnist(below, root):
    lay(root / below)
    check_loads("mnist")
    assert len(data.missing_files("fashion")) == 4


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("mnist", "mnist.npz"),
        ("mnist", "MNIST/raw/mnist.npz"),
        ("fashion", "fashion_mnist.npz"),
        ("fashion", "fashion-mnist/fashion-mnist.npz"),
    ],
)
def test_the_archive_of_keras_is_read(name, path, root):
    lay_keras(root / path)
    check_loads(name)


def test_a_folder_that_cannot_be_written_is_read(root):
    lay(root / "MNIST" / "raw")
    before = sorted(root.rglob("*"))
    (root / "MNIST" / "raw").chmod(0o500)
    check_loads("mnist")
    assert sorted(root.rglob("*")) == before


FILE = "t10k-images-idx3-ubyte"
WAYS = {  # to damage a file, and a word of what is said
    "cut": (lambda whole: whole[:1000], "984 bytes where its header says 31,360"),
    "cut in the header": (lambda whole: whole[:9], "begins with"),
    "empty": (lambda whole: b"", "empty"),
    "longer": (lambda whole: whole + b"x", "more bytes"),
    "a web page": (lambda whole: b"<!DOCTYPE html><html><body>404 Not Found", "begins with"),
    "labels": (lambda whole: idx(images("test")[1]), "begins with"),
    "integers": (lambda whole: whole[:2] + b"\x0c" + whole[3:], "begins with"),
    "too many": (lambda whole: whole[:4] + b"\xff" * 12 + whole[16:], "must be 1 to"),
    "none": (lambda whole: whole[:4] + bytes(12), "must be 1 to"),
    "other size": (lambda whole: idx(np.zeros((40, 27, 29), np.uint8)), "[40, 27, 29]"),
    "one fewer": (lambda whole: idx(images("test")[0][1:]), "[39, 28, 28]"),
    "gzip, cut": (lambda whole: gzip.compress(whole)[:100], "end-of-stream"),
    "gzip, damaged": (lambda whole: gzip.compress(whole)[:30] + bytes(40), ""),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rename", [str, dotted, gz])
def test_a_damaged_file_is_named_in_one_line_with_what_is_wrong_and_the_remedy(way, rename, root):
    damage, reason = WAYS[way]
    lay(root / "MNIST" / "raw", rename=rename)
    path = root / "MNIST" / "raw" / rename(FILE)
    path.write_bytes(damage(path.read_bytes()))
    for load in (data.load, data.load_test):
        with pytest.raises(data.DataError) as error:
            load("mnist")
        said = str(error.value)
        assert str(path) in said and reason in said and "delete it" in said and "\n" not in said


def test_labels_that_are_no_digits_are_refused(root):
    lay(root / "MNIST" / "raw")
    path = root / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + b"\x0a")
    with pytest.raises(data.DataError, match="labels from 0 to 10"):
        data.load("mnist")


def test_a_file_that_cannot_be_opened_is_named(root, monkeypatch):
    lay(root / "MNIST" / "raw")
    opening = Path.open

    def refuse(path, *arguments):
        if path.name == FILE:
            raise PermissionError(13, "Permission denied")
        return opening(path, *arguments)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(data.DataError, match=rf"{FILE}: cannot be used \(Permission denied\)"):
        data.load("mnist")


@pytest.mark.parametrize("way", WAYS)
def test_a_sound_file_beside_a_damaged_one_is_taken(way, root):
    lay(root / "MNIST" / "raw")
    path = root / "MNIST" / "raw" / FILE
    if WAYS[way][0](path.read_bytes())[:2] != b"\0\0" or way in ("cut", "empty", "longer", "too many", "none"):
        lay(root / "MNIST" / "raw", rename=gz, pack=gzip.compress)
        path.write_bytes(WAYS[way][0](path.read_bytes()))
        check_loads("mnist")


def test_training_images_that_are_damaged_leave_the_test_images(root):
    lay(root / "MNIST" / "raw")
    (root / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(b"junk")
    assert len(data.load_test("mnist").labels) == 40
    with pytest.raises(data.DataError, match="train-images"):
        data.load("mnist")


def test_a_header_that_lies_costs_no_memory(tmp_path):
    header = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in (299_000, 28, 28))
    (tmp_path / "short").write_bytes(header + bytes(100))
    (tmp_path / "long.gz").write_bytes(gzip.compress(idx(np.zeros((1, 28, 28), np.uint8)) + bytes(100_000_000)))
    tracemalloc.start()
    for name in ("short", "long.gz"):
        with pytest.raises(data.DataError):
            readers.read_idx(tmp_path / name, 3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"PK"), lambda path: drop(path, "y_test.npy")])
def test_a_damaged_archive_is_named(damage, root):
    lay_keras(root / "mnist.npz")
    damage(root / "mnist.npz")
    with pytest.raises(data.DataError, match=r"mnist\.npz: cannot be used"):
        data.load("mnist")


def drop(path, member):
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(f"{path}.new", "w") as less:
        for name in whole.namelist():
            if name != member:
                less.writestr(name, whole.read(name))
    shutil.move(f"{path}.new", path)


def test_files_that_come_change_and_go_are_noticed(root):
    versions = [data.version("mnist")]
    lay(root / "MNIST" / "raw")
    versions.append(data.version("mnist"))
    assert len(data.load_test("mnist").labels) == 40
    path = root / "MNIST" / "raw" / FILE
    path.write_bytes(b"damaged")
    versions.append(data.version("mnist"))
    with pytest.raises(data.DataError):
        data.load_test("mnist")
    shutil.rmtree(root / "MNIST")
    versions.append(data.version("mnist"))
    with pytest.raises(data.DataError, match="is not here"):
        data.load_test("mnist")
    assert len(set(versions)) == 3 and versions[0] == versions[3]


def test_a_folder_that_was_the_same_for_long_is_listed_anew_when_it_changes(root):
    for _ in range(2):
        os.utime(root, (0, 0))
        assert not data.version("mnist")
    lay(root / "MNIST" / "raw")
    assert data.version("mnist")


# The folder


def test_the_folder_lies_beside_the_package_unless_named(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AAE_DATA")
    assert data.root() == Path(data.__file__).resolve().parents[2] / "data"
    monkeypatch.setenv("AAE_DATA", "elsewhere")
    assert data.root() == Path("elsewhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AAE_DATA", "~/sets")
    assert data.root() == tmp_path / "sets"


@pytest.mark.parametrize("place", ["a file", "below a file", "no user", "nowhere to write", "a loop"])
def test_a_folder_that_cannot_be_made_is_named_in_one_line(place, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to("loop")
    roots = {"a file": "file", "below a file": "file/x", "no user": "~nobody-here/x", "a loop": "loop"}
    monkeypatch.setenv("AAE_DATA", roots.get(place, "/sys"))
    with pytest.raises(data.DataError, match="AAE_DATA") as error:
        data.load("mnist")
    assert "\n" not in str(error.value) and str(data.root()) in str(error.value)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("~")]


def test_a_set_of_somebodys_own_that_cannot_be_stored_says_so(monkeypatch):
    monkeypatch.setenv("AAE_DATA", "/sys")
    pixels = np.random.default_rng(0).integers(0, 255, (60, 28, 28), np.uint8)
    with pytest.raises(data.DataError, match="/sys/own: cannot be written"):
        custom.keep(custom.CustomData(pixels, np.zeros(60, int), ("0",), False))
