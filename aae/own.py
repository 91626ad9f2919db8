"""What people bring: a data set as .zip or .npz, a density as a picture; untrusted files, checked before use."""

import hashlib
import io
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from aae import data, datafiles, runs
from aae.config import DRAWING_SIDE, OWN
from aae.config import OWN_SIDE as SIDE
from aae.datasets import MAX_CLASSES

MAX_BYTES = 50_000_000  # of an uploaded file
MAX_UNPACKED = 400_000_000  # of all that is in it
MAX_IMAGES, MIN_IMAGES = 70_000, 50
MAX_IMAGE_BYTES, MAX_PIXELS, MIN_SIDE = 10_000_000, 4_000_000, 4  # of one image
IMAGE_TYPES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
MAX_KEPT = 20  # data sets, all together; the oldest go first
MAX_ALL_PIXELS = 400_000_000
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")  # and nothing that another program would be asked to draw
UNSOUND = (  # what damaged files raise
    zipfile.BadZipFile, zlib.error, tokenize.TokenError, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, TypeError, KeyError, OverflowError, MemoryError, AttributeError,
)  # fmt: skip
LIMITS = (
    f"{MIN_IMAGES} to {MAX_IMAGES:,} images, at least {MIN_SIDE}x{MIN_SIDE} and at most {MAX_PIXELS / 1e6:.0f} "
    f"megapixels each, at most {MAX_CLASSES} classes, a file of at most {MAX_BYTES / 1e6:.0f} MB"
)


class Own(NamedTuple):
    """A data set that someone brought, as it is stored."""

    pixels: np.ndarray  # [N, SIDE, SIDE] uint8
    labels: np.ndarray  # [N] int64, 0 to the number of classes
    names: tuple[str, ...]  # of the classes
    inverted: bool  # its images were dark on light


def parse(content: bytes, name: str) -> Own:
    """The data set in the bytes of a .zip or .npz file. Raises DataError."""
    if len(content) > MAX_BYTES:
        raise refuse(name, f"{len(content):,} bytes, more than {MAX_BYTES:,}: leave images out")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > MAX_UNPACKED:
                raise refuse(name, f"unpacks to {unpacked:,} bytes, more than {MAX_UNPACKED:,}: leave images out")
            arrays = any(entry.filename.endswith(".npy") for entry in archive.infolist())
            images, classes = read_arrays(content, name) if arrays else read_pictures(archive, name)
    except data.DataError:
        raise
    except UNSOUND as error:
        raise refuse(name, f"not a sound .zip or .npz file ({error}): pack it again") from error
    return finish(images, classes, name)


def refuse(name: str, problem: str) -> data.DataError:
    """An error in one shape: file: what was wrong, and the remedy."""
    return data.DataError(f"{PurePosixPath(name).name}: {problem}")


