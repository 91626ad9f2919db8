"""Data sets: splits, versions of their files, and labels that are hidden."""

import numpy as np
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


def test_validation_must_leave_half():
    with pytest.raises(ConfigError, match=r"n_validation=1000: must leave half of the 1,297"):
        data.load("digits", n_validation=1000)


def test_balanced_labels_are_drawn_by_seed_and_the_rest_are_hidden():
    labels = torch.arange(1000) % 10
    hidden = data.hide_labels(labels, 100, 10, seed=1)
    known = hidden != data.UNLABELED
    assert torch.equal(hidden[known], labels[known])
    assert hidden[known].bincount().tolist() == [10] * 10
    assert torch.equal(hidden, data.hide_labels(labels, 100, 10, seed=1))
    assert not torch.equal(hidden, data.hide_labels(labels, 100, 10, seed=2))
    with pytest.raises(ConfigError, match="n_labeled=2000"):
        data.hide_labels(labels, 2000, 10, seed=1)


# Data sets of somebody's own, as stored

OWN = "own-0123456789ab"


def store_own(root, content=None, **changed):
    images = np.random.default_rng(0).integers(0, 255, (60, 28, 28), np.uint8)
    path = root / "own" / f"{OWN}.npz"
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, **{"images": images, "labels": np.arange(60) % 3, **changed})
    path.write_bytes(path.read_bytes() if content is None else content(path.read_bytes()))
    return path


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param({"content": lambda whole: whole[:2000]}, id="cut"),
        pytest.param({"content": lambda whole: b""}, id="empty"),
        pytest.param({"content": lambda whole: whole[:300] + bytes(400) + whole[700:]}, id="overwritten"),
        pytest.param({"images": np.zeros((60, 28, 27), np.uint8)}, id="other size"),
        pytest.param({"images": np.zeros((60, 28, 28))}, id="floats"),
        pytest.param({"labels": np.arange(59) % 3}, id="a label less"),
        pytest.param({"labels": np.full(60, 100)}, id="label 100"),
        pytest.param({"labels": np.full(60, -1)}, id="label -1"),
        pytest.param({"labels": np.zeros(60)}, id="float labels"),
        pytest.param({"images": np.zeros((0, 28, 28), np.uint8), "labels": np.zeros(0, int)}, id="nothing"),
        pytest.param({"images": np.array([{}] * 60)}, id="objects"),
    ],
)
def test_a_damaged_set_of_somebodys_own_is_named_in_one_line(damage, monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    path = store_own(tmp_path, **damage)
    with pytest.raises(data.DataError, match="upload the file again") as error:
        data.load(OWN)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_a_set_that_is_mended_is_read_again(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    with pytest.raises(data.DataError):
        data.load(OWN)
    damaged = store_own(tmp_path, content=lambda whole: whole[:2000])
    with pytest.raises(data.DataError):
        data.load(OWN)
    before = data.version(OWN)
    store_own(tmp_path)
    assert data.version(OWN) != before and len(data.load(OWN).test.labels) == 12
    damaged.unlink()
    with pytest.raises(data.DataError):
        data.load_test(OWN)
