"""The folder that the servers of the app share, or the store: what outlives a server lies in it."""

import os
from pathlib import Path

from aae import storage

ROOT = Path(__file__).resolve().parents[3]


def folder(name: str) -> Path:
    """A folder in it. Raises OSError."""
    return storage.place(f"{os.environ.get('AAE_RUNS') or ROOT / 'runs'}/{name}")


def kept() -> Path | None:
    """A local folder that is there at the next start, for what can be made again; of a store there is none."""
    root = os.environ.get("AAE_RUNS") or str(ROOT / "runs")
    return None if storage.is_url(root) else storage.place(root) / "kept"
