"""Uploads are parsed one at a time on this server, so that what they take of the memory does not add up."""

import threading
from collections.abc import Callable
from typing import TypeVar

Parsed = TypeVar("Parsed")
_parsing = threading.Lock()


def parse_alone(parse: Callable[[bytes, str], Parsed], content: bytes, name: str) -> Parsed:
    """What parse(content, name) returns, called when no other upload is being parsed. Raises what it raises."""
    with _parsing:
        return parse(content, name)
