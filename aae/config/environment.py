"""Environment variables that hold a number or a switch."""

import os

from aae.config.errors import refuse
from aae.config.written import WHOLE

NICE = 10  # of processes that train: visitors come first


def whole(name: str, default: int, least: int, most: int) -> int:
    """The whole number in a variable; the default where that is unset or empty. Raises ConfigError."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise refuse(name, text, f"must be a whole number from {least} to {most}")
    return int(text)


def is_on(name: str) -> bool:
    """Whether a switch is on, which it is unless the variable is 0. Raises ConfigError where it is neither 0 nor 1."""
    text = os.environ.get(name, "").strip() or "1"
    if text not in ("0", "1"):
        raise refuse(name, text, "must be 0 or 1")
    return text == "1"


def niceness() -> int:
    """How far processes that train stand back (man 2 nice), by AAE_NICE. Raises ConfigError."""
    return whole("AAE_NICE", NICE, 0, 19)
