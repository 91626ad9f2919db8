"""Whose a stored data set is, in a file beside it, with the name of what was uploaded and the report on it."""

import contextlib
import hashlib
import json
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from aae import data, files
from aae.config import OWN_NAME
from aae.data import readers
from aae.texts import one_line

MAX_FILE = 1_000_000  # bytes of a file of owners
MAX_TITLE, MAX_LINE, MAX_LINES = 80, 2000, 20
_changing = threading.Lock()


class Owned(NamedTuple):
    """A stored data set, as one of its owners has it."""

    name: str  # of a config
    title: str
    lines: tuple[str, ...]  # the report on the file
    since: float  # seconds since 1970
    size: int  # bytes, as stored


def claim(name: str, owner: str, title: str, lines: list[str]) -> None:
    """Note that a visitor uploaded a stored data set. Raises DataError."""
    with _changing:
        claims = _read(name)
        claims[_digest(owner)] = {"title": title, "lines": lines, "since": time.time()}
        _write(name, claims)


def owned(owner: str) -> list[Owned]:
    """The stored data sets of a visitor, the newest first."""
    found = [_parse(path, _digest(owner)) for path in data.custom_path("").parent.glob("*.npz")]
    return sorted((each for each in found if each), key=lambda each: -each.since)


def remove(name: str, owner: str) -> None:
    """Delete a visitor's data set; where another visitor has the same, only their claim to it. Raises DataError."""
    with _changing:
        claims = _read(name)
        if not claims.pop(_digest(owner), None):
            return None
        if claims:
            return _write(name, claims)
        try:
            files.remove(data.custom_path(name))
            files.remove(path_of(name))
        except OSError as error:
            raise readers.unwritable(path_of(name).parent, error) from error


def path_of(name: str) -> Path:
    """Where it is written whose a data set is."""
    return data.custom_path(name).with_suffix(".json")


def _digest(owner: str) -> str:
    """What is written of a visitor, from which the secret cannot be found."""
    return hashlib.sha256(owner.encode()).hexdigest()


def _read(name: str) -> dict[str, Any]:
    """What each owner said of a data set; nothing where the file is damaged."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(files.read(path_of(name), MAX_FILE))
        return (
            {key: value for key, value in found.items() if isinstance(value, dict)} if isinstance(found, dict) else {}
        )
    return {}


def _write(name: str, claims: dict[str, Any]) -> None:
    try:
        files.write_atomically(path_of(name), json.dumps(claims).encode())
    except OSError as error:
        raise readers.unwritable(path_of(name).parent, error) from error


def _parse(path: Path, digest: str) -> Owned | None:
    """A data set as this owner has it; None where it is not theirs."""
    claim = _read(path.stem).get(digest) if OWN_NAME.fullmatch(path.stem) else None
    if claim is None:
        return None
    lines = claim.get("lines") if isinstance(claim.get("lines"), list) else []
    since, title = claim.get("since"), one_line(claim.get("title"), MAX_TITLE)
    with contextlib.suppress(OSError):
        shown = tuple(one_line(line, MAX_LINE) for line in lines[:MAX_LINES])
        return Owned(path.stem, title, shown, since if isinstance(since, float) else 0.0, path.stat().st_size)
    return None
