"""The folder that the servers of the app share, or the store: what outlives a server lies in it."""

import os
from pathlib import Path

from aae import storage

ROOT = Path(__file__).resolve().parents[3]


def folder(name: str) -> Path:
    """A folder in it. Raises OSError."""
    return storage.place(f"{os.environ.get('AAE_RUNS') or ROOT / 'runs'}/{name}")
