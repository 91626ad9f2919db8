"""Values of Config's fields as people write them."""

import re
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from aae.config.errors import refuse
from aae.config.fields import Config

WHOLE = re.compile(r"[+-]?[0-9]{1,4000}")
REAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
TRUTHS = {"true": True, "false": False}
EXAMPLES = {bool: "true", int: "2", float: "0.5"}


def parse_value(name: str, text: str) -> Any:
    """A Config field's value as it is written: 512,512, 0.1, true, none, gaussian. Raises ConfigError."""
    kind, listed = get_type_hints(Config)[name], False
    if isinstance(kind, UnionType):
        if text.strip().lower() == "none":
            return None
        kind = get_args(kind)[0]
    if get_origin(kind) is tuple:
        kind, listed = get_args(kind)[0], True
    try:
        if listed:
            return [_parse_one(kind, item) for item in re.sub(r"^[\[(](.*)[\])]$", r"\1", text.strip()).split(",")]
        return _parse_one(kind, text)
    except ValueError as error:
        example = ",".join([EXAMPLES[kind]] * 2) if listed else EXAMPLES[kind]
        raise refuse(name, text, f"cannot be read: write it like {name}={example}") from error


def _parse_one(kind: type, text: str) -> Any:
    """One value of a type. Raises ValueError."""
    if kind is str:
        return text
    text = text.strip()
    if kind is bool:
        if text.lower() not in TRUTHS:
            raise ValueError
        return TRUTHS[text.lower()]
    if not (WHOLE if kind is int else REAL).fullmatch(text):
        raise ValueError
    return kind(text)


def write_value(value: Any) -> str:
    """The text from which parse_value() makes the value."""
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
