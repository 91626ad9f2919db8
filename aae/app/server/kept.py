"""What Home shows of the shipped runs, kept between two starts of the server: shown before PyTorch is imported.

It lies in AAE_RUNS with its blobs, which are served from there, and counts as long as all that it was made of is the
same: the runs, the code, and the data folder.
"""

import contextlib
import importlib.util
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from aae import files
from aae.app.server import blobs, shared
from aae.config import OWN

FILE = "home.json"
ADDRESS = re.compile(rb"api/blob/[0-9a-f]{32}")


class Home(NamedTuple):
    """The story, and what each of its scenes shows."""

    told: dict[str, Any]
    pictures: dict[str, Any]


def read() -> Home | None:
    """What an earlier start has kept, if it still counts."""
    folder = shared.kept()
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # there is none, or a damaged one
        found = json.loads((folder / FILE).read_bytes()) if folder else {}
        if found["made_of"] == made_of() and all(map(blobs.holds, found["blobs"])):
            return Home(found["told"], found["pictures"])
    return None


def write(home: Home, of: list[Any]) -> None:
    """Keep it, made of what made_of() said before. Raises OSError."""
    if (folder := shared.kept()) is None:
        return
    addresses = sorted(set(_named(json.dumps(home).encode())))
    for address in addresses:
        blobs.keep(address, folder)
    content = {"made_of": of, "blobs": addresses, **home._asdict()}
    files.write_atomically(folder / FILE, json.dumps(content).encode(), durable=False)
    names = {address.removeprefix(blobs.PATH) for address in addresses}
    for path in folder.iterdir():
        if path.name != FILE and path.stem not in names:
            files.remove(path)


def _named(content: bytes) -> Iterator[str]:
    """The addresses of blobs in a text, and in those of them that are texts."""
    for address in map(bytes.decode, ADDRESS.findall(content)):
        yield address
        if (blob := blobs.read(address)).startswith(b"{"):
            yield from _named(blob)


def made_of() -> list[Any]:
    """The files on which it depends, with their times and sizes."""
    torch = importlib.util.find_spec("torch")  # which imports nothing
    paths = [
        *sorted((shared.ROOT / "checkpoints").glob("*")),
        *sorted((shared.ROOT / "aae").rglob("*.py")),
        *([Path(torch.origin)] if torch and torch.origin else []),
        *_data(),
    ]
    return [list(stamp) for stamp in files.stamps(paths)]


def _data() -> list[Path]:
    """The data folder and its folders, which change when a file in them comes or goes; without those of visitors."""
    root = Path(os.path.expanduser(os.environ.get("AAE_DATA") or shared.ROOT / "data"))
    folders = [path for path in sorted(root.glob("*/")) if path.name != OWN]
    return [root, *folders, *(path / "raw" for path in folders)]
