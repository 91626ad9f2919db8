"""Arrays as other libraries save them work, or are refused with the line that repairs them."""

import io
import re

import numpy as np
import pytest

from aae import data
from aae.data import custom
from tests.ownfiles import GREYS, archive, arrays, bars

BARS = bars()
BYTES = np.uint8(255 * BARS)
LABELS = np.arange(60) % 3
SMALL = BYTES[:12], LABELS[:12]
EVEN = {"x_train": BYTES[:30], "y_train": LABELS[:30], "x_test": BYTES[30:], "y_test": LABELS[30:]}
PNEUMONIA = {f"{split}_{kind}": half for split, part in (("train", slice(30)), ("val", slice(30, 60)))
             for kind, half in (("images", BYTES[part]), ("labels", LABELS[part, None]))}  # fmt: skip
NAMED = {  # keys, and how many images are expected
    "own": ({"images": BYTES, "labels": LABELS}, 60),
    "keras": ({"x_train": BYTES, "y_train": LABELS, "x_test": SMALL[0], "y_test": SMALL[1]}, 72),
    "keras in another order": ({"y_test": SMALL[1], "x_test": SMALL[0], "y_train": LABELS, "x_train": BYTES}, 72),
    "equally many": (dict(reversed(EVEN.items())), 60),
    "X, y": ({"X": BYTES, "y": LABELS}, 60),
    "XTrain, YTrain": ({"XTrain": BYTES, "YTrain": LABELS}, 60),
    "data, target": ({"data": BYTES.reshape(60, -1), "target": LABELS}, 60),
    "scikit": (
        {"data": BYTES.reshape(60, -1), "target": LABELS, "images": BYTES, "feature_names": np.array(["a"])},
        60,
    ),
    "torch": ({"train_data": BYTES, "train_targets": LABELS, "test_data": SMALL[0], "test_targets": SMALL[1]}, 72),
    "medmnist": (PNEUMONIA, 60),
    "other words": ({"pictures": BYTES, "kind": LABELS}, 60),
    "embeddings beside": ({"images": BYTES, "labels": LABELS, "embedding": np.zeros((60, 64))}, 60),
    "some without classes": ({**EVEN, "x_val": BYTES}, 60),
}


@pytest.mark.parametrize("library", NAMED)
def test_arrays_are_found_under_the_names_of_other_libraries(library):
    named, n = NAMED[library]
    got = custom.parse(arrays(**named), "mine.npz")
    assert len(got.labels) == n and got.names == ("0", "1", "2")
    wanted = [int(np.abs(got.pixels[i].astype(int) - BYTES[:3]).sum(axis=(1, 2)).argmin()) for i in range(n)]
    assert got.labels.tolist() == wanted  # each image has its own class
    assert "classes from" in got.report.source


@pytest.mark.parametrize("order", ["xy", "xyxy", "xxyy"])
def test_arrays_without_names_are_paired_in_their_order(order):
    halves = {
        "xy": [BYTES, LABELS],
        "xyxy": [*EVEN.values()],
        "xxyy": [BYTES[:30], BYTES[30:], LABELS[:30], LABELS[30:]],
    }
    got = custom.parse(arrays(*halves[order]), "mine.npz")
    assert got.labels.tolist() == LABELS.tolist() and np.array_equal(got.pixels, BYTES)


IMAGES = {
    "bytes": BYTES,
    "bool": BARS > 0.7,
    "0..1 as bytes": np.uint8(BARS > 0.7),
    "0..16 as bytes": np.uint8(16 * BARS),
    "int8": np.int8(100 * BARS),
    "int16": np.int16(300 * BARS - 100),
    "uint16": np.uint16(60000 * BARS),
    "int64": np.int64(60000 * BARS),
    "float16": BARS.astype(np.float16),
    "float32, standardized": ((BARS - BARS.mean()) / BARS.std()).astype(np.float32),
    "float64, 0..255": 255 * BARS,
    "-1..1": 2 * BARS - 1,
    "big-endian": (BARS * 1000).astype(">i4"),
    "fortran order": np.asfortranarray(BARS),
    "channel first": BYTES[:, None],
    "channel last": BYTES[..., None],
    "colour last": np.repeat(BYTES[..., None], 3, axis=3),
    "colour first": np.repeat(BARS[:, None], 3, axis=1),
    "colour and opaque": np.stack([BYTES] * 3 + [np.full_like(BYTES, 255)], axis=3),
    "flat": BYTES.reshape(60, 784),
    "flat, with an axis": BYTES.reshape(60, 1, 784),
    "flat colour": np.repeat(BYTES[:, None], 3, axis=1).reshape(60, -1),
    "56x56": np.kron(BYTES, np.ones((1, 2, 2), np.uint8)),
    "56x56 floats": np.kron(BARS, np.ones((1, 2, 2))),
    "inverted": 255 - BYTES,
}