def read_pictures(archive: zipfile.ZipFile, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The images of an archive [N, SIDE, SIDE], and the name of each one's folder [N]."""
    entries = [entry for entry in archive.infolist() if is_picture(entry.filename)]
    if len(entries) > MAX_IMAGES:
        raise refuse(name, f"{len(entries):,} images, more than {MAX_IMAGES:,}: leave some out")
    if not entries:
        raise refuse(name, f"no images in it: they end in {', '.join(IMAGE_TYPES)}")
    images, left = [], MAX_ALL_PIXELS
    for entry in entries:
        image, n_pixels = read_picture(archive, entry, name)
        images.append(image)
        left -= n_pixels
        if left < 0:
            raise refuse(name, f"more than {MAX_ALL_PIXELS:,} pixels in all: make the images smaller")
    folders = [PurePosixPath(entry.filename).parent.name for entry in entries]
    return np.stack(images), np.array(folders)


def is_picture(path: str) -> bool:
    """Whether a name in an archive is that of an image, and not of what macOS packs beside it."""
    pure = PurePosixPath(path)
    return pure.suffix.lower() in IMAGE_TYPES and "__MACOSX" not in pure.parts and not pure.name.startswith(".")


def read_picture(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> tuple[np.ndarray, int]:
    """One image [SIDE, SIDE] and how many pixels it had, which are checked before they are decoded."""
    if entry.file_size > MAX_IMAGE_BYTES:
        raise refuse(name, f"{entry.filename!r} has {entry.file_size:,} bytes, more than {MAX_IMAGE_BYTES:,}")
    try:
        with opened(archive.read(entry)) as image:
            check_size(image.size, entry.filename, name)
            return np.asarray(scaled(image)), image.width * image.height
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError, OSError) as error:
        raise refuse(name, f"{entry.filename!r} is not a sound image ({error}): repair it or leave it out") from error


def opened(content: bytes) -> Image.Image:
    """The image in these bytes, its pixels not read yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of many pixels: our own limit is lower
        return Image.open(io.BytesIO(content), formats=FORMATS)


def check_size(size: tuple[int, int], path: str, name: str) -> None:
    """Refuse images (width, height) that are too large to decode, or too small to show anything."""
    if size[0] * size[1] > MAX_PIXELS or min(size) < MIN_SIDE:
        raise refuse(
            name,
            f"{path!r} has {size[0]}x{size[1]} pixels: must be at least {MIN_SIDE}x{MIN_SIDE}, and at most "
            f"{MAX_PIXELS:,} in all",
        )


def scaled(image: Image.Image) -> Image.Image:
    """The image in grey, as large as fits SIDE x SIDE, in the middle of a square of its border's colour."""
    grey = ImageOps.contain(flattened(image), (SIDE, SIDE), Image.Resampling.LANCZOS)
    edge = np.median(border(np.asarray(grey)[None]))
    square = Image.new("L", (SIDE, SIDE), int(edge))
    square.paste(grey, ((SIDE - grey.width) // 2, (SIDE - grey.height) // 2))
    return square


def flattened(image: Image.Image) -> Image.Image:
    """The image in grey; where it is transparent, white."""
    if not image.has_transparency_data:
        return image.convert("L")
    whole = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("L")


def border(images: np.ndarray) -> np.ndarray:
    """The outermost pixels of images [N, height, width] [M]."""
    edges = images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]
    return np.concatenate([edge.ravel() for edge in edges])


def read_arrays(content: bytes, name: str) -> tuple[np.ndarray, np.ndarray]:
    """`images` [N, SIDE, SIDE], scaled from any size, and `labels` [N], of a .npz file; never unpickled."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            if "images" not in arrays:
                raise refuse(name, f"holds {', '.join(arrays) or 'nothing'}: must hold images, and labels if any")
            images = arrays["images"]
            labels = arrays["labels"] if "labels" in arrays else np.zeros(len(images), int)
    except (ValueError, TypeError, KeyError, EOFError) as error:
        raise refuse(name, f"cannot be read ({error}): save numbers, not objects") from error
    return scale_arrays(images, name), check_labels(labels, len(images), name)


def scale_arrays(images: np.ndarray, name: str) -> np.ndarray:
    """Numbers [N, height, width], or with 1, 3 or 4 colours behind, as uint8 [N, SIDE, SIDE]."""
    coloured = images.ndim == 4 and images.shape[3] in (1, 3, 4)
    if images.dtype.kind not in "uif" or not (images.ndim == 3 or coloured):
        raise refuse(
            name, f"images of type {images.dtype} and shape {images.shape}: must be numbers [N, height, width]"
        )
    if len(images) > MAX_IMAGES:
        raise refuse(name, f"{len(images):,} images, more than {MAX_IMAGES:,}: leave some out")
    check_size((images.shape[2], images.shape[1]), "images", name)
    if images.size == 0 or not np.isfinite(images).all():
        raise refuse(name, "images are empty, or not all finite numbers: leave those out")
    low, high = (0.0, 255.0) if images.dtype == np.uint8 else (float(images.min()), float(images.max()))
    images = images[..., 0] if coloured and images.shape[3] == 1 else images
    return np.stack([scale_array(image, low, high) for image in images])


def scale_array(image: np.ndarray, low: float, high: float) -> np.ndarray:
    """One image [height, width] or with colours behind, whose set has numbers from low to high [SIDE, SIDE] uint8."""
    if image.dtype != np.uint8:
        image = ((image.astype(float) - low) * (255 / ((high - low) or 1.0))).astype(np.uint8)
    return image if image.shape == (SIDE, SIDE) else np.asarray(scaled(Image.fromarray(image)))


def check_labels(labels: np.ndarray, n: int, name: str) -> np.ndarray:
    """Whole numbers or words [N], one for each image."""
    if labels.shape != (n,) or labels.dtype.kind not in "uiU":
        raise refuse(name, f"labels of type {labels.dtype} and shape {labels.shape}: must be whole numbers [{n}]")
    return labels


def finish(images: np.ndarray, classes: np.ndarray, name: str) -> Own:
    """The data set, bright on dark as MNIST is, its classes counted from 0."""
    if len(images) < MIN_IMAGES:
        raise refuse(name, f"{len(images)} images: must be at least {MIN_IMAGES}")
    names, labels = np.unique(classes, return_inverse=True)
    if len(names) > MAX_CLASSES:
        raise refuse(
            name, f"{len(names)} classes ({', '.join(map(str, names[:12]))} ...): at most {MAX_CLASSES} may be"
        )
    if images.min() == images.max():
        raise refuse(name, f"every pixel is {images.min()}: there is nothing to learn")
    inverted = bool(np.median(border(images)) > 127)
    return Own(255 - images if inverted else images, labels.astype(np.int64), tuple(map(str, names)), inverted)


def keep(own: Own, needed: frozenset[str] = frozenset()) -> str:
    """Store a data set among the others, the oldest going unless still needed; its name, made from its content."""
    name = f"{OWN}-{hashlib.sha256(own.pixels.tobytes() + own.labels.tobytes()).hexdigest()[:12]}"
    packed = io.BytesIO()
    np.savez_compressed(packed, images=own.pixels, labels=own.labels, names=np.array(own.names))
    try:
        datafiles.make_folder(data.own_path(name).parent)
        runs.write_atomically(data.own_path(name), packed.getvalue())
    except OSError as error:
        raise datafiles.unwritable(data.own_path(name).parent, error) from error
    for old in sorted(data.own_path(name).parent.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-MAX_KEPT]:
        if old.stem not in needed:
            old.unlink(missing_ok=True)
    return name


def bring(path: Path) -> str:
    """Check and store the data set of a file; its name for a config. Raises DataError."""
    return keep(parse(read(path, MAX_BYTES), path.name))


def read(path: Path, limit: int) -> bytes:
    """A file's content. Raises DataError."""
    try:
        size = path.stat().st_size
        if size > limit:
            raise refuse(path.name, f"{size:,} bytes, more than {limit:,}: make it smaller")
        return path.read_bytes()
    except OSError as error:
        raise refuse(path.name, f"cannot be read ({error.strerror}): check the name") from error


# A density as a picture


def parse_drawing(content: bytes, name: str) -> str:
    """The prior_image of a picture: dense where it is dark, or where it is opaque if it has any transparency."""
    try:
        with opened(content) as image:
            check_size(image.size, "the picture", name)
            ink = np.asarray(density(image), float)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError, OSError) as error:
        raise refuse(name, f"not a sound image ({error}): save it as PNG") from error
    if ink.max() == 0:
        raise refuse(name, "the picture is white: there is no density to press codes into")
    return "".join(f"{round(15 * value / ink.max()):x}" for value in ink.ravel())


def density(image: Image.Image) -> Image.Image:
    """The picture's ink [DRAWING_SIDE, DRAWING_SIDE]."""
    ink = image.convert("RGBA").getchannel("A")
    if ink.getextrema()[0] == 255:  # opaque everywhere
        ink = ImageOps.invert(image.convert("L"))
    return ink.resize((DRAWING_SIDE, DRAWING_SIDE), Image.Resampling.BOX)


def drawing_picture(image: str) -> bytes:
    """The picture of a prior_image as PNG, ink on nothing: parse_drawing gives the same back."""
    alpha = np.array([17 * int(digit, 16) for digit in image], np.uint8).reshape(DRAWING_SIDE, DRAWING_SIDE)
    picture = Image.new("RGBA", alpha.shape)
    picture.putalpha(Image.fromarray(alpha))
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def read_drawing(path: Path) -> str:
    """The prior_image of a picture's file. Raises DataError."""
    return parse_drawing(read(path, MAX_IMAGE_BYTES), path.name)


def class_examples(own: Own, n: int) -> Iterator[np.ndarray]:
    """The first n images of each class [up to n, SIDE, SIDE], for a preview."""
    return (own.pixels[own.labels == k][:n] for k in range(len(own.names)))
