"""Images as cameras and programs write them come out as a photo viewer shows them, bright on dark."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, features

from aae.data import custom
from aae.data.custom.report import ANIMATED, INVERTED, TRANSPARENT, TURNED
from tests.ownfiles import archive, bars, folders, many, packed


def upright(mode="L", size=(64, 64), ink=255, ground=0):
    """An L."""
    image = Image.new(mode, size, ground)
    draw, (w, h) = ImageDraw.Draw(image), size
    draw.rectangle([w * 0.2, h * 0.1, w * 0.35, h * 0.9], fill=ink)
    draw.rectangle([w * 0.2, h * 0.75, w * 0.8, h * 0.9], fill=ink)
    return image


def seen(content, suffix="png"):
    """The first image of a set of 50 such files, and what was understood."""
    got = custom.parse(many(content, 50, suffix), "mine.zip")
    return got.pixels[0].astype(float), got.report


def alike(image, other=None):
    """How alike an image is to a bright L on dark, from -1 to 1."""
    other = upright().resize((28, 28), Image.Resampling.LANCZOS) if other is None else other
    return np.corrcoef(np.asarray(other, float).ravel(), np.asarray(image, float).ravel())[0, 1]


STORED = {  # how the upright L lies in a file with this EXIF orientation
    1: lambda image: image,
    2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
    4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
    6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
    8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", STORED)
def test_images_are_turned_as_their_exif_says(orientation, kind):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image, report = seen(packed(STORED[orientation](upright()), kind, exif=exif), kind.lower())
    assert alike(image) > 0.95
    if kind != "TIFF":  # which Pillow turns by itself
        assert report.changed[TURNED] == (0 if orientation == 1 else 50)


@pytest.mark.filterwarnings("ignore")
def test_damaged_exif_leaves_an_image_as_it_lies():
    content = packed(upright(), "JPEG")
    exif = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(40)
    damaged = content[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + content[2:]
    image, report = seen(damaged, "jpg")
    assert alike(image) > 0.95 and not report.left_out


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("size", [(4032, 3024), (8160, 6120)], ids=["12 MP", "50 MP"])
def test_large_photographs_are_scaled(size, progressive):
    photo = packed(upright("RGB", size, (40, 30, 20), (220, 210, 200)), "JPEG", quality=15, progressive=progressive)
    files = {f"{i}.jpg": photo if i == 0 else packed(upright(), "JPEG") for i in range(50)}
    got = custom.parse(archive(files), "mine.zip")
    wanted = upright("L", (28, 21)).resize((28, 21))
    assert len(got.labels) == 50 and alike(got.pixels[0][3:24], wanted) > 0.8 and got.report.changed[INVERTED] == 1


@pytest.mark.parametrize("top", [65535, 4095, 1023, 300], ids=str)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_images_of_more_than_256_levels_keep_their_greys(kind, top):
    grey = np.linspace(0, 1, 28)[None].repeat(28, 0) ** 2
    image, report = seen(packed(Image.fromarray((grey * top).astype(np.uint16)), kind), {"PPM": "pgm"}.get(kind, "tif"))
    assert np.abs(image - 255 * grey).max() < 2 + 255 / top
    assert report.stretched == (0, top) and not report.cut_off


@pytest.mark.parametrize("mode", ["F", "I"])
def test_tiff_images_of_float_and_32_bit_numbers_keep_their_greys(mode):
    numbers = (bars(1)[0] * 1e5 - 500).astype(np.float32 if mode == "F" else np.int32)
    image, _ = seen(packed(Image.fromarray(numbers), "TIFF"), "tif")
    assert np.abs(image - 255 * bars(1)[0]).max() < 2


def test_one_range_holds_for_all_deep_images_of_a_set_and_one_outlier_does_not_darken_them():
    images = [(np.full((28, 28), 100.0) + 900 * bars(1)[0] * (1 + i % 2)) for i in range(60)]
    images[7][3, 3] = 65535
    files = {f"{i}.png": packed(Image.fromarray(image.astype(np.uint16))) for i, image in enumerate(images)}
    got = custom.parse(archive(files), "mine.zip")
    assert got.report.cut_off and got.report.stretched == (100, 1900)
    assert got.pixels[1].max() == 255 and 120 < got.pixels[0].max() < 135


def test_a_float_image_with_nan_is_left_out():
    bad = bars(1)[0].astype(np.float32)
    bad[0, 0] = np.nan
    files = {f"{i}.tif": packed(Image.fromarray(bars(1)[0].astype(np.float32)), "TIFF") for i in range(60)}
    got = custom.parse(archive({**files, "bad.tif": packed(Image.fromarray(bad), "TIFF")}), "mine.zip")
    assert got.report.left_out == {"numbers that are not finite": (1, "bad.tif")}


MODES = ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB", "I", "F", "I;16"]


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_becomes_grey(mode):
    grey = upright("L", ink=30, ground=220)
    image = grey if mode != "LAB" else Image.merge("LAB", [grey, *[Image.new("L", grey.size)] * 2])
    image = image.convert("RGB") if mode in ("YCbCr", "CMYK") else image
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "TIFF" if mode in ("LAB", "F", "I") else "PNG"
    got, report = seen(packed(image.convert(mode) if mode != "YCbCr" else image, kind), "png")
    assert alike(got) > 0.95 and report.changed[INVERTED] == 50


def on_transparency(ink, mode):
    """Strokes of a colour on a transparent ground, whose own colour nobody sees."""
    image = upright("RGBA", ink=(*ink, 255), ground=(128, 128, 128, 0))
    if mode == "RGBA":
        return image
    if mode == "PA":
        palette = image.convert("RGB").quantize(8).convert("PA")
        palette.putalpha(image.getchannel("A"))
        return palette
    if mode == "LA":
        return image.convert("LA")
    palette = image.convert("RGB").quantize(8)
    palette.info["transparency"] = palette.getpixel((0, 0))
    return palette


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
@pytest.mark.parametrize("ink", [0, 90, 128, 200, 255])
def test_strokes_on_transparency_are_bright_on_dark_whatever_their_colour(ink, mode):
    kind = "TIFF" if mode == "PA" else "PNG"
    image, report = seen(packed(on_transparency((ink, ink, ink) if ink != 128 else (250, 60, 90), mode), kind))
    assert alike(image) > 0.95 and image.max() > 240 and report.changed[TRANSPARENT] == 50


@pytest.mark.parametrize("light", [False, True])
def test_a_drawing_in_several_greys_on_transparency_stands_out(light):
    image = upright("RGBA", ink=(200, 200, 200, 255) if light else (60, 60, 60, 255), ground=(0, 0, 0, 0))
    other = (255, 255, 255, 255) if light else (0, 0, 0, 255)
    ImageDraw.Draw(image).rectangle([12, 6, 22, 30], fill=other)
    got, _ = seen(packed(image))
    assert alike(got) > 0.8 and np.median(got[:2]) == 0


@pytest.mark.parametrize("alpha", [0, 77, 255])
def test_alpha_that_is_the_same_everywhere_carries_nothing(alpha):
    image = upright("RGBA", ink=(255,) * 3 + (alpha,), ground=(0, 0, 0, alpha))
    got, report = seen(packed(image))
    assert alike(got) > 0.95 and not report.changed[TRANSPARENT]


@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_one_transparent_colour_of_a_png_is_transparent(mode):
    image = upright(mode, ink=(255 if mode == "L" else 1) if mode != "RGB" else (250, 250, 250), ground=0)
    got, report = seen(packed(image, transparency=0 if mode != "RGB" else (0, 0, 0)))
    assert alike(got) > 0.95 and report.changed[TRANSPARENT] == 50


@pytest.mark.parametrize("n_light", [0, 1, 20, 59, 60])
def test_ink_and_ground_are_told_apart_in_each_image(n_light):
    dark, light = packed(upright()), packed(upright(ink=20, ground=230))
    got = custom.parse(archive({f"{i:02}.png": light if i < n_light else dark for i in range(60)}), "mine.zip")
    assert all(alike(image) > 0.95 for image in got.pixels) and got.report.changed[INVERTED] == n_light


def test_photographs_without_a_plain_border_are_treated_alike():
    noise = np.random.default_rng(0).integers(0, 256, (60, 40, 40)).astype(np.uint8)
    images = [*np.minimum(noise[:40], 250), *np.maximum(noise[40:], 5)]
    got = custom.parse(archive({f"{i:02}.png": packed(Image.fromarray(x)) for i, x in enumerate(images)}), "mine.zip")
    assert got.report.changed[INVERTED] in (0, 60)


@pytest.mark.parametrize("size", [(4, 4000), (4000, 4), (28, 9000), (5, 300)], ids=str)
def test_extreme_proportions_are_scaled(size):
    image = Image.new("L", size)
    image.paste(255, (0, 0, size[0] // 2, size[1] // 2))
    got, report = seen(packed(image))
    assert got.shape == (28, 28) and got.max() > 0 and not report.left_out


@pytest.mark.parametrize("size", [(1, 500), (500, 1), (3, 3)], ids=str)
def test_what_is_too_small_is_left_out(size):
    got = custom.parse(archive({**folders(), "set/cats/line.png": packed(Image.new("L", size))}), "mine.zip")
    assert got.report.left_out == {"less than 4 pixels a side": (1, "set/cats/line.png")}


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame_is_used(kind):
    frames = [upright().rotate(90 * k) for k in range(3)]
    image, report = seen(packed(frames[0], kind, save_all=True, append_images=frames[1:]), kind.lower())
    assert alike(image) > 0.95 and (kind == "TIFF" or report.changed[ANIMATED] == 50)


KINDS = {"bmp": "BMP", "dib": "BMP", "ppm": "PPM", "pgm": "PPM", "tiff": "TIFF", "jfif": "JPEG", "jp2": "JPEG2000"}
KINDS |= {"webp": "WEBP", "gif": "GIF", "JPEG": "JPEG", "PNG": "PNG", "TIF": "TIFF", "avif": "AVIF"}


@pytest.mark.parametrize("suffix", KINDS)
def test_every_format_that_is_safe_is_read(suffix):
    kind = KINDS[suffix]
    if kind in ("AVIF", "JPEG2000", "WEBP") and not features.check({"JPEG2000": "jpg_2000"}.get(kind, kind.lower())):
        pytest.skip(f"this Pillow has no {kind}")
    assert alike(seen(packed(upright("L" if suffix == "pgm" else "RGB", ink=255, ground=0), kind), suffix)[0]) > 0.95


def test_what_another_program_would_draw_is_left_out_and_named():
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\nshowpage\n"
    files = folders() | {
        "set/a.eps": b"",
        "set/b.HEIC": b"",
        "c.heic": b"",
        "set/cats/x.png": postscript,
        "README": b"",
    }
    report = custom.parse(archive(files), "mine.zip").report
    assert report.left_out == {
        "type .eps": (1, "set/a.eps"),
        "type .heic": (2, "set/b.HEIC"),
        "no suffix": (1, "README"),
        "not a sound image": (1, "set/cats/x.png"),
    }
    assert "Left out: type .heic: 2 (such as 'set/b.HEIC'); type .eps: 1" in report.lines()[-1]


def test_low_contrast_is_stretched_and_said():
    image, report = seen(packed(upright(ink=1, ground=0)))
    assert image.max() == 255 and "Numbers from 0 to 1 became black to white." in report.lines()


def test_a_palette_image_whose_file_is_interlaced_or_truncated():
    content = io.BytesIO(packed(upright("P", ink=1), "GIF", interlace=1)).getvalue()
    files = folders() | {"set/cats/ok.gif": content, "set/cats/cut.gif": content[:60]}
    assert custom.parse(archive(files), "mine.zip").report.left_out == {"not a sound image": (1, "set/cats/cut.gif")}
