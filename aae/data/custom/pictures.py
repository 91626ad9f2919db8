"""Image files of any source, decoded small and grey at a bounded cost."""

import io
import warnings
from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np
from PIL import ExifTags, Image, ImageOps

from aae.config import OWN_SIDE as SIDE
from aae.data.custom.limits import MAX_IMAGE_BYTES, MAX_JPEG_PIXELS, MAX_PIXELS, MIN_SIDE, Unsuitable

FORMATS = {  # those that Pillow decodes without another program and in bounded memory, and their suffixes
    "PNG": (".png", ".apng"),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "WEBP": (".webp",),
    "TIFF": (".tif", ".tiff"),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"),
    "JPEG2000": (".jp2", ".j2k"),
    "AVIF": (".avif",),
}
SUFFIXES = frozenset(suffix for each in FORMATS.values() for suffix in each)
COST = {"JPEG2000": 6, "AVIF": 2, "WEBP": 2}  # how much more a pixel costs than a PNG's, in time and memory
MAX_SCANNED = 600_000_000  # pixels of a progressive JPEG, times the scans in which they are refined
TILE_WIDTH, TILE_LENGTH = 322, 323  # tags of TIFF
GAP = 4  # times the final size, to which large images are first reduced by plain averaging
SAMPLE = 12  # pixels a side, of an image with more than 256 levels
FLAT = 12.0  # standard deviation of the greys of strokes on transparency, below which they have one colour
LIGHT = 170  # mean grey of strokes on transparency, above which they are put on black and not on white

warnings.filterwarnings("ignore", module=r"PIL\.")  # odd metadata is not the visitor's concern


class Decoded(NamedTuple):
    """A decoded image, scaled."""

    grey: np.ndarray  # [height, width] uint8, or float32 where the file has more than 256 levels
    alpha: np.ndarray | None  # [height, width] uint8, where some of it is transparent
    sample: np.ndarray  # some numbers of the file [M], and the extremes of all of them
    low: float
    high: float
    turned: bool
    animated: bool


def decode(content: bytes, fit: Callable[[tuple[int, int]], tuple[int, int]]) -> Decoded:
    """The image in the bytes of a file, upright, at the size that fit gives for its own. Raises Unsuitable."""
    if len(content) > MAX_IMAGE_BYTES:
        raise Unsuitable(f"more than {MAX_IMAGE_BYTES / 1e6:.0f} MB")
    try:
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as image:
            check_size(image, content)
            size = fit(image.size)
            if image.format in ("JPEG", "MPO"):
                image.draft("L", (2 * size[0], 2 * size[1]))
            return scaled(image, size)
    except Unsuitable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unsuitable(f"more than {MAX_PIXELS / 1e6:.0f} megapixels") from error
    except Exception as error:  # nine decoders, and bytes that anyone may have written: no list of errors is complete
        raise Unsuitable("not a sound image") from error


def check_size(image: Image.Image, content: bytes) -> None:
    """Refuse what is too costly to decode, or too small to show anything. Raises Unsuitable."""
    n_pixels, most = image.width * image.height, MAX_PIXELS // COST.get(image.format or "", 1)
    if image.format in ("JPEG", "MPO"):
        most = MAX_JPEG_PIXELS
        if image.info.get("progressive") and content.count(b"\xff\xda") * n_pixels > MAX_SCANNED:
            raise Unsuitable("large progressive JPEG")
    if image.format == "TIFF":  # the tiles of which may be larger than the image
        tags = image.tag_v2  # type: ignore[attr-defined]
        n_pixels = max(n_pixels, tags.get(TILE_WIDTH, 0) * tags.get(TILE_LENGTH, 0))
    if n_pixels > most:
        raise Unsuitable(f"more than {most / 1e6:.0f} megapixels")
    if min(image.size) < MIN_SIDE:
        raise Unsuitable(f"less than {MIN_SIDE} pixels a side")


def scaled(image: Image.Image, size: tuple[int, int]) -> Decoded:
    """The opened image at this size, upright."""
    animated = bool(getattr(image, "is_animated", False)) and image.format in ("GIF", "WEBP", "PNG", "AVIF")
    plain = simple_mode(image)
    small = resized(plain, size)
    turned = orientation(small) in range(2, 9)
    small = ImageOps.exif_transpose(small) if turned else small
    if small.mode != "F":
        alpha = np.asarray(small.getchannel("A")) if small.mode == "RGBA" else None
        grey = np.asarray(small if small.mode == "L" else small.convert("L"))
        return Decoded(grey, alpha, grey, 0, 255, turned, animated)
    low, high = extrema(plain)
    sample = np.asarray(plain.resize((SAMPLE, SAMPLE), Image.Resampling.NEAREST))
    grey = np.clip(np.asarray(small), low, high)  # without what resampling adds beyond the extremes
    if not np.isfinite(grey).all():
        raise Unsuitable("numbers that are not finite")
    return Decoded(grey, None, sample, low, high, turned, animated)


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 for upright, also where the EXIF data cannot be read."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # whatever damaged EXIF data raise: the image is sound without
        return 1


def extrema(image: Image.Image) -> tuple[float, float]:
    """The smallest and largest value of an image of one channel."""
    return cast(tuple[float, float], image.getextrema())


def simple_mode(image: Image.Image) -> Image.Image:
    """The image as F where it has more than 256 levels, as RGBA where some is transparent, else as L."""
    if image.mode == "L" and "transparency" not in image.info:
        return image
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return image if image.mode == "F" else image.convert("F")
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        low, high = extrema(image.getchannel("A"))
        return image if low < high else image.convert("L")
    return image.getchannel("L") if image.mode == "LAB" else image.convert("L")


def resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The image at this size."""
    if image.size == size:
        return image
    factor = min(image.width // size[0], image.height // size[1]) // GAP
    return (image.reduce(factor) if factor > 1 else image).resize(size, Image.Resampling.LANCZOS)


def on_ground(grey: np.ndarray, alpha: np.ndarray, white: float = 255) -> np.ndarray:
    """What is partly transparent [height, width], drawn on black or white, whichever it contrasts with.

    Strokes of one colour become as bright as they are opaque.
    """
    if alpha.min() == alpha.max():
        return grey
    weight = alpha / alpha.sum()
    mean = (weight * grey).sum()
    if (weight * (grey - mean) ** 2).sum() < (FLAT / 255 * white) ** 2:
        return alpha
    opaque = alpha / white
    return opaque * grey + (1 - opaque) * (0 if mean > LIGHT / 255 * white else white)


def contained(size: tuple[int, int]) -> tuple[int, int]:
    """The largest size of these proportions in a square of SIDE."""
    scale = SIDE / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def squared(grey: np.ndarray) -> np.ndarray:
    """The image [height, width], one of which is SIDE, in the middle of a square of its border's colour."""
    height, width = grey.shape
    if height == width:
        return grey
    edge = np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]))
    square = np.full((SIDE, SIDE), edge, grey.dtype)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    square[top : top + height, left : left + width] = grey
    return square
