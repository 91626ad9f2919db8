"""Texts for people: one line, of bounded length, also from untrusted input."""

import difflib
from collections.abc import Iterable
from typing import Any

MOST = 460  # characters of a message
MOST_OF_VALUE = 60  # of a name or a value in it


def one_line(text: object, most: int = MOST) -> str:
    """The text with escapes for what cannot be printed, its middle left out where it is too long."""
    text = str(text)
    if len(text) > most:
        tail = most // 3
        text = f"{text[: most - tail - 5]} ... {text[-tail:]}"
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return line if len(line) <= most else one_line(line, most)


def shown(name: object) -> str:
    """A name, short enough to be part of a message."""
    return one_line(name, MOST_OF_VALUE)


def quoted(value: Any) -> str:
    """A value as Python writes it, short enough to be part of a message."""
    try:
        return shown(repr(value))
    except ValueError:  # an int of more digits than Python converts
        return "a number of thousands of digits"


def nearest(word: str, words: Iterable[str]) -> str:
    """A question whether the word that is spelled most alike was meant, or nothing."""
    found = difflib.get_close_matches(word[:MOST_OF_VALUE], list(words), 1)
    return f"; did you mean {found[0]}?" if found else ""
