"""Which numbers are black and white, and which side of an image is ink: sets become bright on dark, as MNIST is."""

import numpy as np

from aae.data.custom.report import Report

RARE = 0.25  # percent of the numbers at either end, which may be outliers
FAR = 2.0  # times the range of the others: beyond it, what is rare is an outlier
LOW_CONTRAST = 128  # levels of 256: sets that use fewer are stretched
PLAIN = 0.9  # share of a border within NEAR grey levels of its median: a ground on which something is drawn
NEAR = 32
SAMPLES = 2_000_000  # numbers from which black and white are chosen
CHUNK = 4096  # images


class Levels:
    """The numbers of a set as they are read: their extremes, and a sample."""

    def __init__(self, are_bytes: bool = False):
        self.are_bytes = are_bytes
        self.low, self.high = np.inf, -np.inf
        self.samples: list[np.ndarray] = []

    def add(self, sample: np.ndarray, low: float, high: float) -> None:
        """Note some of the numbers of one or more images, and the extremes of all of them."""
        self.low, self.high = min(self.low, float(low)), max(self.high, float(high))
        self.samples.append(sample.astype(np.float32).ravel())

    def choose(self, report: Report) -> tuple[float, float]:
        """The numbers to be black and white: the extremes without what is rare and far; of bytes often 0 and 255."""
        low, high = np.percentile(np.concatenate(self.samples), (RARE, 100 - RARE)).tolist()
        far = FAR * (high - low)
        low = low if far and self.low < low - far else self.low
        high = high if far and self.high > high + far else self.high
        if self.are_bytes and high - low >= LOW_CONTRAST:
            return 0.0, 255.0
        report.stretched, report.cut_off = (low, high), (low, high) != (self.low, self.high)
        return low, high


def stretch(images: np.ndarray, low: float, high: float) -> np.ndarray:
    """Numbers [N, height, width] as uint8: low and less is 0, high and more 255."""
    if images.dtype == np.uint8 and (low, high) == (0, 255):
        return images
    out, scale = np.empty(images.shape, np.uint8), 255 / ((high - low) or 1.0)
    for start in range(0, len(images), CHUNK):
        part = slice(start, start + CHUNK)
        values = np.clip(images[part].astype(np.float32), np.float32(low), np.float32(high))
        out[part] = np.rint((values - np.float32(low)) * np.float32(scale))
    return out


def borders(images: np.ndarray) -> np.ndarray:
    """The outermost pixels of images [N, height, width] [N, M]."""
    edges = images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1]
    return np.concatenate(edges, axis=1)


def light_ground(images: np.ndarray) -> np.ndarray:
    """Whether each of uint8 images [N, height, width] is dark on light [N].

    An image with a plain border is decided by itself: light where that lies above the middle of the image's range. The
    others follow the majority; and where most borders are not plain, all follow the median of all borders.
    """
    border = borders(images).astype(np.int16)
    median = np.median(border, axis=1)
    low, high = images.min(axis=(1, 2)).astype(int), images.max(axis=(1, 2)).astype(int)
    plain = (np.abs(border - median[:, None]) <= NEAR).mean(axis=1) >= PLAIN
    plain &= high - low > NEAR
    light = 2 * median > low + high
    if 2 * plain.sum() < len(images):
        return np.full(len(images), np.median(border) > 127)
    return np.where(plain, light, 2 * light[plain].sum() > plain.sum())
