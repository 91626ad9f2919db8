"""What a command line says: numbers, paths and fields of Config as they are written, errors in one line."""

import argparse
import os
import re
from pathlib import Path
from types import UnionType
from typing import Any, NoReturn, TypeAlias, get_args, get_origin, get_type_hints

from aae.config import ALIASES, Config, refuse
from aae.texts import nearest, one_line, quoted

WHOLE = re.compile(r"[+-]?[0-9]{1,4000}")
REAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
TRUTHS = {"true": True, "false": False}
# what a command is added to; argparse has no public name for it
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
EXAMPLES = {bool: "true", int: "2", float: "0.5"}


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, one_line(f"{one_line(message, 300)}; see {self.prog} --help") + "\n")


def whole(text: str) -> int:
    """A whole number. Raises argparse.ArgumentTypeError."""
    if not WHOLE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{quoted(text)} is no whole number")
    return int(text)


def path(text: str) -> Path:
    """A path, ~ being the home folder."""
    return Path(os.path.expanduser(text))


def checked(name: str, value: int, least: int, most: int) -> int:
    """A number in a range. Raises ConfigError."""
    if not least <= value <= most:
        raise refuse(name, value, f"must lie between {least} and {most}")
    return value


def assignment(text: str) -> tuple[str, Any]:
    """The field of Config, as it is written, and its value in FIELD=VALUE. Raises ConfigError."""
    name, sign, value = text.partition("=")
    field = ALIASES.get(name, name)
    if not sign or field not in get_type_hints(Config):
        known = nearest(name, get_type_hints(Config))
        raise refuse("--set", text if not sign else name, f"must be FIELD=VALUE with a field of aae.config{known}")
    return name, parse_value(field, value)


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
