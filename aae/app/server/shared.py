"""The folder that the servers of the app share: what outlives a server lies in it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("AAE_RUNS") or ROOT / "runs").expanduser()
