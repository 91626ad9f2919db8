"""Files that people bring: every kind of bad one is refused with its reason, and loses nothing."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from aae import data, own, priors, runs
from aae.__main__ import main
from aae.config import DRAWING_SIDE, Config


def picture(size=(20, 30), colour="white", mark="black", mode="RGB", kind="PNG"):
    image = Image.new(mode, size, colour)
    ImageDraw.Draw(image).line([(size[0] // 2, 2), (size[0] // 2, size[1] - 3)], fill=mark, width=2)
    return packed(image, kind)


def packed(image, kind="PNG"):
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


def archive(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written:
        for name, file in files.items():
            written.writestr(name, file)
    return content.getvalue()


def folders(image=None, n=30):
    image = image or picture()
    return {f"set/{kind}/{i}.png": image for kind in ("cats", "dogs") for i in range(n)}


def arrays(**kept):
    content = io.BytesIO()
    np.savez(content, **kept)
    return content.getvalue()


GREYS = np.random.default_rng(0).integers(0, 99, (60, 28, 28), dtype=np.uint8)


def test_folders_are_classes_and_dark_on_light_is_turned_round():
    got = own.parse(archive(folders()), "mine.zip")
    assert got.pixels.shape == (60, 28, 28) and got.names == ("cats", "dogs")
    assert got.labels.tolist() == [0] * 30 + [1] * 30
    assert got.inverted and got.pixels[0, 14, 12:16].max() > 150 and got.pixels[0, :, 0].max() == 0


def test_images_keep_their_proportions_and_lie_in_the_middle():
    wide = picture((80, 20), "black", "white")
    image = own.parse(archive(folders(wide)), "mine.zip").pixels[0]
    assert image[:10].max() == 0 and image[18:].max() == 0  # 28 x 7, in the middle
    assert image[11:16, 14].min() > 100


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_colour_and_transparency_become_grey(mode):
    image = Image.open(io.BytesIO(picture())).convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    extension = "png"
    got = own.parse(archive({f"{i}.{extension}": packed(image, kind) for i in range(50)}), "mine.zip")
    assert got.pixels.shape == (50, 28, 28) and got.names == ("",)  # one class is enough


@pytest.mark.parametrize(
    "images",
    [
        GREYS,
        GREYS.astype(float) / 98,
        np.repeat(GREYS[..., None], 3, axis=3),
        np.kron(GREYS, np.ones((1, 2, 2), np.uint8)),
    ],
    ids=["bytes", "floats", "colour", "56x56"],
)
def test_arrays_of_every_usual_kind(images):
    got = own.parse(arrays(images=images, labels=np.arange(60) % 3 + 5), "mine.npz")
    assert got.pixels.shape == (60, 28, 28) and got.pixels.dtype == np.uint8
    assert got.names == ("5", "6", "7") and got.labels.max() == 2


def test_arrays_of_the_right_kind_are_not_changed():
    assert np.array_equal(own.parse(arrays(images=GREYS), "mine.npz").pixels, GREYS)


def bomb():
    return archive({f"{i}.png": bytes(own.MAX_UNPACKED // 20) for i in range(21)})


def truncated_member():
    return archive({f"{i}.png": picture()[:40] for i in range(60)})


def huge_image():
    return archive({f"{i}.png": packed(Image.new("1", (10_000, 10_000))) for i in range(2)})


BAD = {
    "zip bomb": (bomb, "unpacks to"),
    "truncated PNG": (truncated_member, "is not a sound image"),
    "100 megapixels": (huge_image, "10000x10000 pixels"),
    "one image of many bytes": (
        lambda: archive({"a.png": bytes(own.MAX_IMAGE_BYTES + 1)}),
        "more than 10,000,000",
    ),
    "tiny images": (lambda: archive(folders(packed(Image.new("L", (2, 2))))), "2x2 pixels"),
    "tiny set": (lambda: archive(folders(n=3)), "6 images: must be at least 50"),
    "no images": (lambda: archive({"notes.txt": b"hello"}), "no images in it"),
    "empty archive": (lambda: archive({}), "no images in it"),
    "empty file": (lambda: b"", "not a sound .zip"),
    "no archive": (lambda: b"hello" * 1000, "not a sound .zip"),
    "truncated archive": (lambda: archive(folders())[:-200], "not a sound .zip"),
    "too many classes": (lambda: archive({f"{i}/{i}.png": picture() for i in range(101)}), "101 classes"),
    "nothing to learn": (lambda: archive(folders(packed(Image.new("L", (9, 9))))), "every pixel is 0"),
    "wrong keys": (lambda: arrays(x=GREYS), "holds x: must hold images"),
    "object arrays": (lambda: arrays(images=np.array([{}] * 60, dtype=object)), "numbers, not objects"),
    "object labels": (lambda: arrays(images=GREYS, labels=np.array([{}] * 60, dtype=object)), "numbers, not objects"),
    "words for images": (lambda: arrays(images=np.array(["a"] * 60)), "must be numbers"),
    "wrong shape": (lambda: arrays(images=GREYS[:, 0]), "must be numbers"),
    "too few labels": (lambda: arrays(images=GREYS, labels=np.arange(5)), "must be whole numbers [60]"),
    "labels with fractions": (lambda: arrays(images=GREYS, labels=np.linspace(0, 1, 60)), "must be whole numbers"),
    "empty arrays": (lambda: arrays(images=GREYS[:0]), "images are empty"),
    "no numbers": (lambda: arrays(images=np.full((60, 28, 28), np.nan)), "not all finite"),
    "too much": (lambda: bytes(own.MAX_BYTES + 1), "more than 50,000,000"),
    "a shape that no memory holds": (lambda: forged((10**10, 28, 28)), "not a sound .zip"),
    "a shape that no number holds": (lambda: forged((2**70, 28, 28)), "not a sound .zip"),
    "an array without its head": (lambda: archive({"images.npy": b"hello" * 100}), "not a sound .zip"),
    "large arrays": (lambda: arrays(images=np.zeros((2, 4000, 4000), np.uint8)), "4000x4000 pixels"),
    "a picture for another program": (lambda: archive({"a.png": EPS}), "is not a sound image"),
    "many large blank pictures": (lambda: archive(folders(packed(Image.new("1", (2000, 2000))), 60)), "in all"),
    "encrypted": (lambda: encrypted(), "not a sound .zip"),
}


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\nshowpage\n"


def forged(shape):
    """An .npz whose head promises more than there is."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return archive({"images.npy": head.getvalue() + bytes(100)})


