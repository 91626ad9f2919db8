"""In the process that waits for a job: what trainings import, and which job it is."""

import json
import os
from pathlib import Path

from aae import storage


def import_all() -> None:
    """Import what trainings import where they need it."""
    import sklearn.datasets
    import sklearn.metrics  # noqa: F401
    from PIL import Image

    Image.init()  # its file formats, of which frames need one


def wait() -> Path | None:
    """Import everything, and wait for a job's folder: from then on the process writes into the job's log.

    None where the server has ended.
    """
    import_all()
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(0, 1)  # not a byte of the commands that follow
        if not more:
            return None
        line += more
    job = json.loads(line)
    os.environ["AAE_DATA"] = job["data"]
    with Path(job["log"]).open("ab") as log:
        for output in (1, 2):
            os.dup2(log.fileno(), output)
    return storage.place_one(job["folder"])
