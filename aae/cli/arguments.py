"""What a command line says: numbers, paths and assignments to fields of Config; errors in one line."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, get_type_hints

from aae import storage
from aae.config import ALIASES, Config, refuse
from aae.config.written import WHOLE, parse_value
from aae.texts import nearest, one_line, quoted

# what a command is added to; argparse has no public name for it
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, one_line(f"{one_line(message, 300)}; see {self.prog} --help") + "\n")


def whole(text: str) -> int:
    """A whole number. Raises argparse.ArgumentTypeError."""
    if not WHOLE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{quoted(text)} is no whole number")
    return int(text)


def between(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number in a range; it raises argparse.ArgumentTypeError."""

    def number(text: str) -> int:
        value = whole(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{value} must lie between {least} and {most}")
        return value

    return number


def path(text: str) -> Path:
    """A path of this machine, ~ being the home folder. Raises argparse.ArgumentTypeError."""
    if storage.is_url(text):
        rule = "is in a store, and commands read and write files of this machine: name one, and copy it"
        raise argparse.ArgumentTypeError(f"{quoted(text)} {rule}")
    return storage.place(text)


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