@pytest.mark.parametrize("kind", IMAGES)
def test_images_of_every_usual_kind_are_seen(kind):
    images = IMAGES[kind]
    got = custom.parse(arrays(images=images, labels=LABELS), "mine.npz")
    assert got.pixels.dtype == np.uint8 and got.pixels.max() == 255 and np.median(got.pixels) == 0
    wanted = 255 * (images > 0) if images.dtype == bool or (images.max() == 1 and images.dtype == np.uint8) else BYTES
    assert np.corrcoef(got.pixels.ravel(), wanted.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("kind", ["0..1 as bytes", "0..16 as bytes", "int16", "-1..1", "uint16"])
def test_the_range_that_was_assumed_is_said(kind):
    images = IMAGES[kind]
    lines = custom.parse(arrays(images=images), "mine.npz").report.lines()
    assert f"Numbers from {images.min():.6g} to {images.max():.6g} became black to white." in lines


def test_bytes_of_the_usual_range_are_not_changed():
    got = custom.parse(arrays(images=GREYS), "mine.npz")
    assert np.array_equal(got.pixels, GREYS) and not got.report.stretched


@pytest.mark.parametrize("outlier", [1e6, -1e6, 1e300])
@pytest.mark.parametrize("every", [60 * 784, 784])
def test_outliers_do_not_blacken_everything(outlier, every):
    images = BARS.copy()
    images.reshape(-1)[7::every] = outlier if abs(outlier) < 1e38 else 1e37
    got = custom.parse(arrays(images=images), "mine.npz")
    rest = np.ones(BARS.size, bool)
    rest[7::every] = False
    assert np.abs(got.pixels.ravel()[rest].astype(int) - 255 * BARS.ravel()[rest]).max() <= 1
    assert got.report.cut_off and "few numbers beyond were cut off" in " ".join(got.report.lines())


CLASSES = {
    "column": LABELS[:, None],
    "row in another type": LABELS.astype(np.uint8),
    "floats": LABELS.astype(float),
    "one-hot": np.eye(3)[LABELS],
    "one-hot bytes": np.eye(3, dtype=np.uint8)[LABELS],
    "words": np.array(["a", "b", "c"])[LABELS],
    "bytes": np.array([b"a", b"b", b"c"])[LABELS],
    "words in a column": np.array(["a", "b", "c"])[LABELS][:, None],
}


@pytest.mark.parametrize("kind", CLASSES)
def test_classes_of_every_usual_kind_are_read(kind):
    got = custom.parse(arrays(images=BYTES, labels=CLASSES[kind]), "mine.npz")
    assert got.labels.tolist() == LABELS.tolist()
    assert got.names == (("a", "b", "c") if "words" in kind or kind == "bytes" else ("0", "1", "2"))


def test_true_and_false_are_classes_and_numbers_are_sorted_as_numbers():
    assert custom.parse(arrays(images=BYTES, labels=LABELS > 0), "mine.npz").names == ("False", "True")
    assert custom.parse(arrays(images=BYTES, labels=LABELS * 5), "mine.npz").names == ("0", "5", "10")


@pytest.mark.parametrize("key", ["names", "class_names", "target_names"])
def test_a_files_own_names_of_the_classes_are_used(key):
    named = {"images": BYTES, "labels": LABELS, key: np.array(["no", "perhaps", "yes", "unused"])}
    got = custom.parse(arrays(**named), "mine.npz")
    assert got.names == ("no", "perhaps", "yes") and got.labels.tolist() == LABELS.tolist()


def test_a_bare_npy_file_is_a_set_without_classes():
    content = io.BytesIO()
    np.save(content, BYTES)
    got = custom.parse(content.getvalue(), "images.npy")
    assert np.array_equal(got.pixels, BYTES) and got.names == ("",)


def test_upper_case_names_of_files_are_read():
    files = {}
    for name, array in (("IMAGES.NPY", BYTES), ("LABELS.NPY", LABELS)):
        content = io.BytesIO()
        np.save(content, array)
        files[name] = content.getvalue()
    assert custom.parse(archive(files), "MINE.NPZ").labels.tolist() == LABELS.tolist()


def test_transparent_arrays_stand_out_from_their_ground():
    colour = np.full((60, 28, 28, 3), 255, np.uint8)
    got = custom.parse(arrays(images=np.concatenate([colour, BYTES[..., None]], axis=3)), "mine.npz")
    assert np.array_equal(got.pixels, BYTES)


OBJECTS = np.empty(60, object)
OBJECTS[:] = list(BYTES)
NAN = np.where(np.arange(60)[:, None, None] < 7, np.nan, BARS)
REPAIRS = {  # what is saved, what is said, and what of it repairs it
    "object images": ({"images": OBJECTS}, "objects", "np.stack(images)"),
    "object labels": ({"images": BYTES, "labels": np.array(["a"] * 60, object)}, "objects", "labels.astype(str)"),
    "soft labels": ({"images": BYTES, "labels": np.full((60, 3), 1 / 3)}, "3 numbers", "np.argmax(labels, axis=1)"),
    "labels with fractions": ({"images": BYTES, "labels": LABELS / 2}, "whole numbers", "labels.astype(int)"),
    "labels with nan": ({"images": BYTES, "labels": LABELS * np.nan}, "whole numbers", "labels.astype(int)"),
    "a cube of labels": ({"images": BYTES, "labels": np.zeros((60, 3, 3))}, "whole numbers", "labels.reshape(-1)"),
    "too few labels": ({"images": BYTES, "labels": LABELS[:5]}, "whole numbers [60]", "labels"),
    "long words": ({"images": BYTES, "labels": np.array(["a" * 999] * 60)}, "short word", "labels.astype('U60')"),
    "images last": ({"images": np.moveaxis(BYTES, 0, -1)}, "first", "np.moveaxis(images, -1, 0)"),
    "words for images": ({"images": np.array(["a"] * 60)}, "numbers", "images.reshape(N, height, width)"),
    "flat, of no square": ({"images": BYTES[:, 0]}, "numbers", "images.reshape(N, height, width)"),
    "complex": ({"images": BARS + 1j}, "numbers", "images"),
    "empty": ({"images": BYTES[:0]}, "empty", "images"),
    "nan": ({"images": NAN}, "7 of 60 images", "images[np.isfinite(images).all(axis=(1, 2))]"),
    "infinite": ({"images": np.full_like(BARS, np.inf)}, "60 of 60 images", "np.isfinite"),
    "large": ({"images": np.zeros((2, 4000, 4000), np.uint8)}, "4000x4000 pixels", "at most"),
    "too many": ({"images": np.zeros((70_001, 4, 4), np.uint8)}, "more than 70,000", "images[:70000]"),
    "too many together": ({"x": np.zeros((40_000, 4, 4)), "x_val": np.zeros((40_000, 4, 4))}, "80,000 images", "leave"),
    "other things": (
        {"weights": np.zeros(9), "bias": np.zeros(3)},
        "weights (9,) float64",
        "images=[N, height, width]",
    ),
    "nothing": ({"x": np.array(1.0)}, "x () float64", "images.reshape".replace("images", "x")),
    "dark": ({"images": np.zeros((60, 28, 28))}, "every pixel is 0", "nothing to learn"),
}


@pytest.mark.parametrize("kind", REPAIRS)
def test_what_cannot_be_read_is_refused_with_what_repairs_it(kind):
    saved, said, repair = REPAIRS[kind]
    with pytest.raises(data.DataError) as error:
        custom.parse(arrays(**saved), "mine.npz")
    message = str(error.value)
    assert said in message and repair in message and "\n" not in message and len(message) < 300


@pytest.mark.parametrize("kind", ["object labels", "soft labels", "images last", "nan", "labels with fractions"])
def test_the_repair_that_is_told_repairs_it(kind):
    saved, _, repair = REPAIRS[kind]
    saved = dict(saved)
    name = re.search(r"labels|images", repair).group()
    saved[name] = eval(repair, {"np": np}, saved)
    if kind != "nan":
        assert len(custom.parse(arrays(**saved), "mine.npz").labels) == 60
    else:
        assert len(custom.parse(arrays(images=saved["images"]), "mine.npz").labels) == 53
