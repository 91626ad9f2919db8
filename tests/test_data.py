"""Data sets: splits, downloads that fail, labels that are hidden, and torchvision beside a CPU-only torch."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch

from aae import data
from aae.config import ConfigError


def test_digits_are_split_the_same_way_every_time():
    parts = data.load("digits", n_validation=200)
    assert [len(part.labels) for part in parts] == [1097, 200, 500]
    assert parts.train.pixels.dtype == torch.uint8
    assert parts.train.pixels.max() == 255
    assert parts.test.labels.bincount().min() > 30  # not by writer
    again = data.load("digits")
    assert torch.equal(again.test.pixels, parts.test.pixels)
    assert torch.equal(again.train.pixels, torch.cat([parts.train.pixels, parts.validation.pixels]))


def test_no_image_is_in_two_parts():
    parts = data.load("digits", n_validation=200)
    rows = [{bytes(image) for image in part.pixels.numpy()} for part in parts]
    assert not rows[0] & rows[2] and not rows[0] & rows[1] and not rows[1] & rows[2]


@pytest.mark.parametrize("name", data.TORCHVISION)
def test_what_cannot_be_had_names_folder_files_and_remedy(name, monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    monkeypatch.setattr(data, "torchvision_datasets", lambda: Fake(data.TORCHVISION[name][1], fails=True))
    with pytest.raises(data.DataError) as error:
        data.load(name)
    folder, _, files = data.TORCHVISION[name]
    assert all(part in str(error.value) for part in (str(tmp_path / folder / "raw"), *files, "AAE_DATA", "digits"))
    assert len(data.missing_files(name)) == 4


@pytest.mark.parametrize("name", data.TORCHVISION)
def test_every_torchvision_set_becomes_flat_upright_tensors(name, monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    monkeypatch.setattr(data, "torchvision_datasets", lambda: Fake(data.TORCHVISION[name][1]))
    parts = data.load(name, n_validation=10)
    assert [len(part.labels) for part in parts] == [50, 10, 40]
    upright = parts.train.pixels[0].view(28, 28)
    assert upright[3].max() == 255 and upright[:, 3].min() == 0  # a horizontal line


class Fake:
    """torchvision.datasets without files: 60 training and 40 test images of a line; EMNIST stores its transposed."""

    def __init__(self, expected, fails=False):
        self.expected, self.fails = expected, fails

    def __getattr__(self, name):
        def dataset(root, train, download, **arguments):
            assert download and arguments == self.expected
            if self.fails:
                raise RuntimeError("no network")
            n = 60 if train else 40
            pixels = torch.zeros(n, 28, 28, dtype=torch.uint8)
            pixels[:, 3, :] = 255
            pixels = pixels.transpose(1, 2) if name == "EMNIST" else pixels
            return SimpleNamespace(data=pixels, targets=torch.arange(n) % 10)

        return dataset


def test_validation_must_leave_half():
    with pytest.raises(ConfigError, match=r"n_validation=1000: must leave half of the 1,297"):
        data.load("digits", n_validation=1000)


def test_balanced_labels_are_drawn_by_seed_and_the_rest_are_hidden():
    labels = torch.arange(1000) % 10
    hidden = data.hide_labels(labels, 100, seed=1)
    known = hidden != data.UNLABELED
    assert torch.equal(hidden[known], labels[known])
    assert hidden[known].bincount().tolist() == [10] * 10
    assert torch.equal(hidden, data.hide_labels(labels, 100, seed=1))
    assert not torch.equal(hidden, data.hide_labels(labels, 100, seed=2))
    with pytest.raises(ConfigError, match="n_labeled=2000"):
        data.hide_labels(labels, 2000, seed=1)


def test_torchvision_imports_beside_the_torch_that_is_here():
    """In a process of its own: the first import counts. Also where torchvision was built for another torch."""
    code = "from aae.data import torchvision_datasets as t; print(t().MNIST.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "MNIST", done.stderr


def test_another_failure_of_torchvision_is_not_hidden(monkeypatch):
    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    monkeypatch.setattr("builtins.__import__", raising_import(RuntimeError("something else")))
    with pytest.raises(RuntimeError, match="something else"):
        data.torchvision_datasets()


def raising_import(error):
    original = __import__

    def importer(name, *arguments, **options):
        if name == "torchvision":
            raise error
        return original(name, *arguments, **options)

    return importer
