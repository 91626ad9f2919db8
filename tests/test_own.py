"""Custom data: what is kept of files, how bad ones are refused, and densities as pictures."""

import io
import json
import os
import tracemalloc
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from aae import data, runs
from aae.__main__ import main
from aae.config import DRAWING_SIDE, Config
from aae.data import custom
from aae.data.custom import limits, owners, store
from aae.data.custom.report import INVERTED
from aae.models import priors
from tests.ownfiles import GREYS, archive, arrays, folders, many, packed, picture


def test_folders_are_classes_and_dark_on_light_is_turned_round():
    got = custom.parse(archive(folders()), "mine.zip")
    assert got.pixels.shape == (60, 28, 28) and got.names == ("cats", "dogs")
    assert got.labels.tolist() == [0] * 30 + [1] * 30
    assert got.report.changed[INVERTED] == 60
    assert got.pixels[0, 14, 12:16].max() > 150 and got.pixels[0, :, 0].max() == 0


def test_images_keep_their_proportions_and_lie_in_the_middle():
    wide = picture((80, 20), "black", "white")
    image = custom.parse(archive(folders(wide)), "mine.zip").pixels[0]
    assert image[:10].max() == 0 and image[18:].max() == 0  # 28 x 7, in the middle
    assert image[11:16, 14].min() > 100


BAD = {
    "truncated PNG": (lambda: many(picture()[:40]), "0 images: must be at least 50; left out: not a sound image: 50"),
    "100 megapixels": (lambda: many(packed(Image.new("1", (10_000, 10_000)))), "more than 25 megapixels: 50"),
    "many bytes": (lambda: archive({"a.png": bytes(limits.MAX_IMAGE_BYTES + 1)}), "more than 20 MB: 1"),
    "tiny images": (lambda: archive(folders(packed(Image.new("L", (2, 2))))), "less than 4 pixels a side: 60"),
    "tiny set": (lambda: archive(folders(n=3)), "6 images: must be at least 50"),
    "no images": (lambda: archive({"notes.txt": b"hello"}), "no images in it (left out: type .txt: 1"),
    "empty archive": (lambda: archive({}), "no images in it: they end in .apng"),
    "empty file": (lambda: b"", "not a sound .zip"),
    "no archive": (lambda: b"hello" * 1000, "not a sound .zip"),
    "an image alone": (picture, "not a sound .zip"),
    "truncated archive": (lambda: archive(folders())[:-200], "not a sound .zip"),
    "too many classes": (lambda: archive({f"{i}/{i}.png": picture() for i in range(101)}), "101 classes (0, 1, 2, "),
    "nothing to learn": (lambda: archive(folders(packed(Image.new("L", (9, 9))))), "every pixel is 0"),
    "too much": (lambda: bytes(limits.MAX_BYTES + 1), "more than 50,000,000"),
    "another format": (lambda: b"Rar!\x1a\x07\x00" + bytes(200), "not a sound .zip"),
    "a gz of something else": (lambda: b"\x1f\x8b" + bytes(200), "not a sound .zip"),
    "a npy of something else": (lambda: b"\x93NUMPY" + bytes(200), "no sound array"),
    "an array without its head": (lambda: archive({"images.npy": b"hello" * 100}), "no sound array"),
    "encrypted": (lambda: encrypted(), "encrypted: 60"),
    "damaged members": (lambda: damaged(zipfile.ZIP_DEFLATED), "damaged in the archive: 60"),
    "damaged members, lzma": (lambda: damaged(zipfile.ZIP_LZMA), "damaged in the archive: 60"),
    "damaged members, bzip2": (lambda: damaged(zipfile.ZIP_BZIP2), "damaged in the archive: 60"),
}


def encrypted():
    content = bytearray(archive(folders()))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(signature, start + 4)
    return bytes(content)


