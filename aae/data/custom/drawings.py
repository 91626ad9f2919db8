"""A density as a picture: dense where it is dark, or where it is opaque on a transparent ground."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from aae.config import DRAWING_SIDE
from aae.data.custom.levels import borders
from aae.data.custom.limits import MAX_IMAGE_BYTES, Unsuitable, read, refuse
from aae.data.custom.pictures import Decoded, decode


def parse_drawing(content: bytes, name: str) -> str:
    """The prior_image of a picture in the bytes of a file. Raises DataError."""
    try:
        ink = density(decode(content, lambda size: (DRAWING_SIDE, DRAWING_SIDE)))
    except Unsuitable as reason:
        raise refuse(name, f"{reason}: save it as a PNG of usual size") from reason
    if ink.max() <= 0:
        raise refuse(name, "the picture is white: it has no density: paint dark on light")
    return "".join(f"{round(15 * value / ink.max()):x}" for value in ink.ravel().tolist())


def density(picture: Decoded) -> np.ndarray:
    """The picture's ink [DRAWING_SIDE, DRAWING_SIDE], 0 or more."""
    grey = picture.grey.astype(float)
    if picture.alpha is None:
        return picture.high - grey
    if np.median(borders(picture.alpha[None])) < 128:
        return picture.alpha.astype(float)
    return picture.alpha / 255 * (255 - grey)  # on white paper


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