def encrypted():
    content = bytearray(archive(folders()))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(signature, start + 4)
    return bytes(content)


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_their_reason(name, monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    make, reason = BAD[name]
    with pytest.raises(data.DataError) as error:
        own.parse(make(), "../../mine.zip")
    assert reason in str(error.value) and str(error.value).startswith("mine.zip: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("make", [lambda: archive(folders()), lambda: arrays(images=GREYS)], ids=["zip", "npz"])
def test_damage_anywhere_is_refused_or_harmless(make):
    whole, random = make(), np.random.default_rng(0)
    for _ in range(150):
        damaged = bytearray(whole)
        for place in random.integers(0, len(whole), 4):
            damaged[place] ^= 1 << random.integers(8)
        try:
            own.parse(bytes(damaged), "mine.zip")
        except data.DataError:
            continue


def test_arrays_take_little_more_memory_than_they_hold():
    tracemalloc.start()
    own.parse(arrays(images=np.arange(60 * 400 * 400, dtype=np.int32).reshape(60, 400, 400)), "mine.npz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * 60 * 400 * 400 * 4  # the array, and the file it came from


def test_what_is_still_needed_is_spared(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    monkeypatch.setattr(own, "MAX_KEPT", 1)
    first = own.keep(own.parse(arrays(images=GREYS), "x.npz"))
    own.keep(own.parse(arrays(images=GREYS + 1), "x.npz"), needed=frozenset([first]))
    assert not data.missing_files(first)


def test_names_in_an_archive_never_become_paths(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path / "data"))
    names = [f"../../../evil/{i}.png" for i in range(30)] + [f"/etc/evil/{i}.png" for i in range(30)]
    name = own.keep(own.parse(archive(dict.fromkeys(names, picture())), "mine.zip"))
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()] == [
        (tmp_path / "data/own" / f"{name}.npz").relative_to(tmp_path)
    ]


def test_what_macos_packs_beside_images_is_no_image():
    files = folders() | {"__MACOSX/set/cats/._0.png": b"junk", "set/cats/.hidden.png": b"junk"}
    assert len(own.parse(archive(files), "mine.zip").labels) == 60


def test_only_the_newest_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    monkeypatch.setattr(own, "MAX_KEPT", 2)
    names = [own.keep(own.parse(arrays(images=GREYS + i), "x.npz")) for i in range(3)]
    assert [bool(data.missing_files(name)) for name in names] == [True, False, False]
    with pytest.raises(data.DataError, match="bring the file again"):
        data.load(names[0])


def test_ones_own_data_are_trained_on_and_the_run_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    (tmp_path / "mine.zip").write_bytes(archive(folders()))
    out = tmp_path / "run.safetensors"
    options = ["--epochs=1", "--set", "hidden=8", "--set", "batch_size=20", f"--out={out}"]
    assert main(["train", "aae", f"--data={tmp_path / 'mine.zip'}", *options]) == 0
    run = runs.load(out)
    assert run.config.dataset.startswith("own-") and len(run.test_labels) == 12
    assert main(["evaluate", str(out)]) == 0


# A density as a picture


def ring(mode="L"):
    image = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(image).ellipse((40, 40, 160, 160), outline=0, width=16)
    if mode == "L":
        return image
    drawn = Image.new("RGBA", image.size, (0, 0, 0, 0))
    drawn.putalpha(image.point(lambda grey: 255 - grey))
    return drawn


def test_dark_is_dense_and_where_there_is_transparency_opaque_is():
    first, second = (own.parse_drawing(packed(ring(mode)), "ring.png") for mode in ("L", "RGBA"))
    assert first == second and len(first) == DRAWING_SIDE**2
    config = Config(prior="drawn", prior_image=first)
    z = priors.sample(config, 2000, torch.Generator().manual_seed(0))
    assert z.norm(dim=1).min() > 1.2 and z.norm(dim=1).max() < 2.0  # a ring of radius 1.56 to 1.8


def test_a_drawing_comes_back_from_its_picture():
    image = own.parse_drawing(packed(ring()), "ring.png")
    assert own.parse_drawing(own.drawing_picture(image), "again.png") == image


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no picture", "not a sound image"),
        (picture()[:50], "not a sound image"),
        (packed(Image.new("L", (64, 64), 255)), "is white"),
        (packed(Image.new("1", (10_000, 10_000))), "10000x10000 pixels"),
    ],
)
def test_bad_drawings_are_refused(content, reason):
    with pytest.raises(data.DataError, match=reason):
        own.parse_drawing(content, "x.png")


def test_the_command_line_trains_into_a_picture(tmp_path):
    ring().save(tmp_path / "ring.png")
    out = tmp_path / "ring.safetensors"
    drawn = ["--set", "prior=drawn", f"--prior-image={tmp_path / 'ring.png'}"]
    assert main(["train", "digits", "--epochs=2", *drawn, f"--out={out}"]) == 0
    assert runs.load(out).config.prior_image == own.read_drawing(tmp_path / "ring.png")
    assert main(["train", "digits", "--set", "prior=drawn", f"--out={tmp_path / 'other.safetensors'}"]) == 2
    assert main(["train", "digits", f"--prior-image={tmp_path / 'none.png'}"]) == 2