def damaged(method):
    content = bytearray(archive(folders(), method))
    with zipfile.ZipFile(io.BytesIO(content)) as sound:
        for entry in sound.infolist():
            at = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
            content[at : at + 8] = bytes(255 - byte for byte in content[at : at + 8])
    return bytes(content)


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_their_reason(name, monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    make, reason = BAD[name]
    with pytest.raises(data.DataError) as error:
        custom.parse(make(), "../../mine.zip")
    assert reason in str(error.value) and str(error.value).startswith("mine.zip: ")
    assert "\n" not in str(error.value) and len(str(error.value)) < 400
    assert not list(tmp_path.iterdir())


def test_the_good_ones_are_used_without_the_bad_and_all_bad_are_told_at_once():
    bad = {
        "set/cats/cut.png": picture()[:50],
        "set/dogs/no.jpg": b"no image",
        "set/cats/a/b.txt": b"",
        "set/x.png": picture(),
    }
    got = custom.parse(archive(folders() | bad), "mine.zip")
    assert got.report.classes == {"cats": 30, "dogs": 30}
    assert got.report.lines() == [
        "60 images in 2 classes: cats (30), dogs (30).",
        "Classes are the folders in set/.",
        "60 dark on light: inverted.",
        "Left out: not a sound image: 2 (such as 'set/cats/cut.png'); type .txt: 1 (such as 'set/cats/a/b.txt'); "
        "outside the class folders: 1 (such as 'set/x.png').",
    ]


@pytest.mark.parametrize("make", [lambda: archive(folders()), lambda: arrays(images=GREYS)], ids=["zip", "npz"])
def test_damage_anywhere_is_refused_or_harmless(make):
    whole, random = make(), np.random.default_rng(0)
    for _ in range(150):
        damaged = bytearray(whole)
        for place in random.integers(0, len(whole), 4):
            damaged[place] ^= 1 << random.integers(8)
        try:
            custom.parse(bytes(damaged), "mine.zip")
        except data.DataError:
            continue


def test_arrays_take_little_more_memory_than_they_hold():
    tracemalloc.start()
    custom.parse(arrays(images=np.arange(60 * 400 * 400, dtype=np.int32).reshape(60, 400, 400)), "mine.npz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * 60 * 400 * 400 * 4  # the array, and the file it came from


# The store


@pytest.fixture
def few_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    monkeypatch.setattr(store, "MAX_KEPT", 2)


def kept(i, **options):
    return custom.keep(custom.parse(arrays(images=np.roll(GREYS, i, axis=0)), "x.npz"), **options)


def is_there(*names):
    return [not data.missing_files(name) for name in names]


def test_only_the_newest_are_kept(few_kept):
    names = [kept(i) for i in range(3)]
    assert is_there(*names) == [False, True, True]
    with pytest.raises(data.DataError, match="upload the file again"):
        data.load(names[0])


def test_what_is_still_needed_is_spared(few_kept):
    first, second = kept(0), kept(1)
    third = kept(2, needed=frozenset([first]))
    assert is_there(first, second, third) == [True, True, True]  # the oldest may not go, the others are not too many
    assert is_there(first, second, third, kept(3)) == [False, False, True, True]


def test_what_is_used_again_is_not_the_oldest_any_more(few_kept):
    first, second = kept(0), kept(1)
    custom.touch(first)
    assert is_there(first, second, kept(2)) == [True, False, True]
    assert kept(0) == first and is_there(first, kept(3), first) == [True, True, True]


def test_a_set_of_two_visitors_stays_until_both_have_deleted_it(few_kept):
    name = kept(0)
    for owner in ("me", "you"):
        custom.claim(name, owner, f"{owner}.npz", ["60 images."])
    custom.remove(name, "nobody")
    custom.remove(name, "me")
    assert is_there(name) == [True] and custom.owned("me") == []
    (mine,) = custom.owned("you")
    assert (mine.title, mine.lines, mine.size) == ("you.npz", ("60 images.",), data.custom_path(name).stat().st_size)
    custom.remove(name, "you")
    assert is_there(name) == [False] and not list(data.custom_path(name).parent.iterdir())


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"KEY": 1}', '{"KEY": {"lines": 3, "since": "x"}}'])
def test_damaged_files_of_owners_delete_and_show_nothing_wrong(few_kept, content):
    name = kept(0)
    custom.claim(name, "me", "x", [])
    path = owners.path_of(name)
    path.write_text(content.replace("KEY", next(iter(json.loads(path.read_text())))))
    assert all(each.name == name and each.lines == () for each in custom.owned("me"))
    assert is_there(name) == [True]


def test_a_clock_that_was_set_back_deletes_nothing_new(few_kept):
    old = [kept(i) for i in range(2)]
    for name in old:
        os.utime(data.custom_path(name), (4e9, 4e9))
    new = kept(2)
    assert is_there(new, kept(3), new) == [True, True, True] and is_there(*old) == [False, False]


def test_the_names_of_classes_are_stored(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    content = archive(folders())
    name = custom.keep(custom.parse(content, "mine.zip"))
    assert data.describe(name).classes == ("cats", "dogs")
    other = custom.keep(custom.parse(content.replace(b"cats", b"cows"), "mine.zip"))
    assert data.describe(other).classes == ("cows", "dogs") and other != name


def test_a_stored_set_can_be_uploaded_again(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    name = custom.keep(custom.parse(archive(folders()), "mine.zip"))
    again = custom.parse(data.custom_path(name).read_bytes(), "again.npz")
    assert again.names == ("cats", "dogs") and custom.keep(again) == name


def test_names_in_an_archive_never_become_paths(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path / "data"))
    names = [f"../../../evil/{i}.png" for i in range(30)] + [f"/etc/evil/{i}.png" for i in range(30)]
    name = custom.keep(custom.parse(archive(dict.fromkeys(names, picture())), "mine.zip"))
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()] == [
        (tmp_path / "data/own" / f"{name}.npz").relative_to(tmp_path)
    ]


@pytest.mark.parametrize("kind", ["MINE.ZIP", "mine"])
def test_ones_own_data_are_trained_on_and_the_run_says_so(kind, monkeypatch, tmp_path, capfd):
    monkeypatch.setenv("AAE_DATA", str(tmp_path / "data"))
    files = archive(folders() | {f"set/cats/{i}.png": picture((20, 30 + i)) for i in range(30)})
    if kind == "mine":
        with zipfile.ZipFile(io.BytesIO(files)) as written:
            written.extractall(tmp_path / kind)
    else:
        (tmp_path / kind).write_bytes(files)
    out = tmp_path / "run.safetensors"
    options = ["--epochs=1", "--set", "hidden=8", "--set", "batch_size=20", f"--out={out}"]
    assert main(["train", "aae", f"--data={tmp_path / kind}", *options]) == 0
    assert "60 images in 2 classes: cats (30), dogs (30).\n" in capfd.readouterr().err
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
    first, second = (custom.parse_drawing(packed(ring(mode)), "ring.png") for mode in ("L", "RGBA"))
    assert first == second and len(first) == DRAWING_SIDE**2
    config = Config(prior="drawn", prior_image=first)
    z = priors.sample(config, 2000, torch.Generator().manual_seed(0))
    assert z.norm(dim=1).min() > 1.2 and z.norm(dim=1).max() < 2.0  # a ring of radius 1.56 to 1.8


def digits(drawing):
    return np.array([int(digit, 16) for digit in drawing]).reshape(DRAWING_SIDE, DRAWING_SIDE)


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return packed(ring().crop((0, 0, 200, 100)).rotate(90, expand=True), "PNG", exif=exif)


WHITE_INK = Image.new("RGBA", (200, 200), (255, 255, 255, 0))
WHITE_INK.putalpha(ring().point(lambda grey: 255 - grey))
PAPER = ring().convert("RGBA")
PAPER.paste((0, 0, 0, 0), (90, 90, 110, 110))  # a hole in opaque paper
DRAWN = {
    "16 bits": lambda: packed(Image.fromarray(np.asarray(ring(), np.uint16) * 257)),
    "12 of 16 bits": lambda: packed(Image.fromarray(np.asarray(ring(), np.uint16) * 16)),
    "white ink on transparency": lambda: packed(WHITE_INK),
    "opaque paper with a hole": lambda: packed(PAPER),
    "palette": lambda: packed(ring().quantize(4), "GIF"),
    "CMYK": lambda: packed(ring().convert("RGB").convert("CMYK"), "TIFF"),
    "8 megapixels": lambda: packed(ring().resize((2800, 2800)), "JPEG"),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_pictures_of_every_kind_are_the_same_density(kind):
    got, wanted = (
        digits(custom.parse_drawing(DRAWN[kind](), "ring.png")),
        digits(custom.parse_drawing(packed(ring()), "x")),
    )
    assert np.corrcoef(got.ravel(), wanted.ravel())[0, 1] > 0.98 and got[0, 0] == 0


def test_a_drawing_is_turned_as_its_exif_says():
    got = digits(custom.parse_drawing(turned(), "ring.png"))
    assert got[:20].sum() < got[-20:].sum() / 2  # the upper half of a ring: open below


def test_a_drawing_comes_back_from_its_picture():
    image = custom.parse_drawing(packed(ring()), "ring.png")
    assert custom.parse_drawing(custom.drawing_picture(image), "again.png") == image


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no picture", "x.png: not a sound image"),
        (picture()[:50], "not a sound image"),
        (packed(Image.new("L", (64, 64), 255)), "is white"),
        (packed(Image.new("1", (10_000, 10_000))), "more than 25 megapixels"),
        (packed(Image.fromarray(np.full((64, 64), 65535, np.uint16))), "is white"),
    ],
)
def test_bad_drawings_are_refused(content, reason):
    with pytest.raises(data.DataError, match=reason):
        custom.parse_drawing(content, "x.png")


