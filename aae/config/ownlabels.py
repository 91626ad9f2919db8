"""Labels that a person gave to training images, as a config holds them: "index:class index:class ..."."""

import functools
import re
from collections.abc import Mapping

MOST = 1000  # labels
PAIRS = re.compile(r"[0-9]{1,7}:[0-9]{1,3}( [0-9]{1,7}:[0-9]{1,3})*")
LONGEST = 12 * MOST  # characters


@functools.lru_cache(maxsize=64)  # a training asks for them at every step
def parse(text: str) -> tuple[tuple[int, int], ...]:
    """The pairs (number of a training image, its class). Raises ValueError for what cannot be such a text."""
    if not text:
        return ()
    if len(text) > LONGEST or not PAIRS.fullmatch(text):
        raise ValueError
    pairs = [tuple(map(int, pair.split(":"))) for pair in text.split(" ")]
    if len(pairs) > MOST or len({index for index, _ in pairs}) < len(pairs):
        raise ValueError
    return tuple((index, label) for index, label in pairs)


def is_sound(text: str) -> bool:
    """Whether parse() understands the text."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def write(labels: Mapping[int, int]) -> str:
    """The text from which parse() makes the pairs."""
    return " ".join(f"{index}:{label}" for index, label in labels.items())