def test_the_command_line_trains_into_a_picture(tmp_path):
    ring().save(tmp_path / "ring.png")
    out = tmp_path / "ring.safetensors"
    drawn = ["--set", "prior=drawn", f"--prior-image={tmp_path / 'ring.png'}"]
    assert main(["train", "digits", "--epochs=2", *drawn, f"--out={out}"]) == 0
    assert runs.load(out).config.prior_image == custom.read_drawing(tmp_path / "ring.png")
    assert main(["train", "digits", "--set", "prior=drawn", f"--out={tmp_path / 'other.safetensors'}"]) == 2
    assert main(["train", "digits", f"--prior-image={tmp_path / 'none.png'}"]) == 2


@pytest.mark.parametrize("name", ["/dev/zero", "pipe", "folder", "none.png", "x" * 300])
@pytest.mark.parametrize("option", ["--prior-image={}", "--data={}.zip"])
def test_what_is_no_regular_file_is_refused_at_once(name, option, tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "folder").mkdir()
    given = option.format(name if name.startswith("/") else tmp_path / name)
    assert main(["train", "digits", "--set", "prior=drawn", given]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1 and "check the file" in message and len(message) < 200


def test_an_endless_file_is_read_to_its_limit_only(tmp_path):
    (tmp_path / "large.zip").touch()
    os.truncate(tmp_path / "large.zip", 10**12)
    with pytest.raises(data.DataError, match=r"large.zip: cannot be read \(more than 50,000,000 bytes\)"):
        custom.parse_path(tmp_path / "large.zip")
